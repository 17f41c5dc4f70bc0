"""What providers call back with becomes a tip, adds to one, or ends or begins a subscription."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from alerts import subscribe
from cases.models import ThreadEntry
from notifier import incoming
from notifier.models import InboundEvent
from tips import answering
from tips.intake import stopping, witnesses
from tips.intake.arrival import of_event
from tips.intake.entering import take_in
from tips.models import Tip
from tips.words import means_start, means_stop, without_quote
from trust import audit, clock

AUTO_REPLY = "auto-replied"  # RFC 3834: a machine's answer to what we sent


def on_inbound(sender: Any, event: InboundEvent, **kwargs: Any) -> None:
    """Take in one event, once; it may be announced again."""
    if event.handled_at is not None:
        return
    with transaction.atomic():
        _take(event)
        InboundEvent.objects.filter(pk=event.pk, handled_at=None).update(handled_at=clock.now())


def receive(event: InboundEvent) -> Tip:
    """Return the tip this event began or added to, made and answered at its first call."""
    known = _known(event)
    return known or take_in(of_event(event))


def _take(event: InboundEvent) -> None:
    act = WITHOUT_TIP.get(incoming.kind(event.raw))
    if act is not None:
        act(event)
    elif _is_bare(event) and means_stop(own_words(event)):
        stopping.stop(event)
    elif means_start(own_words(event)) or _subscribes(event):
        stopping.start(event)
    elif not _is_auto_reply(event):
        receive(event)


def _is_bare(event: InboundEvent) -> bool:
    """Say whether nothing but words came: under a film or a pin "it stopped" is told of what it shows."""
    return not incoming.files(event.raw) and incoming.place(event.raw) is None


def _subscribes(event: InboundEvent) -> bool:
    """Say whether these are the figures that a page asked to be written."""
    return subscribe.written(event.channel, event.sender or "", event.text or "") is not None


def own_words(event: InboundEvent) -> str:
    """Return what the sender wrote now; of a mail without words its subject."""
    words = event.text or ""
    if event.channel != "email":
        return words
    return without_quote(words) or str((event.raw or {}).get("subject") or "")


def _known(event: InboundEvent) -> Tip | None:
    """Return the tip that holds this event already: its first message, or one added."""
    tip = Tip.objects.filter(event_id=event.pk).first()
    if tip is not None:
        return tip
    entry = ThreadEntry.objects.filter(pk=event.pk).first()
    return Tip.objects.filter(pk=entry.subject).first() if entry else None


def _is_auto_reply(event: InboundEvent) -> bool:
    """Say whether a mailbox answered by itself: the event is kept for its days, and makes no tip.

    An alert to a hundred thousand mailboxes brings some thousands of these; nobody said anything in them.
    """
    return str((event.raw or {}).get("auto") or "").lower().startswith(AUTO_REPLY)


def _nothing(event: InboundEvent) -> None:
    """A sign under a message, a setting switched on: kept for its days, and no tip."""


def _take_back(event: InboundEvent) -> None:
    """Note in the tip's thread that its witness deleted a message: what was said stays, as it was said."""
    deleted = str((event.raw or {}).get("deletes") or "")
    known = InboundEvent.objects.filter(alias=event.alias, provider_id=deleted).first() if deleted else None
    tip = _known(known) if known else None
    if tip is not None and tip.erased_at is None:
        answering.note(tip, "taken_back")
        audit.record("tip.message_deleted", tip)


def _change_of_address(event: InboundEvent) -> None:
    """Let the witness follow to the number or id the provider says is theirs now."""
    raw: Mapping[str, Any] = event.raw or {}
    now = str(raw.get("new_number") or raw.get("new_user_id") or "")
    witnesses.move(event.channel, event.sender or "", now)


def _preference(event: InboundEvent) -> None:
    """A stop said in the provider's own settings is a STOP; a resume is a START."""
    act = stopping.stop if means_stop(event.text or "") else stopping.start
    act(event)


WITHOUT_TIP: Mapping[str, Callable[[InboundEvent], None]] = {
    "reaction": _nothing,
    "preference": _preference,
    "revoke": _take_back,
    "system": _change_of_address,
}
