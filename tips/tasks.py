"""Wake-ups for what comes along with tips, with ids only."""

from uuid import UUID

from celery import shared_task

from tips import deciding, revealing, rising
from tips.files import attaching, child_photos

LONGEST_S = 900  # a video on a busy machine; its readers have limits of their own


@shared_task(name=attaching.WORK, ignore_result=True, time_limit=LONGEST_S)
def work_attachment(attachment_id: str) -> None:
    """Fetch, seal, copy and compare one attachment; then wake the next."""
    if attaching.work(UUID(attachment_id)):  # without room, whoever has it wakes the next
        attaching.wake_next()


@shared_task(name="tips.sweep_files", ignore_result=True)
def sweep_files() -> None:
    """Find what no wake-up reached, and take in photos of children new since."""
    attaching.wake_next()
    child_photos.take_in()


@shared_task(name="tips.rise_due", ignore_result=True)
def rise_due() -> None:
    """Let every tip that waits past its limit rise to a superior, and old questions of two lapse."""
    rising.rise_due()
    deciding.lapse_due()
    revealing.lapse_due()
