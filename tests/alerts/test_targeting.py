"""Who is told: everybody inside, nobody twice, nearest first, by range scans of the right index."""

import random

import pytest
from django.conf import settings
from django.db import connection

from alerts import fanout, targeting
from alerts.models import Address, Follow, Subscription
from alerts.subscribe import end_person, enrol_people
from geo.cells import cell_of
from geo.geodesic import destination, distance_m
from geo.points import Point
from geo.shapes import Area, Circle, Polygon
from notifier.models import Batch, Delivery
from tests.alerts import scene
from trust import clock
from trust.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def told(area: Area, channel: str = "sms") -> list[str]:
    """Return the subscriptions that the rings find, in their order."""
    found = []
    for ring in targeting.rings(area, area.centre(), settings.COUNTRY.outlines):
        sql, params = ring.people(channel)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found += [str(row[0]).replace("-", "") for row in cursor.fetchall()]
    return found


def enrol(points: list[Point], channel: str = "sms") -> dict[str, Point]:
    rows = [(f"+2126{n:08d}" if channel == "sms" else f"n{n}@example.org", channel, p.lat, p.lon, "fr")
            for n, p in enumerate(points)]  # fmt: skip
    return {person.hex: point for person, point in zip(enrol_people(rows), points, strict=True)}


@pytest.mark.parametrize("seed", range(4))
def test_everybody_inside_is_found_over_random_positions(seed):
    chance = random.Random(seed)
    centre = Point(chance.uniform(31, 34.5), chance.uniform(-8, -5))
    points = [destination(centre, chance.uniform(0, 360), chance.uniform(0, 30_000)) for _ in range(400)]
    everyone = enrol(points)
    triangle = tuple(
        destination(centre, bearing, chance.uniform(8_000, 28_000)) for bearing in (10, 130, 250)
    )
    for area in (Area((Circle(centre, chance.uniform(500, 20_000)),)), Area((), (Polygon(triangle),))):
        inside = {person for person, point in everyone.items() if area.contains(point)}
        found = told(area)
        assert inside <= set(found)
        assert len(found) == len(set(found))


def test_rings_come_nearest_first():
    points = [destination(scene.AGDAL, 90, metres) for metres in (9_500, 200, 4_000)]
    everyone = enrol(points)
    distances = [distance_m(scene.AGDAL, everyone[person]) for person in told(scene.AREA)]
    assert distances == sorted(distances)


def test_a_region_follower_is_told_when_the_area_touches_the_region():
    region = settings.COUNTRY.outlines.region_of(scene.AGDAL)
    assert region
    enrol([scene.AGDAL])
    Follow.objects.update(cell=None, region=region.code)
    assert len(told(scene.AREA)) == 1
    far = Area((Circle(Point(27.1, -13.2), 5_000.0),))
    assert told(far) == []


def test_somebody_who_follows_three_places_gets_one_message():
    enrol([scene.AGDAL])
    person = Subscription.objects.get()
    for metres in (300, 3_000):
        point = destination(scene.AGDAL, 45, metres)
        Follow.objects.create(subscription=person, cell=_cell(point), active=True)
    region = settings.COUNTRY.outlines.region_of(scene.AGDAL)
    assert region
    Follow.objects.create(subscription=person, region=region.code, active=True)
    version = scene.signed(channels=["sms"])
    assert fanout.fan_out(version.pk)
    assert Delivery.objects.filter(subject=version.alert_id).count() == 1


def test_who_left_or_never_confirmed_is_not_told():
    everyone = enrol([scene.AGDAL, scene.AGDAL, scene.AGDAL])
    first, second, third = (Subscription.objects.get(pk=person) for person in everyone)
    end_person(first.pk)
    Address.objects.filter(subscription=second).update(confirmed_at=None)
    assert told(scene.AREA) == [third.pk.hex]


def test_the_planner_scans_one_range_of_the_index_for_each_range():
    enrol([scene.AGDAL] * 5)
    sql, params = targeting.in_cells([(1, 2), (3, 4)], "sms")
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{explain} {sql}", params)
        plan = "\n".join(str(row) for row in cursor.fetchall())
    if connection.vendor == "sqlite":
        assert "SEARCH f USING COVERING INDEX follow_active_cell (cell>? AND cell<?)" in plan
    else:
        assert "Nested Loop" in plan


def test_a_fan_out_that_was_cut_short_goes_on_and_doubles_nobody():
    scene.neighbours(5)
    version = scene.signed(channels=["sms", "facebook"])
    assert not fanout.fan_out(version.pk, budget_s=-1)
    assert fanout.unfinished() == [version.pk]
    assert fanout.fan_out(version.pk)
    assert fanout.fan_out(version.pk)
    assert fanout.unfinished() == []
    assert Delivery.objects.filter(subject=version.alert_id).count() == 5
    rings = Batch.objects.filter(subject=version.alert_id, channel="sms").values_list("ring", flat=True)
    assert len(rings) == len(set(rings))
    assert Batch.objects.get(channel="facebook").posts.count() == 1


def test_nothing_is_recorded_after_the_end():
    scene.neighbours(2)
    alert = scene.ended()
    version = alert.versions.get()
    assert fanout.fan_out(version.pk)
    assert not Delivery.objects.exists()


def test_an_exercise_is_marked_on_every_batch():
    scene.neighbours(1)
    version = scene.signed(kind="exercise")
    fanout.fan_out(version.pk)
    assert all(batch.exercise for batch in Batch.objects.filter(subject=version.alert_id))


def test_a_channel_without_consent_stays_silent_and_somebody_owes_it(django_capture_on_commit_callbacks):
    scene.neighbours(2)
    version = scene.signed(channels=["sms"])
    scene.withdraw_consent(version.alert.case)
    assert fanout.fan_out(version.pk)
    assert not Delivery.objects.filter(subject=version.alert_id).exists()
    assert Task.objects.get(kind="consent_gone").detail_code == "sms"


@pytest.mark.long
def test_twenty_thousand_are_enrolled_in_well_under_a_minute():
    start = clock.now()
    enrol([destination(scene.AGDAL, n % 360, n) for n in range(20_000)])
    assert (clock.now() - start).total_seconds() < 40


def _cell(point: Point) -> int:
    return cell_of(point, settings.COUNTRY.h3_resolution)
