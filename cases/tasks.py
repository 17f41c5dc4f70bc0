"""What the clock does to cases. A task takes nothing, so that a schedule is no back door."""

from __future__ import annotations

from celery import shared_task

from cases.withdraw import comply_due, end_terms


@shared_task(name="cases.comply_due", ignore_result=True)
def comply_with_withdrawals() -> None:
    """End the consents whose ten minutes have passed, and those whose own term is over."""
    comply_due()
    end_terms()
