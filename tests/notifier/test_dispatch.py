"""Sending: everyone once, in their language, in turn; workers that share, die and are found again."""

from uuid import uuid4

import pytest
from pytest_django import Settings

from notifier import dispatch, outbox, references, slices, unsubscribe
from notifier.message import Accepted, Message, Text
from notifier.models import Chunk, Delivery
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock, keys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State = Delivery.State


def test_everyone_gets_one_message_in_their_language():
    batch = make.batch()
    outbox.record_people(batch, [(uuid4(), "+212600000001", "ar"), (uuid4(), "+212600000002", "fr")])

    make.work(turns=3)

    assert make.addresses() == ["+212600000001", "+212600000002"]
    assert [message.text.short for message in make.sent["blunt"]] == [
        f"{make.SECRET} ar",
        f"{make.SECRET} fr",
    ]
    assert make.states(batch) == [State.ACCEPTED] * 2
    first = batch.deliveries.order_by("pk")[0]
    assert first.provider_id == f"id-{references.reference(first.pk)}"
    assert (first.alias, first.attempts) == ("blunt", 1)
    assert batch.chunks.get().done_at is not None


def test_a_language_nobody_wrote_falls_back_to_one_that_exists():
    batch = make.batch()
    outbox.record_people(batch, make.people(1, language="de"))
    make.work()
    assert make.sent["blunt"][0].text.short == f"{make.SECRET} ar"


def test_more_than_a_slice_and_more_than_a_chunk_all_leave_once(settings: Settings):
    settings.NOTIFIER_CHUNK = 70
    batch = make.told(250)
    make.work(turns=2)
    assert len(make.addresses()) == len(set(make.addresses())) == 250
    assert outbox.equation([batch.subject]).accepted == 250


def test_inner_rings_go_first_and_a_page_before_all():
    subject = uuid4()
    outer = make.told(1, subject=subject, ring=2)
    inner = make.batch(subject=subject, ring=0)
    outbox.record_people(inner, [(uuid4(), "+212611111111", "fr")])
    page = make.batch(kind="page")
    outbox.record_people(page, [(uuid4(), "+212622222222", "fr")])
    make.work()
    assert make.addresses() == ["+212622222222", "+212611111111", "+212600000000"]
    assert make.states(outer) == [State.ACCEPTED]


def test_an_address_that_cannot_be_read_fails_alone():
    batch = make.told(4)
    broken, erased, empty, _ = batch.deliveries.order_by("pk")
    Delivery.objects.filter(pk=broken.pk).update(address=b"\x01 not sealed by anybody")
    keys.destroy(erased.person)
    Delivery.objects.filter(pk=empty.pk).update(address=keys.seal(empty.person, "address", b""))
    make.work()
    assert make.states(batch) == [*[State.FAILED] * 3, State.ACCEPTED]
    kinds = set(batch.deliveries.filter(state=State.FAILED).values_list("error_kind", flat=True))
    assert kinds == {"address_unreadable"}


def test_each_person_gets_an_address_of_their_own_to_leave_by():
    batch = make.batch(texts={"fr": Text("s", "b", "c", unsubscribe_url="https://x.invalid/u/{person}/")})
    outbox.record_people(batch, make.people(2))
    make.work()
    urls = [message.text.unsubscribe_url for message in make.sent["blunt"]]
    people = [unsubscribe.person(url.split("/")[-2]) for url in urls]
    assert people == list(batch.deliveries.order_by("pk").values_list("person", flat=True))
    assert unsubscribe.person("made-up.token") is None


def test_a_reference_names_its_delivery_and_cannot_be_made_up():
    reference = references.reference(123_456_789)
    assert references.delivery_id(reference) == 123_456_789
    number, _, proof = reference.partition("-")
    for wrong in ("", "1", f"1-{proof}", f"{number}-{'0' * 12}", f"{number}-", "é-é", f"{number}-{proof}x"):
        assert references.delivery_id(wrong) is None


def test_only_one_of_two_workers_gets_a_chunk():
    make.told(1)
    at = clock.now()
    mine, theirs = Chunk.objects.get(), Chunk.objects.get()
    assert mine.take(at)
    assert not theirs.take(at)
    assert not theirs.renew(at)


def test_enough_workers_are_enough(settings: Settings):
    settings.NOTIFIER_WORKERS = 1
    settings.NOTIFIER_CHUNK = 1
    make.told(2)
    Chunk.objects.order_by("id")[0].take(clock.now())
    assert dispatch.waiting_channels() == []
    assert dispatch.work("sms") is False
    assert make.sent == {}


def test_the_sweep_finds_what_no_wake_up_reached():
    make.told(1)
    assert dispatch.waiting_channels() == ["sms"]
    make.work()
    assert dispatch.waiting_channels() == []


def test_the_sweep_finds_the_chunk_of_a_dead_worker():
    make.told(1)
    Chunk.objects.get().take(clock.now())
    assert not Chunk.objects.due(clock.now()).exists()
    make.worker_dies()
    assert dispatch.waiting_channels() == ["sms"]


def test_a_killed_worker_loses_nobody_and_doubles_only_what_was_on_the_wire():
    batch = make.told(40)

    def killed_at_the_tenth(message: Message) -> Accepted:
        if len(make.addresses()) == 10:
            raise KeyboardInterrupt
        return Accepted(message.reference)

    make.scripts["blunt"] = killed_at_the_tenth
    with pytest.raises(KeyboardInterrupt):
        make.work()
    assert make.states(batch).count(State.SENDING) == slices.FIRST
    make.scripts.clear()

    make.work()
    assert len(make.addresses()) == 10  # the lease still holds
    make.worker_dies()
    make.due_now()
    make.work()
    make.due_now()
    make.work()

    assert set(make.states(batch)) == {State.ACCEPTED}
    doubled = len(make.addresses()) - len(set(make.addresses()))
    assert doubled == 10
    assert len(set(make.addresses())) == 40


def test_a_worker_killed_on_a_strict_gateway_leaves_unknown_and_no_double():
    batch = make.told(20, channel="whatsapp")

    def killed_at_the_third(message: Message) -> Accepted:
        if len(make.addresses("strict")) == 3:
            raise KeyboardInterrupt
        return Accepted(message.reference)

    make.scripts["strict"] = killed_at_the_third
    with pytest.raises(KeyboardInterrupt):
        make.work("whatsapp")
    make.scripts.clear()
    make.worker_dies()
    make.work("whatsapp", turns=2)

    assert make.states(batch).count(State.UNKNOWN) == slices.FIRST
    assert make.states(batch).count(State.ACCEPTED) == 20 - slices.FIRST
    assert len(make.addresses("strict")) == len(set(make.addresses("strict")))


def test_a_worker_that_lost_its_lease_sends_nothing_more_but_keeps_what_it_knows():
    batch = make.told(40)

    def loses_the_lease(message: Message) -> Accepted:
        Chunk.objects.update(lease_token=uuid4())
        return Accepted(message.reference)

    make.scripts["blunt"] = loses_the_lease
    make.work()
    assert len(make.addresses()) == slices.FIRST
    assert make.states(batch).count(State.ACCEPTED) == slices.FIRST
    assert make.states(batch).count(State.QUEUED) == 40 - slices.FIRST
