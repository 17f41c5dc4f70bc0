"""Three gateways that keep what they are given, and workers that work when a test says so."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from alerts import fanout, issue
from alerts.models import Version
from alerts.subscribe import enrol_people
from geo.points import Point
from geo.shapes import Area, Circle
from notifier import dispatch
from notifier.backends import locmem
from notifier.models import Chunk, Delivery
from tests import people
from tests.alerts import scene
from trust import clock

# North of the first area: outside 10 km, inside 40 km.
FAR_NORTH_DEGREES = 0.2
WIDE = Area((Circle(scene.AGDAL, 40_000.0),))
NARROW = Area((Circle(Point(33.9950, -6.8500), 2_000.0),))
SENTENCE = {"ar": "معها حقيبة حمراء.", "fr": "Elle a un sac rouge.", "en": "She has a red bag."}


class Wall(locmem.LocmemBackend):
    """One post for everyone."""

    direct = False


@pytest.fixture
def gateways(settings: Any) -> Iterator[None]:
    kept = {"BACKEND": "notifier.backends.locmem.LocmemBackend", "OPTIONS": {}}
    settings.NOTIFIER = {
        "sms": {**kept, "CHANNEL": "sms", "SIMULATOR": {}},
        "email": {**kept, "CHANNEL": "email", "SIMULATOR": {}},
        "facebook": {
            "BACKEND": "tests.alerts.telling.Wall",
            "CHANNEL": "facebook",
            "OPTIONS": {"direct": False},
            "SIMULATOR": {},
        },
    }
    locmem.clear()
    yield
    locmem.clear()


def enrol(*numbers: int, north: float = 0.0, channel: str = "sms") -> None:
    """Enrol people by number near the place last seen, or so many degrees north of it."""
    enrol_people(
        (_address(n, channel), channel, scene.AGDAL.lat + north + n * 0.0001, scene.AGDAL.lon, "fr")
        for n in numbers
    )


def _address(number: int, channel: str) -> str:
    return f"+2126{number:08d}" if channel == "sms" else f"n{number}@example.org"


def sign(version: Version) -> Version:
    """Propose a draft as Ines, sign it as Omar."""
    proposed = scene.proposing(version)
    return issue.sign(proposed, people.omar(), digest=proposed.digest, factor_at=clock.now())


def update(version: Version, **changes: Any) -> Version:
    """Update what is live, all the way to the signature."""
    return sign(issue.update(version.alert, people.ines(), **changes))


def send(version: Version, *, turns: int = 4) -> bool:
    """Fan out and let the workers send, until nothing is left; return whether the fan-out is done."""
    for _ in range(turns):
        done = fanout.fan_out(version.pk)
        for channel in ("sms", "email", "facebook"):
            dispatch.work(channel)
        Chunk.objects.filter(done_at=None).update(due_at=clock.now())
        if done:
            break
    for channel in ("sms", "email", "facebook"):
        dispatch.work(channel)
    return done


def heard(channel: str = "sms") -> dict[str, list[str]]:
    """Return what each address was sent on the channel, in order: the first word tells an update."""
    found: dict[str, list[str]] = {}
    for message in locmem.sent.get(channel, []):
        if message.kind == "page":  # an officer's
            continue
        found.setdefault(message.to, []).append(message.text.short or message.text.subject)
    return found


def numbers(channel: str = "sms") -> dict[int, int]:
    """Return how often each person was sent something."""
    return {int(to[5:]): len(said) for to, said in heard(channel).items()}


def held_back(*numbers_told: int) -> None:
    """Leave only these many of the queued deliveries to be sent now; the rest wait for an hour."""
    queued = Delivery.objects.filter(state="queued").order_by("pk")
    later = list(queued.values_list("pk", flat=True))[sum(numbers_told) :]
    Delivery.objects.filter(pk__in=later).update(not_before=clock.now() + timedelta(hours=1))
