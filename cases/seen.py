"""What many reports say of their children, as far as it can be compared, read with few queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import phonenumbers
from django.conf import settings
from django.db.models import Model, QuerySet

from cases.models import Case, Child, Facts
from cases.resembling import Seen
from geo.points import Point
from trust import keys
from trust.fields import EncryptedField

DAYS_A_YEAR = 365.25
_OTHER_NAMES = re.compile(r"[,;،؛/\n]+")
_CHILD = (
    "pk", "case_id", "given_name", "family_name", "name_latin", "name_arabic", "birth_date_iso", "age_years",
    "age_months", "sex",
)  # fmt: skip


NAMES_AND_PHONES = ("identity", "phones")


def seen(cases: Iterable[UUID], groups: Iterable[str] = NAMES_AND_PHONES) -> dict[UUID, list[Seen]]:
    """Return what each case says of each of its children (six queries, however many cases).

    groups: of the documents to open; what is told of the case itself goes to each child.
    """
    wanted = list(cases)
    of_case = {row["pk"]: row for row in _opened(_cases(wanted), "pk")}
    told = _told(wanted, groups)
    found: dict[UUID, list[Seen]] = {}
    for child in _opened(Child.objects.filter(case__in=wanted).values(*_CHILD), "case_id"):
        case = of_case[child["case_id"]]
        entries = {**told.get(case["pk"], {}), **told.get(child["pk"], {})}
        found.setdefault(child["case_id"], []).append(_seen(case, child, entries))
    return found


def _cases(wanted: list[UUID]) -> QuerySet[Any, Any]:
    return Case.objects.filter(pk__in=wanted).values("pk", "last_seen_at", "last_seen_place", "reporter")


def _told(wanted: list[UUID], groups: Iterable[str]) -> dict[UUID, dict[str, Any]]:
    """Return {child, or case: {field: newest value}} of the groups."""
    sheets = Facts.objects.filter(case__in=wanted, group__in=tuple(groups))
    found: dict[UUID, dict[str, Any]] = {}
    rows: QuerySet[Any, Any] = sheets.values("case_id", "child_id", "entries")
    for sheet in _opened(rows, "case_id"):
        newest = {name: rows[-1]["value"] for name, rows in (sheet["entries"] or {}).items() if rows}
        found.setdefault(sheet["child_id"] or sheet["case_id"], {}).update(newest)
    return found


def _seen(case: dict[str, Any], child: dict[str, Any], told: dict[str, Any]) -> Seen:
    place, reporter = case["last_seen_place"] or {}, case["reporter"] or {}
    phones = (_e164(phone) for phone in (reporter.get("phone"), told.get("child_phone")))
    return Seen(
        names=tuple(dict.fromkeys(_names(child, told.get("nickname") or ""))),
        age_years=_age(child, case["last_seen_at"].date()),
        sex=child["sex"],
        point=Point(place["lat"], place["lon"]) if place.get("lat") is not None else None,
        phones=frozenset(phone for phone in phones if phone),
        last_seen_at=case["last_seen_at"],
        child=child["pk"],
        told=told,
    )


def _names(child: dict[str, Any], others: str) -> list[str]:
    """Return every way the child is called; a family name alone would be a sibling's too."""
    given, family = child["given_name"] or "", child["family_name"] or ""
    written = f"{given} {family}".strip() if given else ""
    return [name for name in (written, child["name_latin"], child["name_arabic"], *several(others)) if name]


def several(names: str) -> list[str]:
    """Return the names of a line, be they parted by commas of either script, strokes or lines."""
    return [name.strip() for name in _OTHER_NAMES.split(names) if name.strip()]


def _age(child: dict[str, Any], on: date) -> float | None:
    if child["birth_date_iso"]:
        return (on - date.fromisoformat(child["birth_date_iso"])).days / DAYS_A_YEAR
    if child["age_months"] is not None:
        return float(child["age_months"]) / 12
    years = child["age_years"]
    return None if years is None else years + 0.5  # "nine" is anything from nine to ten


def _e164(phone: str | None) -> str:
    try:
        parsed = phonenumbers.parse(phone or "", settings.COUNTRY.phone_region)
    except phonenumbers.NumberParseException:
        return ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _opened(rows: QuerySet[Any, Any], owner: str) -> list[dict[str, Any]]:
    """Return the rows with their sealed values opened; None where the key is gone."""
    model: type[Model] = rows.model
    read = list(rows)
    sealed = [f for f in model._meta.fields if isinstance(f, EncryptedField) and read and f.name in read[0]]
    slots = [(row, field) for row in read for field in sealed if row[field.name]]
    values = keys.open_many((row[owner], field.sealed_name, row[field.name]) for row, field in slots)
    for (row, field), plain in zip(slots, values, strict=True):
        row[field.name] = None if plain is None else field.decode(plain)
    return read
