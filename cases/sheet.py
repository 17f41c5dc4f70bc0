"""What a case says, in the words an officer reads: facts as codes become sentences of the active language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cases import vocabulary
from cases.fields import FIELDS, Field
from cases.models import Case, Child, Consent, Photo, Place
from trust.models import Officer

RESTRICTED = "cases.view_restricted"

CHANNEL_NAMES = {
    "web": gettext_lazy("Public pages"),
    "sms": gettext_lazy("SMS"),
    "email": gettext_lazy("E-mail"),
    "facebook": gettext_lazy("Facebook page"),
}


@dataclass(frozen=True)
class Fact:
    label: str
    words: str
    phone: bool = False


@dataclass(frozen=True)
class ChildSheet:
    name: str
    facts: tuple[Fact, ...]
    photos: tuple[Photo, ...]


@dataclass(frozen=True)
class PlaceLine:
    kind: str
    words: str
    note: str


@dataclass(frozen=True)
class ConsentLine:
    fields: str
    channels: str
    relation: str
    given_at: datetime
    state: str  # "live", "asked back", "over"


def language() -> str:
    return (get_language() or "en").split("-")[0]


def may_see(officer: Officer, data_class: str) -> bool:
    """Say whether somebody who may open cases may read fields of this class."""
    return data_class in ("public", "officers") or officer.has_perm(RESTRICTED)


def child_sheet(child: Child, officer: Officer, at: datetime) -> ChildSheet:
    """Return the child as this officer may see it (queries: its sheets and photos)."""
    facts = (*_identity(child, officer, at), *_documents(child, officer))
    return ChildSheet(child.name(language()), facts, tuple(child.photos.all()))


def _identity(child: Child, officer: Officer, at: datetime) -> Iterator[Fact]:
    told = {"sex": vocabulary.label("sex", child.sex, language())}
    years = child.age_at(at)
    told["age"] = "" if years is None else str(years)
    born = child.birth_date
    told["birth_date"] = date_format(born, "j F Y") if born else ""
    for name, words in told.items():
        if words and may_see(officer, FIELDS[name].data_class):
            yield Fact(label(name), words)


def _documents(child: Child, officer: Officer) -> Iterator[Fact]:
    facts = child.facts
    for field in FIELDS.values():
        entries = facts.get(field.name)
        if entries and not field.columns and may_see(officer, field.data_class):
            yield Fact(label(field.name), in_words(field, entries[-1]["value"]))


def channel_name(channel: str) -> str:
    return str(CHANNEL_NAMES.get(channel, channel))


def label(field: str) -> str:
    words = FIELDS[field].label if field in FIELDS else {}
    return words.get(language()) or words.get("en") or field


def in_words(field: Field, value: Any) -> str:
    """Return a document field's value as the active language says it."""
    spoken = language()
    if field.kind == "code":
        return vocabulary.label(field.vocabulary, value, spoken)
    if field.kind == "codes":
        return _listed(vocabulary.label(field.vocabulary, code, spoken) for code in value)
    if field.kind == "clothing":
        return _listed(vocabulary.dressed(item["garment"], item["colour"], spoken) for item in value)
    return _("%(length)s cm") % {"length": value} if field.unit == "cm" else str(value)


def _listed(words: Iterator[str]) -> str:
    return _(", ").join(word for word in words if word)


def circumstances(case: Case, officer: Officer) -> list[Fact]:
    """Return what the family told of the case as a whole, in its own words (one query)."""
    told: dict[str, Any] = {}
    for told_of_case in case.sheets.filter(child=None):
        told.update(told_of_case.entries or {})
    return [
        Fact(label(field.name), in_words(field, told[field.name][-1]["value"]))
        for field in FIELDS.values()
        if told.get(field.name) and may_see(officer, field.data_class)
    ]


def places(case: Case) -> list[PlaceLine]:
    """Return the places a child goes to, in the family's order (restricted; one query)."""
    return [_place(place) for place in case.places.all()]


def _place(place: Place) -> PlaceLine:
    return PlaceLine(
        vocabulary.label("place_kind", place.kind, language()), place.words or "", place.note or ""
    )


def reporter(case: Case) -> list[Fact]:
    """Return who reported and how to reach them (restricted)."""
    told = case.reporter or {}
    relation = vocabulary.label("relation", told.get("relation", ""), language())
    lines = (
        Fact(_("Name"), told.get("name", "")),
        Fact(_("Relation to the child"), relation),
        Fact(_("Phone"), told.get("phone", ""), phone=True),
        Fact(_("E-mail"), told.get("email", "")),
    )
    return [line for line in lines if line.words]


def consents(case: Case, at: datetime) -> list[ConsentLine]:
    """Return what may be published and where, and whether that still holds (one query)."""
    return [_consent(consent, at) for consent in case.consents.all()]


def _consent(consent: Consent, at: datetime) -> ConsentLine:
    state = "live" if consent.is_live(at) else "over"
    if state == "live" and consent.withdrawal_asked_at:
        state = "asked back"
    return ConsentLine(
        _listed(iter([label(name) for name in consent.fields])),
        _listed(channel_name(channel) for channel in consent.channels),
        vocabulary.label("relation", consent.relation, language()),
        consent.given_at,
        state,
    )
