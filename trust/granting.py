"""A new right needs a second administrator; taking one away needs nobody.

What is asked for is a Decision of the act "grant": its subject is the officer, its ground the right
("role:…", "unit:…", "active", "factor"). Nobody asks for themselves, and nobody decides what they asked for
or what concerns them: the database refuses it too. After seven days nobody can say yes any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction

from trust import audit, clock, keys, sessions
from trust.models import Grant, Officer, Unit
from trust.models.decision import GRANT, Decision, DecisionRefused
from trust.roles import Role
from trust.signals import account_changed

ASK, DECIDE = "trust.change_officer", "trust.decide_grant"
STANDS_FOR = timedelta(days=7)
ROLE, UNIT, ACTIVE, FACTOR = "role", "unit", "active", "factor"
# What an officer is told of the own account, whoever did it.
TOLD = ("granted", "refused", "lapsed", "taken", "closed", "factor_reset", "password_issued")

audit.declare(
    {
        "grant.asked": "an administrator asked for a new right for an officer; reason is the right",
        "grant.given": "a second administrator gave it; before is who asked",
        "grant.refused": "a second administrator refused it",
        "grant.called_off": "whoever asked for a right took the question back",
        "grant.lapsed": "nobody decided on a new right in time, or the account was closed meanwhile",
    }
)


class GrantRefused(Exception):  # noqa: N818  it says what happened
    """Say by a code why a right is neither asked for nor given."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ask(officer: Officer, ground: str, by: Officer) -> Grant | None:
    """Write down that the administrator asks for a right; None where it waits already.

    Raises GrantRefused: own_account, no_right, no_such_right.
    """
    with transaction.atomic():
        held = hold(officer.pk)
        demand(by, ASK, held)
        _demand_sense(ground)
        now = clock.now()
        if Grant.objects.waiting(now).filter(subject=held.pk, ground=ground).exists():
            return None
        until = now + STANDS_FOR
        made = Decision.ask(
            GRANT, held.pk, asked_by=by, ground=ground, expires_at=until,
            digest=digest(held.pk, ground, by.pk, until),
        )  # fmt: skip
        audit.record("grant.asked", held, actor=by, reason=ground)
        return Grant.objects.get(pk=made.pk)


def give(pk: UUID, by: Officer, *, factor_at: datetime | None) -> Grant:
    """Let the right take effect, by another administrator with a fresh second factor.

    Raises GrantRefused: no_factor, own_account, no_right, same_person, asker_gone, void (the row is not what
    was asked for, or the right makes no sense any more), expired, already_decided.
    """
    if factor_at is None:
        raise GrantRefused("no_factor")
    with transaction.atomic():
        grant, officer = _waiting(pk, by)
        asker = grant.asked_by
        if asker is None or not _fresh(asker).has_perm(ASK):
            raise GrantRefused("asker_gone")
        shown = digest(officer.pk, grant.ground, asker.pk, grant.expires_at)
        _decide(grant, Decision.Outcome.GRANTED, by, digest=shown)
        _apply(officer, grant.ground, by)
        audit.record("grant.given", officer, actor=by, before=str(asker.pk), reason=grant.ground)
        _tell(officer, grant, "factor_reset" if grant.ground == FACTOR else "granted")
    return grant


def refuse(pk: UUID, by: Officer) -> Grant:
    """Say no, by another administrator. Raises GrantRefused as give() does."""
    with transaction.atomic():
        grant, officer = _waiting(pk, by)
        _decide(grant, Decision.Outcome.REFUSED, by)
        audit.record("grant.refused", officer, actor=by, reason=grant.ground)
        _tell(officer, grant, "refused")
    return grant


def call_off(pk: UUID, by: Officer) -> Grant:
    """Take back what one asked for oneself. Raises GrantRefused: not_yours, already_decided."""
    with transaction.atomic():
        grant = Grant.objects.select_for_update().get(pk=pk)
        if grant.asked_by_id != by.pk:
            raise GrantRefused("not_yours")
        _decide(grant, Decision.Outcome.LAPSED, None, reason="called_off")
        audit.record("grant.called_off", hold(grant.subject), actor=by, reason=grant.ground)
    return grant


def lapse_due() -> int:
    """Close what nobody decided in seven days, and tell the officer; return how many."""
    count = 0
    for pk in list(Grant.objects.open().filter(expires_at__lte=clock.now()).values_list("pk", flat=True)):
        with transaction.atomic():
            count += lapse(Grant.objects.select_for_update().get(pk=pk))
    return count


def digest(officer: UUID, ground: str, asker: UUID, until: datetime | None) -> str:
    """Return what ties a question to its words: a row that somebody else wrote or changed grants nothing."""
    return keys.token("grant", f"{officer}|{ground}|{asker}|{until.isoformat() if until else ''}")


def hold(pk: UUID) -> Officer:
    """Lock the account alone within the transaction, so that acts on it come one after another."""
    return Officer.objects.select_for_update().get(pk=pk)


def _fresh(officer: Officer) -> Officer:
    return Officer.objects.get(pk=officer.pk)


def demand(by: Officer, right: str, officer: Officer) -> None:
    """Ask the roles as the database has them now: a right that was taken meanwhile counts no more."""
    if by.pk == officer.pk:
        raise GrantRefused("own_account")
    if not _fresh(by).has_perm(right):
        raise GrantRefused("no_right")


def _demand_sense(ground: str) -> None:
    kind, _colon, what = ground.partition(":")
    if kind == ROLE and what in set(Role) - {Role.SERVICE}:
        return
    if kind == UNIT and str(what) in {str(pk) for pk in Unit.objects.values_list("pk", flat=True)}:
        return
    if ground not in (ACTIVE, FACTOR):
        raise GrantRefused("no_such_right")


def _waiting(pk: UUID, by: Officer) -> tuple[Grant, Officer]:
    grant = Grant.objects.select_for_update().get(pk=pk)
    officer = hold(grant.subject)
    demand(by, DECIDE, officer)
    return grant, officer


def _decide(grant: Grant, outcome: str, by: Officer | None, *, digest: str = "", reason: str = "") -> None:
    try:
        grant.decide(outcome, by=by, digest=digest, reason=reason)
    except DecisionRefused as refusal:
        raise GrantRefused("void" if refusal.code == "other_digest" else refusal.code) from refusal


def _apply(officer: Officer, ground: str, by: Officer) -> None:
    kind, _colon, what = ground.partition(":")
    if kind != ACTIVE and not officer.is_active:
        raise GrantRefused("void")
    if kind == ROLE:
        officer.groups.add(Group.objects.get(name=what))
    elif kind == UNIT:
        officer.unit = Unit.objects.get(pk=what)
    elif kind == ACTIVE:
        officer.is_active = True
    elif kind == FACTOR:
        _forget_factors(officer)
    officer.save(update_fields=["is_active", "unit", "password"])
    sessions.end_all(officer, by=by)


def _forget_factors(officer: Officer) -> None:
    """Whoever lost the factor proves who they are in person again: the password goes with it (ASVS 6.4.4)."""
    Authenticator.objects.filter(user=officer).delete()
    officer.set_unusable_password()
    audit.record("factor.removed", officer, reason="reset")


def lapse(grant: Grant) -> int:
    try:
        grant.decide(Decision.Outcome.LAPSED, by=None)
    except DecisionRefused:  # somebody decided a moment ago
        return 0
    officer = Officer.objects.get(pk=grant.subject)
    audit.record("grant.lapsed", officer, reason=grant.ground)
    _tell(officer, grant, "lapsed")
    return 1


def _tell(officer: Officer, grant: Grant, code: str) -> None:
    account_changed.send(Officer, officer=officer, code=code, subject=grant.pk)
