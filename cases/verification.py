"""Whether somebody spoke with the family, by a call-back or face to face: the gate before a proposal.

Attempts are kept in order and the newest that decided something counts. An override is an act of its own, and
a contradiction that comes later shuts the gate again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.db.models import Q

from cases import vocabulary
from cases.call_back import spoken
from cases.models import CallBack, Case, Consent, FiledHow, MoveRefused, VerificationOverride
from trust import audit, clock
from trust.models import Officer

Verdict = Literal["confirmed", "face_to_face", "overridden", "contradicted", "child_home", "nobody"]
Result = CallBack.Result
RIGHT = "cases.accept_case"
OPENS: frozenset[Verdict] = frozenset({"confirmed", "face_to_face", "overridden"})
# Who speaks for a child: with one of them at the desk the report itself is the talk face to face.
GUARDIANS = frozenset({"mother", "father", "guardian", "foster", "care_home"})
MAX_WORDS = 1000
DOUBT = "contradicted"

audit.declare(
    {
        "case.called_back": "an officer tried to speak with the family; the reason is what came of it",
        "case.verification_overridden": "an officer goes on though nobody verified the case; with the ground",
    }
)


@dataclass(frozen=True)
class Attempt:
    """Hold one call or talk as an officer tells it; number: E.164, empty face to face."""

    result: str
    how: str = CallBack.How.PHONE
    number: str = ""
    relation: str = ""  # a code of the vocabulary: whom the officer spoke with
    proof: str = CallBack.Proof.NONE
    seen: str = ""
    words: str = ""


def stands_in_the_way(case: Case) -> bool:
    """Say whether the case may not be proposed yet, because nobody verified it (two queries)."""
    return verdict(case, attempts(case), overrides(case)) not in OPENS


def verdict(case: Case, tried: Iterable[CallBack], passed: Iterable[VerificationOverride]) -> Verdict:
    """Return how the case stands; tried and passed: its attempts and overrides."""
    rows = list(tried)
    said: list[tuple[datetime, Verdict]] = [(one.at, "overridden") for one in passed]
    said += [(row.at, _VERDICTS[row.result]) for row in rows if row.result in _VERDICTS]
    if said:
        return max(said, key=lambda one: one[0])[1]
    if is_face_to_face(case):
        return "face_to_face"
    return "confirmed" if case.spoken_at and not rows else "nobody"  # spoken with before calls were kept


_VERDICTS: dict[str, Verdict] = {
    Result.CONFIRMED: "confirmed", Result.CONTRADICTED: "contradicted", Result.CHILD_HOME: "child_home",
}  # fmt: skip


def is_face_to_face(case: Case) -> bool:
    """Say whether a guardian stood at the desk when the report was filed."""
    return case.filed_how == FiledHow.PRESENT and (case.reporter or {}).get("relation", "") in GUARDIANS


def spoken_at(case: Case) -> datetime | None:
    """Return when somebody first spoke with the family, at the desk or by telephone."""
    if is_face_to_face(case):
        return min(filter(None, (case.reported_at, case.spoken_at)))
    return case.spoken_at


def attempts(case: Case) -> list[CallBack]:
    """Return every attempt on the case and the reports joined to it, oldest first (one query)."""
    return list(CallBack.objects.filter(_of(case)).select_related("officer"))


def overrides(case: Case) -> list[VerificationOverride]:
    return list(VerificationOverride.objects.filter(_of(case)).select_related("officer"))


def overridden(case: Case) -> VerificationOverride | None:
    """Return the override that alone lets this case be proposed; None where none is needed (two queries)."""
    passed = overrides(case)
    return passed[-1] if passed and verdict(case, attempts(case), passed) == "overridden" else None


def numbers(case: Case) -> list[str]:
    """Return the numbers that the case and the reports joined to it name, the reporters' first."""
    return numbers_in([case, *case.joined], case.consents.all())


def numbers_in(cases: Iterable[Case], consents: Iterable[Consent]) -> list[str]:
    """Return the same of rows at hand."""
    of_reporters = [(one.reporter or {}).get("phone", "") for one in cases]
    of_guardians = [(one.guardian or {}).get("phone", "") for one in consents]
    return list(dict.fromkeys(filter(None, [*of_reporters, *of_guardians])))


def record(case: Case, officer: Officer, told: Attempt) -> CallBack:
    """Keep an attempt; the first one that spoke with the family stamps its clock.

    Raise MoveRefused: no_permission, case_over, unknown_result, whom (confirmed by nobody), no_number.
    """
    _check(officer, told)
    with transaction.atomic():
        held = _open(case)
        row = CallBack(case=held, officer=officer, at=clock.now(), how=told.how, result=told.result)
        row.told = _told(told, is_of_case=told.number in numbers(held))
        row.save(force_insert=True)
        audit.record("case.called_back", held, actor=officer, reason=told.result)
        if told.result in (Result.CONFIRMED, Result.CHILD_HOME):
            spoken(held, officer)
        _doubt(held, told.result)
    case.spoken_at, case.doubts = held.spoken_at, held.doubts
    return row


def override(case: Case, officer: Officer, ground: str, words: str) -> VerificationOverride:
    """Let the case be proposed although nobody verified it; only an officer of its unit may.

    Raise MoveRefused: no_permission, not_of_the_unit, case_over, unknown_ground, no_words, verified_already.
    """
    if not officer.has_perm(RIGHT):
        raise MoveRefused("no_permission", case.reference)
    if ground not in VerificationOverride.Ground.values:
        raise MoveRefused("unknown_ground", case.reference)
    if not words.strip():
        raise MoveRefused("no_words", case.reference)
    with transaction.atomic():
        held = _open(case)
        if officer.unit_id != held.unit_id:
            raise MoveRefused("not_of_the_unit", held.reference)
        if not stands_in_the_way(held):
            raise MoveRefused("verified_already", held.reference)
        row = VerificationOverride(case=held, officer=officer, at=clock.now(), ground=ground)
        row.words = words.strip()[:MAX_WORDS]
        row.save(force_insert=True)
        audit.record("case.verification_overridden", held, actor=officer, reason=ground)
    return row


def _of(case: Case) -> Q:
    return Q(case__in=[case.pk, *(one.pk for one in case.joined)])


def _open(case: Case) -> Case:
    held = Case.hold(case.pk)
    if not held.is_open:
        raise MoveRefused("case_over", held.reference)
    return held


def _check(officer: Officer, told: Attempt) -> None:
    if not officer.has_perm(RIGHT):
        raise MoveRefused("no_permission")
    codes = ((told.how, CallBack.How), (told.proof, CallBack.Proof), (told.seen, CallBack.Seen))
    if told.result not in Result.values or any(code not in listed.values for code, listed in codes):
        raise MoveRefused("unknown_result")
    if told.how == CallBack.How.PHONE and not told.number:
        raise MoveRefused("no_number")
    if told.relation and not vocabulary.has("relation", told.relation):
        raise MoveRefused("whom")
    if told.result == Result.CONFIRMED and not told.relation:
        raise MoveRefused("whom")


def _told(told: Attempt, *, is_of_case: bool) -> dict[str, object]:
    """Return what is sealed; a call that reached nobody was with nobody and showed nothing."""
    said = {"number": told.number, "of_the_case": is_of_case, "words": told.words.strip()[:MAX_WORDS]}
    if told.result == Result.NOT_REACHED:
        return said
    return {**said, "relation": told.relation, "proof": told.proof, "seen": told.seen}


def _doubt(case: Case, result: str) -> None:
    """Raise the doubt with a contradiction; a confirmation after it lays it to rest."""
    doubts = [code for code in case.doubts if code != DOUBT]
    if result == Result.CONTRADICTED:
        doubts.append(DOUBT)
    elif result != Result.CONFIRMED:
        return
    if doubts != case.doubts:
        case.doubts = doubts
        Case.objects.filter(pk=case.pk).update(doubts=doubts)
