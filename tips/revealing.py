"""Who told us is read by one officer, for a reason, with another's leave, for a quarter of an hour."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tips import owed, settling
from tips.models import Tip
from tips.permission import ASK_REVEAL, GRANT_REVEAL, demand, demand_factor, hold
from tips.refusals import TipRefused
from trust import audit, clock, keys
from trust.models import Decision, Officer
from trust.models.decision import DecisionRefused

ACT = "tip.reveal"
ANSWER_WITHIN = OPEN_FOR = timedelta(minutes=15)
OTHER = "other"
REASONS: Mapping[str, Promise] = {
    "child_in_danger": _("a child is in danger, and only the witness can say where"),
    "witness_in_danger": _("the witness may be in danger"),
    "threat": _("the tip itself is a threat"),
    "call_back": _("the thread is not answered, and a call cannot wait"),
    "magistrate": _("a magistrate ordered it"),
    OTHER: _("another reason, in words"),
}


@dataclass(frozen=True)
class Address:
    """Hold where a tip came from, while it is open to whoever asked."""

    channel: str
    address: str = field(repr=False)
    until: datetime


def has_address(tip: Tip) -> bool:
    """Say whether there is anything to reveal: of a tip from the web there is not."""
    return tip.witness is not None and tip.witness.address is not None


def ask(tip: Tip, officer: Officer, reason: str, words: str = "") -> Decision:
    """Ask for the address and call somebody who may grant it; the same question again while it is open.

    reason: a code of REASONS; words: needed for "other". Raise TipRefused: no_permission, not_yours, erased,
    reason, too_long, nobody_to_reveal.
    """
    said = words.strip()
    if reason not in REASONS or (reason == OTHER and not said):
        raise TipRefused("reason")
    if len(said) > settling.MAX_WORDS:
        raise TipRefused("too_long")
    with transaction.atomic():
        held = hold(tip, officer, ASK_REVEAL, handed=True)
        if not has_address(held):
            raise TipRefused("nobody_to_reveal")
        running = asked(held, officer)
        if running is not None and (_is_open(running) or _stands(held, running)):
            return running
        return _ask(held, officer, reason, said)


def grant(decision: Decision, officer: Officer, *, factor_at: datetime | None) -> None:
    """Open the address to whoever asked, for a quarter of an hour.

    Raise TipRefused: no_permission, not_yours, factor_not_fresh, nothing_asked, same_person, expired,
    already_decided, other_digest.
    """
    demand_factor(factor_at)
    with transaction.atomic():
        tip, row = _held(decision, officer)
        _decide(row, Decision.Outcome.GRANTED, officer, _digest(tip, row))
        audit.record("tip.reveal_granted", tip, actor=officer, after=str(row.pk), reason=row.ground)
        _close(tip, row, "granted", officer)


def refuse(decision: Decision, officer: Officer, words: str = "") -> None:
    """Leave it shut; words: why, kept sealed with the tip. Raise TipRefused as grant() does."""
    with transaction.atomic():
        tip, row = _held(decision, officer)
        _decide(row, Decision.Outcome.REFUSED, officer)
        settling.note(tip, "reveal_refused", officer, code=row.ground, words=words.strip())
        tip.save(update_fields=["history"])
        audit.record("tip.reveal_refused", tip, actor=officer, after=str(row.pk), reason=row.ground)
        _close(tip, row, "refused", officer)


def asked(tip: Tip, officer: Officer) -> Decision | None:
    """Return this officer's last question on the tip, however it was answered (one query)."""
    return Decision.objects.filter(act=ACT, subject=tip.pk, asked_by=officer).order_by("-asked_at").first()


def waiting(officer: Officer, at: datetime) -> list[tuple[Decision, Tip]]:
    """Return the questions this officer could answer now, the oldest first (two queries)."""
    if not officer.has_perm(GRANT_REVEAL):
        return []
    open_ = Decision.objects.filter(act=ACT, outcome="", expires_at__gt=at).exclude(asked_by=officer)
    rows = list(open_.select_related("asked_by").order_by("asked_at"))
    tips = Tip.objects.readable_by(officer).in_bulk([row.subject for row in rows])
    return [(row, tips[row.subject]) for row in rows if row.subject in tips]


def why(tip: Tip, decision: Decision) -> str:
    """Return the asker's own words, "" where the code said all."""
    lines = [line for line in tip.history or [] if line.get("digest") == decision.digest]
    return str(lines[-1].get("words", "")) if lines else ""


def address(tip: Tip, officer: Officer) -> Address:
    """Return the address to the officer to whom it is open; each call is in the log.

    Raise TipRefused: no_permission, not_yours, not_open, nobody_to_reveal.
    """
    demand(officer, tip, ASK_REVEAL, handed=True)
    with transaction.atomic():
        row, now = asked(tip, officer), Tip.objects.select_related("witness").get(pk=tip.pk)
        if row is None or row.decided_at is None or not _stands(now, row):
            raise TipRefused("not_open")
        witness = now.witness
        if witness is None or witness.address is None:
            raise TipRefused("nobody_to_reveal")
        audit.record("tip.revealed", tip, actor=officer, after=str(row.pk), reason=row.ground)
    return Address(witness.channel, witness.address, row.decided_at + OPEN_FOR)


def lapse_due() -> int:
    """Close the questions that nobody answered in their time; return how many."""
    count = 0
    for row in Decision.objects.filter(act=ACT, outcome="", expires_at__lte=clock.now())[:500]:
        with suppress(DecisionRefused):  # answered in this moment
            row.decide(Decision.Outcome.LAPSED, by=None)
            tip = Tip.objects.filter(pk=row.subject).first()
            if tip is not None:
                _close(tip, row, "lapsed", None)
            count += 1
    return count


def _ask(tip: Tip, officer: Officer, reason: str, words: str) -> Decision:
    line = settling.note(tip, "reveal_asked", officer, code=reason, words=words)
    row = Decision(asked_by=officer, ground=reason, subject=tip.pk)
    line["digest"] = _digest_of(tip, row, line)
    tip.save(update_fields=["history"])
    until = clock.now() + ANSWER_WITHIN
    row = Decision.ask(
        ACT, tip.pk, digest=line["digest"], asked_by=officer, ground=reason, expires_at=until
    )  # fmt: skip
    audit.record("tip.reveal_asked", tip, actor=officer, after=str(row.pk), reason=reason)
    people = owed.others(tip.unit, GRANT_REVEAL, but=officer)
    owed.owe(tip, owed.REVEAL, owner=people[0] if people else None, detail=str(row.pk), due_at=until)
    owed.call_first(people, tip, row.pk, owed.REVEAL)
    return row


def _held(decision: Decision, officer: Officer) -> tuple[Tip, Decision]:
    tip = Tip.objects.filter(pk=decision.subject).first()
    if tip is None or decision.act != ACT:
        raise TipRefused("nothing_asked")
    held = hold(tip, officer, GRANT_REVEAL, handed=True)
    row = Decision.objects.get(pk=decision.pk)
    if row.outcome:
        raise TipRefused("already_decided")
    return held, row


def _decide(row: Decision, outcome: str, officer: Officer, digest: str = "") -> None:
    try:
        row.decide(outcome, by=officer, digest=digest)
    except DecisionRefused as refused:
        raise TipRefused(refused.code) from refused


def _close(tip: Tip, row: Decision, result: str, officer: Officer | None) -> None:
    for task in owed.open_tasks(tip, owed.REVEAL, str(row.pk)):
        task.finish(result, by=officer)


def _is_open(row: Decision) -> bool:
    return not row.outcome and row.expires_at is not None and row.expires_at > clock.now()


def _stands(tip: Tip, row: Decision) -> bool:
    """Say whether a grant still holds, is about this very question, and is proved by the log."""
    if row.outcome != Decision.Outcome.GRANTED or row.decided_at is None:
        return False
    if not row.decided_at <= clock.now() < row.decided_at + OPEN_FOR or _digest(tip, row) != row.digest:
        return False
    entries = audit.told_of(["tip.reveal_granted"], [tip.pk])
    return any((entry.actor, entry.after) == (row.decided_by_id, str(row.pk)) for entry in entries)


def _digest(tip: Tip, row: Decision) -> str:
    """Return the digest of the question as the tip's history holds it."""
    lines = [line for line in tip.history or [] if line.get("digest") == row.digest]
    return _digest_of(tip, row, lines[-1]) if lines else ""


def _digest_of(tip: Tip, row: Decision, line: Mapping[str, Any]) -> str:
    content = {
        **{name: line.get(name, "") for name in ("code", "words", "at")},
        "tip": str(tip.pk), "witness": str(tip.witness_id), "asked_by": str(row.asked_by_id),
    }  # fmt: skip
    told = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return keys.digest(tip.pk, told.encode())
