"""What arrives, in one form whatever the door: what was told, by whom, where an answer goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from notifier import incoming
from notifier.incoming import IncomingFile
from notifier.models import InboundEvent
from tips.answering import Way
from tips.telling import Told
from tips.words import without_quote

ANSWERS = re.compile(
    r"(?i)^\s*((re|fw|fwd|tr|rép|rep|aw|رد|إعادة توجيه)\s*:|$)"
)  # a subject that repeats another
PIN_ERROR_M = 30.0  # of a telephone's own position under the open sky
OUT_OF_A_FORM = ("comment", "mention")  # said in public


@dataclass(frozen=True, slots=True)
class Arrival:
    """Hold one thing told and what its door knows of it.

    id: of the event or the form, the same when it comes again. channel, address: the witness's, sealed apart.
    way: where an answer goes now. replies_to: the provider's id of what this answers.
    """

    told: Told
    id: UUID | None = None
    alias: str = ""
    channel: str = ""
    address: str = field(default="", repr=False)
    replies_to: str = ""
    corrects: str = ""  # the provider's id of an earlier message that this is the new wording of
    incoming: tuple[IncomingFile, ...] = ()
    way: Way = field(default_factory=Way)


def of_event(event: InboundEvent) -> Arrival:
    """Return what a provider's call-back tells."""
    raw, sender, words = event.raw or {}, event.sender or "", event.text or ""
    if event.channel == "email":
        words = said_in_mail(words, str(raw.get("subject") or ""))
    told = Told(
        door="comment" if event.kind in OUT_OF_A_FORM else event.channel,
        words=words,
        said_at=event.at or event.received_at,
        place=_pin(incoming.place(raw)),
        link=str(raw.get("permalink_url") or ""),
    )
    return Arrival(
        told,
        id=event.pk,
        alias=event.alias,
        channel=event.channel,
        address=sender,
        replies_to=incoming.replies_to(raw)[:128],
        corrects=str(raw.get("edits") or ""),
        incoming=incoming.files(raw),
        way=Way(
            event.channel,
            incoming.answered_at(event.channel, event.kind, sender, event.provider_id),
            is_automatic=incoming.is_automatic(raw),
        ),
    )


def of_form(told: Told, form_id: UUID | None) -> Arrival:
    """Return what a form tells; a number to call back is its witness's only address."""
    return Arrival(told, id=form_id, channel="phone" if told.caller else "", address=told.caller)


def offered() -> list[str]:
    """Return the codes of the languages this deployment answers in, the fallback first."""
    return [code for code, _name in settings.LANGUAGES]


def said_in_mail(words: str, subject: str) -> str:
    """Return what a mail says: its subject, unless it repeats another's, and its words without those it
    answers; all of it where that is all there is.
    """
    own = without_quote(words) or words
    return "\n".join(filter(None, ("" if ANSWERS.match(subject) else subject.strip(), own)))


def _pin(found: tuple[float, float, str] | None) -> dict[str, object] | None:
    if found is None:
        return None
    lat, lon, named = found
    return {"words": named, "lat": lat, "lon": lon, "error_m": PIN_ERROR_M, "how": "pin"}
