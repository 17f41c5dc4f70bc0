"""What gateways report: appended as it comes, folded into deliveries in sets.

A receipt may come before our own "accepted" is committed, twice, late, or in any order: it waits until its
delivery has left the wire, and rank keeps it from moving anything back.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from notifier import references, suppressing
from notifier.actions import Action, action
from notifier.message import DeliveryError, ReceiptEvent
from notifier.models import Delivery, Post, Receipt
from notifier.outcomes import ERROR_KIND_LENGTH, PROVIDER_ID_LENGTH
from trust import clock

State = Delivery.State
PAGE = 2_000
WORDS_LENGTH = 200
WAITS = timedelta(minutes=10)  # for its delivery; then it is folded into nothing, and kept until the purge


def append(alias: str, events: Iterable[ReceiptEvent]) -> None:
    """Store events; one that is there already changes nothing (one statement)."""
    at = clock.now()
    Receipt.objects.bulk_create([_row(alias, event, at) for event in events], ignore_conflicts=True)


def keep_words(alias: str, said: Iterable[tuple[int, str]]) -> None:
    """Keep what the other side said beside a refusal, by delivery: the last words stay (one statement)."""
    at = clock.now()
    rows = [
        Receipt(
            alias=alias, event_key=f"{references.reference(delivery)}:words", delivery_id=delivery,
            state=State.UNKNOWN, words=words[:WORDS_LENGTH], received_at=at, folded_at=at,
        )
        for delivery, words in said
    ]  # fmt: skip
    Receipt.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["alias", "event_key"],
        update_fields=["words", "received_at"],
    )


def fold(limit: int = 50 * PAGE) -> int:
    """Move deliveries by what was reported since; count the receipts folded. One transaction a page."""
    folded, cursor, seen = 0, 0, 0
    while seen < limit:
        waiting = Receipt.objects.filter(folded_at=None, pk__gt=cursor).order_by("pk")
        page = list(waiting[:PAGE])
        if not page:
            break
        cursor, seen = page[-1].pk, seen + len(page)
        folded += _fold(page)
    return folded


def _row(alias: str, event: ReceiptEvent, at: datetime) -> Receipt:
    return Receipt(
        alias=alias,
        event_key=event.event_key[:200],
        provider_id=event.provider_id[:PROVIDER_ID_LENGTH],
        reference=event.reference[:64],
        delivery_id=references.delivery_id(event.reference),
        state=event.state,
        error_kind=event.error_kind[:ERROR_KIND_LENGTH],
        words=event.words[:WORDS_LENGTH],
        at=event.at,
        received_at=at,
    )


@dataclass
class _Moves:
    """Delivery ids by where they go; failures by their kind."""

    ids: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    folded: list[int] = field(default_factory=list)


def _fold(page: list[Receipt]) -> int:
    at = clock.now()
    moves = _moves(page, at)
    if not moves.folded:  # on SQLite an empty transaction would lock writers out
        return 0
    with transaction.atomic():
        for (state, error_kind), ids in moves.ids.items():
            kind = {"error_kind": error_kind} if error_kind else {}
            Delivery.objects.filter(pk__in=ids).move(state, at, **kind, **_falls(state, error_kind, at))
            if state == State.FAILED:
                refused = dict.fromkeys(ids, error_kind)
                suppressing.after_commit(refused, len(moves.folded), is_reported=True)
        Receipt.objects.filter(pk__in=moves.folded).update(folded_at=at)
    return len(moves.folded)


def _falls(state: str, error_kind: str, at: datetime) -> dict[str, datetime | None]:
    """Who was not reached after all is told another way; who was needs none."""
    if state == State.FAILED:
        refusal = DeliveryError(permanent=True, kind=error_kind or "unknown")
        return {"falls_at": None if action(refusal) is Action.FAIL else at}
    return {"falls_at": None} if state == State.DELIVERED else {}


def _moves(page: list[Receipt], at: datetime) -> _Moves:
    posts = _posts(page)
    named = _deliveries(page)
    states = _states(set(named.values()))
    moves = _Moves()
    for receipt in page:
        delivery = named.get(receipt.pk)
        state, lost_answers = states.get(delivery, ("", 0)) if delivery else ("", 0)
        if _may_fold(receipt, state, lost_answers):
            if receipt.state != State.UNKNOWN and delivery:
                kind = receipt.error_kind if receipt.state == State.FAILED else ""
                moves.ids[(receipt.state, kind)].append(delivery)
            moves.folded.append(receipt.pk)
        elif (receipt.alias, receipt.provider_id) in posts or receipt.received_at < at - WAITS:
            moves.folded.append(receipt.pk)
    return moves


def _may_fold(receipt: Receipt, state: str, lost_answers: int) -> bool:
    """Not before its delivery left the wire, unless it proves that a lost answer was a yes."""
    if state == State.QUEUED:
        return bool(lost_answers) and receipt.state in (State.ACCEPTED, State.DELIVERED)
    return state not in ("", State.SENDING)


def _deliveries(page: list[Receipt]) -> dict[int, int]:
    """The delivery of each receipt: by our reference, else by the provider's id on the same alias."""
    named = {receipt.pk: receipt.delivery_id for receipt in page if receipt.delivery_id is not None}
    foreign = [receipt for receipt in page if receipt.delivery_id is None and receipt.provider_id]
    if foreign:
        wanted = Q(provider_id__in={receipt.provider_id for receipt in foreign}) & ~Q(provider_id="")
        rows = Delivery.objects.filter(wanted).values_list("alias", "provider_id", "pk")
        by_id = {(alias, provider_id): pk for alias, provider_id, pk in rows}
        for receipt in foreign:
            delivery = by_id.get((receipt.alias, receipt.provider_id))
            if delivery is not None:
                named[receipt.pk] = delivery
    return named


def _posts(page: list[Receipt]) -> set[tuple[str, str]]:
    """The posts the page's receipts speak of: a Page calls back what it published, which is known already."""
    named = {receipt.provider_id for receipt in page if receipt.delivery_id is None and receipt.provider_id}
    return (
        set(Post.objects.filter(external_id__in=named).values_list("alias", "external_id"))
        if named
        else set()
    )


def _states(ids: set[int]) -> dict[int, tuple[str, int]]:
    rows = Delivery.objects.filter(pk__in=ids).values_list("pk", "state", "lost_answers")
    return {pk: (state, lost_answers) for pk, state, lost_answers in rows}
