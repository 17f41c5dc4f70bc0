"""Sending: nobody twice, nothing after a stop, nothing lost with a worker, and counts that add up."""

import random
from datetime import date, timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from notifier import dispatch, outbox, rates, references, slices, unsubscribe
from notifier.exceptions import DeliveryError
from notifier.message import Accepted, Message, Text, Unknown
from notifier.models import Batch, Chunk, Delivery, Rate
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock, keys
from trust.models import Task

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


def test_a_stop_in_the_middle_lets_no_later_slice_leave():
    batch = make.told(120)

    def stops_after_five(message: Message) -> Accepted:
        if len(make.addresses()) == 5:
            outbox.stop([batch.subject])
        return Accepted(message.reference)

    make.scripts["blunt"] = stops_after_five
    make.work(turns=2)

    assert len(make.addresses()) == slices.FIRST  # the slice that was on the wire, nothing after it
    counts = outbox.equation([batch.subject])
    assert (counts.accepted, counts.withdrawn, counts.queued) == (slices.FIRST, 120 - slices.FIRST, 0)
    assert batch.chunks.get().done_at is not None


@pytest.mark.parametrize("end", ["stopped_at", "expires_at"])
def test_the_last_question_is_asked_before_each_slice(end: str):
    """The batch's row alone is enough: its deliveries may be too many to be withdrawn with the stop."""
    batch = make.told(60)

    def ends_at_the_third(message: Message) -> Accepted:
        if len(make.addresses()) == 3:
            Batch.objects.filter(pk=batch.pk).update(**{end: clock.now()})
        return Accepted(message.reference)

    make.scripts["blunt"] = ends_at_the_third
    make.work(turns=2)
    assert len(make.addresses()) == slices.FIRST
    final = State.WITHDRAWN if end == "stopped_at" else State.EXPIRED
    assert make.states(batch).count(final) == 60 - slices.FIRST


def test_what_was_marked_and_never_handed_out_is_withdrawn_by_a_stop_not_unknown(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(slices, "SLICE_S", 0)
    batch = make.told(5, channel="whatsapp")

    def stops_at_once(message: Message) -> Accepted:
        outbox.stop([batch.subject])
        return Accepted(message.reference)

    make.scripts["strict"] = stops_at_once
    make.work("whatsapp", turns=2)
    assert make.states(batch) == [State.ACCEPTED, *[State.WITHDRAWN] * 4]


def test_a_slice_hands_out_no_more_once_its_time_is_over(monkeypatch: pytest.MonkeyPatch):
    now = iter(range(100))
    monkeypatch.setattr("notifier.slices.time.monotonic", lambda: next(now))
    few = slices.Slice([Message(str(number)) for number in range(10)])
    assert [message.reference for message in few] == ["0"]
    assert few.handed == 1


def test_what_a_slow_gateway_was_not_handed_goes_back_without_an_attempt(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(slices, "SLICE_S", 0)
    batch = make.told(5)
    make.work()
    assert make.states(batch) == [State.ACCEPTED] * 5
    assert set(batch.deliveries.values_list("attempts", flat=True)) == {1}
    assert len(make.addresses()) == 5


def test_an_expired_batch_is_never_sent():
    batch = make.told(3)
    Batch.objects.filter(pk=batch.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    make.work()
    assert make.sent == {}
    assert set(make.states(batch)) == {State.EXPIRED}


def test_expiry_has_the_last_word_over_a_retry():
    batch = make.told(1)
    make.scripts["blunt"] = lambda message: make.PASSING
    make.work()
    Batch.objects.filter(pk=batch.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    make.due_now()
    make.work()
    assert make.states(batch) == [State.EXPIRED]
    assert len(make.addresses()) == 1


def test_a_chunk_that_backs_off_is_due_at_expiry_at_the_latest():
    batch = make.told(1)
    make.scripts["blunt"] = lambda message: DeliveryError(
        permanent=False, kind="throttled", retry_after_s=86_400
    )
    make.work()
    chunk = batch.chunks.get()
    assert chunk.due_at == batch.expires_at
    assert chunk.done_at is None


def test_a_superseded_batch_is_not_sent_even_when_its_rows_still_wait():
    batch = make.told(2)
    Batch.objects.filter(pk=batch.pk).update(superseded_by=uuid4())
    make.work()
    assert make.sent == {}
    assert set(make.states(batch)) == {State.WITHDRAWN}


def test_a_text_whose_key_is_gone_is_withdrawn():
    batch = make.told(2)
    keys.destroy(batch.key_owner)
    make.work()
    assert make.sent == {}
    assert set(make.states(batch)) == {State.WITHDRAWN}


def test_no_such_number_fails_one_person_and_no_other():
    batch = make.told(3)
    make.scripts["blunt"] = lambda message: (
        make.NO_SUCH_NUMBER if message.to.endswith("1") else Accepted(message.reference)
    )
    make.work(turns=3)
    assert make.states(batch) == [State.ACCEPTED, State.FAILED, State.ACCEPTED]
    failed = batch.deliveries.get(state=State.FAILED)
    assert (failed.error_kind, failed.attempts) == ("bad_address", 1)


def test_a_gateway_that_answers_500_is_waited_for_and_loses_nobody():
    batch = make.told(40)
    make.scripts["blunt"] = lambda message: make.PASSING
    make.work(turns=3)
    assert len(make.addresses()) == slices.FIRST  # the pause kept the rest from being tried in vain
    assert set(make.states(batch)) == {State.QUEUED}
    assert set(batch.deliveries.values_list("error_kind", flat=True)) == {"gateway_down", ""}

    make.scripts.clear()
    Rate.objects.update(paused_until=None)
    make.due_now()
    make.work(turns=2)
    assert set(make.states(batch)) == {State.ACCEPTED}
    assert Rate.objects.get().failures == 0


def test_a_gateway_in_trouble_is_waited_for_ever_longer():
    waits = []
    for _ in range(4):
        before = clock.now()
        waits.append((rates.pause("blunt") - before).total_seconds())
    assert waits[3] > waits[0]
    assert waits[3] <= rates.LONGEST_PAUSE_S


def test_retry_after_is_honoured_by_all_workers():
    batch = make.told(1)
    make.scripts["blunt"] = lambda message: DeliveryError(permanent=False, kind="throttled", retry_after_s=60)
    make.work()
    delivery = batch.deliveries.get()
    assert delivery.not_before is not None
    assert timedelta(seconds=58) < delivery.not_before - clock.now() < timedelta(seconds=61)
    other = make.told(1)
    make.work()
    assert make.states(other) == [State.QUEUED]
    assert len(make.addresses()) == 1


def test_a_person_who_cannot_be_reached_is_given_up_after_some_attempts():
    batch = make.told(2)
    first = make.people(1)[0][1]
    unreachable = DeliveryError(permanent=False, kind="unreachable")
    make.scripts["blunt"] = lambda message: unreachable if message.to == first else Accepted("x")
    for _ in range(10):
        make.due_now()
        make.work()
    assert make.states(batch) == [State.FAILED, State.ACCEPTED]
    assert make.addresses().count(first) == 8


def test_a_dead_token_fails_nobody_and_calls_a_person_once():
    batch = make.told(3)
    make.scripts["blunt"] = lambda message: DeliveryError(permanent=True, kind="credentials")
    make.work()
    make.due_now()
    Rate.objects.update(paused_until=None)
    make.work()
    assert set(make.states(batch)) == {State.QUEUED}
    task = Task.objects.get(kind="gateway_refuses")
    assert (task.subject_kind, task.detail_code) == ("blunt", "credentials")


def test_a_lost_answer_is_repeated_once_and_then_stays_unknown():
    batch = make.told(1)
    make.scripts["blunt"] = lambda message: Unknown("timed_out")
    for _ in range(4):
        make.due_now()
        Rate.objects.update(paused_until=None)
        make.work()
    assert make.states(batch) == [State.UNKNOWN]
    assert len(make.addresses()) == 2
    assert len({message.reference for message in make.sent["blunt"]}) == 1


def test_a_lost_answer_of_a_strict_gateway_is_never_repeated():
    batch = make.told(1, channel="whatsapp")
    make.scripts["strict"] = lambda message: Unknown("timed_out")
    make.work("whatsapp", turns=3)
    assert make.states(batch) == [State.UNKNOWN]
    assert len(make.addresses("strict")) == 1


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


def test_what_a_dead_worker_left_is_unknown_after_a_stop_and_hears_the_end():
    batch = make.told(2)
    batch.deliveries.update(state=State.SENDING, alias="blunt")
    outbox.stop([batch.subject])
    end = make.batch(kind="end", after=[batch.subject])
    assert outbox.record_told(end, [batch.subject]) == 2

    make.worker_dies()
    make.work()
    make.due_now()
    make.work()

    assert set(make.states(batch)) == {State.UNKNOWN}
    assert set(make.states(end)) == {State.ACCEPTED}
    assert len(make.addresses()) == 2


def test_only_one_of_two_workers_gets_a_chunk():
    make.told(1)
    at = clock.now()
    mine, theirs = Chunk.objects.get(), Chunk.objects.get()
    assert mine.take(at)
    assert not theirs.take(at)
    assert not theirs.renew(at)


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


def test_a_follow_up_waits_for_what_it_follows():
    alert = make.told(1)
    end = make.batch(kind="end", after=[alert.subject])
    person = alert.deliveries.get()
    outbox.record_people(end, [(person.person, "+212600000000", "fr")])
    alert.deliveries.update(not_before=clock.now() + timedelta(minutes=1))

    make.work()
    assert make.sent == {}  # the end has the higher priority, and still it waits

    alert.deliveries.update(not_before=None)
    make.due_now()
    make.work()
    make.due_now()
    make.work()
    assert [message.kind for message in make.sent["blunt"]] == ["alert", "end"]
    assert make.sent["blunt"][1].text.reply_to_id == references.reference(person.pk)


@pytest.mark.parametrize("untold", [State.WITHDRAWN, State.EXPIRED, State.FAILED, State.SUPPRESSED])
def test_a_follow_up_is_suppressed_when_the_person_never_heard_the_first(untold: str):
    alert = make.told(1)
    end = make.batch(kind="end", after=[alert.subject])
    outbox.record_people(end, [(alert.deliveries.get().person, "+212600000000", "fr")])
    alert.deliveries.update(state=untold)
    make.work()
    assert make.states(end) == [State.SUPPRESSED]
    assert make.sent == {}


def test_a_newcomer_hears_an_update_without_having_heard_the_first():
    alert = make.batch()
    update = make.told(1, kind="update", after=[alert.subject])
    make.work()
    assert make.states(update) == [State.ACCEPTED]


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


def test_a_backend_that_breaks_leaves_its_messages_unknown_and_the_rest_waiting():
    batch = make.told(1, channel="whatsapp")

    def breaks(message: Message) -> Accepted:
        raise RuntimeError("a bug")

    make.scripts["strict"] = breaks
    make.work("whatsapp")
    assert make.states(batch) == [State.UNKNOWN]


def test_nothing_leaves_by_a_gateway_without_a_simulator_while_sending_is_off(settings: Settings):
    settings.NOTIFIER = {"blunt": {**make.GATEWAYS["blunt"]}}
    del settings.NOTIFIER["blunt"]["SIMULATOR"]
    batch = make.told(1)
    make.work()
    assert make.sent == {}
    assert make.states(batch) == [State.QUEUED]
    assert batch.chunks.get().due_at > clock.now()


@pytest.mark.parametrize(("exercise", "account"), [(True, "blunt:simulator"), (False, "blunt")])
def test_an_exercise_never_uses_the_live_account(settings: Settings, exercise: bool, account: str):
    settings.PUBLIC_SENDING = True
    make.told(1, exercise=exercise)
    make.scripts["blunt"] = lambda message: make.PASSING
    make.work()
    assert Rate.objects.get().account == account


def test_the_second_gateway_of_a_channel_takes_over_while_the_first_is_paused(settings: Settings):
    settings.NOTIFIER = {**make.GATEWAYS, "spare": make.gateway("sms")}
    batch = make.told(1)
    make.work()
    rates.pause("blunt:simulator", 60)
    later = make.told(1)
    make.work()
    assert batch.deliveries.get().alias == "blunt"
    assert later.deliveries.get().alias == "spare"


def test_a_rate_is_shared_and_counted_in_parts(settings: Settings):
    settings.NOTIFIER = {"slow": make.gateway("sms", per_second=4, parts=3)}
    backend_s = 0.3
    batch = make.told(5)
    dispatch.work("sms", backend_s)
    assert 1 <= len(make.addresses("slow")) <= 2  # the first goes into debt, the others wait for tokens
    assert make.states(batch).count(State.QUEUED) >= 3


def test_a_daily_quota_is_kept_and_a_new_day_opens_it(settings: Settings):
    settings.NOTIFIER = {"tier": make.gateway("sms", per_day=3)}
    batch = make.told(5)
    dispatch.work("sms", 0.1)
    assert make.states(batch).count(State.ACCEPTED) == 3
    Rate.objects.update(day=date(2020, 1, 1))
    make.due_now()
    dispatch.work("sms", 0.1)
    assert make.states(batch).count(State.ACCEPTED) == 5


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


@pytest.mark.parametrize("seed", range(12))
def test_the_equation_holds_whatever_happens(seed: int, settings: Settings):
    """Random answers, stops, expiries, deaths and receipts: every count adds up at every step."""
    chance = random.Random(seed)
    settings.NOTIFIER_CHUNK = chance.choice([3, 10, 100])
    batch = make.told(chance.randint(1, 60))
    answers = [Accepted("x"), Accepted("x"), Unknown("t"), make.PASSING, make.NO_SUCH_NUMBER]

    def anything(message: Message) -> object:
        if chance.random() < 0.02:
            raise KeyboardInterrupt
        return chance.choice(answers)

    make.scripts["blunt"] = anything  # type: ignore[assignment]
    for _ in range(12):
        if chance.random() < 0.1:
            outbox.stop([batch.subject])
        if chance.random() < 0.05:
            Batch.objects.filter(pk=batch.pk).update(expires_at=clock.now())
        try:
            make.work()
        except KeyboardInterrupt:
            make.worker_dies()
        make.due_now()
        Rate.objects.update(paused_until=None)
        assert outbox.equation([batch.subject]).holds()

    outbox.stop([batch.subject])
    make.scripts.clear()
    make.worker_dies()
    make.work(turns=3)
    counts = outbox.equation([batch.subject])
    assert counts.holds()
    assert counts.queued == 0
    assert counts.targeted == batch.targeted
    assert all(line.done_at for line in outbox.ledger([batch.subject]))
