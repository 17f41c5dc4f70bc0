"""Beat's daily work. A task takes nothing from its caller, so that a schedule is no back door."""

from celery import shared_task

from project import purging
from trust import audit


@shared_task(name="project.purge", ignore_result=True)
def purge() -> None:
    """Forget what is over, and leave the counts in the log."""
    counts = {
        f"{app}.{noun}": count for app, found in purging.purge().items() for noun, count in found.items()
    }
    said = " ".join(f"{noun}={count}" for noun, count in sorted(counts.items()) if count)
    audit.record("project.purged", None, after=said[:200])
