"""What is kept, and what is gone when its time is over."""

from datetime import timedelta

import pytest
from django.apps import apps

from notifier import inbound, outbox, receipts, retention
from notifier.message import Inbound, ReceiptEvent
from notifier.models import Batch, Chunk, Delivery, InboundEvent, Receipt
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock
from trust.models import DataKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]


def ended(days: float) -> Batch:
    """A batch of two that ended so many days ago."""
    batch = make.told(2)
    make.work()
    Batch.objects.filter(pk=batch.pk).update(expires_at=clock.now() - timedelta(days=days))
    return batch


def blank(batch: Batch) -> int:
    return batch.deliveries.filter(address=b"").count()


def test_every_stored_field_is_declared():
    stored = {
        (model.__name__, field.name)
        for model in apps.get_app_config("notifier").get_models()
        for field in model._meta.local_fields
    }
    declared = {(model, name) for model, fields in retention.DECLARED.items() for name in fields}
    assert stored == declared


def test_addresses_go_thirty_days_after_the_end_and_counts_stay():
    old, young = ended(31), ended(29)
    assert retention.purge(dry_run=True)["addresses"] == 2
    assert blank(old) == 0
    assert retention.purge()["addresses"] == 2
    assert (blank(old), blank(young)) == (2, 0)
    assert outbox.equation([old.subject]).accepted == 2
    assert retention.purge()["addresses"] == 0


def test_a_stopped_batch_ends_with_its_stop():
    batch = make.told(1)
    Batch.objects.update(stopped_at=clock.now() - timedelta(days=31))
    retention.purge()
    assert blank(batch) == 1


def test_deliveries_go_after_four_hundred_days_and_their_batch_stays():
    old = ended(401)
    young = ended(399)
    assert retention.purge(dry_run=True)["deliveries"] == 2
    assert retention.purge()["deliveries"] == 2
    assert not Delivery.objects.filter(batch=old).exists()
    assert not Chunk.objects.filter(batch=old).exists()
    assert Batch.objects.filter(pk=old.pk).exists()
    assert young.deliveries.count() == 2


def test_receipts_go_after_eight_days():
    receipts.append("blunt", [ReceiptEvent("p", "", "delivered", "", None, key) for key in ("a", "b")])
    Receipt.objects.filter(event_key="a").update(received_at=clock.now() - timedelta(days=9))
    assert retention.purge()["receipts"] == 1
    assert Receipt.objects.get().event_key == "b"


def test_what_the_public_wrote_goes_with_its_key():
    for key in ("a", "b"):
        inbound.store("blunt", Inbound("text", key, "+212600000009", "words", None, key))
    InboundEvent.objects.filter(event_key="a").update(handled_at=clock.now() - timedelta(days=9))
    assert retention.purge(dry_run=True)["inbound"] == 1
    assert retention.purge()["inbound"] == 1
    left = InboundEvent.objects.get()
    assert left.event_key == "b"
    assert list(DataKey.objects.filter(kind="inbound", destroyed_at=None).values_list("pk", flat=True)) == [
        left.pk
    ]


def test_what_nobody_handled_goes_after_thirty_days():
    inbound.store("blunt", Inbound("text", "a", "+212600000009", "words", None, "a"))
    InboundEvent.objects.update(received_at=clock.now() - timedelta(days=29))
    assert retention.purge()["inbound"] == 0
    InboundEvent.objects.update(received_at=clock.now() - timedelta(days=31))
    assert retention.purge()["inbound"] == 1
