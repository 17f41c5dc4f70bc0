"""Somebody holds every open case at every minute: this module alone changes who.

A case passes from hand to hand with its row locked: there is no moment between two owners. Beat mends within
seconds what no act could see: a shift that ended, a role that was taken away.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.signals import post_save
from django.dispatch import receiver

from cases.models import Case, CaseState, MoveRefused
from cases.page import call, step_of
from trust import audit, clock, duty
from trust.models import Officer, Shift, Task
from trust.roles import OF_THE_AGENCY

log = logging.getLogger(__name__)

HAND_OVER = "hand_over"
ACKNOWLEDGE_WITHIN = timedelta(minutes=10)
UNANSWERED = "unacknowledged"
OPEN = (CaseState.RECEIVED, CaseState.REVIEW, CaseState.OPEN)

Task.ENDED_BY_AN_ACT.add(HAND_OVER)


def give(case: Case, officer: Officer, why: str, *, actor: Officer | None = None) -> bool:
    """Make the officer the owner of a case that the caller holds locked; False when nothing changed.

    What the former owner owed on the case goes along; an offer that was out is over. why: a code.
    """
    former = case.owner
    if former and former.pk == officer.pk:
        return False
    case.owner, case.owned_at = officer, clock.now()
    Case.objects.filter(pk=case.pk).update(owner=officer, owned_at=case.owned_at)
    owed = Task.objects.still_open().filter(Q(owner=former) | Q(owner=None), subject=case.pk)
    owed.exclude(kind=HAND_OVER).update(owner=officer)
    _end_offer(case, why, actor)
    before = str(former.pk) if former else ""
    audit.record("case.owner_changed", case, actor=actor, before=before, after=str(officer.pk), reason=why)
    if actor is None or actor.pk != officer.pk:
        call(officer, case, step_of(case.pk, f"owner:{case.owned_at.isoformat()}"), "case_given")
    return True


def ensure(pk: UUID) -> Officer | None:
    """Return who holds the case; an owner who no longer can is replaced by who is on duty."""
    with transaction.atomic():
        case = Case.hold(pk)
        if case.is_open and not is_held(case):
            stands_in = duty.on_duty(case.unit, clock.now())
            if stands_in:
                give(case, stands_in, "owner_gone")
        return case.owner


def is_held(case: Case) -> bool:
    """Say whether the owner is active and sees the case, or is the unit's standing duty officer."""
    owner = case.owner
    if owner is None or not owner.is_active:
        return False
    return owner.pk == case.unit.duty_officer_id or duty.may_hold(owner, case.unit)


def offer(case: Case, officer: Officer) -> Task:
    """Offer the officer's own case to the next on duty; until somebody takes it nothing changes.

    Raise MoveRefused: case_over, not_owner, nobody_else.
    """
    with transaction.atomic():
        held = _open_case(case)
        if held.owner_id != officer.pk:
            raise MoveRefused("not_owner", held.reference)
        task = offered(held) or _offer(held, str(officer.pk), clock.now())
        if task is None:
            raise MoveRefused("nobody_else", held.reference)
        return task


def take_over(case: Case, officer: Officer) -> None:
    """Acknowledge a hand-over: the case is the officer's from now on. The owner may do it too, and stays.

    Raise MoveRefused: case_over, not_holder, nothing_offered.
    """
    with transaction.atomic():
        held = _open_case(case)
        if not duty.may_hold(officer, held.unit):
            raise MoveRefused("not_holder", held.reference)
        if offered(held) is None:
            raise MoveRefused("nothing_offered", held.reference)
        if not give(held, officer, "acknowledged", actor=officer):
            _stay(held, officer)
    case.owner, case.owned_at = held.owner, held.owned_at


def offered(case: Case) -> Task | None:
    """Return the offer that waits for somebody's act (one query)."""
    tasks = Task.objects.still_open().filter(kind=HAND_OVER, subject=case.pk)
    return tasks.select_related("owner").first()


def keep_owners() -> None:
    """Do what the clock asks of every open case; each in its own transaction, twice unharmed."""
    at = clock.now()
    _each(unheld().values_list("pk", flat=True), ensure)
    _each(_after_shift(at).values_list("pk", flat=True), hand_over)
    due = Task.objects.still_open().filter(kind=HAND_OVER, due_at__lte=at)
    _each(due.values_list("subject", flat=True), escalate)


def unheld() -> QuerySet[Case]:
    """Return the open cases whose owner is gone, lost the right, or belongs elsewhere."""
    able = duty.able(duty.HOLD).filter(pk=OuterRef("owner"))
    sees = able.filter(
        Q(unit=OuterRef("unit")) | Q(unit__agency=OuterRef("agency"), groups__name__in=OF_THE_AGENCY)
    )
    standing = Officer.objects.filter(pk=OuterRef("owner"), is_active=True, on_duty_at=OuterRef("unit"))
    return Case.objects.filter(~Exists(sees), ~Exists(standing), state__in=OPEN).order_by("pk")


def hand_over(pk: UUID) -> None:
    """Pass on a case whose owner's shift is over: a new report at once, a case in work by an offer."""
    with transaction.atomic():
        case, at = Case.hold(pk), clock.now()
        shift = _ended_shift(case, at)
        if shift is None or not case.is_open or offered(case):
            return
        if case.state == CaseState.RECEIVED:  # nobody works on it yet: there is nothing to explain
            on_duty = duty.on_duty(case.unit, at)
            if on_duty:
                give(case, on_duty, "shift_ended")
            return
        _offer(case, str(shift.pk), at)


def escalate(pk: UUID) -> None:
    """Offer the case to the next person when the last one did not answer in time; the owner holds it on."""
    with transaction.atomic():
        case, at = Case.hold(pk), clock.now()
        task = offered(case)
        if task is None or (task.due_at and task.due_at > at):
            return
        own_wish = task.detail_code == str(case.owner_id)
        if not case.is_open:
            task.finish("case_over")
        elif not own_wish and _ended_shift(case, at) is None:
            task.finish("back_on_shift")
        else:
            task.finish(UNANSWERED)
            _offer(case, task.detail_code, at)


@receiver(post_save, sender=Officer, dispatch_uid="cases.owning")
def replace_who_left(instance: Officer, *, created: bool, raw: bool = False, **_more: Any) -> None:
    """Find a new owner for the cases of an account that was closed or moved, in the same transaction."""
    if created or raw:
        return
    with transaction.atomic():
        for pk in unheld().filter(owner=instance.pk).values_list("pk", flat=True):
            ensure(pk)


def _open_case(case: Case) -> Case:
    held = Case.hold(case.pk)
    if not held.is_open:
        raise MoveRefused("case_over", held.reference)
    return held


def _offer(case: Case, chain: str, at: datetime) -> Task | None:
    """Open the task of whoever was asked least in this chain, the first by the ladder; None without anybody.

    chain: the shift that ended, or the owner who asks.
    """
    people = [one for one in duty.ladder(case.unit, at) if one.pk != case.owner_id]
    if not people:
        return None
    asked = Counter(_unanswered(case, chain).values_list("owner", flat=True))
    taker = min(people, key=lambda one: asked[one.pk])
    task = Task.open(
        HAND_OVER, case.pk, subject_kind="case", unit=case.unit, owner=taker, detail_code=chain,
        due_at=at + ACKNOWLEDGE_WITHIN,
    )  # fmt: skip
    audit.record("case.hand_over_offered", case, after=str(taker.pk))
    call(taker, case, task.pk, "hand_over")
    return task


def _unanswered(case: Case, chain: str) -> QuerySet[Task]:
    tasks = Task.objects.filter(kind=HAND_OVER, subject=case.pk, detail_code=chain, result=UNANSWERED)
    return tasks.filter(created_at__gte=case.owned_at or case.received_at)


def _stay(case: Case, officer: Officer) -> None:
    """Let the owner go on holding the case after the shift: it counts as taken anew."""
    case.owned_at = clock.now()
    Case.objects.filter(pk=case.pk).update(owned_at=case.owned_at)
    _end_offer(case, "stays", officer)
    audit.record("case.owner_stays", case, actor=officer)


def _end_offer(case: Case, result: str, officer: Officer | None) -> None:
    for task in Task.objects.still_open().filter(kind=HAND_OVER, subject=case.pk):
        task.finish(result, by=officer)


def _ended_shift(case: Case, at: datetime) -> Shift | None:
    """Return the owner's last shift that ended while the case was theirs; None while they are on one."""
    own = Shift.objects.filter(officer=case.owner)
    if own.at(at).exists():
        return None
    since = case.owned_at or case.received_at
    return own.filter(ends_at__lte=at, ends_at__gt=since).order_by("-ends_at").first()


def _after_shift(at: datetime) -> QuerySet[Case]:
    """Return the open cases whose owner's shift ended, without an offer (the set of _ended_shift)."""
    own = Shift.objects.filter(officer=OuterRef("owner"))
    since = Coalesce(OuterRef("owned_at"), OuterRef("received_at"), output_field=DateTimeField())
    offers = Task.objects.still_open().filter(kind=HAND_OVER, subject=OuterRef("pk"))
    return Case.objects.filter(
        Exists(own.filter(ends_at__lte=at, ends_at__gt=since)), ~Exists(own.at(at)), ~Exists(offers),
        state__in=OPEN,
    ).order_by("pk")  # fmt: skip


def _each(keys: Iterable[UUID], act: Callable[[UUID], object]) -> None:
    """Act on every case; one whose rows cannot be written now is logged and waits for the next round."""
    for pk in list(keys):
        try:
            act(pk)
        except DatabaseError:
            log.exception("%s failed for case %s", act.__name__, pk)
