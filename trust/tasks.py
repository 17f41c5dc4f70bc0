"""What beat wakes. A task takes nothing, so that a schedule is no back door; each may run twice, or late."""

from celery import shared_task

from trust import audit, granting, reading


@shared_task(name="trust.seal", ignore_result=True)
def seal() -> None:
    audit.seal()


@shared_task(name="trust.export_head", ignore_result=True)
def export_head() -> None:
    audit.export_head()


@shared_task(name="trust.watch_reading", ignore_result=True)
def watch_reading() -> None:
    """Flag unusual reading for the auditors."""
    reading.watch()


@shared_task(name="trust.lapse_grants", ignore_result=True)
def lapse_grants() -> None:
    """Close the questions for new rights that nobody answered in seven days."""
    granting.lapse_due()
