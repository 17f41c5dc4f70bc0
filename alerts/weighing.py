"""The country's checklist held against a case, in the reader's words. Advice: a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from alerts import criteria
from alerts.criteria import Judged, Known
from alerts.criteria_words import ASK, REASONS, VERDICTS
from cases.models import Case, Child
from trust import clock
from trust.models import Officer

RESTRICTED = "cases.view_restricted"
LOOKS = ("height", "weight", "build", "hair", "eyes", "marks", "clothing", "carried")


@dataclass(frozen=True)
class Line:
    """Hold one question as the page shows it."""

    question: str
    source: str
    verdict: str  # yes, no, unknown
    verdict_word: str
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]
    ask: tuple[str, ...]


def checklist(case: Case, officer: Officer) -> list[Line]:
    """Return the checklist for who may read what it is computed from, else nothing (some five queries)."""
    if not officer.has_perm(RESTRICTED):
        return []
    language = (get_language() or "en").split("-")[0]
    judged = {line.code: line for line in judge(case, clock.now())}
    return [
        _line(item.questions.get(language, item.questions["en"]), item.source, judged[item.code])
        for item in settings.COUNTRY.criteria
    ]


def judge(case: Case, at: datetime) -> tuple[Judged, ...]:
    return criteria.judge([item.code for item in settings.COUNTRY.criteria], known(case, at))


def known(case: Case, at: datetime) -> Known:
    """Return what the case says; of several children the first one's."""
    child = case.children.first()
    told = _told(case, child)
    places = list(case.places.all())
    return Known(
        age=child.age_at(at) if child else None,
        category=case.category,
        companions=_set(told.get("companion")) - {"unknown"},
        threat=_said(told.get("threat")),
        has_vehicle=bool(told.get("vehicle_kind") or told.get("vehicle_note")),
        note_left=_said(told.get("note_left")),
        health=_set(told.get("health_now")) | _set(told.get("disability")),
        medicine_h=told.get("medicine_hours"),
        worries=_set(told.get("worry")),
        has_photo=bool(child and child.photo),
        described=sum(bool(told.get(name)) for name in LOOKS),
        has_place=case.last_seen_point is not None or bool(case.last_seen_region),
        has_direction=_said(told.get("direction")) not in ("", "unknown"),
        spoken=case.spoken_at is not None,
        relation=(case.reporter or {}).get("relation", ""),
        places_named=len(places),
        places_given=0,
        custody=_said(told.get("custody")),
        conflict=case.conflict,
        accepted=case.accepted_at is not None,
        hours_missing=(at - case.last_seen_at).total_seconds() / 3600 if case.last_seen_at else None,
    )


def _told(case: Case, child: Child | None) -> dict[str, Any]:
    """Return the newest value of each field of the case and of the child."""
    sheets = [sheet for sheet in case.sheets.all() if sheet.child_id in (None, child.pk if child else None)]
    return {
        name: rows[-1]["value"] for sheet in sheets for name, rows in (sheet.entries or {}).items() if rows
    }


def _set(value: Any) -> frozenset[str]:
    return frozenset(value) - {"none"} if isinstance(value, list) else frozenset()


def _said(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _line(question: str, source: str, judged: Judged) -> Line:
    return Line(
        question,
        source,
        judged.verdict,
        str(VERDICTS[judged.verdict]),
        tuple(str(REASONS[code]) for code in judged.speaks_for),
        tuple(str(REASONS[code]) for code in judged.against),
        tuple(str(ASK[code]) for code in judged.ask),
    )
