"""A witness comes back: what became of the tip, and what is written both ways. Reference and secret open it.

Nothing here knows or keeps where somebody came from. Access ends by its own clock, apart from how long the
tip itself is kept: TIP_THREAD_DAYS after it came, and never sooner than READ_DAYS after the police wrote.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import thread
from cases.models import ThreadEntry
from cases.thread import ThreadRefused
from tips.intake import adding
from tips.intake.arrival import of_form
from tips.models import Tip, Upload
from tips.telling import Told
from trust import audit, clock, keys

DOOR = "web"
READ_DAYS = 30

BECAME: dict[str, Promise] = {
    "new": _("It has arrived and waits to be read."),
    "seen": _("An officer has read it."),
    "sighting": _("It helped: the place you told of is being checked."),
    "case": _("It is now a case of its own, and an officer works on it."),
    "handed_over": _("It was handed to the unit it concerns."),
    "rumour": _("It was checked and could not be confirmed. Thank you for telling it."),
    "old": _("It was checked: the picture or the story is from an earlier time. Thank you for sending it."),
    "false": _("It was checked and turned out otherwise. Thank you for telling it."),
    "duplicate": _("Others told the same. It was put with theirs and counts."),
    "unrelated": _("It was read. It is not about a missing child, and this desk does nothing more with it."),
}


@dataclass(frozen=True)
class Added:
    """What a witness adds: words, a place as a tip holds it, whole uploads; submission names the form."""

    body: str = field(default="", repr=False)
    place: dict[str, Any] | None = field(default=None, repr=False)
    uploads: tuple[UUID, ...] = ()
    submission: str = field(default="", repr=False)


@dataclass(frozen=True)
class Standing:
    """What a witness may know of the tip: which unit has it, never which officer."""

    became: Promise
    unit: str
    handed_to: str
    is_taken: bool  # the unit it was handed to has said that it has it
    ends_at: datetime


def open_tip(reference: str, secret: str) -> Tip:
    """Return the tip that reference and secret open; raise ThreadRefused, "ended" after its time.

    Not within a transaction.
    """
    tip: Tip = thread.unlock(reference, secret, lambda written: _known().filter(reference=written).first())
    if ends_at(tip) <= clock.now():
        raise ThreadRefused("ended")
    audit.record("tip.thread_opened", tip)
    return tip


def again(tip_id: UUID) -> Tip | None:
    """Return the tip a page was opened for; None once its thread has ended or it was erased."""
    tip = _known().filter(pk=tip_id).first()
    return tip if tip is not None and ends_at(tip) > clock.now() else None


def ends_at(tip: Tip) -> datetime:
    """Return when reference and secret open nothing more (a query)."""
    end = tip.thread_until or tip.received_at + timedelta(days=settings.TIP_THREAD_DAYS)
    police = ThreadEntry.objects.filter(subject=tip.pk, author=ThreadEntry.Author.POLICE).last()
    return max(end, police.at + timedelta(days=READ_DAYS)) if police else end


def standing(tip: Tip) -> Standing:
    return Standing(
        became=BECAME[tip.state],
        unit=str(tip.unit) if tip.unit else "",
        handed_to=str(tip.handed_to) if tip.handed_to else tip.handed_to_name,
        is_taken=tip.acknowledged_at is not None,
        ends_at=ends_at(tip),
    )


def note(tip_id: UUID) -> None:
    """Keep that the receipt was typed again, at its first time."""
    if Tip.objects.filter(pk=tip_id, noted_at=None).update(noted_at=clock.now()):
        audit.record("tip.noted", Tip(pk=tip_id))


def add(tip: Tip, added: Added) -> bool:
    """Add to the tip and tell the desk; return False where it was there already, or was nothing."""
    with transaction.atomic():
        tip = Tip.objects.select_for_update().get(pk=tip.pk)
        entry_id = UUID(hex=keys.token("tip message", f"{tip.pk}\0{added.submission}")[:32])
        said = _words(added)
        if not said or ThreadEntry.objects.filter(pk=entry_id).exists():
            return False
        # A further place is a part of the words: it must not push the first one out.
        place = None if tip.place else added.place
        told = Told(DOOR, words=said, language=tip.language, place=place, uploads=added.uploads)
        tip = adding.add(tip, of_form(told, entry_id))
        audit.record("tip.witness_wrote", tip)
    return True


def _known() -> Any:
    return Tip.objects.filter(erased_at=None).select_related("unit__agency", "handed_to")


def _words(added: Added) -> str:
    """Return the words with the place and the number of new files below them, signs for any language."""
    lines = [added.body]
    if added.place:
        point = ""
        if "lat" in added.place:
            point = f"{added.place['lat']:.5f}, {added.place['lon']:.5f}"
        lines.append("📍 " + " · ".join(filter(None, (added.place["words"], point))))
    if files := Upload.objects.filter(pk__in=added.uploads, taken_at=None).count():
        lines.append(f"📎 {files}")
    return "\n".join(filter(None, lines))
