"""The country's checklist held against a case, in the reader's words. Advice: a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from alerts import criteria
from alerts.criteria import ADULT, Judged, Known
from alerts.criteria_words import ASK, REASONS, VERDICTS
from cases import checking, verification
from cases.models import Case, Child, Facts, Photo
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


@dataclass(frozen=True)
class Sheet:
    """Hold the checklist of one child; name is "" where there is only one."""

    name: str
    lines: tuple[Line, ...]


def checklists(case: Case, officer: Officer, at: datetime | None = None) -> list[Sheet]:
    """Return each child's checklist, the most urgent first, for who may read what it is computed from.

    Some seven queries, whatever the number of children.
    """
    if not officer.has_perm(RESTRICTED):
        return []
    language = (get_language() or "en").split("-")[0]
    weighed = weigh(case, at or clock.now())
    return [
        Sheet(child.name(language) if child and len(weighed) > 1 else "", tuple(_lines(judged, language)))
        for child, judged in weighed
    ]


def checklist(case: Case, officer: Officer) -> list[Line]:
    """Return the lines of the child for whom most speaks; nothing for who may not read them."""
    sheets = checklists(case, officer)
    return list(sheets[0].lines) if sheets else []


def judge(case: Case, at: datetime) -> tuple[Judged, ...]:
    """Return the verdicts on the child for whom most speaks."""
    return weigh(case, at)[0][1]


def weigh(case: Case, at: datetime) -> list[tuple[Child | None, tuple[Judged, ...]]]:
    """Return the verdicts on every child, the most urgent first: most for an alert, then the youngest."""
    codes = [item.code for item in settings.COUNTRY.criteria]
    children: list[Child | None] = list(case.children.all()) or [None]
    known = _known(case, children, at)
    weighed = [(child, one, criteria.judge(codes, one)) for child, one in zip(children, known, strict=True)]
    weighed.sort(key=lambda line: (*_urgency(line[2]), ADULT if line[1].age is None else line[1].age))
    return [(child, judged) for child, _one, judged in weighed]


def _urgency(judged: tuple[Judged, ...]) -> tuple[int, int, int]:
    verdicts = [line.verdict for line in judged]
    reasons = sum(len(line.speaks_for) for line in judged)
    return -verdicts.count("yes"), verdicts.count("no"), -reasons


def _known(case: Case, children: list[Child | None], at: datetime) -> list[Known]:
    sheets = list(case.sheets.all())
    places = len(case.places.all())
    given = len(checking.places_given(case))
    shown = set(Photo.objects.filter(child__case=case).values_list("child", flat=True))
    return [
        _of_child(
            case,
            child,
            _told(sheets, child),
            (places, given),
            at,
            has_photo=child is not None and child.pk in shown,
        )
        for child in children
    ]


def _of_child(
    case: Case, child: Child | None, told: dict[str, Any], places: tuple[int, int], at: datetime,
    *, has_photo: bool,
) -> Known:  # fmt: skip
    """places: how many are named, and how many of them somebody checked or is to check."""
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
        has_photo=has_photo,
        described=sum(bool(told.get(name)) for name in LOOKS),
        has_place=case.last_seen_point is not None or bool(case.last_seen_region),
        has_direction=_said(told.get("direction")) not in ("", "unknown"),
        spoken=verification.spoken_at(case) is not None,
        relation=(case.reporter or {}).get("relation", ""),
        places_named=places[0],
        places_given=places[1],
        custody=_said(told.get("custody")),
        conflict=case.conflict,
        accepted=case.accepted_at is not None,
        hours_missing=(at - case.last_seen_at).total_seconds() / 3600 if case.last_seen_at else None,
    )


def _told(sheets: list[Facts], child: Child | None) -> dict[str, Any]:
    """Return the newest value of each field of the case and of the child."""
    own = [sheet for sheet in sheets if sheet.child_id in (None, child.pk if child else None)]
    return {name: rows[-1]["value"] for sheet in own for name, rows in (sheet.entries or {}).items() if rows}


def _lines(judged: tuple[Judged, ...], language: str) -> Iterator[Line]:
    by_code = {line.code: line for line in judged}
    for item in settings.COUNTRY.criteria:
        question = item.questions.get(language, item.questions["en"])
        yield _line(question, item.source, by_code[item.code])


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
