"""What this package stores, who may read it, and when it goes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Least

from notifier import inbound
from notifier.models import Batch, Chunk, Delivery, InboundEvent, Reached, Receipt
from notifier.rates import DAY
from trust import clock, keys
from trust.declared import Declaration, Declared

ADDRESSES_KEPT = timedelta(days=30)  # after the batch ended
DELIVERIES_KEPT = timedelta(days=400)  # after the batch ended
RECEIPTS_KEPT = timedelta(days=8)
INBOUND_KEPT = timedelta(days=8)
UNHANDLED_KEPT = timedelta(days=30)
PARAMETERS = 500

_BATCH = Declared("internal", "kept: names nobody")
_TEXT = Declared("public", "until the key of its owner is destroyed")
_DELIVERY = Declared("internal", "400 days after the batch ended")
_PERSON = Declared("restricted", "400 days after the batch ended; names nobody once the person's key is gone")
_ADDRESS = Declared("restricted", "30 days after the batch ended")
_RECEIPT = Declared("internal", "8 days")
_INBOUND = Declared("internal", "8 days after it was handled")
_WORDS = Declared("restricted", "8 days after it was handled; the tip made of it has its own clock")
_POST = Declared("internal", "kept: names nobody")
_WORK = Declared("internal", "400 days after the batch ended")
_REACHED = Declared("restricted", "24 hours; names nobody once the person's key is gone")
_HEALTH = Declared("internal", "while the gateway is used: names nobody")
_RATE = Declared("internal", "while the account is used")


def _fields(said: Declared, names: str) -> dict[str, Declared]:
    return dict.fromkeys(names.split(), said)


DECLARED: Declaration = {
    "Batch": {
        **_fields(
            _BATCH,
            "id kind subject channel ring priority key_owner exercise after not_before expires_at stopped_at"
            " superseded_by targeted created_at recorded_at addresses_gone_at",
        ),
        "content": _TEXT,
    },
    "Chunk": _fields(
        _WORK,
        "id batch channel priority ring first_id last_id due_at lease_until lease_token attempts done_at",
    ),
    "Delivery": {
        **_fields(
            _DELIVERY,
            "id batch subject channel alias language state state_at provider_id error_kind attempts"
            " lost_answers not_before falls_at counted_on",
        ),
        "person": _PERSON,
        "address": _ADDRESS,
    },
    "Receipt": _fields(
        _RECEIPT,
        "id alias event_key provider_id reference delivery_id state error_kind words at received_at"
        " folded_at",
    ),
    "Post": _fields(
        _POST,
        "id batch subject channel priority alias account external_id url state error_kind asked_at posted_at"
        " recall_state recall_asked_at recalled_at recall_reason unit owner task due_at lease_until"
        " lease_token attempts done_at prepared edits",
    ),
    "InboundEvent": {
        **_fields(
            _INBOUND,
            "id alias channel event_key provider_id kind sender_token at received_at handled_at attempts",
        ),
        **_fields(_WORDS, "sender text raw"),
    },
    "Rate": _fields(
        _RATE,
        "account tokens refilled_at full_until paused_until probe_until failures failed_at refused_at"
        " success",
    ),
    "Reached": {**_fields(_RATE, "id account reached_at"), "person": _REACHED},
    "AliasHealth": _fields(_HEALTH, "alias channel state since checked_at problems"),
}


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Blank and delete what is past its time, in sets of a chunk; count rows by what was done."""
    at = clock.now()
    receipts = Receipt.objects.filter(received_at__lt=at - RECEIPTS_KEPT)
    events = InboundEvent.objects.filter(
        Q(handled_at__lt=at - INBOUND_KEPT) | Q(received_at__lt=at - UNHANDLED_KEPT)
    )
    old = Chunk.objects.filter(batch__in=_ended_before(at - DELIVERIES_KEPT))
    readable = _ended_before(at - ADDRESSES_KEPT).filter(addresses_gone_at=None)
    addressed = Chunk.objects.filter(batch__in=readable)
    if dry_run:
        return {
            "deliveries": sum(chunk.deliveries().count() for chunk in old.iterator()),
            "addresses": sum(_addressed(chunk).count() for chunk in addressed.iterator()),
            "receipts": receipts.count(),
            "inbound": events.count(),
        }
    Reached.objects.filter(reached_at__lt=at - DAY).delete()
    return {
        "deliveries": sum(_delete(chunk) for chunk in list(old)),
        "addresses": _blank(list(addressed), list(readable.values_list("pk", flat=True)), at),
        "receipts": receipts.delete()[0],
        "inbound": _forget(events),
    }


def _ended_before(moment: datetime) -> QuerySet[Batch]:
    ended = Least(Coalesce("stopped_at", "expires_at"), "expires_at")
    return Batch.objects.annotate(ended=ended).filter(ended__lt=moment)


def _addressed(chunk: Chunk) -> QuerySet[Delivery]:
    return chunk.deliveries().exclude(address=b"")


def _delete(chunk: Chunk) -> int:
    with transaction.atomic():
        deleted, _ = chunk.deliveries().delete()
        chunk.delete()
    return deleted


def _blank(chunks: list[Chunk], batches: list[UUID], at: datetime) -> int:
    blanked = sum(_addressed(chunk).update(address=b"") for chunk in chunks)
    for start in range(0, len(batches), PARAMETERS):
        few = batches[start : start + PARAMETERS]
        Batch.objects.filter(pk__in=few).update(addresses_gone_at=at)
    return blanked


def _forget(events: QuerySet[InboundEvent]) -> int:
    """Delete events with their files and destroy their keys, so that a backup cannot tell them either."""
    count = 0
    for event in events.iterator(PARAMETERS):
        with transaction.atomic():
            inbound.forget_files(event.pk, _readable(event))
            InboundEvent.objects.filter(pk=event.pk).delete()
            keys.destroy(event.pk)
        count += 1
    return count


def _readable(event: InboundEvent) -> dict[str, Any]:
    """Return what came with it; nothing where it cannot be opened: its files cannot be either."""
    try:
        return event.raw or {}
    except (keys.SealBroken, keys.KeyMissing, keys.KeyDestroyed):
        return {}
