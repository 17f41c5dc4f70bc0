"""The thread between the police and whoever holds a reference and a secret."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import receiving
from cases.models import Case, MoveRefused, ThreadEntry, VoiceNote
from cases.reported import ReportedVoice
from trust import audit, clock, secrets, throttle
from trust.codes import CodeError
from trust.models import Officer, Task

# What this service says by itself: the code is stored, the words are chosen in the reader's language.
SAID: dict[str, Promise] = {
    "received": _("Your report has arrived. The officer on duty has been called."),
    "accepted": _("An officer has read your report and is working on it."),
    "opened": _("The search is open."),
    "closed": _("The case has been closed."),
    "home_reported": _("You told us that the child is home. The unit has been called and will check."),
    "withdrawal_asked": _("You asked us to stop publishing. The unit has been told; this takes ten minutes."),
    "withdrawn": _("Publication is no longer allowed."),
    "ran_out": _("Your permission to publish has come to the end of its time."),
    "unit_told": _("The unit has been told."),
    "erasure_asked": _("You asked us to forget your report. The unit has been told."),
    "merged": _("Your report was joined to another one about the same child."),
    "transferred": _("Your report is now with another unit. Its name and its number stand on this page."),
    "secret_renewed": _("An officer gave you a new secret. The old one opens nothing any more."),
    "spoken": _("Voice message"),
}
WAITS = "family_waits"
MAX_BODY = 4000
A_MOMENT = timedelta(minutes=1)
TRIES = 30  # of one reference in an hour, right or wrong: a right guess after too many must not pass either


class ThreadRefused(Exception):  # noqa: N818  (said as the family reads it)
    """Say why the thread stays shut: "wrong" (reference or secret, never which) or "later"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Kept(Protocol):
    """What has a thread: its secret is known by a slow hash."""

    secret_hash: str


Opened = TypeVar("Opened", bound=Kept)


def declare(said: Mapping[str, Promise]) -> None:
    """Add codes of a package above; `{said}` in the words is what their entry holds as body."""
    SAID.update(said)


def say(subject: UUID, code: str, *, body: str = "") -> ThreadEntry:
    """Add a line of this service; code is a key of SAID, body what its words leave open."""
    return ThreadEntry.objects.create(
        subject=subject, author=ThreadEntry.Author.SYSTEM, code=code, body=body[:MAX_BODY], at=clock.now()
    )


def entries(subject: UUID) -> list[ThreadEntry]:
    """Return everything said, oldest first (one query)."""
    return list(ThreadEntry.objects.filter(subject=subject))


def words(entry: ThreadEntry) -> str:
    """Return what an entry says in the active language; empty once its key is destroyed."""
    body = entry.body or ""
    return str(SAID[entry.code]).replace("{said}", body) if entry.code in SAID else body


def open_case(reference: str, secret: str) -> Case:
    """Return the case that reference and secret open; raise ThreadRefused. Not within a transaction."""
    cases = Case.objects.select_related("unit__agency")
    case = unlock(reference, secret, lambda written: cases.filter(reference=written).first())
    audit.record("case.thread_opened", case)
    return case


def unlock(reference: str, secret: str, find: Callable[[str], Opened | None]) -> Opened:
    """Return what `find` has under a reference, opened by its secret; raise ThreadRefused.

    The work is the same for a wrong reference, a wrong secret and a right one. Not within a transaction.
    """
    try:
        written = secrets.normalise_reference(reference)
    except CodeError:
        written = ""
    if not throttle.hit("thread", written, limit=TRIES if written else 10**6, period_s=3600):
        raise ThreadRefused("later")
    kept = find(written)
    if not secrets.check_secret(secret, kept.secret_hash if kept else None) or kept is None:
        raise ThreadRefused("wrong")
    return kept


def family_writes(case: Case, body: str) -> ThreadEntry:
    """Store what the family wrote and open a task for the unit."""
    with transaction.atomic():
        Case.hold(case.pk)
        newest = ThreadEntry.objects.filter(subject=case.pk, author=ThreadEntry.Author.FAMILY).last()
        if newest and newest.body == body[:MAX_BODY] and clock.now() - newest.at < A_MOMENT:
            return newest  # a double click
        entry = _write(case.pk, ThreadEntry.Author.FAMILY, body)
        family_waits(case)
    return entry


def family_speaks(case: Case, voice: ReportedVoice, language: str) -> VoiceNote | None:
    """Keep a voice message and open a task for the unit; None for one that is there already."""
    digest = hashlib.sha256(voice.original).hexdigest()
    with transaction.atomic():
        if VoiceNote.objects.filter(case=case, field=voice.field, original_sha256=digest).exists():
            return None  # a double click, or the same form sent again
        note = receiving.add_voice(case, None, voice, clock.now(), language=language)
        family = ThreadEntry.Author.FAMILY
        ThreadEntry.objects.create(subject=case.pk, author=family, code="spoken", body="", at=note.added_at)
        family_waits(case)
    return note


def family_waits(case: Case) -> Task:
    """Open the task of answering what a family wrote or said, on the case that is worked on."""
    standing = case.standing
    audit.record("case.family_wrote", case)
    return Task.open(
        WAITS, standing.pk, subject_kind="case", unit=standing.unit, owner=standing.owner,
        detail_code=case.as_joined,
    )  # fmt: skip


def police_write(case: Case, officer: Officer, body: str) -> ThreadEntry:
    """Store an answer in this report's own thread; its family waits no longer.

    Raise MoveRefused("place_withheld") where whoever reported is told no more than that the child is safe.
    """
    if case.is_withheld:
        raise MoveRefused("place_withheld", case.reference)
    with transaction.atomic():
        entry = _write(case.pk, ThreadEntry.Author.POLICE, body)
        audit.record("case.police_wrote", case, actor=officer)
        waiting = Task.objects.still_open().filter(kind=WAITS, subject=case.standing.pk)
        for task in waiting.filter(detail_code=case.as_joined):
            task.finish("answered", by=officer)
    return entry


def _write(subject: UUID, author: str, body: str) -> ThreadEntry:
    return ThreadEntry.objects.create(subject=subject, author=author, body=body[:MAX_BODY], at=clock.now())
