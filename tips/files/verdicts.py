"""What a person makes of a picture or a clip, with the evidence beside it."""

from __future__ import annotations

from django.db import transaction

from tips import assessing
from tips.models import Attachment, Tip
from tips.refusals import TipRefused
from trust import audit, clock
from trust.models import Officer

RIGHT = "tips.triage_tip"
LONGEST_WHY = 1_000
NEEDS_WHY = frozenset({Attachment.Verdict.OLD, Attachment.Verdict.FALSE, Attachment.Verdict.CREDIBLE})


def give(attachment: Attachment, officer: Officer, verdict: str, why: str) -> None:
    """Write down the verdict, over an earlier one; the tip is assessed again.

    Raise TipRefused: no_permission, not_yours, unknown_code, no_words (every verdict but "unclear" says why),
    too_long, frozen.
    """
    _check(attachment, officer, verdict, why.strip())
    with transaction.atomic():
        open_ = Attachment.objects.filter(pk=attachment.pk).exclude(state=Attachment.State.FROZEN)
        before = attachment.verdict
        if not open_.update(verdict=verdict, verdict_by=officer, verdict_at=clock.now()):
            raise TipRefused("frozen")
        attachment.refresh_from_db()
        attachment.verdict_why = why.strip() or None
        attachment.save(update_fields=["verdict_why"])
        audit.record(
            "attachment.verdict", attachment, actor=officer, before=before, after=verdict, reason=verdict
        )
        assessing.assess(attachment.tip)


def _check(attachment: Attachment, officer: Officer, verdict: str, why: str) -> None:
    if not officer.has_perm(RIGHT):
        raise TipRefused("no_permission")
    if not Tip.objects.for_officer(officer).filter(pk=attachment.tip_id).exists():
        raise TipRefused("not_yours")
    if verdict not in Attachment.Verdict.values:
        raise TipRefused("unknown_code")
    if verdict in NEEDS_WHY and not why:
        raise TipRefused("no_words")
    if len(why) > LONGEST_WHY:
        raise TipRefused("too_long")
