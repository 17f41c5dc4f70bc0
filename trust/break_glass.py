"""In an emergency an officer opens for reading a case that is not theirs: by its reference, for an hour.

Nobody is asked and everybody hears of it: its owner and approvers are called, the log and the case's page say
it, an auditor judges each. Acts stay shut: their querysets do not know of it, and whoever looks through
broken glass holds, for that request, no right but looking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction

from trust import audit, clock, throttle
from trust.models import Glass, Officer, ReadingFlag, Task, Unit
from trust.reading import REVIEW, REVIEW_WITHIN
from trust.roles import Role
from trust.scope import BREAK
from trust.signals import glass_broken

TRIES_AN_HOUR = 10
MOST_WORDS = 1000

audit.declare(
    {
        "glass.broken": "an officer opened a case without scope, to read it; reason is the ground",
        "glass.refused": "an officer tried to open a case without scope and could not; reason says why",
    }
)


class GlassRefused(Exception):  # noqa: N818  it says what happened
    """Say by a code why nothing was opened."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Found:
    """Hold what a reference names: the row, who holds it, and where it is read."""

    row: models.Model
    pk: UUID
    unit: Unit
    url: str
    is_ones_own: bool  # within the scope of whoever asks


# How the packages above find what may be opened, by its kind: (exact reference, officer) -> Found or None.
FINDERS: dict[str, Callable[[str, Officer], Found | None]] = {}


def may_break(officer: Officer) -> bool:
    """Say whether the officer reads cases at all, judges nobody's reading, and is nobody's administrator."""
    return (
        officer.has_perm(BREAK) and officer.has_perm("cases.view_case") and Role.AUDITOR not in officer.roles
    )


def break_glass(
    officer: Officer,
    reference: str,
    ground: str,
    words: str,
    *,
    factor_at: datetime | None,
    kind: str = "case",
) -> Found:
    """Open what the reference names for GLASS_OPEN_S; return it, also where it is the officer's own to read.

    Call it outside a transaction: a refusal is in the log. Raises GlassRefused: no_right, no_factor,
    no_ground, no_words, too_many (tries in an hour), not_found.
    """
    try:
        _demand(officer, ground, words, factor_at)
        found = FINDERS[kind](reference.strip().upper(), officer)
        if found is None:
            raise GlassRefused("not_found")
    except GlassRefused as refusal:
        audit.record("glass.refused", officer, actor=officer, reason=refusal.code)
        raise
    if not found.is_ones_own:
        _open(officer, found, kind, ground, words.strip())
    return found


def read_through(officer: Officer, row: models.Model) -> None:
    """Bind this request's officer to reading, and write down that the look went through broken glass."""
    officer.reads_only = True
    audit.viewed(officer, row, "broken glass")


def is_open(officer: Officer, subject: UUID) -> bool:
    return open_until(officer, subject) is not None


def open_until(officer: Officer, subject: UUID) -> datetime | None:
    """Return until when the officer may read what is not theirs; None where it is shut (two queries)."""
    opened = Glass.objects.open(clock.now()).filter(officer=officer, subject=subject)
    return opened.values_list("until", flat=True).first()


def _demand(officer: Officer, ground: str, words: str, factor_at: datetime | None) -> None:
    now_held: Any = Officer.objects.get(pk=officer.pk)
    if not may_break(now_held) or now_held.unit is None:
        raise GlassRefused("no_right")
    if factor_at is None:
        raise GlassRefused("no_factor")
    if ground not in Glass.Ground.values:
        raise GlassRefused("no_ground")
    if not 0 < len(words.strip()) <= MOST_WORDS:
        raise GlassRefused("no_words")
    if not throttle.hit("glass", str(officer.pk), limit=TRIES_AN_HOUR, period_s=3600):
        raise GlassRefused("too_many")


def _open(officer: Officer, found: Found, kind: str, ground: str, words: str) -> None:
    """Open it once: while it is open, a second time changes nothing."""
    with transaction.atomic():
        Officer.objects.select_for_update().get(pk=officer.pk)
        if is_open(officer, found.pk):
            return
        now = clock.now()
        until = now + timedelta(seconds=settings.GLASS_OPEN_S)
        flag = ReadingFlag.objects.create(
            officer=officer, unit=found.unit, kind=ReadingFlag.Kind.GLASS, window_start=now, window_end=until,
            count=1, raised_at=now,
        )  # fmt: skip
        glass = Glass.objects.create(
            officer=officer, subject=found.pk, subject_kind=kind, unit=found.unit, ground=ground, words=words,
            opened_at=now, until=until, flag=flag,
        )  # fmt: skip
        audit.record("glass.broken", found.row, actor=officer, reason=ground)
        Task.open(REVIEW, flag.pk, subject_kind="readingflag", unit=found.unit, due_at=now + REVIEW_WITHIN)
        glass_broken.send(Glass, glass=glass)
