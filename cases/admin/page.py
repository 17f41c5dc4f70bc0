"""What the page of a case shows to one officer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases import checking, conflict, doubts, thread, vocabulary
from cases import desk as case_desk
from cases.admin import desk_panels
from cases.admin.desk_panels import Acts
from cases.admin.forms import ConflictForm
from cases.desk import Panel
from cases.models import Case, CaseState, Child, Photo, VoiceNote
from cases.sheet import columns, facts, lines, readers, rows, sources, timeline
from cases.sheet.facts import Group
from cases.sheet.lines import ConsentLine, Contact, PlaceLine
from cases.sheet.rows import Rows
from cases.sheet.sources import Reader, Said
from cases.sheet.timeline import Event
from cases.sheet.words import RESTRICTED, language, may_see_field
from trust import clock, desk
from trust.models import Officer
from trust.roles import Role


@dataclass(frozen=True)
class ChildSheet:
    number: int
    name: str
    photos: tuple[Photo, ...]
    groups: tuple[Group, ...]
    consents: tuple[ConsentLine, ...]

    @property
    def ended(self) -> list[ConsentLine]:
        return [line for line in self.consents if line.state == "over"]


@dataclass(frozen=True)
class Letter:
    """Hold one entry of a thread; voice is set where it was spoken."""

    author: str
    words: str
    hour: str
    voice: VoiceNote | None = None


@dataclass(frozen=True)
class ReportSheet:
    """Hold what one report told: the case's own, or one that was joined to it."""

    case: Case
    source: str
    doubts: tuple[str | Promise, ...]
    voices: tuple[VoiceNote, ...]  # those that answer the first screen
    children: tuple[ChildSheet, ...]
    groups: tuple[Group, ...]
    places: tuple[PlaceLine, ...]
    place_voices: tuple[VoiceNote, ...]
    contacts: tuple[Contact, ...]
    contacts_before: tuple[Said, ...]
    thread: tuple[Letter, ...]

    @property
    def is_spoken(self) -> bool:
        """Say whether something is known by voice alone."""
        told = [*self.groups, *(group for child in self.children for group in child.groups)]
        return any(fact.voices and not fact.said for group in told for fact in group.facts)


def page(case: Case, officer: Officer, forms: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the context of the page (about thirty-five queries, whatever the case holds).

    forms: those that were not filled in well, by the name they have on the page.
    """
    if officer.unit_id == case.unit_id:
        officer.unit = case.unit  # its agency is here already
    now, zone = clock.now(), desk.zone_of(officer)
    reader = Reader(officer, zone, now)
    found, shown = rows.read(case, officer), case_desk.panels(case, officer)
    acts = desk_panels.read(case)
    sheets = [report_sheet(one, found, reader) for one in found.cases]
    return {
        "title": _("Case %(reference)s") % {"reference": case.reference},
        "case": case,
        "who": [_who(child, case) for child in found.children.get(case.pk, ())],
        "last_seen_words": case.last_seen_words or "",
        "report": sheets[0],
        "joined": sheets[1:],
        "clocks": _clocks(case, shown, acts, reader),
        "last_seen_shown": desk.moment(case.last_seen_at, zone),
        "zone": zone.key,
        "map": case_desk.last_seen_map(case, acts.sighted if officer.has_perm(RESTRICTED) else ()),
        "restricted": officer.has_perm(RESTRICTED),
        "twins": lines.twins(found, reader),
        "panels": shown,
        "outcome": vocabulary.label("outcome", case.outcome, language()),
        "readers": readers.readers(found.cases, reader),
        "timeline": _timeline(case, found, acts, shown, reader),
        **desk_panels.family(case, found, acts, reader, forms or {}),
        **desk_panels.places(case, found, acts, reader, forms or {}),
        **_conflict(case, officer),
        **_may(case, officer),
    }


def _who(child: Child, case: Case) -> dict[str, Any]:
    """Return in a line who is missing: it stands above everything else."""
    age = columns.age(child, case)
    said = [vocabulary.label("sex", child.sex, language()), _("Age: %(age)s") % {"age": age} if age else ""]
    return {"name": child.name(language()), "words": [word for word in said if word]}


def _clocks(case: Case, shown: list[Panel], acts: Acts, reader: Reader) -> list[dict[str, Any]]:
    return [
        {
            "name": line.name,
            "at": line.at,
            "shown": desk.moment(line.at, reader.zone),
            "late": line.late,
            "took": case_desk.duration(line.took),
        }
        for line in case_desk.clocks(case, shown, checking.first_checked_at(acts.made), reader.now)
    ]


def _timeline(
    case: Case, found: Rows, acts: Acts, shown: list[Panel], reader: Reader
) -> list[dict[str, str]]:
    above = [event for panel in shown for event in panel.events]
    events = timeline.of(case, found, acts.tried, acts.passed, acts.made, [*above, *_sighted(acts)])
    return [{"hour": reader.hour(event.at), "words": event.words, "by": event.by} for event in events]


def _sighted(acts: Acts) -> list[Event]:
    """Return when sightings came in and were taken back; never where."""
    came = [Event(one.added_at, _("The child was seen"), str(one.added_by)) for one in acts.sighted]
    gone = [
        Event(one.withdrawn_at, _("A sighting was taken back"), str(one.withdrawn_by))
        for one in acts.sighted
        if one.withdrawn_at
    ]
    return [*came, *gone]


def report_sheet(case: Case, found: Rows, reader: Reader) -> ReportSheet:
    children, reads = found.children.get(case.pk, []), reader.officer.has_perm(RESTRICTED)
    voices = [v for v in found.voices.get(case.pk, ()) if may_see_field(reader.officer, v.field)]
    return ReportSheet(
        case,
        sources.of_report(case, reader),
        tuple(doubts.SAID[code] for code in case.doubts if code in doubts.SAID),
        tuple(voice for voice in voices if voice.field == "start"),
        tuple(_child(number, child, case, found, reader) for number, child in enumerate(children, 1)),
        tuple(facts.of_case(found, case, reader)),
        tuple(lines.places(found, case, reader)),
        tuple(voice for voice in voices if voice.field == "places"),
        tuple(lines.contacts(case)) if reads else (),
        facts.reporter_before(found, case, reader) if reads else (),
        tuple(_letters(case, found, voices, reader)),
    )


def _child(number: int, child: Child, case: Case, found: Rows, reader: Reader) -> ChildSheet:
    return ChildSheet(
        number,
        child.name(language()),
        tuple(found.photos.get(child.pk, ())),
        tuple(facts.of_child(found, case, child, reader)),
        tuple(lines.consents(found, child, reader)),
    )


def _letters(case: Case, found: Rows, voices: list[VoiceNote], reader: Reader) -> list[Letter]:
    """Return what was written and spoken in the thread, oldest first."""
    written = [
        (entry.at, Letter(entry.author, thread.words(entry), reader.hour(entry.at)))
        for entry in found.thread.get(case.pk, ())
    ]
    spoken = [
        (voice.added_at, Letter("family", "", reader.hour(voice.added_at), voice))
        for voice in voices
        if voice.field == "thread"
    ]
    return [letter for _at, letter in sorted([*written, *spoken], key=lambda line: line[0])]


def _conflict(case: Case, officer: Officer) -> dict[str, Any]:
    may_raise = case.is_open and not case.conflict and officer.has_perm("cases.change_case")
    return {
        "conflict_ground": _ground(case) if officer.has_perm(RESTRICTED) else "",
        "conflict_form": ConflictForm() if may_raise else None,
        "decisions": conflict.decisions(case) if officer.has_perm(RESTRICTED) else [],
        "may_settle": case.conflict and officer.has_role(Role.APPROVER),
    }


def _ground(case: Case) -> str:
    return vocabulary.label("conflict_ground", case.conflict_ground or "", language())


def _may(case: Case, officer: Officer) -> dict[str, bool]:
    """Return which buttons the officer finds."""
    accepts, is_worked_on = officer.has_perm("cases.accept_case"), case.is_open
    return {
        "may_accept": case.state == CaseState.RECEIVED and accepts,
        "may_open": case.state == CaseState.REVIEW and accepts,
        "may_close": case.state in (CaseState.REVIEW, CaseState.OPEN)
        and officer.has_perm("cases.close_case"),
        "may_write": is_worked_on and not case.is_withheld and officer.has_perm("cases.change_case"),
        "may_tell": is_worked_on and officer.has_perm("cases.add_case"),
        "may_renew": case.state != CaseState.ERASED and officer.has_perm("cases.change_case"),
        "may_decide": is_worked_on and officer.has_perm("cases.join_case"),
    }
