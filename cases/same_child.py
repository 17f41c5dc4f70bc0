"""The same child reported twice: look for it, join the reports, or say that they are of two children."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Count, Q, QuerySet

from cases import conflict
from cases.adopt import adopt
from cases.found import matching
from cases.models import Case, CaseState, Child, Consent, MoveRefused, NameToken, Resemblance
from cases.resembling import Resemblance as Likeness
from cases.resembling import Seen, resemble
from cases.seen import seen
from cases.thread import say
from trust import audit, clock, keys, vault
from trust.models import Officer, Task

logger = logging.getLogger(__name__)

TASK = "same_child"
DECIDE_WITHIN = timedelta(minutes=30)
# The screens that tell what is compared, with other reports or with found children.
COMPARED = frozenset({"child", "you", "phones", "looks", "clothes", "last_seen"})
FRESH = timedelta(minutes=5)  # two reports sent at one moment may not have seen each other
CANDIDATES = 50  # reports that share a word, a sound or a phone, those that share most first
IN_WORK = (CaseState.RECEIVED, CaseState.REVIEW, CaseState.OPEN)


def look_for(case: Case) -> list[Resemblance]:
    """Return the open cases that look like this one, stored with band, score and reasons; best first.

    About nine queries, and one a pair that is found. What an officer has decided stays decided.
    """
    standing = case.standing
    if not standing.is_open:
        return []
    own = [standing.pk, *(row.pk for row in standing.joined)]
    others = _candidates(own)
    told = seen([*own, *others])
    mine = [child for pk in own for child in told.get(pk, ())]
    found: dict[UUID, Likeness] = {}
    for pk, other in others.items():
        best = _best(mine, told.get(pk, []))
        if best.band and (other.pk not in found or found[other.pk].score < best.score):
            found[other.pk] = best
    with transaction.atomic():
        return _store(standing, {other.pk: other for other in others.values()}, found)


def look_safely(case: Case) -> None:
    """Look for it within a report's own transaction, which no fault of another case's data may undo.

    Found children whom nobody has reported are compared right after it.
    """
    matching.look_safely(case)
    look_for_safely(case)


def look_for_safely(case: Case) -> None:
    """Look for the same child among reports; a fault of another case's data is logged and costs nothing."""
    try:
        with transaction.atomic():
            look_for(case)
    except (keys.SealBroken, DatabaseError, ValueError) as fault:
        logger.error("same child: a report could not be compared (%s)", type(fault).__name__)


def look_again() -> int:
    """Look once more for what came in the last minutes; return how many reports were looked at.

    Of two reports stored in the same moment each may have looked before the other was there. A look a report,
    and finding again what is known changes nothing.
    """
    fresh = Case.objects.filter(received_at__gt=clock.now() - FRESH, state__in=IN_WORK, merged_into=None)
    looked = 0
    for case in fresh.order_by("received_at")[:CANDIDATES]:
        look_for_safely(case)
        looked += 1
    return looked


def different(resemblance: Resemblance, officer: Officer) -> None:
    """Say that the two cases are of two children; they are not shown as one again."""
    _decide(resemblance, officer, Resemblance.Verdict.DIFFERENT)


def merge(case: Case, into: Case, officer: Officer, children: Mapping[UUID, UUID | None]) -> None:
    """Join a report to another of the same child; both keep their key, their facts and their thread.

    children: each child of `case` -> the same child of `into`, or None for one that `into` does not know
    yet, which is copied there. Consents then count for the child of `into`. Raise MoveRefused: same_case,
    other_force (each answers for its own reports), moved_meanwhile, no_such_move (not both in work),
    alert_lives (on `case`: end it, or join the other way round), wrong_children.
    """
    if case.pk == into.pk:
        raise MoveRefused("same_case", case.reference)
    files: list[str] = []
    try:
        with transaction.atomic():
            joined, standing = _held(case, into)
            _join_children(joined, standing, children, files)
            _join(joined, standing, officer)
    except BaseException:
        for name in files:
            vault.delete(name)
        raise
    case.state, case.merged_into, case.merged_at = joined.state, standing, joined.merged_at


def _held(case: Case, into: Case) -> tuple[Case, Case]:
    """Lock both, always in one order: of two officers who join them crosswise one comes first."""
    rows = Case.objects.select_for_update().order_by("pk")
    held = {row.pk: row for row in rows.filter(pk__in=(case.pk, into.pk))}
    joined, standing = held[case.pk], held[into.pk]
    if joined.unit.agency_id != standing.unit.agency_id:
        raise MoveRefused("other_force", joined.reference)
    if not (joined.is_open and standing.is_open):
        raise MoveRefused("no_such_move", f"{joined.state} into {standing.state}")
    if joined.public_since is not None:
        raise MoveRefused("alert_lives", joined.reference)
    return joined, standing


def _join_children(
    joined: Case, standing: Case, children: Mapping[UUID, UUID | None], files: list[str]
) -> None:
    theirs = {child.pk: child for child in standing.children.all()}
    named = [pk for pk in children.values() if pk is not None]
    own = list(joined.children.all())
    if {child.pk for child in own} != set(children) or not set(named) <= set(theirs):
        raise MoveRefused("wrong_children")
    if len(named) != len(set(named)):
        raise MoveRefused("wrong_children", "two children of one report are never the same")
    for child in own:
        same = children[child.pk]
        counted = theirs[same] if same else adopt(child, standing, files)
        Child.objects.filter(pk=child.pk).update(same_as=counted)
        Consent.objects.filter(child=child).update(child=counted)


def _join(joined: Case, standing: Case, officer: Officer) -> None:
    ground = (joined.conflict_ground or "") if joined.conflict else ""
    joined.move(CaseState.MERGED, actor=officer, values={"merged_into": standing})
    audit.record("case.took_in", standing, actor=officer, after=joined.reference)
    say(joined.pk, "merged")
    _hand_over_tasks(joined, standing, officer)
    matching.rehome(joined, standing)
    waiting = _between(joined.pk).filter(verdict=Resemblance.Verdict.OPEN)
    pair = Q(case=standing) | Q(other=standing)
    waiting.exclude(pair).delete()  # found anew below, as like the case that is worked on
    for resemblance in waiting.filter(pair):
        _decide(resemblance, officer, Resemblance.Verdict.SAME)
    if ground:
        conflict.raise_conflict(standing, ground, officer)
    conflict.look(standing)
    look_for(standing)


def _hand_over_tasks(joined: Case, standing: Case, officer: Officer) -> None:
    """Let the unit of the case worked on owe what is open; the report's reference says whose it was."""
    tasks = Task.objects.still_open().filter(subject=joined.pk)
    for task in tasks.filter(kind__in=("new_report", TASK, conflict.TASK)):
        task.finish("merged", by=officer)
    new_home = {"subject": standing.pk, "unit": standing.unit, "owner": standing.owner}
    tasks.filter(detail_code="").update(**new_home, detail_code=joined.reference)
    tasks.update(**new_home)


def _candidates(own: list[UUID]) -> dict[UUID, Case]:
    """Return {report: the case it is worked on as} of reports in work, or joined to one, that share a token.

    Two queries, and one a joined report.
    """
    tokens = list(NameToken.objects.filter(case__in=own).values_list("token", flat=True).distinct())
    shared = NameToken.objects.filter(token__in=tokens).exclude(case__in=own)
    shared = shared.filter(Q(case__state__in=IN_WORK) | Q(case__state=CaseState.MERGED))
    counted = shared.values("case").annotate(
        alike=Count("token", distinct=True), phones=Count("token", filter=Q(kind="phone"))
    )
    nearest = counted.order_by("-phones", "-alike", "-case__received_at").values_list("case", flat=True)
    found = Case.objects.select_related("merged_into").in_bulk(list(nearest[:CANDIDATES]))
    worked_on = {pk: row.standing for pk, row in found.items()}
    return {pk: row for pk, row in worked_on.items() if row.is_open and row.pk not in own}


def _best(mine: list[Seen], theirs: list[Seen]) -> Likeness:
    pairs = [resemble(one, other) for one in mine for other in theirs]
    return max(pairs, key=lambda found: (bool(found.band), found.score), default=Likeness(0.0, "", ()))


def _store(case: Case, others: Mapping[UUID, Case], found: Mapping[UUID, Likeness]) -> list[Resemblance]:
    known = {_other(row, case.pk): row for row in _between(case.pk).select_related("case__unit")}
    rows = {**{pk: _row(case, others[pk]) for pk in found if pk not in known}, **known}
    for pk, row in rows.items():
        if row.verdict != Resemblance.Verdict.OPEN:
            continue
        if pk in found:
            _save(row, found[pk])
        else:
            row.delete()
    for younger in {row.case_id: row.case for row in rows.values()}.values():
        _owe(younger)
    return sorted((rows[pk] for pk in found), key=lambda row: -row.score)


def _save(row: Resemblance, likeness: Likeness) -> None:
    row.band, row.score, row.reasons = likeness.band, likeness.score, list(likeness.reasons)
    row.save()


def _row(case: Case, other: Case) -> Resemblance:
    """Return a new row: the younger case looks like the older."""
    older, younger = sorted((case, other), key=lambda row: row.received_at)
    return Resemblance(case=younger, other=older, found_at=clock.now())


def _between(pk: UUID) -> QuerySet[Resemblance]:
    return Resemblance.objects.filter(Q(case=pk) | Q(other=pk))


def _other(row: Resemblance, pk: UUID) -> UUID:
    return row.other_id if row.case_id == pk else row.case_id


def _decide(resemblance: Resemblance, officer: Officer, verdict: str) -> None:
    with transaction.atomic():
        resemblance.verdict, resemblance.decided_by = verdict, officer
        resemblance.decided_at = clock.now()
        resemblance.save(update_fields=["verdict", "decided_by", "decided_at"])
        audit.record("case.resemblance_decided", resemblance.case, actor=officer, after=verdict)
        _owe(resemblance.case)


def _owe(case: Case) -> None:
    """Have a task open for as long as a probable pair waits for an officer's eye."""
    waiting = Resemblance.objects.filter(case=case, band="probable", verdict=Resemblance.Verdict.OPEN)
    if waiting.exists():
        Task.open(
            TASK, case.pk, subject_kind="case", unit=case.unit, owner=case.owner,
            due_at=clock.now() + DECIDE_WITHIN,
        )  # fmt: skip
        return
    for task in Task.objects.still_open().filter(kind=TASK, subject=case.pk):
        task.finish("decided")
