"""The rows of a report, one noun a function; all within the transaction of cases.report.receive."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from cases import name_tokens
from cases.models import Case, Child, Consent, NameToken, Photo, Place, VoiceNote
from cases.reported import ConsentGiven, ReportedChild, ReportedPhoto, ReportedPlace, ReportedVoice, Reporter
from cases.telling import Told, tell
from geo.points import Point
from trust import audit, clock, duty, keys, vault
from trust.models import Unit

AUTHORITY = ("mother", "father", "guardian")  # whose leave to publish counts; the officer checks the proof


def region_code(point: Point | None) -> str:
    region = settings.COUNTRY.outlines.region_of(point) if point else None
    return region.code if region else ""


def unit_for(region: str) -> Unit:
    """Return the unit whose code is the region's, else the first of the first agency; one with somebody on
    duty goes before one that somebody would only stand in for, so that a case has an owner at once.
    """
    now = clock.now()
    units = list(Unit.objects.select_related("agency", "duty_officer").order_by("agency__code", "code"))
    units.sort(key=lambda unit: not region or unit.code.lower() != region.lower())
    if not units:
        raise RuntimeError("No unit exists to receive a report: run `manage.py enrol`. See docs/police.md")
    manned = duty.manned(now)
    ready = next((unit for unit in units if unit.pk in manned), None)
    return ready or next((unit for unit in units if duty.on_duty(unit, now)), units[0])


def place_json(place: ReportedPlace) -> dict[str, object] | None:
    if place.point is None:
        return None
    return {"lat": place.point.lat, "lon": place.point.lon, "source": place.source}


def add_child(case: Case, number: int, said: ReportedChild, now: datetime, told: Told) -> Child:
    child = Child(case=case, position=number, sex=said.sex, age_years=said.age_years, age_given_at=now)
    child.age_months = said.age_months
    child.given_name, child.family_name = said.given_name, said.family_name
    child.name_latin, child.name_arabic = said.name_latin, said.name_arabic
    child.birth_date = said.birth_date
    child.save(force_insert=True)
    tell(case, child, said.facts, told)
    for position, photo in enumerate(said.photos):
        add_photo(child, position, photo, now, told.source)
    add_tokens(case, child, (said.given_name, said.family_name, said.name_latin, said.name_arabic))
    return child


def add_photo(
    child: Child, position: int, photo: ReportedPhoto, now: datetime, source: str = "family"
) -> Photo:
    return Photo.objects.create(
        child=child,
        position=position,
        original_key=vault.put(child.case_id, photo.original),
        original_sha256=hashlib.sha256(photo.original).hexdigest(),
        clean_key=vault.put(child.case_id, photo.clean),
        clean_sha256=hashlib.sha256(photo.clean).hexdigest(),
        width=photo.width,
        height=photo.height,
        taken_on_iso=photo.taken_on.isoformat() if photo.taken_on else None,
        source=source,
        added_at=now,
    )


def add_voice(
    case: Case,
    child: Child | None,
    voice: ReportedVoice,
    now: datetime,
    *,
    language: str = "",
    source: str = "family",
) -> VoiceNote:
    return VoiceNote.objects.create(
        case=case,
        child=child,
        field=voice.field,
        language=language,
        source=source,
        original_key=vault.put(case.pk, voice.original),
        original_sha256=hashlib.sha256(voice.original).hexdigest(),
        clean_key=vault.put(case.pk, voice.clean),
        seconds=voice.seconds,
        added_at=now,
    )


def add_place(case: Case, position: int, said: ReportedPlace, now: datetime, source: str = "family") -> Place:
    place = Place(case=case, position=position, kind=said.kind or "other", error_m=said.error_m, added_at=now)
    place.source = source
    place.words, place.point_json = said.words, place_json(said)
    place.details = dict(said.details) or None
    place.save(force_insert=True)
    return place


def add_tokens(case: Case, child: Child | None, names: Iterable[str]) -> None:
    NameToken.objects.bulk_create(
        NameToken(case=case, child=child, kind=kind, token=keys.token(f"name {kind}", value))
        for kind, value in sorted(name_tokens.tokens(*names))
    )


def add_phone_token(case: Case, phone: str) -> None:
    NameToken.objects.create(case=case, kind="phone", token=keys.token("phone", phone))


def renew_tokens(case: Case, child: Child) -> None:
    """Make the search find the child under the names it has now."""
    NameToken.objects.filter(child=child).delete()
    names = (child.given_name, child.family_name, child.name_latin, child.name_arabic)
    add_tokens(case, child, filter(None, names))


def add_consent(child: Child, who: Reporter, given: ConsentGiven, now: datetime) -> Consent | None:
    """Store the guardian's yes or no; none where whoever reports has no authority to give it."""
    if who.relation not in AUTHORITY:
        return None
    consent = Consent(
        case=child.case,
        child=child,
        fields=list(given.fields),
        channels=list(given.channels),
        relation=who.relation,
        authority=given.authority,
        how=given.how,
        heard_by=given.heard_by,
        text=given.text,
        text_version=given.text_version,
        language=given.language,
        given_at=given.given_at or now,
        entered_at=now if given.given_at else None,
        until=given.until,
    )
    consent.guardian = {"name": who.name, "phone": who.phone, "document": who.document}
    consent.witness = given.witness or None
    consent.save(force_insert=True)
    audit.record("consent.refused" if consent.is_refusal else "consent.given", consent, actor=given.heard_by)
    return consent
