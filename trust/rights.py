"""What an administrator changes of an account: taken away at once, alone; given by two (trust.granting)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import transaction

from trust import audit, granting, sessions
from trust.granting import ACTIVE, ASK, ROLE, UNIT
from trust.models import Grant, Officer, Unit
from trust.roles import SOLE, Role
from trust.signals import account_changed

audit.declare(
    {
        "right.taken": "an administrator took a right from an officer; reason is the right",
        "officer.moved": "an administrator moved an officer to another unit; before and after are units",
    }
)


@dataclass(frozen=True)
class Wanted:
    """How an administrator wants an account to be."""

    roles: frozenset[str]
    unit: Unit | None
    is_active: bool = True


@dataclass(frozen=True)
class Changed:
    """Say which rights (grounds) now wait for a second administrator, and which were taken at once."""

    asked: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


def change(officer: Officer, wanted: Wanted, by: Officer) -> Changed:
    """Take at once what is wanted away, ask for what is wanted new.

    Raises GrantRefused: own_account, no_right. Another unit opens that unit's cases: it is asked for.
    """
    with transaction.atomic():
        held = granting.hold(officer.pk)
        granting.demand(by, ASK, held)
        asks = list(_new(held, wanted))
        taken = [*_take_roles(held, wanted.roles), *_close(held, wanted), *_move(held, wanted, by)]
        for ground in taken:
            audit.record("right.taken", held, actor=by, reason=ground)
        if taken:
            sessions.end_all(held, by=by)
            code = "taken" if held.is_active else "closed"
            account_changed.send(Officer, officer=held, code=code, subject=uuid4())
        asked = [ground for ground in asks if granting.ask(held, ground, by)]
    return Changed(tuple(asked), tuple(taken))


def written_roles(officer: Officer) -> frozenset[str]:
    """Return the roles written down for the account, also while it is closed (one query)."""
    return frozenset(officer.groups.values_list("name", flat=True))


def _new(held: Officer, wanted: Wanted) -> Iterable[str]:
    """Yield what the officer does not have: a closed account is given nothing but being opened."""
    if not wanted.is_active:
        return
    if not held.is_active:
        yield ACTIVE
        return
    yield from sorted(f"{ROLE}:{name}" for name in wanted.roles - written_roles(held))
    if wanted.unit and wanted.unit != held.unit:
        yield f"{UNIT}:{wanted.unit.pk}"


def _take_roles(held: Officer, wanted: frozenset[str]) -> list[str]:
    """Take what is not wanted. With a role that kept others asleep these go too: taking gives nothing.

    The role of a service account is offered nowhere, so a form that lacks it does not take it.
    """
    written = written_roles(held)
    gone = sorted(written - wanted - {Role.SERVICE})
    if SOLE & set(gone):
        gone = sorted(written - {Role.SERVICE})
    held.groups.remove(*Group.objects.filter(name__in=gone))
    return [f"{ROLE}:{name}" for name in gone]


def _close(held: Officer, wanted: Wanted) -> list[str]:
    """Close the account, and with it what still waits for it."""
    if not held.is_active or wanted.is_active:
        return []
    held.is_active = False
    held.save(update_fields=["is_active"])
    for grant in Grant.objects.open().filter(subject=held.pk).select_for_update():
        granting.lapse(grant)
    return [ACTIVE]


def _move(held: Officer, wanted: Wanted, by: Officer) -> list[str]:
    """Take the officer out of the unit, into none."""
    before = held.unit
    if wanted.unit or before is None:
        return []
    held.unit = None
    held.save(update_fields=["unit"])
    audit.record("officer.moved", held, actor=by, before=str(before.pk))
    return [UNIT]
