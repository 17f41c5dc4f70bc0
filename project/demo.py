"""An invented town for the demo, the drill and the browser tests. Nobody in it exists."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from alerts.models import Partner, Subscription
from alerts.subscribe import enrol_people
from geo.gazetteer import Place
from geo.geodesic import destination
from geo.shapes import Point
from notifier import registry
from notifier.simulators.webpush import subscription
from project.invented import PASSWORD
from trust.models import Agency, Officer, Unit


@dataclass(frozen=True)
class Member:
    username: str
    display_name: str
    role: str
    unit: str


CAST = (
    Member("ines", "Ines Belkadi", "officer", "first"),
    Member("omar", "Omar Tazi", "approver", "first"),
    Member("lea", "Léa Mba", "intake", "other"),
    Member("nadia", "Nadia Sefrioui", "administrator", "first"),
    Member("karim", "Karim Alaoui", "auditor", "first"),
    Member("rim", "Rim Chraibi", "administrator", "first"),  # a right is asked by one, given by another
)


@transaction.atomic
def make() -> None:
    """Make agencies, units and officers with a second factor; does nothing where they exist."""
    if settings.PUBLIC_SENDING:
        raise RuntimeError("The demo's officers have a known password: never where PUBLIC_SENDING is on.")
    if Officer.objects.filter(username="ines").exists():
        return
    if "cap_partner" in registry.channels():
        _partners()
    units = {"first": _unit(0), "other": _unit(1)}
    for number, member in enumerate(CAST):
        officer = Officer(
            username=member.username,
            display_name=member.display_name,
            unit=units[member.unit],
            language=settings.LANGUAGE_CODE,
            email=f"{member.username}@police.invalid",
            phone=OFFICERS_PHONE[settings.COUNTRY.phone_region].format(number),
        )
        officer.set_password(PASSWORD)
        officer.save()
        officer.groups.add(Group.objects.get(name=member.role))
        TOTP.activate(officer, generate_totp_secret())
    for unit, name in ((units["first"], "ines"), (units["other"], "lea")):
        unit.duty_officer = Officer.objects.get(username=name)
        unit.save()


PARTNERS = {"radio": "Radio (invented)", "cell-broadcast": "Cell broadcast (invented)"}


def _partners() -> None:
    """Have the simulated CAP partners take alerts: settings name them, a row says what they take."""
    for key, name in PARTNERS.items():
        Partner.objects.get_or_create(key=key, defaults={"name": name, "takes_exercises": True})


def _unit(number: int) -> Unit:
    agencies = settings.COUNTRY.agencies
    packed = agencies[min(number, len(agencies) - 1)]
    agency, _made = Agency.objects.get_or_create(
        code=packed.code if number < len(agencies) else f"{packed.code}-{number}",
        defaults={
            "names": packed.names,
            "phone": packed.numbers[0] if packed.numbers else "",
            "time_zone": settings.AGENCY_TIME_ZONE,
        },
    )
    names = {"ar": f"الوحدة {number + 1}", "fr": f"Unité {number + 1}", "en": f"Unit {number + 1}"}
    return Unit.objects.create(
        agency=agency, code=f"unit-{number + 1}", names=names, phone=settings.TIP_NUMBER
    )


def one_time_code(username: str) -> str:
    """Return the six digits that the officer's telephone would show now."""
    factor = Authenticator.objects.get(user__username=username, type=Authenticator.Type.TOTP)
    secret = TOTP(factor).instance.data["secret"]
    from project.account import FactorAdapter

    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(FactorAdapter().decrypt(secret), counter)))


@dataclass(frozen=True)
class Person:
    """Somebody invented who subscribed: one address of one channel, and where they really are."""

    channel: str
    address: str
    point: Point
    language: str


def people(count: int, seed: int = 1) -> Iterator[Person]:
    """Yield invented people round the country's real towns by population, a tenth of them in the country.

    Each has one address, on a channel of this deployment, all different. The numbers are those of no assigned
    block where the national plan leaves one, and nothing is sent to them but by simulators.
    """
    chance = random.Random(seed)  # noqa: S311  invented positions, no secret
    towns = [place for place in settings.COUNTRY.gazetteer.places if place.population > 0]
    weights = [place.population for place in towns]
    ways = [channel for channel in SHARES if channel in registry.channels()]
    for number in range(count):
        town = chance.choices(towns, weights)[0]
        spread_m = 40_000.0 if chance.random() < 0.1 else _radius_m(town)
        point = destination(town.point, chance.uniform(0, 360), spread_m * chance.random() ** 0.5)
        language = chance.choice([code for code, _name in settings.LANGUAGES])
        channel = chance.choices(ways, [SHARES[way] for way in ways])[0]
        yield Person(channel, _address(channel, number), point, language)


# How people of the town are reached, of a hundred (judgement).
SHARES = {"sms": 45, "email": 25, "whatsapp": 20, "webpush": 10}


def _address(channel: str, number: int) -> str:
    if channel == "email":
        return f"person{number}@town.invalid"
    return subscription(f"person{number}") if channel == "webpush" else _phone(number)


def _radius_m(town: Place) -> float:
    """Return a town's radius by a density of 5,000 people a square kilometre (judgement)."""
    return max(1_000.0, math.sqrt(town.population / 5_000 / math.pi) * 1_000)


OFFICERS_PHONE = {"MA": "+2126610001{:02d}", "GA": "+241060001{:02d}", "EG": "+2010100001{:02d}"}
FAMILY_PHONES = {"MA": "0661000001", "GA": "066000001", "EG": "01000000001"}
FIRST_NUMBER = 1_000  # the lowest ones are the simulators' magic numbers (docs/channels.md)
NUMBERS = {"MA": "+2126{:08d}", "GA": "+24106{:06d}", "EG": "+2010{:08d}"}


def _phone(number: int) -> str:
    return NUMBERS[settings.COUNTRY.phone_region].format(number + FIRST_NUMBER)


def subscribe(count: int) -> None:
    """Let invented people follow the place they are at; does nothing where somebody already does."""
    if Subscription.objects.exists():
        return
    enrol_people(
        [(who.address, who.channel, who.point.lat, who.point.lon, who.language) for who in people(count)]
    )


def zone() -> ZoneInfo:
    return ZoneInfo(settings.AGENCY_TIME_ZONE)
