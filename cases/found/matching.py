"""Compare found children with the open reports of the whole country, in both directions.

A system act: it reads every unit's reports, and tells an officer of another unit only that there is one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import page
from cases.found.likeness import Found, Match, compare
from cases.models import Case, CaseState, FoundChild, FoundMatch, FoundState, FoundToken, NameToken
from cases.seen import seen, several
from trust import audit, clock, duty, keys
from trust.models import Task

logger = logging.getLogger(__name__)

TASK = "found_match"
CHILD = "found_child_match"  # the same, said to the unit that holds the child
LOOK_WITHIN = timedelta(minutes=30)
LEFT_AFTER = timedelta(seconds=30)  # then an act's own look is given up for dead
AGAIN_AFTER = timedelta(minutes=15)  # after a look that a damaged file ended
LEFT_AT_ONCE = 20
AT_ONCE = 500  # reports opened at a time
OFFERED = 5  # that are only possible, of one child or one report: the best
GROUPS = ("identity", "looks", "clothing", "last_seen")
IN_WORK = (CaseState.RECEIVED, CaseState.REVIEW, CaseState.OPEN)
MONTHS = 12

Pair = tuple[FoundChild, Case]
Best = tuple[Match, UUID | None]  # and which child of the report

Task.ENDED_BY_AN_ACT.add(TASK)
page.SAID[TASK] = _("A child was found who may be the one of this case: compare them")
page.SAID[CHILD] = _("A report may be of this found child: compare them")
audit.declare({"found.matched": "a found child and an open report may be of one child; after is the band"})


def look_among_reports(found: FoundChild) -> list[FoundMatch]:
    """Compare a found child with every open report; return what waits for a decision, the best first.

    About ten queries, eight more each AT_ONCE reports, and six a new match.
    """
    if not found.is_open:
        return []
    mine, best = known(found), dict[UUID, tuple[Case, Best]]()
    for reports in _in_parts(_reports(found)):
        told = seen(reports, GROUPS)
        for pk, case in reports.items():
            for one in told.get(pk, ()):
                match = compare(mine, one)
                if match.band and (case.pk not in best or best[case.pk][1][0].score < match.score):
                    best[case.pk] = case, (match, one.child)
    pairs = [((found, case), matched) for case, matched in best.values()]
    return _store(pairs, FoundMatch.objects.filter(found=found))


def look_among_found(case: Case) -> list[FoundMatch]:
    """Compare a report, with all that was joined to it, with every found child nobody was found for."""
    standing = case.standing
    if not standing.is_open:
        return []
    waiting = list(FoundChild.objects.filter(state=FoundState.OPEN).select_related("unit"))
    if not waiting:
        return []
    own = [standing.pk, *(row.pk for row in standing.joined)]
    children = [one for told in seen(own, GROUPS).values() for one in told]
    pairs: list[tuple[Pair, Best]] = []
    for found in waiting:
        mine = known(found)
        rated: list[Best] = [(compare(mine, one), one.child) for one in children]
        match, child = max(rated, key=lambda best: best[0].score, default=(Match(0.0, ""), None))
        if match.band:
            pairs.append(((found, standing), (match, child)))
    return _store(pairs, FoundMatch.objects.filter(case=standing))


def look_safely(row: FoundChild | Case) -> None:
    """Look once what is told is committed, so that of two acts at one time the later sees the other.

    No fault in another file's data may undo the act. What dies between the two is left for look_left().
    """
    due_at = clock.now() + LEFT_AFTER
    type(row).objects.filter(pk=row.pk).update(compare_due_at=due_at)
    transaction.on_commit(lambda: _look(row, due_at), robust=True)


def look_left() -> int:
    """Look for what an act marked and nobody compared: its process died first. Return how many were seen.

    A query for each kind, and those of a look for each row.
    """
    now, looked = clock.now(), 0
    for kind in (FoundChild, Case):
        left = kind.objects.filter(compare_due_at__lte=now).order_by("compare_due_at")[:LEFT_AT_ONCE]
        for row in left:
            _look(row, row.compare_due_at)
            looked += 1
    return looked


def _look(row: FoundChild | Case, due_at: datetime | None) -> None:
    """Look, and take the mark off unless a later act has set another. What fails is tried again later."""
    marked = type(row).objects.filter(pk=row.pk, compare_due_at=due_at)
    try:
        try:
            _look_once(row)
        except IntegrityError:  # another look stored the same match a moment ago
            _look_once(row)
        marked.update(compare_due_at=None)
    except (keys.SealBroken, keys.KeyDestroyed, DatabaseError, ValueError) as fault:
        logger.error("found children: a file could not be compared (%s)", type(fault).__name__)
        marked.update(compare_due_at=clock.now() + AGAIN_AFTER)


def _look_once(row: FoundChild | Case) -> None:
    with transaction.atomic():
        if isinstance(row, FoundChild):
            look_among_reports(row)
        else:
            look_among_found(row)


def known(found: FoundChild) -> Found:
    """Return what can be compared of a found child (a key lookup)."""
    low, high = found.age_low_months, found.age_high_months
    return Found(
        found_at=found.found_at,
        names=tuple(several(found.name_said or "")),
        age_low=None if low is None else low / MONTHS,
        age_high=None if high is None else (high + 1) / MONTHS,
        sex=found.sex,
        point=found.point,
        told=found.facts or {},
    )


def end_tasks(result: str, *, found: FoundChild | None = None, case: Case | None = None) -> None:
    """End what is owed about matches of a child, of a case, or of both together; on both desks."""
    matches = FoundMatch.objects.select_related("found", "case")
    matches = matches.filter(found=found) if found else matches
    for match in matches.filter(case=case) if case else matches:
        _end(match, result)


def rehome(joined: Case, standing: Case) -> None:
    """Take what was found and decided for a report along to the case it is joined to."""
    FoundChild.objects.filter(case=joined).update(case=standing)
    known_there = FoundMatch.objects.filter(case=standing).values("found")
    for match in FoundMatch.objects.filter(case=joined).select_related("found", "case"):
        _end(match, "merged")
        if match.verdict == FoundMatch.Verdict.OPEN:
            match.delete()  # found anew below, as like the case that is worked on
    FoundMatch.objects.filter(case=joined).exclude(found__in=known_there).update(case=standing)
    look_safely(standing)


def owe(match: FoundMatch) -> None:
    """Have somebody of both units look at the match."""
    now = clock.now()
    found, case = match.found, match.case
    Task.open(
        TASK, case.pk, subject_kind="case", unit=case.unit, owner=case.owner, detail_code=found.reference,
        due_at=now + LOOK_WITHIN,
    )  # fmt: skip
    Task.open(
        TASK, found.pk, subject_kind="found", unit=found.unit, owner=duty.on_duty(found.unit, now),
        detail_code=case.reference, due_at=now + LOOK_WITHIN,
    )  # fmt: skip


def _end(match: FoundMatch, result: str) -> None:
    of_case = Q(subject=match.case_id, detail_code=match.found.reference)
    of_found = Q(subject=match.found_id, detail_code=match.case.reference)
    for task in Task.objects.still_open().filter(of_case | of_found, kind=TASK):
        task.finish(result)


def _reports(found: FoundChild) -> dict[UUID, Case]:
    """Return {report: the case it is worked on as}; those of the other sex only where a name is alike."""
    tokens = FoundToken.objects.filter(found=found).values("token")
    alike = NameToken.objects.filter(token__in=tokens).values("case")
    asked = Case.objects.filter(Q(state__in=IN_WORK) | Q(state=CaseState.MERGED))
    if found.sex:
        asked = asked.filter(Q(children__sex__in=("", found.sex)) | Q(pk__in=alike)).distinct()
    rows = asked.select_related("merged_into", "unit", "owner")
    worked_on = {case.pk: case.standing for case in rows}
    return {pk: case for pk, case in worked_on.items() if case.is_open}


def _in_parts(reports: Mapping[UUID, Case]) -> Iterator[dict[UUID, Case]]:
    listed = list(reports.items())
    for start in range(0, len(listed), AT_ONCE):
        yield dict(listed[start : start + AT_ONCE])


def _store(pairs: Iterable[tuple[Pair, Best]], rows: Iterable[FoundMatch]) -> list[FoundMatch]:
    """Keep the matches found now beside those decided on; drop what is none any more."""
    kept = {(row.found_id, row.case_id): row for row in rows}
    found_now: list[FoundMatch] = []
    new: list[FoundMatch] = []
    possible = 0
    for (found, case), best in sorted(pairs, key=lambda pair: -pair[1][0].score):
        row = kept.pop((found.pk, case.pk), None)
        possible += best[0].band == "possible"
        if row is None and best[0].band == "possible" and possible > OFFERED:
            continue
        if row is None or row.verdict == FoundMatch.Verdict.OPEN:
            found_now.append(_keep(row or FoundMatch(found=found, case=case), best))
            new += [] if row else found_now[-1:]
    for row in kept.values():
        if row.verdict == FoundMatch.Verdict.OPEN:
            _end(row, "unlike_now")
            row.delete()
    _call(new)
    return found_now


def _keep(row: FoundMatch, best: Best) -> FoundMatch:
    match, row.child_id = best
    row.band, row.score, row.reasons = match.band, match.score, list(match.reasons)
    row.ask_child, row.ask_family = list(match.ask_child), list(match.ask_family)
    if not row._state.adding:
        row.save()
        return row
    row.matched_at = clock.now()
    row.save(force_insert=True)
    audit.record("found.matched", row.found, after=row.band)
    owe(row)
    return row


def _call(new: list[FoundMatch]) -> None:
    """Call once for each case and each found child of the new matches: who holds it, who is on duty there."""
    now = clock.now()
    for match in {match.case_id: match for match in reversed(new)}.values():
        people = {one.pk: one for one in (match.case.owner, duty.on_duty(match.case.unit, now)) if one}
        for officer in people.values():
            page.call(officer, match.case, match.pk, TASK)
    for match in {match.found_id: match for match in reversed(new)}.values():
        on_duty = duty.on_duty(match.found.unit, now)
        if on_duty:
            page.call_about(
                on_duty, match.found.reference, match.found_id, page.step_of(match.pk, "found"), CHILD
            )
