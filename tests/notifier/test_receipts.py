"""Receipts: late, repeated, out of order, before our own commit; never a step back."""

from datetime import timedelta
from itertools import permutations

import pytest

from notifier import outbox, receipts, references
from notifier.message import ReceiptEvent, Unknown
from notifier.message import State as Reported
from notifier.models import Delivery, Post, Receipt
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State = Delivery.State


def event(delivery: Delivery, state: Reported, *, kind: str = "", number: int = 0) -> ReceiptEvent:
    reference = references.reference(delivery.pk)
    return ReceiptEvent("", reference, state, kind, clock.now(), f"{reference}:{state}:{number}")


def accepted(count: int = 1) -> list[Delivery]:
    batch = make.told(count)
    make.work(turns=2)
    return list(batch.deliveries.order_by("pk"))


def fold(*events: ReceiptEvent, alias: str = "blunt") -> None:
    receipts.append(alias, events)
    receipts.fold()


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_a_receipt_delivers():
    (delivery,) = accepted()
    fold(event(delivery, "delivered"))
    assert state(delivery) == State.DELIVERED
    assert Receipt.objects.get().folded_at is not None


def test_a_receipt_by_the_providers_own_id_is_found_on_its_alias_alone():
    (delivery,) = accepted()
    one = ReceiptEvent(delivery.provider_id, "", "delivered", "", None, "k1")
    fold(one, alias="strict")
    assert state(delivery) == State.ACCEPTED
    fold(one)
    assert state(delivery) == State.DELIVERED


def test_a_repeated_receipt_changes_nothing():
    (delivery,) = accepted()
    for _ in range(3):
        fold(event(delivery, "delivered"))
    assert Receipt.objects.count() == 1
    assert state(delivery) == State.DELIVERED


@pytest.mark.parametrize("order", list(permutations(["accepted", "failed", "delivered", "unknown"])))
@pytest.mark.parametrize("together", [True, False])
def test_delivered_wins_in_whatever_order_receipts_come(order: tuple[Reported, ...], together: bool):
    (delivery,) = accepted()
    events = [event(delivery, reported, number=number) for number, reported in enumerate(order)]
    if together:
        fold(*events)
    else:
        for one in events:
            fold(one)
    assert state(delivery) == State.DELIVERED


def test_a_failure_after_acceptance_is_a_failure_with_its_kind():
    (delivery,) = accepted()
    fold(event(delivery, "failed", kind="unreachable"))
    fold(event(delivery, "accepted"))
    assert (state(delivery), delivery.error_kind) == (State.FAILED, "unreachable")
    assert outbox.equation([delivery.subject]).holds()


def test_a_receipt_before_our_own_commit_waits_for_it():
    batch = make.told(1)
    delivery = batch.deliveries.get()
    Delivery.objects.update(state=State.SENDING)
    fold(event(delivery, "delivered"))
    assert state(delivery) == State.SENDING
    assert Receipt.objects.get().folded_at is None
    Delivery.objects.update(state=State.ACCEPTED, provider_id="p")
    receipts.fold()
    assert (state(delivery), delivery.provider_id) == (State.DELIVERED, "p")


def test_a_receipt_that_proves_a_lost_answer_spares_the_repetition():
    batch = make.told(1)
    make.scripts["blunt"] = lambda message: Unknown("timed_out")
    make.work()
    delivery = batch.deliveries.get()
    assert (delivery.state, delivery.lost_answers) == (State.QUEUED, 1)
    fold(event(delivery, "delivered"))
    make.due_now()
    make.work()
    assert state(delivery) == State.DELIVERED
    assert len(make.addresses()) == 1


def test_a_receipt_of_something_unknown_is_kept_waiting_then_laid_aside():
    fold(ReceiptEvent("nobody", "", "delivered", "", None, "k"))
    assert Receipt.objects.get().folded_at is None
    Receipt.objects.update(received_at=clock.now() - receipts.WAITS - timedelta(seconds=1))
    receipts.fold()
    assert Receipt.objects.get().folded_at is not None


def test_a_made_up_reference_moves_nobody():
    (delivery,) = accepted()
    number = references.reference(delivery.pk).split("-")[0]
    fold(ReceiptEvent("", f"{number}-{'0' * 12}", "failed", "", None, "k"))
    assert state(delivery) == State.ACCEPTED


def test_receipts_that_wait_do_not_hold_up_those_behind_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(receipts, "PAGE", 2)
    receipts.append("blunt", [ReceiptEvent("?", "", "delivered", "", None, f"k{n}") for n in range(5)])
    (delivery,) = accepted()
    fold(event(delivery, "delivered"))
    assert state(delivery) == State.DELIVERED


def test_a_page_that_calls_back_its_post_leaves_nothing_waiting():
    post = outbox.post(make.batch())
    Post.objects.filter(pk=post.pk).update(alias="page", external_id="100_200", state=Post.State.POSTED)
    fold(ReceiptEvent("100_200", "", "delivered", "", clock.now(), "100_200:add"), alias="page")
    assert not Receipt.objects.filter(folded_at=None).exists()
