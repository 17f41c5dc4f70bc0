"""The people of a contract night: where they live, and how each of them wants to be told. All invented."""

import dataclasses
import math
import random
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from alerts import addresses
from alerts.models import Address, Follow, Subscription
from geo.cells import cell_of
from geo.geodesic import distance_m
from geo.points import Point
from notifier.simulators.webpush import subscription
from tests.alerts import scene
from trust import clock, keys

AREA_M = 25_000.0
NEAR_M, FAR_M, OUTSIDE_M = 5_000.0, 24_000.0, 60_000.0
MIXTURE = ["sms"] * 30 + ["whatsapp"] * 20 + ["email"] * 30 + ["webpush"] * 20
LANGUAGES = ["ar"] * 6 + ["fr"] * 3 + ["en"]


@dataclasses.dataclass(frozen=True)
class Somebody:
    person: UUID
    ways: tuple[str, ...]  # their channels, in their order
    is_inside: bool


def enrolled(near: int, far: int, outside: int) -> dict[str, Somebody]:
    """Enrol a realistic mixture: some tell us one address; who is on WhatsApp has an SMS in reserve."""
    chance = random.Random(7)
    distances = [(0.0, NEAR_M * 0.98)] * near + [(NEAR_M * 1.1, FAR_M)] * far
    distances += [(FAR_M * 1.2, OUTSIDE_M)] * outside
    made = [
        (Subscription(language=chance.choice(LANGUAGES)), _ways(number, chance), _place(chance, *between))
        for number, between in enumerate(distances)
    ]
    _store(made)
    return {
        address: Somebody(row.pk, tuple(ways), distance_m(scene.AGDAL, where) < AREA_M)
        for row, ways, where in made
        for address in ways.values()
    }


def _ways(number: int, chance: random.Random) -> dict[str, str]:
    phone = f"+2126{20_000_000 + number:08}"
    channel = chance.choice(MIXTURE)
    return {
        "sms": {"sms": phone},
        "whatsapp": {"whatsapp": phone, "sms": phone},
        "email": {"email": f"p{number}@example.org"},
        "webpush": {"webpush": subscription(f"phone-{number}")},
    }[channel]


def _place(chance: random.Random, least_m: float, most_m: float) -> Point:
    """Somewhere between two distances, as many on each piece of ground."""
    away_m = math.sqrt(chance.uniform(least_m**2, most_m**2))
    turn = chance.uniform(0, 2 * math.pi)
    north, east = away_m * math.cos(turn) / 111_200, away_m * math.sin(turn) / 111_200
    return Point(scene.AGDAL.lat + north, scene.AGDAL.lon + east / math.cos(math.radians(scene.AGDAL.lat)))


def _store(made: Sequence[tuple[Subscription, dict[str, str], Point]]) -> None:
    now, resolution = clock.now(), settings.COUNTRY.h3_resolution
    for row, _, _ in made:
        row.created_at = row.confirmed_at = now
    keys.create_many([row.pk for row, _, _ in made], "person")
    each = [
        (row, channel, address, place)
        for row, ways, _ in made
        for place, (channel, address) in enumerate(ways.items())
    ]
    sealed = keys.seal_many((row.pk, "address", address.encode()) for row, _, address, _ in each)
    Subscription.objects.bulk_create([row for row, _, _ in made], batch_size=2_000)
    Address.objects.bulk_create(
        [
            Address(
                subscription=row, channel=channel, value=value, token=addresses.token(channel, address),
                position=place, confirmed_at=now,
            )
            for (row, channel, address, place), value in zip(each, sealed, strict=True)
        ],
        batch_size=2_000,
    )  # fmt: skip
    Follow.objects.bulk_create(
        [Follow(subscription=row, cell=cell_of(where, resolution), active=True) for row, _, where in made],
        batch_size=2_000,
    )
