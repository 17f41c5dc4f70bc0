"""A case goes to another unit or agency: asked, then accepted or refused. Until then it stays where it is."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from cases.models import Case, MoveRefused, Transfer
from cases.owning import give
from cases.page import call, step_of
from cases.signals import case_transferred
from cases.thread import say
from notifier.models import Post
from trust import audit, clock, duty
from trust.models import Officer, Task, Unit

TRANSFER = "transfer"
RIGHT = "cases.transfer_case"
MAX_WORDS = 500

Task.ENDED_BY_AN_ACT.add(TRANSFER)


def ask(case: Case, officer: Officer, unit: Unit, words: str) -> Transfer:
    """Ask another unit to take the case, and call whoever is on duty there; words: why, for its officers.

    Raise MoveRefused: no_permission, case_over, same_unit, asked_already, no_words.
    """
    said = _words(words)
    with transaction.atomic():
        held = Case.hold(case.pk)
        _demand_holding_side(held, officer)
        if not held.is_open:
            raise MoveRefused("case_over", held.reference)
        if unit.pk == held.unit_id:
            raise MoveRefused("same_unit", held.reference)
        if Transfer.objects.waiting().filter(case=held).exists():
            raise MoveRefused("asked_already", held.reference)
        asked = Transfer(case=held, from_unit=held.unit, to_unit=unit, asked_by=officer, asked_at=clock.now())
        asked.words = said
        asked.save(force_insert=True)
        on_duty = duty.on_duty(unit, asked.asked_at)
        Task.open(TRANSFER, asked.pk, subject_kind="transfer", unit=unit, owner=on_duty)
        audit.record("case.transfer_asked", held, actor=officer, after=str(unit.pk))
        if on_duty:
            call(on_duty, held, asked.pk, "transfer_asked")
    return asked


def accept(transfer: Transfer, officer: Officer) -> Case:
    """Take the case: unit, agency, owner and everything owed change together; the family is told.

    Whoever accepts holds it from now on, or who is on duty where they may not take cases. Raise MoveRefused:
    no_permission, own_question, moved_meanwhile, case_over.
    """
    with transaction.atomic():
        asked, case = _held(transfer, officer)
        if not case.is_open:
            raise MoveRefused("case_over", case.reference)
        _answer(asked, Transfer.Outcome.ACCEPTED, officer)
        former = case.owner
        _move(case, asked.to_unit, officer)
        if former and former.pk != case.owner_id:
            call(former, case, step_of(asked.pk, "answer"), "transfer_accepted")
    return case


def refuse(transfer: Transfer, officer: Officer, words: str) -> None:
    """Leave the case where it is, and say why. Raise MoveRefused as accept() does, and no_words."""
    said = _words(words)
    with transaction.atomic():
        asked, case = _held(transfer, officer)
        asked.answer = said
        _answer(asked, Transfer.Outcome.REFUSED, officer)
        audit.record("case.transfer_refused", case, actor=officer, after=str(asked.to_unit_id))
        call(asked.asked_by, case, step_of(asked.pk, "answer"), "transfer_refused")


def call_off(transfer: Transfer, officer: Officer | None) -> None:
    """Take the question back, or without an officer let it fall with its case; raise MoveRefused."""
    with transaction.atomic():
        asked, case = _locked(transfer)
        if officer:
            _demand_holding_side(case, officer)
        _answer(asked, Transfer.Outcome.CALLED_OFF, officer)
        audit.record("case.transfer_called_off", case, actor=officer, after=str(asked.to_unit_id))


def may_answer(officer: Officer, transfer: Transfer) -> bool:
    """Say whether the officer speaks for the unit that was asked, and did not ask."""
    speaks = officer.has_perm(RIGHT) and duty.may_hold(officer, transfer.to_unit)
    return speaks and officer.pk != transfer.asked_by_id


def _locked(transfer: Transfer) -> tuple[Transfer, Case]:
    """Lock the case and return the question as it stands now; raise MoveRefused("moved_meanwhile")."""
    # Without its unit: PostgreSQL reads a row again after waiting, and drops it from a join that changed.
    held = Case.objects.select_for_update().get(pk=transfer.case_id)
    asked = Transfer.objects.select_related("to_unit__agency", "asked_by").get(pk=transfer.pk)
    if asked.outcome != Transfer.Outcome.OPEN or held.unit_id != asked.from_unit_id:
        raise MoveRefused("moved_meanwhile", held.reference)
    return asked, held


def _held(transfer: Transfer, officer: Officer) -> tuple[Transfer, Case]:
    asked, case = _locked(transfer)
    if officer.pk == asked.asked_by_id:
        raise MoveRefused("own_question", case.reference)
    if not may_answer(officer, asked):
        raise MoveRefused("no_permission", case.reference)
    return asked, case


def _demand_holding_side(case: Case, officer: Officer) -> None:
    """Let officers of the unit ask, and whoever was called in its stead and holds the case."""
    speaks = case.owner_id == officer.pk or duty.may_hold(officer, case.unit)
    if not officer.has_perm(RIGHT) or not speaks:
        raise MoveRefused("no_permission", case.reference)


def _words(words: str) -> str:
    said = words.strip()
    if not 0 < len(said) <= MAX_WORDS:
        raise MoveRefused("no_words")
    return said


def _answer(asked: Transfer, outcome: str, officer: Officer | None) -> None:
    asked.outcome, asked.answered_by, asked.answered_at = outcome, officer, clock.now()
    asked.save(update_fields=["outcome", "answered_by", "answered_at", "answer"])
    for task in Task.objects.still_open().filter(kind=TRANSFER, subject=asked.pk):
        task.finish(outcome, by=officer)


def _move(case: Case, unit: Unit, officer: Officer) -> None:
    """Change the unit of the case, of the reports joined to it there, and of what is owed on them."""
    former = case.unit
    moved = [case, *(one for one in case.joined if one.unit_id == former.pk)]
    Case.objects.filter(pk__in=[one.pk for one in moved]).update(unit=unit, agency=unit.agency)
    case.unit, case.agency = unit, unit.agency
    holder = officer if officer.has_perm(duty.ACCEPT) else duty.on_duty(unit, clock.now()) or officer
    give(case, holder, "transfer", actor=officer)
    case_transferred.send(sender=Case, case=case, former=former)
    posts = Post.objects.filter(batch__key_owner=case.pk)
    posts.update(unit=unit, owner=holder)
    owed = Task.objects.still_open().filter(Q(subject=case.pk) | Q(subject__in=posts.values("pk")))
    owed.update(unit=unit, owner=holder)
    audit.record("case.transferred", case, actor=officer, before=str(former.pk), after=str(unit.pk))
    for one in moved:
        say(one.pk, "transferred")
