"""Faults over real sockets: answers lost, a token dead, a day full, the uplink cut for ten minutes."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from notifier import fallback, health, outbox, posting, recording
from notifier.backends.twilio import TwilioBackend
from notifier.breaker import LONGEST_PAUSE_S
from notifier.falling import PATIENCE_S, Way
from notifier.message import Message, Outcome, Text
from notifier.models import AliasHealth, Batch, Delivery, Post, Rate
from notifier.simulators.run import Plan, Simulators, running
from notifier.simulators.whatsapp_limits import Limits
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from tests.notifier.test_backends_instagram import folder, media_url, picture  # noqa: F401  fixtures
from trust import keys
from trust.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]

State = Delivery.State
PATIENT_S = 5.0  # a busy machine answers late, and that is no fault
URL = "https://najda.invalid/fr/a/K7M2XQ4T/"
WORDS = f"Enfant disparue à Rabat.\n{URL}"
TEXTS = {code: Text("ALERTE", WORDS, WORDS, URL, "face.jpg", "photo") for code in ("fr", "ar")}
META = {
    "access_token": "simulated", "app_secret": "simulated", "verify_token": "simulated",
    "api_version": "v25.0", "timeout_s": 0.5,
}  # fmt: skip
LOST = "00000004"


def entry(dotted: str, channel: str, **options: Any) -> dict[str, Any]:
    return {
        "BACKEND": f"notifier.backends.{dotted}",
        "CHANNEL": channel,
        "OPTIONS": options,
        "SIMULATOR": options,
    }


@dataclasses.dataclass
class World:
    """The gateways, which can be cut off and come back at their old addresses."""

    plan: Plan
    stack: ExitStack
    simulators: Simulators

    def cut(self) -> None:
        self.stack.close()

    def mend(self) -> None:
        ports = self.simulators.ports
        self.plan = dataclasses.replace(
            self.plan, sms_port=ports["sms"], whatsapp_port=ports["whatsapp"], smtp_port=ports["smtp"]
        )
        self.simulators = self.stack.enter_context(running(self.plan))

    def received(self, alias: str) -> list[str]:
        """Whom a gateway took messages to, in order."""
        line = self.plan.out / "received" / f"{alias}.jsonl" if self.plan.out else Path()
        for recorder in (*self.simulators.recorders, *self.simulators.others):
            recorder.flush()
        return [json.loads(one)["to"] for one in line.read_text().splitlines()] if line.exists() else []


@pytest.fixture
def world(settings: Settings, tmp_path: Path, media_url: str, folder: Path) -> Iterator[World]:  # noqa: F811
    with ExitStack() as stack:
        plan = Plan(out=tmp_path, whatsapp_limits=Limits(per_second=None))
        there = stack.enter_context(running(plan))
        there.instagram.calls_an_hour = 10_000
        account = there.plan
        settings.NOTIFIER = {
            "whatsapp": entry(
                "whatsapp.WhatsAppBackend", "whatsapp", **META, base_url=there.whatsapp_url,
                phone_number_id=account.whatsapp.phone_number_id, waba_id=account.whatsapp.waba_id,
                template_states="approved", per_day=250, per_second=None, media_dir=str(folder),
            ),
            "sms": entry(
                "kannel.KannelBackend", "sms", url=there.sms_url, username="simulated", password="simulated",
                sender="N", per_second=None, timeout_s=PATIENT_S,
            ),
            "twilio": entry(
                "twilio.TwilioBackend", "twilio", base_url=there.twilio_url, timeout_s=PATIENT_S,
                sender="NAJDA",
                account_sid=account.twilio.account_sid, auth_token="simulated", per_second=None,
            ),
            "facebook": entry(
                "facebook.FacebookBackend", "facebook", **META, base_url=there.graph_url,
                page_id=account.page.page_id, media_dir=str(folder),
            ),
            "instagram": entry(
                "instagram.InstagramBackend", "instagram", **META, base_url=there.instagram_url,
                ig_user_id=account.instagram.page_id, media_url=media_url, media_dir=str(folder),
                poll_s=0.05, polls=50,
            ),
        }  # fmt: skip
        yield World(plan, stack, there)


def told(channel: str, *numbers: str, **changes: Any) -> Batch:
    batch = make.batch(channel, texts=TEXTS, **changes)
    outbox.record_people(batch, [(uuid4(), number, "fr") for number in numbers])
    return batch


def numbers(count: int, first: int = 1000) -> list[str]:
    return [f"+2126{first + number:08}" for number in range(count)]


def alert(monkeypatch: pytest.MonkeyPatch, people: list[str], *, ring: int = 0) -> tuple[Batch, Batch]:
    """An alert by WhatsApp to people who can be reached by SMS too, at the same number."""
    subject = uuid4()
    whatsapp, sms = (
        make.batch(channel, texts=TEXTS, subject=subject, ring=ring) for channel in ("whatsapp", "sms")
    )
    ways: dict[UUID, list[Way]] = {}
    for number in people:
        person = uuid4()
        keys.create(person, "person")
        sealed = keys.seal(person, "address", number.encode())
        ways[person] = [Way(person, channel, sealed, "fr") for channel in ("whatsapp", "sms")]
    with transaction.atomic():
        recording.add(whatsapp, [(one, found[0].address, "fr", "") for one, found in ways.items()])
    monkeypatch.setattr(fallback, "WAYS", [lambda who: [way for one in who for way in ways.get(one, [])]])
    return whatsapp, sms


def posted(world: World, channel: str) -> Post:
    post = outbox.post(make.batch(channel, texts=TEXTS))
    for _ in range(posting.LOOKS + 2):
        Post.objects.filter(done_at=None).update(due_at=post.asked_at)
        Rate.objects.update(paused_until=None, failures=0)  # the breaker's pause is over too
        make.work(channel)
    post.refresh_from_db()
    return post


def test_facebook_took_it_and_the_answer_was_lost_there_is_one_post(world: World):
    world.simulators.graph.switch.set("lose_answer", 1)
    assert posted(world, "facebook").state == Post.State.POSTED
    assert len(world.simulators.graph.posts) == 1


def test_instagram_took_it_and_the_answer_was_lost_there_is_one_post(world: World):
    world.simulators.instagram.switch.set("lose_answer", 4)
    assert posted(world, "instagram").state == Post.State.POSTED
    assert len(world.simulators.instagram.posts) == 1


def test_twilio_took_it_and_the_answer_was_lost_there_is_one_message(world: World):
    batch = told("twilio", f"+2126{LOST}", *numbers(3))
    for _ in range(3):
        make.work("twilio")
        make.due_now()
    assert make.states(batch) == [State.ACCEPTED] * 4
    assert len(world.simulators.twilio.messages) == 4


def test_twilio_took_it_and_our_worker_died_there_is_one_message(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    batch = told("twilio", *numbers(5))
    sends: Callable[..., list[Outcome]] = TwilioBackend.send

    def dies(self: TwilioBackend, messages: list[Message]) -> list[Outcome]:
        sends(self, list(messages)[:3])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(TwilioBackend, "send", dies)
        with pytest.raises(KeyboardInterrupt):
            make.work("twilio")
    assert set(make.states(batch)) == {State.SENDING}
    make.worker_dies()
    for _ in range(3):
        make.work("twilio")
        make.due_now()
    assert make.states(batch) == [State.ACCEPTED] * 5
    assert len(world.received("twilio")) == len(set(world.received("twilio"))) == 5


def test_a_token_dies_mid_batch_the_rest_waits_and_leaves_when_it_is_well_again(world: World, later: Any):
    meta = world.simulators.whatsapp
    batch = told("whatsapp", *numbers(40))
    meta.faults.calls_left = 11  # the picture's, and ten people's
    for _ in range(4):
        make.work("whatsapp")
        later(seconds=31)
    assert make.states(batch).count(State.ACCEPTED) == 10
    assert make.states(batch).count(State.QUEUED) == 30
    assert health.check("whatsapp").state == AliasHealth.State.ILL
    assert Task.objects.filter(kind="gateway_refuses").count() == 1

    meta.faults.calls_left = None
    assert health.check("whatsapp").state == AliasHealth.State.WELL
    make.work("whatsapp", turns=3)
    assert set(make.states(batch)) == {State.ACCEPTED}
    assert sorted(world.received("whatsapp")) == sorted(set(world.received("whatsapp")))
    assert not Task.objects.still_open().exists()


def test_the_251st_person_of_whatsapps_day_gets_an_sms(world: World, monkeypatch: pytest.MonkeyPatch):
    people = numbers(256)
    whatsapp, _sms = alert(monkeypatch, people)
    make.work("whatsapp", turns=3)
    fallback.fall_over()
    make.work("sms")
    now = outbox.equation([whatsapp.subject])
    assert (now.targeted, now.accepted, now.failed) == (256, 256, 0)
    assert (len(world.received("whatsapp")), len(world.received("sms"))) == (250, 6)
    assert sorted([*world.received("whatsapp"), *world.received("sms")]) == sorted(people)
    assert world.simulators.whatsapp.recorder.counts["refused"] == 0  # we count as Meta does

    end = make.batch("whatsapp", kind="end", texts=TEXTS, after=[whatsapp.subject])
    outbox.record_told(end, [whatsapp.subject])
    make.work("whatsapp", turns=2)
    assert set(make.states(end)) == {State.ACCEPTED}  # whom it reached it may go on telling


def test_a_template_meta_paused_pages_somebody_and_the_sms_takes_over(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    for (name, language), standing in world.simulators.whatsapp.templates.items():
        standing.status = "PAUSED" if (name, language) == ("najda_alert", "fr") else standing.status
    whatsapp, _sms = alert(monkeypatch, numbers(20))
    for _ in range(2):
        make.work("whatsapp")
        fallback.fall_over()
    make.work("sms")
    assert sorted(world.received("sms")) == numbers(20)
    assert outbox.equation([whatsapp.subject]).accepted == 20
    assert Task.objects.get(kind="gateway_refuses").detail_code == "configuration"
    assert health.check("whatsapp").state == AliasHealth.State.ILL


def test_a_token_that_stays_dead_is_waited_for_two_minutes_and_then_the_sms_takes_over(
    world: World, monkeypatch: pytest.MonkeyPatch, later: Any
):
    world.simulators.whatsapp.faults.calls_left = 1
    whatsapp, _sms = alert(monkeypatch, numbers(20))
    make.work("whatsapp")
    fallback.fall_over()
    assert world.received("sms") == []
    later(seconds=PATIENCE_S + 5)
    make.work("whatsapp")
    fallback.fall_over()
    make.work("sms")
    assert sorted(world.received("sms")) == numbers(20)
    assert outbox.equation([whatsapp.subject]).accepted == 20


def test_the_uplink_is_cut_for_ten_minutes_and_all_resumes_inner_ring_first(world: World, later: Any):
    subject = uuid4()
    outer = told("sms", *numbers(60, 3000), subject=subject, ring=4)
    inner = told("sms", *numbers(2, 2000), subject=subject, ring=1)  # so few are tried again and again
    world.cut()
    for _ in range(25):
        make.work("sms", turns=2)
        later(seconds=24)
    assert set(make.states(inner) + make.states(outer)) == {State.QUEUED}
    late = told("sms", *numbers(20, 1000), subject=subject, ring=2)

    world.mend()
    later(seconds=LONGEST_PAUSE_S + 1)  # wherever in its pause the gateway was
    make.work("sms", turns=3)
    assert set(make.states(inner) + make.states(outer) + make.states(late)) == {State.ACCEPTED}
    went = world.received("sms")
    assert len(went) == len(set(went)) == 82
    probe, rest = went[:1], went[1:]
    assert [number for number in rest if number not in probe] == [
        number
        for number in [*numbers(2, 2000), *numbers(20, 1000), *numbers(60, 3000)]
        if number not in probe
    ]


def test_a_server_that_hangs_up_after_so_many_mails_delays_and_loses_none(
    world: World, settings: Settings, later: Any
):
    world.simulators.smtp.per_session = 5
    options = {"host": "127.0.0.1", "port": world.simulators.ports["smtp"], "from_address": "a@najda.invalid"}
    settings.NOTIFIER = {"email": entry("email.EmailBackend", "email", **options)}
    batch = make.batch("email", texts=TEXTS)
    outbox.record_people(batch, [(uuid4(), f"p{number}@example.org", "fr") for number in range(40)])
    for _ in range(12):
        make.work("email")
        later(seconds=31)
    assert set(make.states(batch)) == {State.ACCEPTED}
    assert len(world.received("email")) == len(set(world.received("email"))) == 40
