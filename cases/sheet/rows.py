"""The rows of a case file and of the reports that were joined to it, each kind read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from cases.fields import FIELDS, GROUPS
from cases.models import Amendment, Case, Child, Consent, Facts, Photo, Place, ThreadEntry, VoiceNote
from cases.sheet.words import may_see
from trust.models import Officer
from trust.models.audit import AuditEntry

Entries = Mapping[str, list[dict[str, Any]]]
WRITTEN_WITHIN = timedelta(seconds=30)  # from the hour of an entry to its line in the log, one transaction


@dataclass(frozen=True)
class Rows:
    """Hold everything by the case or child it belongs to; the cases are the one opened, then those joined."""

    cases: tuple[Case, ...]
    children: Mapping[UUID, list[Child]]
    entries: Mapping[UUID, Entries]  # by child, or by case for what was told once
    photos: Mapping[UUID, list[Photo]]
    places: Mapping[UUID, list[Place]]
    consents: Mapping[UUID, list[Consent]]  # by child
    voices: Mapping[UUID, list[VoiceNote]]  # by case
    amendments: Mapping[UUID, list[Amendment]]  # by child, or by case
    thread: Mapping[UUID, list[ThreadEntry]]
    typists: Typists


@dataclass(frozen=True)
class Typists:
    """Say which officer typed an entry, from the log: documents do not name officers."""

    acts: Mapping[UUID, list[tuple[datetime, str]]]  # by case, oldest first

    def name(self, case: UUID, at: datetime) -> str:
        """Return who wrote on the case at that time; "" where the log no longer holds it."""
        for written, typist in self.acts.get(case, ()):
            if at <= written:
                return typist if written - at <= WRITTEN_WITHIN else ""
        return ""


def read(case: Case, officer: Officer) -> Rows:
    """Return what this officer may see of the case (about twelve queries, and one a case for its key)."""
    return of((case, *joined(case)), officer)


def of(cases: tuple[Case, ...], officer: Officer) -> Rows:
    """Return the same of cases that are at hand."""
    keys = [one.pk for one in cases]
    visible = [group for group in GROUPS if _is_visible(group, officer)]
    sheets = Facts.objects.filter(case__in=keys, group__in=visible)
    entries: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for sheet in sheets:
        entries[sheet.child_id or sheet.case_id].update(sheet.entries or {})
    children = list(Child.objects.filter(case__in=keys))
    return Rows(
        cases,
        _by("case_id", children),
        entries,
        _by("child_id", Photo.objects.filter(child__case__in=keys).select_related("child")),
        _by("case_id", Place.objects.filter(case__in=keys)) if may_see(officer, "restricted") else {},
        _by("child_id", Consent.objects.filter(case__in=keys).select_related("heard_by")),
        _by("case_id", VoiceNote.objects.filter(case__in=keys)),
        _of_child_or_case(Amendment.objects.filter(case__in=keys).select_related("officer")),
        _by("subject", ThreadEntry.objects.filter(subject__in=keys)),
        _typists(cases),
    )


def joined(case: Case) -> list[Case]:
    """Return every report that was joined to the case, also by way of another (one query as a rule)."""
    near = Q(merged_into=case) | Q(merged_into__merged_into=case)
    found = list(Case.objects.filter(near).select_related("filed_by"))
    far = [one for one in found if one.merged_into_id != case.pk]
    return [*found, *(further for one in far for further in one.joined)]


def _is_visible(group: str, officer: Officer) -> bool:
    return any(may_see(officer, f.data_class) for f in FIELDS.values() if f.group == group)


def _by(name: str, rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _of_child_or_case(rows: Iterable[Amendment]) -> dict[UUID, list[Amendment]]:
    found: dict[UUID, list[Amendment]] = defaultdict(list)
    for row in rows:
        found[row.child_id or row.case_id].append(row)
    return found


def _typists(cases: tuple[Case, ...]) -> Typists:
    """Return who told of these cases (one query)."""
    told = AuditEntry.objects.filter(
        subject__in=[case.pk for case in cases],
        action__in=("case.told", "case.received"),
        actor__isnull=False,
    )
    named = told.annotate(
        typist=Subquery(Officer.objects.filter(pk=OuterRef("actor")).values("display_name")[:1])
    )
    acts: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
    for subject, at, typist in named.order_by("id").values_list("subject", "at", "typist"):
        if subject:
            acts[subject].append((at, typist or ""))
    return Typists(acts)
