"""Suspected abuse material: shut at once by one, looked at or released by two. The original stays sealed.

Copies, stills and likenesses are destroyed; of the prints only hashes remain, from which no picture can be
made, so that the same material is known when it comes again.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tips.files import copying, sealing_files
from tips.media.clips import Clip
from tips.media.prints import Print as Looks
from tips.models import Attachment, Footage, Print, Tip
from tips.permission import demand_factor
from tips.refusals import TipRefused
from trust import audit, clock, vault
from trust.models import Decision, Officer
from trust.models.decision import DecisionRefused

OPEN, RELEASE = "attachment.open_frozen", "attachment.unfreeze"  # the acts of two people
FREEZE_RIGHT, OPEN_RIGHT = "tips.freeze_media", "tips.open_frozen"
ASKED = {OPEN: "attachment.frozen_open_asked", RELEASE: "attachment.unfreeze_asked"}
ANSWERED = "attachment.freeze_answered"
ASKED_FOR = timedelta(hours=24)  # an answer is waited for
OPENED_FOR = timedelta(hours=1)  # after the answer
REASONS: Mapping[str, Promise] = {
    "identify_child": _("To find out who the child is"),
    "competent_unit": _("Asked for by the unit that is competent"),
    "court": _("Ordered by a court or a prosecutor"),
    "mistake": _("It seems to be frozen by mistake"),
}
State = Attachment.State


def freeze(attachment: Attachment, officer: Officer) -> int:
    """Shut it, and every file of the same bytes, at once; return how many. Raise TipRefused."""
    _demand(attachment, officer, FREEZE_RIGHT)
    if attachment.state not in (State.KEPT, State.READY, State.UNREADABLE):
        raise TipRefused("frozen" if attachment.state == State.FROZEN else "not_kept")
    with transaction.atomic():
        same = Attachment.objects.filter(original_sha256=attachment.original_sha256)
        return sum(_shut(row, officer) for row in same.exclude(state=State.FROZEN).order_by("pk"))


def freeze_as_twin(attachment: Attachment) -> bool:
    """Shut it where a file of the same bytes is frozen: nobody need look at it again. Return whether."""
    twins = Attachment.objects.filter(original_sha256=attachment.original_sha256, state=State.FROZEN)
    if not twins.exists():
        return False
    with transaction.atomic():
        return _shut(attachment, None)


def ask(act: str, attachment: Attachment, officer: Officer, reason: str) -> Decision:
    """Ask a second officer for leave to look (OPEN) or to release (RELEASE); `reason` is one of REASONS.

    Raise TipRefused: no_permission, not_yours, not_frozen, reason, second_waits.
    """
    _demand(attachment, officer, OPEN_RIGHT)
    if attachment.state != State.FROZEN:
        raise TipRefused("not_frozen")
    if reason not in REASONS or act not in (OPEN, RELEASE):
        raise TipRefused("reason")
    now = clock.now()
    if Decision.objects.filter(act=act, subject=attachment.pk, outcome="", expires_at__gt=now).exists():
        raise TipRefused("second_waits")
    with transaction.atomic():
        asked = Decision.ask(
            act, attachment.pk, digest=attachment.original_sha256, asked_by=officer, ground=reason,
            expires_at=now + ASKED_FOR,
        )  # fmt: skip
        audit.record(ASKED[act], attachment, actor=officer, after=str(asked.pk), reason=reason)
    return asked


def answer(decision: Decision, officer: Officer, *, agree: bool, factor_at: datetime | None) -> None:
    """Grant or refuse what another asked, with a second factor used a moment ago. Raise TipRefused."""
    attachment = Attachment.objects.select_related("tip").filter(pk=decision.subject).first()
    if attachment is None or decision.act not in (OPEN, RELEASE):
        raise TipRefused("nothing_asked")
    _demand(attachment, officer, OPEN_RIGHT)
    demand_factor(factor_at)
    if not _is_logged(ASKED[decision.act], decision, decision.asked_by_id):
        raise TipRefused("nothing_asked")
    outcome = Decision.Outcome.GRANTED if agree else Decision.Outcome.REFUSED
    with transaction.atomic():
        try:
            decision.decide(outcome, by=officer, digest=attachment.original_sha256)
        except DecisionRefused as refused:
            raise TipRefused(refused.code) from refused
        audit.record(ANSWERED, attachment, actor=officer, after=str(decision.pk), reason=str(outcome))
        if agree and decision.act == RELEASE:
            _release(attachment, officer)


def waiting(officer: Officer) -> list[tuple[Decision, Attachment]]:
    """Return the questions this officer could answer now, the oldest first."""
    if not officer.has_perm(OPEN_RIGHT):
        return []
    asked = Decision.objects.filter(act__in=(OPEN, RELEASE), outcome="", expires_at__gt=clock.now())
    asked = asked.exclude(asked_by=officer).order_by("asked_at")
    mine = Attachment.objects.filter(tip__in=Tip.objects.for_officer(officer)).in_bulk(
        [one.subject for one in asked]
    )
    return [(one, mine[one.subject]) for one in asked if one.subject in mine]


def is_open_to(attachment: Attachment, officer: Officer) -> bool:
    """Say whether two people agreed, within the hour, that this officer may look; the log proves both."""
    since = clock.now() - OPENED_FOR
    granted = Decision.objects.filter(
        act=OPEN, subject=attachment.pk, outcome=Decision.Outcome.GRANTED, asked_by=officer,
        decided_at__gt=since,
    )  # fmt: skip
    return officer.has_perm(OPEN_RIGHT) and any(
        _is_logged(ASKED[OPEN], row, officer.pk) and _is_logged(ANSWERED, row, row.decided_by_id, since)
        for row in granted
    )


def look(attachment: Attachment, officer: Officer) -> tuple[bytes, str]:
    """Return one picture of what is frozen and its type, made now and kept nowhere; each look is in the log.

    Raise TipRefused: not_open_frozen, not_kept (nothing can be shown). Costs a process.
    """
    _demand(attachment, officer, OPEN_RIGHT)
    if attachment.state != State.FROZEN or not is_open_to(attachment, officer):
        raise TipRefused("not_open_frozen")
    audit.record("attachment.frozen_opened", attachment, actor=officer)
    made = copying.make_still(attachment.kind, sealing_files.original(attachment))
    if made is None:
        raise TipRefused("not_kept")
    return made, copying.JPEG


def _is_logged(action: str, decision: Decision, actor: UUID | None, since: datetime | None = None) -> bool:
    """Say whether a true entry names this decision and this officer (a query)."""
    entries = audit.told_of([action], [decision.subject])
    return any(
        (one.actor, one.after) == (actor, str(decision.pk)) and (since is None or one.at > since)
        for one in entries
    )


def _demand(attachment: Attachment, officer: Officer, right: str) -> None:
    if not officer.has_perm(right):
        raise TipRefused("no_permission")
    if not Tip.objects.for_officer(officer).filter(pk=attachment.tip_id).exists():
        raise TipRefused("not_yours")


def _shut(row: Attachment, officer: Officer | None) -> bool:
    """Destroy all that shows it; nothing where another was faster."""
    now, gone = clock.now(), [key for key in (row.copy_key, row.still_key) if key]
    shut = Attachment.objects.filter(pk=row.pk).exclude(state=State.FROZEN)
    if not shut.update(
        state=State.FROZEN, frozen_at=now, frozen_by=officer, copy_key="", copy_type="", still_key="",
        next_at=None, likenesses=None,
    ):  # fmt: skip
        return False
    row.refresh_from_db()
    for held in row.prints.all():
        _thin(held)
    Footage.objects.filter(original_sha256=row.original_sha256).update(frozen_at=now)
    transaction.on_commit(partial(_delete, gone))
    audit.record("attachment.frozen", row, actor=officer, reason="" if officer else "same_file")
    return True


def _release(row: Attachment, officer: Officer) -> None:
    """Let a worker make its copy anew, and those of the files of the same bytes."""
    same = Attachment.objects.filter(original_sha256=row.original_sha256, state=State.FROZEN)
    for one in same:
        one.prints.all().delete()
        Attachment.objects.filter(pk=one.pk).update(
            state=State.KEPT, frozen_at=None, frozen_by=None, attempts=0, next_at=clock.now()
        )
        audit.record("attachment.unfrozen", one, actor=officer)
    Footage.objects.filter(original_sha256=row.original_sha256).update(frozen_at=None)


def _delete(gone: Iterable[str]) -> None:
    for key in gone:
        vault.delete(key)


def _thin(held: Print) -> None:
    """Leave of a print what no picture can be made from."""
    if not held.packed:
        return
    packed = base64.b64decode(held.packed)
    if held.kind == Print.Of.CLIP:
        clip = Clip.unpacked(packed)
        frames = tuple(replace(frame, looks=_hashes_of(frame.looks)) for frame in clip.frames)
        thin = replace(clip, frames=frames).packed()
    else:
        thin = _hashes_of(Looks.unpacked(packed)).packed()
    held.packed = base64.b64encode(thin).decode()
    held.save(update_fields=["packed"])


def _hashes_of(looks: Looks) -> Looks:
    none = np.zeros((0, 2), np.float32)
    return Looks(looks.pdq, looks.quality, none, np.zeros((0, 32), np.uint8), b"")
