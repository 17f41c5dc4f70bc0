"""What a file says of itself, set against what its sender says: kept as codes, for a person to read.

`Attachment.facts` is {"taken_at": ISO 8601 in UTC, "has_zone", "lat", "lon", "device", "program", "seconds",
"width", "height", "pages", "advice": [codes], "trouble": code, "against": [[code, value], …]}, each where
there is something to say. That nothing is told is normal: messengers take it out of all they carry.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from geo.points import Point
from notifier.models import InboundEvent
from tips.media.origin import Claim, Doubt, Origin, contradictions
from tips.models import Attachment, Tip

SEEN_OFF = timedelta(hours=1)  # of a time that says nothing of how sure it is
LATELY = timedelta(days=2)  # what is sent with no time of its own is taken as just seen

AGAINST: Mapping[str, Promise] = {
    Doubt.NO_METADATA: _("The file tells neither time nor place: normal for what a messenger carried."),
    Doubt.TAKEN_BEFORE: _("The file says it was made %(value)s hours before."),
    Doubt.TAKEN_AFTER: _("The file says it was made %(value)s hours after."),
    Doubt.TAKEN_ELSEWHERE_KM: _("The file says it was made %(value)s km away."),
    Doubt.EDITED_BY: _("The file went through a program that edits: %(value)s."),
    Doubt.CLOCK_NEVER_SET: _("The clock of its camera was never set."),
    "forwarded": _("It was passed on: whoever sent it may not have made it."),
    "other_bytes": _("What was fetched is not what the sender's side announced."),
}
TROUBLES: Mapping[str, Promise] = {
    "empty": _("The file is empty."),
    "too_large": _("Too large for a copy. The original is sealed whole."),
    "too_long": _("Too long for a copy. The original is sealed whole."),
    "too_many_pixels": _("More pixels than a camera makes: it was not opened."),
    "too_many_streams": _("More tracks than a camera makes: it was not opened."),
    "truncated": _("Damaged or cut off: nothing of it can be shown."),
    "timed_out": _("It took the machine too long. The original is sealed whole."),
    "gave_up": _("Reading it failed again and again. The original is sealed whole."),
    "not_a_picture": _("It calls itself a picture and is none."),
    "not_video": _("It calls itself a video and is none."),
    "not_audio": _("It calls itself a recording and is none."),
    "not_pages": _("A document that is never opened here. Only the sealed original can be taken out."),
    "no_reader": _("No program that draws documents is installed. The original is sealed."),
    "never_opened": _("A kind of file that is never opened here. Only the sealed original can be taken out."),
    "gone": _("The provider no longer has it."),
    "refused": _("The provider refused to hand it out."),
    "too_many": _("More files than one message may bring."),
}
ADVICE: Mapping[str, Promise] = {
    "cut_short": _("The copy is shorter than the original."),
    "truncated": _("The original is damaged: the copy holds what could be read."),
    "no_sound": _("The sound could not be read."),
    "silent": _("Nothing is to be heard."),
    "key_frames": _("Only some pictures of it were compared."),
    "small": _("A small picture."),
    "blurred": _("A blurred picture."),
    "dark": _("A dark picture."),
}


def of(attachment: Attachment, origin: Origin, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a file: what it says, what was seen of it, and what speaks against the claim."""
    told: dict[str, Any] = {
        "taken_at": origin.taken_at.isoformat() if origin.taken_at else None,
        "has_zone": origin.has_zone or None,
        "lat": origin.place.lat if origin.place else None,
        "lon": origin.place.lon if origin.place else None,
        "device": origin.device,
        "program": origin.program,
        **shown,
    }
    doubts = [[str(one.doubt), one.value] for one in contradictions(origin, claim_of(attachment.tip))]
    if attachment.said_sha256 and attachment.said_sha256 != attachment.original_sha256:
        doubts.append(["other_bytes", ""])
    if _is_forwarded(attachment.tip):
        doubts.append(["forwarded", ""])
    kept = {name: value for name, value in told.items() if value not in (None, "", [], ())}
    return {**kept, "against": doubts}


def origin_of(facts: Mapping[str, Any]) -> Origin:
    """Return what the file said, from facts that were kept of it."""
    taken, lat, lon = facts.get("taken_at"), facts.get("lat"), facts.get("lon")
    return Origin(
        datetime.fromisoformat(taken) if taken else None,
        bool(facts.get("has_zone")),
        Point(lat, lon) if lat is not None and lon is not None else None,
        facts.get("device", ""),
        facts.get("program", ""),
    )


def claim_of(tip: Tip) -> Claim:
    """Return what the sender says of time and place."""
    place = tip.place or {}
    lat, lon = place.get("lat"), place.get("lon")
    where = Point(float(lat), float(lon)) if lat is not None and lon is not None else None
    if tip.seen_at is None:
        return Claim(tip.said_at - LATELY, tip.said_at, where)
    off = SEEN_OFF if tip.seen_error_min is None else timedelta(minutes=tip.seen_error_min)
    return Claim(tip.seen_at - off, min(tip.seen_at + off, tip.said_at), where)


def _is_forwarded(tip: Tip) -> bool:
    """Say whether the message it came with was passed on (WhatsApp's word; a query)."""
    event = InboundEvent.objects.filter(pk=tip.event_id).first() if tip.event_id else None
    return bool(event and (event.raw or {}).get("forwarded"))


def words(attachment: Attachment) -> list[str]:
    """Return what is to be said of the file, in the active language: trouble, advice, what speaks against."""
    facts = attachment.facts or {}
    trouble = facts.get("trouble", "")
    said = [str(TROUBLES[trouble])] if trouble in TROUBLES else []
    said += [str(ADVICE[code]) for code in facts.get("advice", []) if code in ADVICE]
    return said + [
        str(AGAINST[code]) % {"value": value} for code, value in facts.get("against", []) if code in AGAINST
    ]
