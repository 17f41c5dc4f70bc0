"""From a case file to what may be known of a child: public fields only, asked by name.

Nothing here walks over a document: a field that is not named in this file cannot reach a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers
from django.conf import settings

from alerts import language
from alerts.known import Frame, Known
from alerts.models import Alert
from cases.fields import PUBLIC_FIELDS
from cases.forms.words import one_line, plain
from cases.models import Case, Child, Consent, Photo
from geo.geodesic import distance_m

WITHIN_A_TOWN = frozenset({"quarter", "landmark", "station"})  # named with their town: several have an Agdal
NEAR_M = 3_000.0  # further from a named place than this, it is said to be near it


def allowed(child: Child, channel: str, at: datetime, *, for_new: bool = False) -> frozenset[str]:
    """Return the public fields that a live consent covers on the channel now (one query).

    for_new: leave out consents whose end was asked for; a new version may not use them meanwhile.
    """
    consents = Consent.objects.filter(child=child)
    if for_new:
        consents = consents.filter(withdrawal_asked_at=None)
    held = list(consents)
    return frozenset(
        field for field in PUBLIC_FIELDS if any(consent.allows(field, channel, at) for consent in held)
    )


def covered(child: Child, channels: Iterable[str], at: datetime) -> list[str]:
    """Return the channels on which a new version may say anything at all of the child (one query)."""
    held = list(Consent.objects.filter(child=child, withdrawal_asked_at=None))
    return [
        channel
        for channel in channels
        if any(consent.allows(field, channel, at) for consent in held for field in PUBLIC_FIELDS)
    ]


def known(case: Case, child: Child, photo: Photo | None, at: datetime) -> Known:
    """Return all public facts of the child; Known.only() then leaves what a channel may say."""
    place, is_near = _place(case)
    languages = [code for code, _name in settings.LANGUAGES]
    return Known(
        # One line, however it was stored: it becomes a subject and a title. No mark in it turns what follows.
        name={code: name for code in languages if (name := one_line(plain(child.name(code))))},
        sex=child.sex,
        age=child.age_at(at),
        months=child.months_at(at),
        height=child.value("height"),
        weight=child.value("weight"),
        build=child.value("build", ""),
        hair=child.value("hair", ""),
        eyes=child.value("eyes", ""),
        glasses=child.value("glasses", ""),
        marks=tuple(child.value("marks", ())),
        clothing=_things(child, "clothing"),
        carried=_things(child, "carried"),
        seen_at=case.last_seen_at,
        place=place,
        is_near_place=is_near,
        has_photo=photo is not None,
    )


def frame(alert: Alert, addition: Mapping[str, str] | None = None) -> Frame:
    """Return what the alert itself is: code, kind, address, number to call, zone and agency."""
    agency = alert.case.agency
    return Frame(
        code=alert.code,
        kind=alert.kind,
        url=f"{settings.PUBLIC_URL}/a/{alert.code}/",
        number=settings.TIP_NUMBER,
        number_shown=_as_dialled(settings.TIP_NUMBER),
        zone=ZoneInfo(agency.time_zone),
        agency=agency.names,
        addition=addition or {},
    )


def _as_dialled(number: str) -> str:
    """Return the number as people of the country dial it: a leading plus turns round inside Arabic."""
    try:
        parsed = phonenumbers.parse(number, settings.COUNTRY.phone_region)
    except phonenumbers.NumberParseException:
        return number
    if not number.startswith("+") or settings.COUNTRY.phone_region not in _regions(parsed.country_code or 0):
        return number
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(character for character in national if character.isdigit())


def _regions(country_code: int) -> tuple[str, ...]:
    return tuple(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(country_code, ()))


def _things(child: Child, field: str) -> tuple[tuple[str, str], ...]:
    told: list[dict[str, str]] = child.value(field, [])
    return tuple((thing["garment"], thing["colour"]) for thing in told)


def _place(case: Case) -> tuple[dict[str, str], bool]:
    """Return the nearest named place by language: the family's own words may hold an address."""
    country = settings.COUNTRY
    point = case.last_seen_point
    if point is not None:
        place = country.gazetteer.nearest(point)
        parts = [place] if place.kind not in WITHIN_A_TOWN else [place, country.gazetteer.nearest_town(point)]
        names = {
            code: language.load(code).join([part.label(code) for part in parts])
            for code, _name in settings.LANGUAGES
        }
        return names, distance_m(point, place.point) > NEAR_M
    region = country.outlines.get(case.last_seen_region) if case.last_seen_region else None
    return (dict(region.names), False) if region else ({}, False)
