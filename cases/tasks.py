"""What the clock does to cases. A task takes nothing, so that a schedule is no back door."""

from __future__ import annotations

from celery import shared_task

from cases import same_child
from cases.found.matching import look_left
from cases.owning import keep_owners
from cases.waiting import page_waiting
from cases.withdraw import comply_due, end_terms


@shared_task(name="cases.comply_due", ignore_result=True)
def comply_with_withdrawals() -> None:
    """End the consents whose ten minutes have passed, and those whose own term is over."""
    comply_due()
    end_terms()


@shared_task(name="cases.keep_owners", ignore_result=True)
def keep_every_case() -> None:
    """Find an owner for every open case that lost its own; offer and pass on what a shift left."""
    keep_owners()


@shared_task(name="cases.page_waiting", ignore_result=True)
def call_again() -> None:
    """Call for reports that nobody took and transfers that nobody answered."""
    page_waiting()


@shared_task(name="cases.compare_left", ignore_result=True)
def compare_what_was_left() -> None:
    """Compare the reports and found children whose act was committed and whose look never came."""
    look_left()
    same_child.look_again()
