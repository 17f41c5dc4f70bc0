"""What came in is written down before anything is made of it: words in the thread, files in the vault."""

from __future__ import annotations

from uuid import uuid4

from cases.models import ThreadEntry
from tips.files import attaching
from tips.intake.arrival import Arrival
from tips.models import Tip
from trust import clock


def note(tip: Tip, arrival: Arrival) -> ThreadEntry:
    """Write what was said into the tip's thread, under the id of what brought it: never twice."""
    return ThreadEntry.objects.create(
        id=arrival.id or uuid4(),
        subject=tip.pk,
        author=ThreadEntry.Author.FAMILY,
        body=arrival.told.words,
        at=clock.now(),
    )


def bring_along(tip: Tip, arrival: Arrival) -> None:
    """Have what came along kept: fetched from the provider, taken from an upload, or sealed at once."""
    if arrival.incoming:
        attaching.expect(tip, arrival.incoming, alias=arrival.alias)
    if arrival.told.uploads:
        attaching.take(tip, arrival.told.uploads)
    for file in arrival.told.files:
        attaching.add(tip, file.name, file.media_type, file.data)
