"""Fields that live in columns, in words: as they stand, and as an amendment kept them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import vocabulary
from cases.models import Case, Child
from cases.sheet import words
from cases.sheet.sources import Reader

BABY_MONTHS = 24  # below it an age is said in months
_NAMES = ("given_name", "family_name", "name_latin", "name_arabic")


def current(name: str, row: Child | Case, case: Case, reader: Reader) -> str:
    """Return the value of a field as it stands; "" where nobody said it."""
    if name == "age" and isinstance(row, Child):
        return age(row, case)
    if name == "last_seen_place":
        return case.last_seen_words or ""
    wanted = {"name": _NAMES, "birth_date": ("birth_date_iso",)}.get(name, (name,))
    return in_words(name, {column: getattr(row, column, None) for column in wanted}, reader)


def age(child: Child, case: Case) -> str:
    """Return the age on the day last seen, of a baby in months."""
    months, years = child.months_at(case.last_seen_at), child.age_at(case.last_seen_at)
    if months is not None and months < BABY_MONTHS:
        return _("%(months)s months") % {"months": months}
    return "" if years is None else str(years)


def in_words(name: str, values: Mapping[str, Any], reader: Reader) -> str:
    """Return columns in words; values are plain (ISO for dates), some may lack."""
    say = _SAY.get(name)
    return say(values, reader) if say else ""


def _name(values: Mapping[str, Any], reader: Reader) -> str:
    given, family, latin, arabic = (values.get(column) or "" for column in _NAMES)
    spellings = dict.fromkeys((f"{given} {family}".strip(), latin, arabic))
    return " · ".join(words.isolated(spelling) for spelling in spellings if spelling)


def _age(values: Mapping[str, Any], reader: Reader) -> str:
    months, years = values.get("age_months"), values.get("age_years")
    if months is not None:
        return _("%(months)s months") % {"months": months}
    return "" if years is None else str(years)


def _birth_date(values: Mapping[str, Any], reader: Reader) -> str:
    told = values.get("birth_date_iso") or values.get("birth_date")
    return date_format(date.fromisoformat(told), "j F Y") if told else ""


def _moment(values: Mapping[str, Any], reader: Reader) -> str:
    told = values.get("last_seen_at")
    if not told:
        return ""
    return reader.hour(told if isinstance(told, datetime) else datetime.fromisoformat(told))


def _reporter(values: Mapping[str, Any], reader: Reader) -> str:
    told = values.get("reporter") or {}
    relation = vocabulary.label("relation", told.get("relation", ""), words.language())
    return words.listed(
        str(part) for part in (told.get("name"), relation, told.get("phone"), told.get("email")) if part
    )


_SAY: Mapping[str, Callable[[Mapping[str, Any], Reader], str]] = {
    "name": _name,
    "sex": lambda values, reader: vocabulary.label("sex", values.get("sex") or "", words.language()),
    "age": _age,
    "birth_date": _birth_date,
    "last_seen_at": _moment,
    "last_seen_place": lambda values, reader: values.get("last_seen_words") or "",
    "category": lambda values, reader: vocabulary.label(
        "category", values.get("category") or "", words.language()
    ),
    "reporter": _reporter,
}
