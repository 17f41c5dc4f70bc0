"""What the public sends us: stored first, announced after, again until somebody took it."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from notifier import incoming, registry, waking
from notifier.incoming import IncomingFile
from notifier.message import Enclosed, Inbound, RawRequest
from notifier.models import InboundEvent
from notifier.signals import inbound_received
from trust import clock, keys, vault
from trust.models import Task

logger = logging.getLogger(__name__)

UNREAD = "unread"  # verified, and in no format we know: kept for a person, announced to nobody
SETTLING_S = 5.0  # the announcing task gets this long before the sweep steps in
MOST_UNREAD = 1_000_000  # bytes that are kept of what nobody could read
GIVE_UP = 10  # announcements; then a person is asked


def store(alias: str, event: Inbound) -> InboundEvent | None:
    """Store one event and have it announced; None when it is there already."""
    return _store(
        alias,
        event_key=event.event_key,
        kind=event.kind,
        provider_id=event.provider_id,
        sender=event.sender,
        text=event.text,
        at=event.at,
        raw={**_without_ours(event.raw), "to": event.to},
        enclosed=event.enclosed,
        channel=event.channel,
    )


def store_unread(alias: str, request: RawRequest) -> InboundEvent | None:
    """Store a verified call-back that nobody could read."""
    body = request.body[:MOST_UNREAD].decode("utf-8", "replace")
    query = request.url.partition("?")[2]  # the path holds our token
    whole = f"{request.method}\0{query}\0".encode() + request.body
    key = hashlib.sha256(whole).hexdigest()
    raw = {"method": request.method, "query": query, "body": body}
    return _store(alias, event_key=f"{UNREAD}:{key}", kind=UNREAD, raw=raw)


def announce(event_id: UUID) -> bool:
    """Tell the listeners of one stored event; True when all of them took it, or had before."""
    with transaction.atomic():
        unhandled = InboundEvent.objects.filter(pk=event_id, handled_at=None)
        event = unhandled.select_for_update(skip_locked=True).first()
        if event is None:
            return True
        failed = not _tell(event)
        _note(event, failed=failed)
    return not failed


def _tell(event: InboundEvent) -> bool:
    """Whether all listeners took it."""
    try:
        with transaction.atomic():
            # Not send_robust(): it logs the error's text, which may quote what the public wrote.
            inbound_received.send(sender=InboundEvent, event=event)
    except Exception as error:  # noqa: BLE001  any listener's failure means: announce it again
        logger.error("inbound event: a listener failed with %s", type(error).__name__)
        return False
    return True


def announce_unhandled(limit: int = 100) -> int:
    """Announce again what nobody took, ever more seldom; count those taken."""
    at = clock.now()
    waiting = InboundEvent.objects.filter(handled_at=None, received_at__lt=at - timedelta(seconds=SETTLING_S))
    # What failed before never holds up what is fresh.
    rows = waiting.order_by("attempts", "received_at").values_list("pk", "attempts", "received_at")
    due = [pk for pk, attempts, received_at in rows[: limit * 10] if _is_due(attempts, received_at, at)]
    return sum(announce(pk) for pk in due[:limit])


def _is_due(attempts: int, received_at: datetime, at: datetime) -> bool:
    return received_at + timedelta(seconds=SETTLING_S * (2**attempts - 1)) <= at


def _note(event: InboundEvent, *, failed: bool) -> None:
    row = InboundEvent.objects.filter(pk=event.pk)
    if not failed:
        row.filter(handled_at=None).update(handled_at=clock.now())
        return
    row.update(attempts=event.attempts + 1)
    if event.attempts + 1 == GIVE_UP:
        Task.open("inbound_unhandled", event.pk, subject_kind="inboundevent")


def _store(
    alias: str,
    *,
    event_key: str,
    kind: str,
    raw: Mapping[str, Any],
    provider_id: str = "",
    sender: str = "",
    text: str = "",
    at: datetime | None = None,
    enclosed: Sequence[Enclosed] = (),
    channel: str = "",
) -> InboundEvent | None:
    key = event_key[:200]
    if InboundEvent.objects.filter(alias=alias, event_key=key).exists():
        return None
    received_at = clock.now()
    event = InboundEvent(
        id=uuid4(), alias=alias, channel=channel or registry.channel_of(alias), event_key=key, kind=kind,
        provider_id=provider_id[:128], sender_token=keys.token("sender", sender), at=at,
        received_at=received_at, handled_at=received_at if kind == UNREAD else None,
    )  # fmt: skip
    event.sender, event.text, event.raw = sender, text, {**raw, **_put_away(event.pk, enclosed)}
    try:
        with transaction.atomic():
            keys.create(event.pk, "inbound")
            event.save(force_insert=True)
            if kind != UNREAD:
                waking.announce(event.pk)
    except BaseException as error:
        forget_files(event.pk, event.raw)
        if enclosed:
            keys.destroy(event.pk)
        if isinstance(error, IntegrityError):  # the same call-back came twice at once: the other stored it
            return None
        raise
    return event


def _without_ours(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a call-back says of files, less whatever would name one of our own vault: only _put_away does."""
    others = {name: value for name, value in raw.items() if name != incoming.FILES}
    return {**others, **incoming.packed(replace(file, inline="") for file in incoming.files(raw))}


def _put_away(event_id: UUID, enclosed: Sequence[Enclosed]) -> dict[str, str]:
    """Put what came inside a call-back into the vault, under the event's key, before any lock is held."""
    if not enclosed:
        return {}
    keys.create(event_id, "inbound")
    return incoming.packed(
        IncomingFile(
            inline=f"{event_id}/{vault.put(event_id, file.data)}",
            media_type=file.media_type[:80],
            name=file.name,
            sha256=vault.sha256(file.data),
        )
        for file in enclosed
    )


def forget_files(event_id: UUID, raw: Mapping[str, Any] | None) -> None:
    """Remove from the vault what came inside a call-back; what is gone already is no error."""
    for file in incoming.files(raw):
        owner, _, key = file.inline.partition("/")
        if owner == str(event_id):
            vault.delete(key)
