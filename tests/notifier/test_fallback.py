"""One person, one alert: when a way leads nowhere the next one is taken, and everybody is counted once."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from notifier import fallback, falling, outbox, receipts, recording, references
from notifier.exceptions import DeliveryError
from notifier.falling import Tried, Way, has_unspoken, next_way
from notifier.message import Accepted, Message, Outcome, ReceiptEvent, Unknown
from notifier.models import Batch, Chunk, Delivery, Rate
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock, keys
from trust.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State = Delivery.State
CHANNELS = ("whatsapp", "sms", "email")
QUOTA = DeliveryError(permanent=True, kind="quota")
PAUSED = DeliveryError(permanent=True, kind="configuration")
DEAD = DeliveryError(permanent=False, kind="credentials")


class Ways:
    """Who has which confirmed addresses, as the package above would say."""

    def __init__(self) -> None:
        self.of: dict[UUID, list[Way]] = {}

    def person(self, *channels: str, number: int = 0) -> UUID:
        person = uuid4()
        keys.create(person, "person")
        self.of[person] = [
            Way(person, channel, keys.seal(person, "address", f"{channel}-{place}-{number}".encode()), "fr")
            for place, channel in enumerate(channels)
        ]
        return person

    def __call__(self, people: list[UUID]) -> list[Way]:
        return [way for person in people for way in self.of.get(person, [])]


@pytest.fixture
def ways(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Ways:
    """Whatsapp with receipts, then sms, then email; nobody has a way yet."""
    found = Ways()
    monkeypatch.setattr(fallback, "WAYS", [found])
    settings.NOTIFIER = {
        "strict": make.gateway("whatsapp", can_read_back=False, has_receipts=True, receipt_s=300),
        "blunt": make.gateway("sms", resend_unknown=True),
        "post": make.gateway("email"),
    }
    return found


def recorded(ways: Ways, count: int = 1, channels: tuple[str, ...] = CHANNELS, **changes: Any):
    """An alert on all channels to people who have all of these, told by the first: its batch, and all."""
    subject = uuid4()
    batches = {channel: make.batch(channel, subject=subject, **changes) for channel in CHANNELS}
    people = [ways.person(*channels, number=number) for number in range(count)]
    first = batches[channels[0]]
    with transaction.atomic():
        recording.add(first, [(p, ways.of[p][0].address, "fr", "") for p in people])
    return first, batches


def refuses(error: DeliveryError) -> Callable[[Message], DeliveryError]:
    return lambda message: error


def turn(*channels: str) -> None:
    for channel in channels or CHANNELS:
        make.work(channel, turns=2)
        fallback.fall_over()


def counted(batch: Batch) -> tuple[int, int, int, int]:
    now = outbox.equation([batch.subject])
    assert now.holds()
    return now.targeted, now.accepted, now.failed, now.queued


@pytest.mark.parametrize("error", [make.NO_SUCH_NUMBER, QUOTA, PAUSED])
def test_who_is_refused_on_the_first_way_is_told_on_the_next_and_counted_once(ways, error):
    first, batches = recorded(ways, 2)
    make.scripts["strict"] = refuses(error)
    turn()
    assert make.states(first) == [State.FAILED] * 2
    assert make.addresses() == ["sms-1-0", "sms-1-1"]
    assert "post" not in make.sent
    assert counted(first) == (2, 2, 0, 0)
    assert outbox.told([first.subject]) == {"sms": 2}
    by_channel = {channel: batch.deliveries.count() for channel, batch in batches.items()}
    assert by_channel == {"whatsapp": 2, "sms": 2, "email": 0}


def test_the_third_way_is_taken_after_the_second_and_no_fourth_is_made_up(ways):
    first, _batches = recorded(ways)
    for alias in ("strict", "blunt", "post"):
        make.scripts[alias] = refuses(make.NO_SUCH_NUMBER)
    turn()
    assert [len(make.addresses(alias)) for alias in ("strict", "blunt", "post")] == [1, 1, 1]
    assert counted(first) == (1, 0, 1, 0)
    turn()
    assert not Delivery.objects.exclude(falls_at=None).exists()


def test_who_said_stop_to_a_provider_is_told_nothing_anywhere(ways):
    first, _ = recorded(ways)
    make.scripts["strict"] = refuses(DeliveryError(permanent=True, kind="opted_out"))
    turn()
    assert "blunt" not in make.sent
    assert counted(first) == (1, 0, 1, 0)


def test_a_further_address_of_the_channel_comes_before_another_channel(ways):
    first, _batches = recorded(ways, channels=("sms", "sms", "email"))
    make.scripts["blunt"] = lambda message: (
        make.NO_SUCH_NUMBER if message.to.startswith("sms-0") else Accepted("x")
    )
    turn()
    assert make.addresses() == ["sms-0-0", "sms-1-0"]
    assert make.states(first) == [State.ACCEPTED]
    assert counted(first) == (1, 1, 0, 0)
    assert not Chunk.objects.filter(done_at=None).exists()


def test_a_paused_template_calls_a_person_and_whoever_has_no_other_way_waits(ways):
    first, _ = recorded(ways, channels=("whatsapp",))
    make.scripts["strict"] = refuses(PAUSED)
    turn()
    assert make.states(first) == [State.QUEUED]
    assert Task.objects.get().detail_code == "configuration"
    make.scripts.clear()
    make.due_now()
    Rate.objects.update(paused_until=None)
    turn()
    assert counted(first) == (1, 1, 0, 0)


def test_a_template_paused_in_one_language_stops_no_other(ways):
    first, batches = recorded(ways, 40)
    arabic = first.deliveries.order_by("pk").values_list("pk", flat=True)[:20]
    Delivery.objects.filter(pk__in=list(arabic)).update(language="ar")
    make.scripts["strict"] = lambda message: PAUSED if message.language == "ar" else Accepted("x")
    for _ in range(6):
        turn("whatsapp")
        make.due_now()
        Rate.objects.update(paused_until=None)
    assert make.states(first).count(State.ACCEPTED) == 20
    assert batches["sms"].deliveries.count() == 20
    assert counted(first)[0] == 40


def test_a_dead_token_is_waited_for_and_then_by_nobody_who_has_another_way(ways, later):
    first, batches = recorded(ways, 30)
    alone = ways.person("whatsapp")
    with transaction.atomic():
        recording.add(first, [(alone, ways.of[alone][0].address, "fr", "")])
    make.scripts["strict"] = refuses(DEAD)
    turn("whatsapp")
    assert set(make.states(first)) == {State.QUEUED}
    assert batches["sms"].deliveries.count() == 0

    later(seconds=falling.PATIENCE_S + 60)
    turn("whatsapp")
    assert batches["sms"].deliveries.count() == 30
    assert make.states(first).count(State.QUEUED) == 1
    assert counted(first) == (31, 0, 0, 31)
    make.scripts.clear()
    make.due_now()
    Rate.objects.update(paused_until=None)
    turn()
    assert counted(first) == (31, 31, 0, 0)
    assert len(make.addresses()) == 30
    assert Task.objects.filter(kind="gateway_refuses", done_at=None).count() == 0


def receipt(delivery: Delivery, state: Any) -> None:
    reference = references.reference(delivery.pk)
    receipts.append("strict", [ReceiptEvent("", reference, state, "", None, f"{reference}{state}")])
    receipts.fold()


@pytest.mark.parametrize("answer", [Accepted("x"), Unknown("timed_out")])
def test_without_a_receipt_in_time_the_next_way_is_taken_too(ways, later, answer):
    first, batches = recorded(ways, 2)
    make.scripts["strict"] = lambda message: answer
    turn()
    heard, silent = first.deliveries.order_by("pk")
    receipt(heard, "delivered")
    later(seconds=299)
    turn()
    assert make.sent.get("blunt") is None
    later(seconds=2)
    turn()
    assert batches["sms"].deliveries.get().person == silent.person
    now = outbox.equation([first.subject])
    assert (now.targeted, now.accepted + now.unknown, now.holds()) == (2, 2, True)
    assert outbox.told([first.subject]) == {"whatsapp": 2, "sms": 1}


def test_a_receipt_that_says_no_after_all_counts_the_person_where_it_was_heard(ways, later):
    first, batches = recorded(ways)
    turn("whatsapp")
    later(seconds=301)
    turn("whatsapp")
    assert counted(first) == (1, 1, 0, 0)
    receipt(first.deliveries.get(), "failed")
    fallback.fall_over()
    turn("sms")
    assert counted(first) == (1, 1, 0, 0)
    assert [*outbox.ledger([first.subject])]
    assert batches["sms"].deliveries.get().counted_on == ""
    assert "post" not in make.sent


def test_what_follows_a_missing_receipt_goes_on_to_the_third_way(ways, later):
    first, batches = recorded(ways)
    turn("whatsapp")
    make.scripts["blunt"] = refuses(make.NO_SUCH_NUMBER)
    later(seconds=301)
    turn()
    assert [len(make.addresses(alias)) for alias in ("strict", "blunt", "post")] == [1, 1, 1]
    assert counted(first) == (1, 1, 0, 0)
    assert [batch.deliveries.get().counted_on for batch in batches.values()] == ["", "whatsapp", "whatsapp"]


def test_who_was_told_on_two_channels_hears_the_end_on_both(ways, later):
    first, _batches = recorded(ways)
    turn("whatsapp")
    later(seconds=301)
    turn("whatsapp", "sms")
    subject = uuid4()
    ends = [make.batch(channel, kind="end", subject=subject, after=[first.subject]) for channel in CHANNELS]
    assert [outbox.record_told(end, [first.subject]) for end in ends] == [1, 1, 0]


def test_an_end_that_cannot_go_the_way_of_its_alert_goes_another(ways):
    alert, _ = recorded(ways)
    turn("whatsapp")
    subject = uuid4()
    ends = {
        channel: make.batch(channel, kind="end", subject=subject, after=[alert.subject])
        for channel in CHANNELS
    }
    assert outbox.record_told(ends["whatsapp"], [alert.subject]) == 1
    make.scripts["strict"] = refuses(make.NO_SUCH_NUMBER)
    turn()
    assert [message.kind for message in make.sent["blunt"]] == ["end"]
    assert counted(ends["whatsapp"]) == (1, 1, 0, 0)


@pytest.mark.parametrize("over", ["stopped_at", "expires_at"])
def test_nothing_of_what_is_over_falls_anywhere(ways, over):
    first, batches = recorded(ways)
    make.scripts["strict"] = refuses(make.NO_SUCH_NUMBER)
    make.work("whatsapp")
    Delivery.objects.exclude(state=State.FAILED).delete()
    Batch.objects.filter(pk__in=[batch.pk for batch in batches.values()]).update(
        **{over: clock.now() - timedelta(seconds=1)}
    )
    first.deliveries.update(falls_at=clock.now(), counted_on="")
    turn()
    assert make.sent.get("blunt") is None
    assert not Delivery.objects.exclude(falls_at=None).exists()


def test_what_other_words_take_the_place_of_falls_into_those_and_waits_for_them(ways, later):
    first, batches = recorded(ways)
    make.scripts["strict"] = refuses(make.NO_SUCH_NUMBER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fallback, "fall_over", lambda: 0)
        make.work("whatsapp")
    outbox.supersede([first.subject], uuid4())
    turn()
    assert make.sent.get("blunt") is None
    assert first.deliveries.get().falls_at is not None
    anew = make.batch("sms", subject=first.subject, texts=make.texts("other words"))
    later(seconds=20)
    turn()
    assert [message.text.short for message in make.sent["blunt"]] == ["other words fr"]
    assert counted(first) == (1, 1, 0, 0)
    assert (anew.deliveries.count(), batches["sms"].deliveries.count()) == (1, 0)


def test_what_was_asked_for_on_one_address_goes_nowhere_else(ways):
    code, _ = recorded(ways, kind="confirmation")
    make.scripts["strict"] = refuses(make.NO_SUCH_NUMBER)
    turn()
    assert make.sent.get("blunt") is None
    assert counted(code) == (1, 0, 1, 0)


def test_a_channel_that_says_nothing_is_nobodys_way(ways):
    first, _batches = recorded(ways)
    outbox.stop([first.subject])
    Batch.objects.filter(pk=first.pk).update(stopped_at=None)
    Delivery.objects.update(state=State.QUEUED)
    make.scripts["strict"] = refuses(make.NO_SUCH_NUMBER)
    turn()
    assert make.sent.get("blunt") is None
    waiting = first.deliveries.get()
    assert waiting.falls_at is not None  # recording may still come to it
    Batch.objects.update(created_at=clock.now() - fallback.RECORDING)
    Delivery.objects.update(falls_at=clock.now())
    fallback.fall_over()
    assert first.deliveries.get().falls_at is None


def test_a_deployment_may_declare_a_way_for_the_same_number(ways, settings):
    strict = {**settings.NOTIFIER["strict"], "OPTIONS": {"secret": "s", "falls_to": "sms"}}
    settings.NOTIFIER = {**settings.NOTIFIER, "strict": strict}
    first, _ = recorded(ways, channels=("whatsapp",))
    make.scripts["strict"] = refuses(QUOTA)
    turn()
    assert make.addresses() == ["whatsapp-0-0"]
    assert counted(first) == (1, 1, 0, 0)


def test_recording_tells_each_person_once_by_the_channel_recorded_first(ways):
    first, batches = recorded(ways, 3)
    both = first.deliveries.order_by("pk").values_list("person", "address", "language")
    assert outbox.record(batches["sms"], both) == 0
    first.deliveries.filter(pk=first.deliveries.order_by("pk")[0].pk).update(state=State.FAILED)
    assert outbox.record(batches["sms"], both) == 1
    end = make.batch("sms", kind="end")
    assert outbox.record_told(end, [first.subject]) == 0


@pytest.mark.parametrize("seed", range(5))
def test_the_equation_holds_over_all_ways_and_nobody_is_lost(ways, seed, later):
    """Random refusals, receipts, silence and stops: each person is counted once at every step."""
    chance = random.Random(seed)
    first, _batches = recorded(ways, 12)
    answers = [Accepted("x"), make.NO_SUCH_NUMBER, QUOTA, PAUSED, DEAD, Unknown("t"), make.PASSING]
    for alias in ("strict", "blunt", "post"):
        make.scripts[alias] = lambda message: cast(Outcome, chance.choice(answers))
    for _ in range(8):
        turn()
        make.due_now()
        Rate.objects.update(paused_until=None, probe_until=None)
        for delivery in first.deliveries.filter(state=State.ACCEPTED)[:1]:
            receipt(delivery, chance.choice(["delivered", "failed"]))
        later(seconds=60)
        assert counted(first)[0] == 12
    outbox.stop([first.subject])
    turn()
    assert counted(first)[3] == 0
    people = Delivery.objects.about([first.subject]).counted().values_list("person", flat=True)
    assert len(people) == len(set(people)) == 12
    assert all(line.done_at for line in outbox.ledger([first.subject]))


PERSON = uuid4()


def way(channel: str, address: bytes) -> Way:
    return Way(PERSON, channel, address, "fr")


@pytest.mark.parametrize(
    ("channels", "refused", "spoken", "tried", "expected"),
    [
        ("ws", True, "ws", "w", "s1"),
        ("wsw", True, "ws", "w", "w2"),  # a further address of the same channel first
        ("wsw", False, "ws", "w", "s1"),  # never beside what may have arrived
        ("wse", True, "we", "w", "e2"),  # SMS says nothing of this
        ("wse", True, "wse", "ws", "e2"),
        ("ws", True, "w", "w", None),
        ("w", True, "ws", "w", None),
        ("", True, "ws", "w", None),
        ("sw", True, "ws", "w", "s0"),  # their own order, also back
    ],
)
def test_the_next_way(channels, refused, spoken, tried, expected):
    own = [way(channel, f"{channel}{place}".encode()) for place, channel in enumerate(channels)]
    used = next((one.address for one in own if one.channel == "w"), b"w0")
    found = next_way(own, Tried("w", used, refused, set(tried)), set(spoken))
    assert (found and found.address.decode()) == expected


def test_a_channel_that_may_yet_speak_is_waited_for():
    own = [way("w", b"w"), way("s", b"s")]
    assert has_unspoken(own, Tried("w", b"w", refused=True, channels={"w"}), {"w"})
    assert not has_unspoken(own, Tried("w", b"w", refused=True, channels={"w"}), {"w", "s"})
