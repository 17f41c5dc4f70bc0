"""The rows of a report, one noun a function; all within the transaction of cases.report.receive."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings

from cases import fields, name_tokens
from cases.models import Case, Child, Consent, Facts, NameToken, Photo, Place
from cases.reported import ConsentGiven, Report, ReportedChild, ReportedPhoto, ReportedPlace
from geo.points import Point
from trust import audit, keys, vault
from trust.models import Unit

AUTHORITY = ("mother", "father", "guardian")  # whose leave to publish counts; the officer checks the proof


def region_code(point: Point | None) -> str:
    region = settings.COUNTRY.outlines.region_of(point) if point else None
    return region.code if region else ""


def unit_for(region: str) -> Unit:
    """Return the unit whose code is the region's, else the first of the first agency; one with an officer
    on duty goes before one without, so that a case has an owner from its first minute.
    """
    units = Unit.objects.select_related("agency", "duty_officer").order_by("agency__code", "code")
    manned = units.filter(duty_officer__is_active=True)
    own = manned.filter(code__iexact=region).first() if region else None
    unit = own or manned.first() or units.first()
    if unit is None:
        raise RuntimeError("No unit exists to receive a report: run `manage.py enrol`. See docs/police.md")
    return unit


def place_json(place: ReportedPlace) -> dict[str, object] | None:
    if place.point is None:
        return None
    return {"lat": place.point.lat, "lon": place.point.lon, "source": place.source}


def add_child(case: Case, number: int, said: ReportedChild, now: datetime, language: str) -> Child:
    child = Child(case=case, position=number, sex=said.sex, age_years=said.age_years, age_given_at=now)
    child.given_name, child.family_name = said.given_name, said.family_name
    child.name_latin, child.name_arabic = said.name_latin, said.name_arabic
    child.birth_date = said.birth_date
    child.save(force_insert=True)
    add_facts(case, child, said.facts, now, language)
    for position, photo in enumerate(said.photos):
        add_photo(child, position, photo, now)
    add_tokens(case, child, (said.given_name, said.family_name, said.name_latin, said.name_arabic))
    return child


def add_facts(
    case: Case, child: Child | None, said: Mapping[str, object], now: datetime, language: str
) -> None:
    """Store one sheet a group, as the family's word; raise fields.FieldError before anything is written."""
    groups: dict[str, dict[str, list[dict[str, object]]]] = {}
    for name, value in said.items():
        fields.check_value(name, value)
        row = fields.entry(value, source="family", at=now.isoformat(), language=language)
        groups.setdefault(fields.FIELDS[name].group, {})[name] = [row]
    for group, entries in groups.items():
        Facts(case=case, child=child, group=group, entries=entries).save(force_insert=True)


def add_photo(child: Child, position: int, photo: ReportedPhoto, now: datetime) -> Photo:
    return Photo.objects.create(
        child=child,
        position=position,
        original_key=vault.put(child.case_id, photo.original),
        original_sha256=hashlib.sha256(photo.original).hexdigest(),
        clean_key=vault.put(child.case_id, photo.clean),
        clean_sha256=hashlib.sha256(photo.clean).hexdigest(),
        width=photo.width,
        height=photo.height,
        added_at=now,
    )


def add_places(case: Case, places: Iterable[ReportedPlace]) -> None:
    for position, said in enumerate(places):
        place = Place(case=case, position=position, kind=said.kind, error_m=said.error_m)
        place.words, place.point_json = said.words, place_json(said)
        place.save(force_insert=True)


def add_tokens(case: Case, child: Child | None, names: Iterable[str]) -> None:
    NameToken.objects.bulk_create(
        NameToken(case=case, child=child, kind=kind, token=keys.token(f"name {kind}", value))
        for kind, value in sorted(name_tokens.tokens(*names))
    )


def add_phone_token(case: Case, phone: str) -> None:
    NameToken.objects.create(case=case, kind="phone", token=keys.token("phone", phone))


def add_consent(child: Child, report: Report, given: ConsentGiven, now: datetime) -> Consent | None:
    """Store the consent; none where whoever reports has no authority to give it."""
    if report.reporter.relation not in AUTHORITY:
        return None
    consent = Consent(
        case=child.case,
        child=child,
        fields=list(given.fields),
        channels=list(given.channels),
        relation=report.reporter.relation,
        how=given.how,
        text=given.text,
        text_version=given.text_version,
        language=given.language,
        given_at=now,
    )
    consent.guardian = {"name": report.reporter.name, "phone": report.reporter.phone}
    consent.save(force_insert=True)
    audit.record("consent.given", consent)
    return consent
