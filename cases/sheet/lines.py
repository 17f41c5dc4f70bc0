"""The lists on the page of a case: places, who reported, consents, resemblances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import vocabulary
from cases.models import Amendment, Case, Child, Consent, Place, Resemblance
from cases.sheet import sources, words
from cases.sheet.rows import Rows
from cases.sheet.sources import Reader
from cases.sheet.words import channel_name, isolated, label, language, listed

REASONS: Mapping[str, Promise] = {
    "same_name": gettext_lazy("the same name"),
    "name_sounds_alike": gettext_lazy("a name that sounds alike, or is written in the other script"),
    "other_given_name": gettext_lazy("another first name"),
    "same_phone": gettext_lazy("the same phone of the family"),
    "same_age": gettext_lazy("the same age"),
    "age_close": gettext_lazy("an age within two years"),
    "age_far": gettext_lazy("an age far apart"),
    "near_place": gettext_lazy("last seen near the same place"),
    "same_hours": gettext_lazy("last seen at about the same hours"),
    "other_sex": gettext_lazy("one is a girl, the other a boy"),
}
AGAINST = frozenset({"other_given_name", "age_far", "other_sex"})


@dataclass(frozen=True)
class PlaceLine:
    kind: str
    words: str
    notes: tuple[str, ...]
    phone: str
    added: str


@dataclass(frozen=True)
class Contact:
    label: str
    words: str
    phone: bool = False


@dataclass(frozen=True)
class ConsentLine:
    """Hold one yes or no of a guardian; state: live, asked back, over, refused."""

    state: str
    who: str
    authority: str
    how: str
    given: str
    entered: str
    witness: str
    fields: str
    channels: str
    until: str


@dataclass(frozen=True)
class Twin:
    """Hold a case that looks like this one.

    other is None where it lies outside the officer's scope: then only whom to call is known. unit is ""
    where it lies with another force.
    """

    pk: UUID
    other: Case | None
    unit: str
    phone: str
    band: str
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    verdict: str
    children: tuple[str, ...] = ()


def places(rows: Rows, case: Case, reader: Reader) -> list[PlaceLine]:
    """Return the places a child goes to, in the family's order (restricted)."""
    told = [place_line(place, reader) for place in rows.places.get(case.pk, ())]
    if not words.may_see(reader.officer, "restricted"):
        return told
    return [*told, *taken_off(rows, case, reader)]


def taken_off(rows: Rows, case: Case, reader: Reader) -> list[PlaceLine]:
    """Return the places that were taken off the list: who did so may not want them searched."""
    gone = (change for change in rows.amendments.get(case.pk, ()) if change.field == "places")
    return [_taken_off(change, reader) for change in gone]


def _taken_off(change: Amendment, reader: Reader) -> PlaceLine:
    held = change.before or {}
    kind = vocabulary.label("place_kind", held.get("kind", ""), language())
    told = held.get("details") or {}
    notes = (isolated(str(told.get("person") or "")), _("taken back"), sources.of_amendment(change, reader))
    return PlaceLine(
        kind, held.get("words") or "", tuple(filter(None, notes)), str(told.get("phone") or ""), ""
    )


def place_line(place: Place, reader: Reader) -> PlaceLine:
    """Return a named place in words."""
    told = place.details or {}
    notes = (
        isolated(str(told.get("person") or "")),
        _when(told),
        _("with %(who)s") % {"who": isolated(str(told["with"]))} if told.get("with") else "",
        _("found there before") if told.get("found_before") in (True, "yes") else "",
        place.note or "",
        _accuracy(place),
    )
    kind = vocabulary.label("place_kind", place.kind or "", language())
    added = reader.hour(place.added_at) if place.added_at else ""
    return PlaceLine(kind, place.words or "", tuple(filter(None, notes)), str(told.get("phone") or ""), added)


def _when(told: Mapping[str, Any]) -> str:
    """Return how often, on which days and when in the day, as far as it was said."""
    days = told.get("days") or []
    said = [
        _word("often", told.get("often")),
        *(_word("weekday", day) for day in ([days] if isinstance(days, str) else days)),
        _word("day_part", told.get("part")),
    ]
    return listed(said)


def _word(name: str, code: object) -> str:
    """Return the word of a code, or what was typed in its stead."""
    return vocabulary.label(name, code, language()) or code if isinstance(code, str) else ""


def _accuracy(place: Place) -> str:
    if place.point is None:
        return _("words only, no point on the map")
    return _("within %(metres)s m") % {"metres": place.error_m} if place.error_m else ""


def contacts(case: Case) -> list[Contact]:
    """Return who reported and how to reach them (restricted)."""
    told = case.reporter or {}
    relation = vocabulary.label("relation", told.get("relation", ""), language())
    lines = (
        Contact(_("Name"), told.get("name", "")),
        Contact(_("Relation to the child"), relation),
        Contact(_("Phone"), told.get("phone", ""), phone=True),
        Contact(_("E-mail"), told.get("email", "")),
        Contact(_("Identity document"), told.get("document", "")),
    )
    return [line for line in lines if line.words]


def consents(rows: Rows, child: Child, reader: Reader) -> list[ConsentLine]:
    """Return every yes and no about the child, the newest first."""
    return [_consent(consent, reader) for consent in reversed(rows.consents.get(child.pk, []))]


def _consent(consent: Consent, reader: Reader) -> ConsentLine:
    reads = reader.officer.has_perm(words.RESTRICTED)
    guardian = (consent.guardian or {}) if reads else {}
    relation = vocabulary.label("relation", consent.relation, language())
    how = str(Consent.How(consent.how).label)
    return ConsentLine(
        _state(consent, reader),
        listed((isolated(guardian.get("name", "")), relation)),
        vocabulary.label("authority", consent.authority, language()),
        f"{how} ({consent.heard_by})" if consent.heard_by else how,
        reader.hour(consent.given_at),
        reader.hour(consent.entered_at) if consent.entered_at else "",
        isolated(consent.witness or "") if reads else "",
        listed(label(name) for name in consent.fields),
        listed(channel_name(channel) for channel in consent.channels),
        reader.hour(consent.until) if consent.until else "",
    )


def _state(consent: Consent, reader: Reader) -> str:
    if not consent.is_live(reader.now):
        return "over"
    if consent.is_refusal:
        return "refused"
    return "asked back" if consent.withdrawal_asked_at else "live"


def twins(file: Rows, reader: Reader) -> list[Twin]:
    """Return the cases that look like it and are not joined to it, undecided first (up to three queries)."""
    case, joined = file.cases[0], [other.pk for other in file.cases[1:]]
    found = Resemblance.objects.filter(Q(case=case) | Q(other=case))
    apart = found.exclude(case__in=joined).exclude(other__in=joined) if joined else found
    rows = list(apart.select_related("case__unit__agency", "other__unit__agency"))
    if not rows:
        return []
    others = {row.pk: row.other if row.case_id == case.pk else row.case for row in rows}
    scope = Case.objects.for_officer(reader.officer).filter(pk__in=[other.pk for other in others.values()])
    seen = set(scope.values_list("pk", flat=True))
    names = _names(seen)
    rows.sort(key=lambda row: (row.verdict != "", -row.score))
    return [
        _twin(row, others[row.pk], names.get(others[row.pk].pk, ()))
        if others[row.pk].pk in seen
        else _elsewhere(row, others[row.pk], case)
        for row in rows
    ]


def _twin(row: Resemblance, other: Case, children: tuple[str, ...]) -> Twin:
    return Twin(
        row.pk, other, str(other.unit), _phone(other), row.band, reasons(row), against(row), row.verdict,
        children,
    )  # fmt: skip


def _elsewhere(row: Resemblance, other: Case, case: Case) -> Twin:
    """Return whom to call about a report the officer may not open, and nothing of what it says."""
    unit = str(other.unit) if other.unit.agency_id == case.unit.agency_id else ""
    return Twin(row.pk, None, unit, _phone(other), row.band, (), (), row.verdict)


def _phone(case: Case) -> str:
    return case.unit.phone or case.unit.agency.phone


def reasons(row: Resemblance) -> tuple[str, ...]:
    """Return what speaks for one child, in words."""
    return tuple(str(REASONS[code]) for code in row.reasons if code in REASONS and code not in AGAINST)


def against(row: Resemblance) -> tuple[str, ...]:
    return tuple(str(REASONS[code]) for code in row.reasons if code in AGAINST)


def _names(cases: set[UUID]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    for child in Child.objects.filter(case__in=cases).select_related("case"):
        age = child.age_at(child.case.last_seen_at)
        called = listed((isolated(child.name(language())), "" if age is None else str(age)))
        found[child.case_id] = (*found.get(child.case_id, ()), called)
    return found


def report_line(case: Case, reader: Reader) -> str:
    """Return how and when the report came, and who typed it."""
    return sources.of_report(case, reader)
