"""What beat wakes: seal each second, anchor each minute. Both may run twice, or late, unharmed."""

from celery import shared_task

from trust import audit


@shared_task(name="trust.seal", ignore_result=True)
def seal() -> None:
    audit.seal()


@shared_task(name="trust.export_head", ignore_result=True)
def export_head() -> None:
    audit.export_head()
