"""Which refusals end an address, and which only say that a gateway errs."""

import pytest

from notifier import outbox, receipts
from notifier.exceptions import DeliveryError
from notifier.message import ReceiptEvent
from notifier.models import Delivery
from notifier.signals import addresses_gone
from notifier.suppressing import is_plausible, reason
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust.models import Task


@pytest.mark.parametrize(
    ("kind", "channel", "is_reported", "expected"),
    [
        ("opted_out", "sms", False, "opted_out"),
        ("opted_out", "whatsapp", True, "opted_out"),
        ("bad_address", "webpush", False, "gone"),
        ("bad_address", "email", True, "bounced"),
        ("bad_address", "sms", True, "bounced"),
        ("bad_address", "sms", False, ""),
        ("unreachable", "sms", True, ""),
        ("rejected", "email", True, ""),
    ],
)
def test_only_a_fact_about_the_address_ends_it(kind, channel, is_reported, expected):
    assert reason(kind, channel, is_reported=is_reported) == expected


@pytest.mark.parametrize(
    ("gone", "answered", "expected"),
    [(1, 1, True), (10, 10, True), (11, 20, False), (30, 100, True), (90, 100, False)],
)
def test_a_gateway_that_suddenly_knows_nobody_is_not_believed(gone, answered, expected):
    assert is_plausible(gone, answered) is expected


@pytest.fixture
def told():
    heard: list[tuple[str, str, list[int]]] = []

    def hear(channel, reason, deliveries, **more):
        heard.append((channel, reason, deliveries))

    addresses_gone.connect(hear)
    yield heard
    addresses_gone.disconnect(hear)


@pytest.mark.django_db
@pytest.mark.usefixtures("gateways")
def test_a_refusal_as_opted_out_is_told_after_the_commit_with_ids_alone(
    told, django_capture_on_commit_callbacks
):
    batch = make.told(2)
    make.scripts["blunt"] = lambda message: DeliveryError(permanent=True, kind="opted_out")
    with django_capture_on_commit_callbacks(execute=True):
        make.work()
        assert told == []
    ids = sorted(batch.deliveries.values_list("pk", flat=True))
    ((channel, why, found),) = told
    assert (channel, why, sorted(found)) == ("sms", "opted_out", ids)


@pytest.mark.django_db
@pytest.mark.usefixtures("gateways")
@pytest.mark.parametrize(("people", "ends"), [(3, True), (12, False)])
def test_a_bounce_that_is_reported_is_told_unless_all_bounce(
    people, ends, told, django_capture_on_commit_callbacks
):
    batch = make.told(people)
    make.work()
    rows = batch.deliveries.values_list("pk", "provider_id")
    receipts.append(
        "blunt",
        [ReceiptEvent(name, "", "failed", "bad_address", None, f"{pk}:failed") for pk, name in rows],
    )
    with django_capture_on_commit_callbacks(execute=True):
        receipts.fold()
    assert bool(told) is ends
    assert Task.objects.filter(kind="addresses_doubtful").exists() is not ends


@pytest.mark.django_db
@pytest.mark.usefixtures("gateways")
def test_what_waits_for_a_person_is_left_out_at_one_address_or_at_all():
    batch = make.told(3)
    first, second, third = batch.deliveries.order_by("pk")
    assert outbox.silence(first.person) == 1
    assert outbox.silence(second.person, address=b"another") == 0
    assert outbox.silence(second.person, address=bytes(second.address)) == 1
    Delivery.objects.filter(pk=third.pk).update(lost_answers=1)
    assert outbox.silence(third.person) == 1
    make.work()
    assert make.sent == {}
    assert make.states(batch) == ["suppressed", "suppressed", "unknown"]
    assert outbox.equation([batch.subject]).holds()
