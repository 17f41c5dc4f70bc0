"""What the page of a case shows of the call back and of the places to check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases import checking, sightings, verification
from cases import spots as where
from cases.admin.checking import FoundForm
from cases.admin.verification import CallBackForm, OverrideForm
from cases.models import CallBack, Case, PlaceCheck, Sighting, VerificationOverride
from cases.sheet import checks, lines, seen
from cases.sheet.rows import Rows
from cases.sheet.sources import Reader
from cases.sheet.words import RESTRICTED
from cases.spots import Spot
from trust.models import Officer


@dataclass(frozen=True)
class Acts:
    """Hold what officers did on the case: calls back, overrides of the gate, checks, sightings."""

    tried: list[CallBack]
    passed: list[VerificationOverride]
    made: list[PlaceCheck]
    sighted: list[Sighting]


def read(case: Case) -> Acts:
    """Return the acts on the case and the reports joined to it (four queries)."""
    made = list(checking.of(case).select_related("officer", "done_by"))
    return Acts(verification.attempts(case), verification.overrides(case), made, sightings.of(case))


def family(case: Case, found: Rows, acts: Acts, reader: Reader, forms: Mapping[str, Any]) -> dict[str, Any]:
    """Return the call back: how the case stands, every attempt, and the forms."""
    officer, reads = reader.officer, reader.officer.has_perm(RESTRICTED)
    stands = verification.verdict(case, acts.tried, acts.passed)
    may_act = case.is_open and officer.has_perm(verification.RIGHT)
    shut = case.is_open and stands not in verification.OPENS
    level, word = checks.VERDICTS[stands]
    return {
        "verdict": stands,
        "verdict_level": level,
        "verdict_word": word,
        "is_shut": shut,
        "attempts": [checks.attempt(row, reader, reads=reads) for row in acts.tried],
        "overrides": [checks.override(row, reader, reads=reads) for row in acts.passed],
        "is_overridden": stands == "overridden",
        "call_form": _call_form(case, found, forms) if may_act and reads else None,
        "override_form": _override_form(case, officer, forms) if shut and may_act else None,
    }


def _call_form(case: Case, found: Rows, forms: Mapping[str, Any]) -> CallBackForm:
    consents = [consent for rows in found.consents.values() for consent in rows]
    numbers = verification.numbers_in(found.cases, consents)
    form: CallBackForm = forms.get("call_form") or CallBackForm(case, numbers=numbers)
    return form


def _override_form(case: Case, officer: Officer, forms: Mapping[str, Any]) -> OverrideForm | None:
    if officer.unit_id != case.unit_id:
        return None
    form: OverrideForm = forms.get("override_form") or OverrideForm()
    return form


def places(case: Case, found: Rows, acts: Acts, reader: Reader, forms: Mapping[str, Any]) -> dict[str, Any]:
    """Return the list of places in the order of likelihood, with what was checked (restricted)."""
    if not reader.officer.has_perm(RESTRICTED):
        return {"spots": [], "taken_off": [], "sighted": [], "may_check": False}
    spots = checks.spots(order(case, found, acts, reader), checks.owed_checks(case), reader)
    gone = [line for one in found.cases for line in lines.taken_off(found, one, reader)]
    return {
        "spots": spots,
        "named": sum(len(rows) for rows in found.places.values()),
        "taken_off": gone,
        "sighted": seen.sightings(acts.sighted, reader),
        "sighting_whys": Sighting.Why.choices,
        "may_sight": case.is_open and reader.officer.has_perm(sightings.RIGHT),
        "may_check": case.is_open and reader.officer.has_perm(checking.RIGHT),
        "found_form": forms.get("found_form") or FoundForm(),
        "found_key": forms.get("found_key", ""),
        "last_check": last_check(acts.made),
    }


def order(case: Case, found: Rows, acts: Acts, reader: Reader) -> list[Spot]:
    children = [child for one in found.cases for child in found.children.get(one.pk, ())]
    named = [place for one in found.cases for place in found.places.get(one.pk, ())]
    who = where.situation(case, children, checks.told(found), reader.now, reader.zone)
    return where.order(case, named, who, acts.made, reader.now, acts.sighted)


def last_check(made: list[PlaceCheck]) -> dict[str, Any] | None:
    """Return the newest result, by which the order changed."""
    done = [row for row in made if row.done_at and row.result]
    if not done:
        return None
    newest = max(done, key=_done_at)
    kind = (newest.told or {}).get("kind", "")
    return {"kind": seen.place_kind(kind), "result": newest.get_result_display()}


def _done_at(row: PlaceCheck) -> datetime:
    return row.done_at or row.asked_at
