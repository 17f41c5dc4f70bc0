"""A first week's contracts, forty thousand people, and the end in the midst of it (docs/channels.md)."""

import dataclasses
import json
import queue
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from alerts import aftermath, fanout, issue, outlook, preview, render
from alerts.models import Version
from geo.shapes import Area, Circle
from notifier import dispatch, fallback, outbox, receipts
from notifier.models import Chunk, Delivery, Post
from notifier.protocols import text
from notifier.simulators import record
from notifier.simulators.modes import Meter
from notifier.simulators.run import Plan, Simulators, running
from notifier.simulators.whatsapp import WhatsAppAccount
from notifier.simulators.whatsapp_limits import Limits
from project import gateways
from tests import people
from tests.alerts import scene
from tests.journeys.night import World, WorldClock
from tests.journeys.night_people import AREA_M, Somebody, enrolled
from tests.notifier.contract import Hooks
from trust import clock

pytestmark = pytest.mark.django_db

CHANNELS = ["whatsapp", "sms", "email", "webpush", "facebook"]
DIRECT = CHANNELS[:-1]
AREA = Area((Circle(scene.AGDAL, AREA_M),))
WITHIN = 0.2
MINUTE, SMS_PARTS = 60.0, 30


@dataclasses.dataclass
class Night:
    """One alert to so many people, and all that the gateways took of it."""

    world: World
    simulators: Simulators
    folder: Path
    hooks: Hooks
    people: dict[str, Somebody]  # by each address
    version: Version
    plan: outlook.Outlook
    ended_at: datetime | None = None

    @property
    def subjects(self) -> list[UUID]:
        return [self.version.alert_id]

    @property
    def ends(self) -> list[UUID]:
        return [UUID(subject) for subject in scene.stored(self.version).end_subjects.values()]

    def lines(self, kind: str = "received") -> dict[str, list[dict[str, Any]]]:
        """What each gateway took, or refused, in order."""
        for recorder in (*self.simulators.recorders, *self.simulators.others):
            recorder.flush()
        return {
            alias: [
                json.loads(line) for line in (self.folder / kind / f"{alias}.jsonl").read_text().splitlines()
            ]
            for alias in CHANNELS
        }

    def told(self, since: dict[str, list[Any]] | None = None) -> Counter[UUID]:
        """How often each person heard something, since what is given was taken."""
        taken = {alias: lines[len(since[alias]) if since else 0 :] for alias, lines in self.lines().items()}
        return Counter(self.people[one["to"]].person for alias in DIRECT for one in taken[alias])

    def stand_down(self) -> None:
        alert = issue.stand_down(
            self.version.alert, people.omar(), as_="found", reason="", factor_at=clock.now()
        )
        self.ended_at = alert.ended_at

    def is_over(self) -> bool:
        done = scene.stored(self.version).fanned_out_at or self.ended_at
        return bool(done) and not Chunk.objects.filter(done_at=None).exists() and not self._waits()

    def _waits(self) -> bool:
        falls = Delivery.objects.filter(falls_at__isnull=False, state=Delivery.State.FAILED).exists()
        return falls or not self.hooks.came.empty() or Post.objects.filter(done_at=None).exists()

    def work(self) -> None:
        """Have everybody enter: who records, a worker a channel, the beat, the web server."""
        self.world.enter(lambda: not fanout.fan_out(self.version.pk), self._beat, self._serve)
        self.world.enter(*(lambda name=name: dispatch.work(name, 2.0) for name in CHANNELS))

    def _beat(self) -> bool:
        fallback.fall_over()
        receipts.fold()
        return False

    def _serve(self) -> bool:
        """Answer gateways' call-backs as the web server does."""
        client = Client()
        while True:
            try:
                call = self.hooks.came.get_nowait()
            except queue.Empty:
                return False
            kind = call.headers.get("Content-Type", "")
            answer = client.generic(
                call.method, call.url, call.body, content_type=kind, headers=dict(call.headers)
            )
            assert answer.status_code == 200


@pytest.fixture
def listening() -> Iterator[Hooks]:
    hooks = Hooks()
    thread = threading.Thread(target=hooks.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield hooks
    hooks.server.shutdown()
    hooks.server.server_close()
    thread.join()


@pytest.fixture
def dusk(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, listening: Hooks
) -> Iterator[tuple[World, Simulators, Path, Hooks]]:
    """The gateways of a first week, at their own strict limits, by the world's clock; nobody there yet."""
    world_clock = WorldClock(monkeypatch)
    monkeypatch.setattr(record, "_now", lambda: world_clock.now().isoformat(timespec="milliseconds"))
    own = listening.url.partition("/hooks/")[0]
    settings.HOOKS_URL, settings.HOOK_TOKENS = own, {"whatsapp": "w" * 32}
    limits = Limits(now=world_clock.reading)
    account = WhatsAppAccount(hook_url=f"{own}/hooks/whatsapp/{'w' * 32}/")
    plan = Plan(out=tmp_path, contract_rates=True, whatsapp_limits=limits, whatsapp=account)
    with running(plan) as there:
        there.sms.meter = Meter(30.0, now=world_clock.reading)
        there.graph.meter = Meter(5.0, now=world_clock.reading)
        settings.NOTIFIER = _gateways(there)
        yield World(world_clock), there, tmp_path, listening


def _gateways(there: Simulators) -> dict[str, Any]:
    """The project's own entries, strict, at these simulators' addresses."""
    around = gateways.Around(
        site_name="Najda", public_url="https://najda.invalid", sender="NAJDA",
        media_url="", hook_url=lambda alias: "", strict=True,
        push_key=lambda: "3KzvKasA2SoCxsp0iIG_o9B0Ozvl1XDwI63JRKNIWBM",
    )  # fmt: skip
    where: dict[str, dict[str, Any]] = {
        "whatsapp": {"base_url": there.whatsapp_url},
        "sms": {"url": there.sms_url},
        "email": {"port": there.ports["smtp"]},
        "webpush": {"gateway_url": there.webpush_url},
        "facebook": {"base_url": there.graph_url},
    }
    entries = gateways.entries(CHANNELS, around)
    for alias, entry in entries.items():
        entry["SIMULATOR"] |= where[alias]
        entry["OPTIONS"] |= {"price_per_part": "0.05"} if alias == "sms" else {}
    return entries


def night(dusk: tuple[World, Simulators, Path, Hooks], near: int, far: int, outside: int) -> Night:
    """Enrol, draft, propose, look at what is foretold, sign."""
    world, there, folder, hooks = dusk
    known = enrolled(near, far, outside)
    case = scene.case(channels=("web", *CHANNELS))
    draft = issue.draft(
        scene.verify(case), people.ines(), area=AREA, channels=CHANNELS, duration_s=scene.DAY_S, kind="actual"
    )
    proposed = scene.proposing(draft)
    with translation.override("en"):
        plan = outlook.outlook(proposed, preview.columns(render.composed(proposed, clock.now())))
    signed = issue.sign(proposed, people.omar(), digest=proposed.digest, factor_at=clock.now())
    return Night(world, there, folder, hooks, known, signed, plan)


def seconds_to_last(night: Night, *, last_ring: int = 99) -> float:
    """How long after the signature the last phone of the rings was taken by a gateway."""
    went = Delivery.objects.about(night.subjects).filter(state__in=("accepted", "delivered"))
    last = went.filter(batch__ring__lte=last_ring).latest("state_at").state_at
    assert night.version.sent_at
    return (last - night.version.sent_at).total_seconds()


def agrees(real: float, foretold: float | None) -> bool:
    return foretold is not None and abs(real - foretold) <= WITHIN * foretold


def parts_gone(night: Night) -> int:
    """The parts that have left by SMS, counted from what the gateway took."""
    return sum(text.count(one["text"]).parts for one in night.lines()["sms"])


def rings_in_order(night: Night, alias: str, after_s: float) -> list[int]:
    rings = dict(
        Delivery.objects.about(night.subjects).filter(channel=alias).values_list("person", "batch__ring")
    )
    assert night.version.sent_at
    since = (night.version.sent_at + timedelta(seconds=after_s)).isoformat()
    return [rings[night.people[one["to"]].person] for one in night.lines()[alias] if one["at"] >= since]


def nobody_twice(night: Night) -> None:
    heard = night.told()
    assert set(heard.values()) == {1}
    assert not any(night.lines("refused").values())  # our counts are the gateways' counts


def everything_is_accounted_for(night: Night) -> None:
    for subjects in (night.subjects, night.ends):
        counts = outbox.equation(subjects)
        assert counts.holds()
        assert counts.queued == 0
    assert not [line for line in outbox.ledger([*night.subjects, *night.ends]) if line.is_silent]


def lift_the_rates(night: Night, settings: Settings) -> None:
    """The all-clear's own minutes are not asked here."""
    night.simulators.sms.meter = Meter(now=night.world.clock.reading)
    sms = settings.NOTIFIER["sms"]
    lifted = {**sms, "SIMULATOR": {**sms["SIMULATOR"], "per_second": None}}
    settings.NOTIFIER = {**settings.NOTIFIER, "sms": lifted}


def the_end(night: Night, before: dict[str, list[Any]]) -> None:
    """Tell the all-clear, and see that exactly those hear it who were told."""
    told = night.told()
    aftermath.tell_end(night.version.alert_id)
    night.world.live(night.world.clock.reading() + 60 * MINUTE, unless=night.is_over)
    assert night.told(since=before) == told
    assert [one["event"] for one in night.lines()["facebook"]] == ["post", "delete"]


def test_a_small_night_goes_as_foretold_to_its_end(dusk):
    small = night(dusk, near=160, far=200, outside=40)
    assert small.plan.people == 360
    assert small.plan.falls == ()  # fewer than 250 are on WhatsApp
    small.work()
    small.world.live(small.world.clock.reading() + 10 * MINUTE, unless=small.is_over)
    assert agrees(seconds_to_last(small), small.plan.seconds_all)
    assert agrees(seconds_to_last(small, last_ring=outlook.NEAR_RINGS), small.plan.seconds_near)
    nobody_twice(small)
    assert len(small.told()) == 360
    assert small.plan.cost == Decimal("0.05") * parts_gone(small)
    before = small.lines()
    small.stand_down()
    the_end(small, before)
    everything_is_accounted_for(small)


@pytest.mark.long
def test_forty_thousand_people_and_the_end_at_minute_twenty(
    dusk, settings: Settings, record_testsuite_property
):
    long = night(dusk, near=8_000, far=25_000, outside=7_000)
    assert long.plan.people == 33_000
    start = long.world.clock.reading()
    long.world.clock.at(start + 20 * MINUTE, long.stand_down)
    long.work()
    long.world.live(start + 20 * MINUTE + 10)
    assert long.ended_at

    near_s, foretold_s = seconds_to_last(long, last_ring=outlook.NEAR_RINGS), long.plan.seconds_all
    assert agrees(near_s, long.plan.seconds_near)
    assert foretold_s
    assert foretold_s > 20 * MINUTE
    all_s = 20 * MINUTE * foretold_s * SMS_PARTS / parts_gone(long)  # at the pace it had until it was stopped
    assert agrees(all_s, foretold_s)
    for name, value in (("near", (long.plan.seconds_near, near_s)), ("all", (foretold_s, all_s))):
        record_testsuite_property(f"{name}_s_foretold_and_real", value)

    rings = rings_in_order(long, "sms", after_s=30)
    assert rings == sorted(rings)
    nobody_twice(long)
    before = long.lines()
    last = max(one["at"] for alias in DIRECT for one in before[alias])
    assert datetime.fromisoformat(last) - long.ended_at <= timedelta(seconds=1)
    on_whatsapp = sum(one.is_inside and "whatsapp" in one.ways for one in {*long.people.values()})
    assert len(before["whatsapp"]) == 250
    assert long.plan.falls[0].people == on_whatsapp - 250
    lift_the_rates(long, settings)
    the_end(long, before)
    everything_is_accounted_for(long)
