"""What is said before anybody signs: whom it reaches, what it costs, how long it takes, who sleeps."""

from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from alerts import fanout, issue, outlook, preview, render
from alerts.issue.updating import remaining_s
from alerts.models import Address, Subscription, Version
from alerts.subscribe import enrol_people
from notifier.models import Batch, Rate, Reached
from tests import people
from tests.alerts import scene
from trust import clock

pytestmark = pytest.mark.django_db


def looked(version: Version) -> outlook.Outlook:
    with translation.override("en"):
        return outlook.outlook(version, preview.columns(render.composed(version, clock.now())))


@pytest.fixture
def agreed(settings):
    """A gateway that takes one part in ten seconds at five cents, and a page that agreed to nothing."""
    told = deepcopy(settings.NOTIFIER)
    for entry in told.values():
        if entry["CHANNEL"] == "sms":
            entry["OPTIONS"] |= {"per_second": 0.1, "price_per_part": "0.05"}
    settings.NOTIFIER = told


def test_people_cost_and_minutes_by_ring_and_channel(agreed):
    scene.neighbours(3)
    enrol_people([("+212699999999", "sms", scene.AGDAL.lat + 0.08, scene.AGDAL.lon, "fr")])
    seen = looked(scene.drafted(channels=["sms", "facebook"]))
    assert seen.people == 4
    assert [(ring.name, ring.people) for ring in seen.rings if ring.people] == [
        ("up to 1 km", 3),
        ("up to 10 km", 1),
    ]
    sms, page = seen.channels
    assert (sms.people, page.people) == (4, None)
    # French takes two parts: eight units at ten seconds each, six of them within 5 km.
    assert (sms.cost, seen.cost) == (Decimal("0.40"), Decimal("0.40"))
    assert (seen.minutes_near, seen.minutes_all, sms.minutes, page.minutes) == (1, 2, 2, None)


@pytest.fixture
def on_whatsapp(settings):
    """A number that may reach three people a day and has reached one, and SMS as slow as they are."""
    told = deepcopy(settings.NOTIFIER)
    for entry in told.values():
        if entry["CHANNEL"] == "whatsapp":
            entry["OPTIONS"] |= {"per_day": 3}
        if entry["CHANNEL"] == "sms":
            entry["OPTIONS"] |= {"per_second": 0.1, "price_per_part": "0.05"}
    settings.NOTIFIER = told
    account = "whatsapp:simulator"
    Rate.objects.create(account=account, refilled_at=clock.now())
    Reached.objects.create(account=account, person=uuid4(), reached_at=clock.now() - timedelta(hours=23))
    Reached.objects.create(account=account, person=uuid4(), reached_at=clock.now() - timedelta(hours=25))


def also_whatsapp(count: int) -> None:
    """Have the first so many subscribers prefer WhatsApp, at the same number."""
    for person in Subscription.objects.order_by("pk")[:count]:
        own = person.addresses.get()
        Address.objects.filter(pk=own.pk).update(position=1)
        Address.objects.create(
            subscription=person,
            channel="whatsapp",
            value=own.value,
            token=own.token,
            confirmed_at=clock.now(),
        )


@pytest.mark.postgresql
def test_beyond_the_day_people_fall_to_their_sms_and_the_plan_counts_them_there(on_whatsapp):
    scene.neighbours(4)
    enrol_people([("n9@example.org", "email", scene.AGDAL.lat, scene.AGDAL.lon, "fr")])
    also_whatsapp(5)
    channels = ("whatsapp", "sms", "email", "facebook")
    case = scene.case(channels=("web", *channels))
    seen = looked(scene.drafted(case, channels=["whatsapp", "sms", "facebook"]))
    lines = {line.name: line for line in seen.channels}
    whatsapp, sms = lines["WhatsApp"], lines["SMS"]
    assert seen.people == 5
    assert (whatsapp.people, whatsapp.people_left) == (2, 2)
    falls = {fall.then: fall.people for fall in seen.falls}
    assert sum(falls.values()) == 3
    assert set(falls) <= {"SMS", ""}  # whose mailbox is not among the channels has no other way
    assert sms.people == falls["SMS"]
    assert sms.cost == Decimal("0.10") * falls["SMS"]
    assert seen.seconds_near == seen.seconds_all == falls["SMS"] * 2 / 0.1
    assert (seen.late, seen.begins_at) == (0, "")


def test_who_signs_what_ends_too_soon_or_waits_for_the_morning_is_told_so(agreed, settings):
    scene.neighbours(40)
    settings.NOTIFIER["sms"]["OPTIONS"]["per_second"] = 0.02
    draft = issue.revise(scene.drafted(channels=["sms"]), people.ines(), duration_s=3600)
    assert looked(draft).late == 4  # two parts in a hundred seconds, for an hour
    hour = datetime.now(ZoneInfo("Africa/Casablanca")).hour
    settings.QUIET_HOURS = (hour, (hour + 2) % 24)
    assert looked(draft).begins_at == ""
    notice = issue.revise(draft, people.ines(), tier="notice", duration_s=scene.DAY_S)
    assert f"{(hour + 2) % 24:02}:00" in looked(notice).begins_at


def test_a_ring_without_a_town_of_known_size_says_so():
    seen = looked(scene.drafted(channels=["sms"]))
    assert seen.people == 0
    assert seen.cost is None
    known = [ring.population for ring in seen.rings if ring.population]
    assert sum(known) > 100_000  # Rabat and Salé lie within ten kilometres
    scene.neighbours(1)
    nearest = looked(Version.objects.get()).rings[0]
    assert (nearest.name, nearest.people, nearest.population) == ("up to 1 km", 1, None)


@pytest.mark.parametrize(("night", "held"), [(True, True), (False, False)])
def test_what_need_not_wake_people_waits_for_the_morning(settings, night, held):
    scene.neighbours(1)
    draft = issue.revise(scene.drafted(channels=["sms", "facebook"]), people.ines(), tier="notice")
    hour = datetime.now(ZoneInfo("Africa/Casablanca")).hour
    settings.QUIET_HOURS = (hour, (hour + 2) % 24) if night else ((hour + 2) % 24, (hour + 3) % 24)
    proposed = scene.proposing(draft)
    issue.sign(proposed, people.omar(), digest=proposed.digest, factor_at=clock.now())
    fanout.fan_out(proposed.pk)
    sms, post = (
        Batch.objects.filter(subject=draft.alert_id, channel=name)[0] for name in ("sms", "facebook")
    )
    assert bool(sms.not_before) is held
    assert post.not_before is None  # a post wakes nobody


def test_nothing_waits_past_its_own_end_and_an_alert_never(settings):
    scene.neighbours(1)
    hour = datetime.now(ZoneInfo("Africa/Casablanca")).hour
    settings.QUIET_HOURS = (hour, (hour + 5) % 24)
    short = issue.revise(scene.drafted(channels=["sms"]), people.ines(), tier="notice", duration_s=3600)
    for version in (short, scene.drafted(scene.case(), channels=["sms"])):
        proposed = scene.proposing(version)
        issue.sign(proposed, people.omar(), digest=proposed.digest, factor_at=clock.now())
        fanout.fan_out(proposed.pk)
        batches = Batch.objects.filter(subject=version.alert_id)
        assert batches
        assert not batches.exclude(not_before=None)


def test_what_is_left_of_an_alert_is_counted_in_whole_hours():
    version = scene.signed()
    for left, hours in (
        (timedelta(hours=3, minutes=1), 4),
        (timedelta(minutes=5), 1),
        (timedelta(days=9), 168),
    ):
        version.expires_at = clock.now() + left
        assert remaining_s(version) == hours * 3600
