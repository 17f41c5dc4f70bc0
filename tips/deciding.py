"""A tip is closed with a reason: by one officer, or by two where it speaks of danger."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from alerts import statements
from alerts.models import Statement
from cases import sightings
from cases.models import MoveRefused, Sighting
from tips import answering, owed, settling
from tips.closing_words import REASONS, WITH_WORDS
from tips.models import Tip
from tips.permission import SECOND, TRIAGE, hold
from tips.refusals import TipRefused
from tips.settling import CLOSE as ACT
from tips.settling import demand_undecided, note, question, settle
from tips.triage.named import links
from trust import audit, clock, keys
from trust.models import Decision, Officer
from trust.models.decision import DecisionRefused

__all__ = [
    "ACT", "REASONS", "Closed", "close", "close_all", "lapse_due", "pending", "refute", "second", "waiting",
]  # fmt: skip

MOST_LINKS = 5
HELD = timedelta(hours=12)  # a second reader's question is asked anew after
# What a sighting made of a tip turns out to be, once the tip is closed after all.
TAKEN_BACK = {
    Tip.State.FALSE: Sighting.Why.FALSE,
    Tip.State.RUMOUR: Sighting.Why.FALSE,
    Tip.State.OLD: Sighting.Why.OTHER_TIME,
    Tip.State.UNRELATED: Sighting.Why.MISTAKE,
}
KINDS = {Tip.State.OLD: Statement.Kind.OLD_FOOTAGE}  # of statements; the others refute a rumour


@dataclass(frozen=True)
class Closed:
    """Hold what became of a cluster: closed at once, waiting for a second reader, left as they were."""

    closed: tuple[Tip, ...]
    waiting: tuple[Tip, ...]
    left: tuple[tuple[Tip, str], ...]  # each with the code of its refusal


def close(tip: Tip, officer: Officer, state: str, reason: str, *, words: str = "") -> Decision | None:
    """Close the tip, or ask a second reader where its danger asks for one (then return the question).

    state, reason: codes of REASONS; words: the officer's own, needed where the reason says so. Closing twice
    the same way is closing once. Raise TipRefused: no_permission, not_yours, erased, reason, too_long,
    decided, second_waits, moved_meanwhile.
    """
    said = _reason(state, reason, words)
    with transaction.atomic():
        held = hold(tip, officer, TRIAGE)
        if _is_same(held, officer, state, reason):
            return None
        demand_undecided(held)
        if pending(held):
            raise TipRefused("second_waits")
        if settling.needs_two(held):
            return _ask(held, officer, state, reason, said)
        _close(held, officer, officer, state, reason, said)
    return None


def close_all(tips: Iterable[Tip], officer: Officer, state: str, reason: str, *, words: str = "") -> Closed:
    """Close each of a cluster in its own transaction, each in the log; raise TipRefused for the reason."""
    _reason(state, reason, words)
    closed: list[Tip] = []
    asked: list[Tip] = []
    left: list[tuple[Tip, str]] = []
    for tip in tips:
        try:
            decision = close(tip, officer, state, reason, words=words)
        except TipRefused as refused:
            left.append((tip, refused.code))
        else:
            (asked if decision else closed).append(tip)
    return Closed(tuple(closed), tuple(asked), tuple(left))


def pending(tip: Tip) -> Decision | None:
    """Return the question a second reader may still answer (one query)."""
    asked = question(tip)
    return asked if asked and asked.expires_at and asked.expires_at > clock.now() else None


def waiting(officer: Officer, at: datetime) -> list[Tip]:
    """Return the tips on which this officer could be the second reader now, the longest waiting first."""
    if not officer.has_perm(SECOND):
        return []
    asked = Decision.objects.filter(act=ACT, outcome="", expires_at__gt=at).exclude(asked_by=officer)
    subjects = asked.order_by("asked_at").values_list("subject", flat=True)
    order = {pk: number for number, pk in enumerate(subjects)}
    tips = Tip.objects.for_officer(officer).filter(pk__in=list(order))
    return sorted(tips, key=lambda tip: order[tip.pk])


def second(tip: Tip, officer: Officer, agree: bool, reason: str = "") -> None:  # noqa: FBT001  one word says it
    """Answer as the second reader: agreed, the tip is closed; else it stays seen, with the words of why.

    What the witness added since the question was asked makes it another one: then it lapses. Raise
    TipRefused: no_permission, not_yours, nothing_asked, same_person, expired, already_decided, other_digest,
    no_words (refused without a reason).
    """
    if not agree and not reason.strip():
        raise TipRefused("no_words")
    with transaction.atomic():
        held = hold(tip, officer, SECOND)
        asked = question(held)
        if asked is None:
            raise TipRefused("nothing_asked")
        line = _asked_line(held, asked)
        is_same = line is not None and _digest(held, asked.asked_by_id, line) == asked.digest
        if line is not None and is_same:
            _answer(held, officer, asked, line, agree=agree, words=reason.strip())
        else:
            _let_lapse(held, asked, officer)
    if not is_same:
        raise TipRefused("other_digest")


def refute(tip: Tip, officer: Officer, state: str, reason: str, *, words: str = "") -> Statement:
    """Draft a statement with the tip's link, words and evidence, and close the tip in the same act.

    Raise TipRefused as close() does; alerts.refusals.IssueRefused as statements.draft() does.
    """
    with transaction.atomic():
        held = hold(tip, officer, TRIAGE)
        kind = KINDS.get(Tip.State(state), Statement.Kind.RUMOUR)
        made = statements.draft(
            officer, kind, {}, _links(held), held.words or "", _evidence(held), held.unit, held.pk
        )
        close(held, officer, state, reason, words=words)
        audit.record("tip.refuted", held, actor=officer, after=str(made.pk))
    return made


def lapse_due() -> int:
    """Close the questions no second reader answered in their time; return how many."""
    count = 0
    for asked in Decision.objects.filter(act=ACT, outcome="", expires_at__lte=clock.now())[:500]:
        with transaction.atomic():
            tip = Tip.objects.select_for_update().filter(pk=asked.subject).first()
            if tip is not None:
                settling.lapse(tip)
                owed.finish(tip, [owed.SECOND], "lapsed", None)
                count += 1
    return count


def _reason(state: str, reason: str, words: str) -> str:
    said = words.strip()
    if reason not in REASONS.get(state, {}) or (reason in WITH_WORDS and not said):
        raise TipRefused("reason")
    if len(said) > settling.MAX_WORDS:
        raise TipRefused("too_long")
    return said


def _is_same(tip: Tip, officer: Officer, state: str, reason: str) -> bool:
    return (tip.state, tip.decided_by_id, tip.decided_code) == (state, officer.pk, reason)


def _close(tip: Tip, actor: Officer, decided_by: Officer, state: str, code: str, words: str) -> None:
    settle(tip, actor, state, code=code, words=words, decided_by=decided_by)
    _take_back(tip, decided_by)
    answering.tell(tip, "closed", state)


def _take_back(tip: Tip, officer: Officer) -> None:
    """Withdraw the sighting that was made of the tip before it was opened again; raise TipRefused."""
    why = TAKEN_BACK.get(Tip.State(tip.state))
    if why is None or tip.sighting_id is None:
        return
    row = Sighting.objects.standing().select_related("case").filter(pk=tip.sighting_id).first()
    if row is None:
        return
    try:
        sightings.withdraw(row, officer, why)
    except MoveRefused as refused:
        raise TipRefused("case_not_yours") from refused


def _ask(tip: Tip, officer: Officer, state: str, code: str, words: str) -> Decision:
    """Write the question down, and call somebody who may answer it; the tip stays seen."""
    settling.lapse(tip)  # one whose time is over
    if tip.state == Tip.State.NEW:
        tip.move(Tip.State.SEEN, officer)
    line = note(tip, "asked", officer, state=state, code=code, words=words)
    digest = _digest(tip, officer.pk, line)
    line["digest"] = digest
    tip.save(update_fields=["history"])
    until = clock.now() + HELD
    asked = Decision.ask(
        ACT, tip.pk, digest=digest, asked_by=officer, ground=f"{state}:{code}", expires_at=until
    )  # fmt: skip
    audit.record("tip.close_asked", tip, actor=officer, after=state, reason=code)
    people = owed.others(tip.unit, SECOND, but=officer)
    owed.owe(tip, owed.SECOND, owner=people[0] if people else None)
    owed.call_first(people, tip, asked.pk, owed.SECOND)
    return asked


def _answer(
    tip: Tip, officer: Officer, asked: Decision, line: dict[str, Any], *, agree: bool, words: str
) -> None:
    outcome = Decision.Outcome.GRANTED if agree else Decision.Outcome.REFUSED
    try:
        asked.decide(outcome, by=officer, digest=asked.digest)
    except DecisionRefused as refused:
        raise TipRefused(refused.code) from refused
    act = "tip.close_agreed" if agree else "tip.close_refused"
    audit.record(act, tip, actor=officer, after=line["state"], reason=line.get("code", ""))
    note(tip, "agreed" if agree else "refused", officer, state=line["state"], words=words)
    tip.save(update_fields=["history"])
    owed.finish(tip, [owed.SECOND], str(outcome), officer)
    first = asked.asked_by
    if agree and first is not None:
        _close(tip, officer, first, line["state"], line.get("code", ""), line.get("words", ""))


def _let_lapse(tip: Tip, asked: Decision, officer: Officer) -> None:
    settling.lapse(tip)
    owed.finish(tip, [owed.SECOND], "changed", officer)


def _asked_line(tip: Tip, asked: Decision) -> dict[str, Any] | None:
    lines = [line for line in tip.history or [] if line.get("digest") == asked.digest]
    return lines[-1] if lines else None


def _digest(tip: Tip, asked_by: object, line: dict[str, Any]) -> str:
    """Return the HMAC under the tip's key of the question and of all that the tip says by now."""
    content = {
        **{name: line.get(name, "") for name in ("state", "code", "words", "at")},
        "tip": str(tip.pk),
        "asked_by": str(asked_by),
        "said": tip.words or "",
        "place": tip.place,
        "came_along": sorted(str(pk) for pk in tip.attachments.values_list("pk", flat=True)),
    }
    told = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return keys.digest(tip.pk, told.encode())


def _links(tip: Tip) -> str:
    """Return the address of the post and those in the words, one a line."""
    found = dict.fromkeys([*([tip.link] if tip.link else []), *links(tip.words or "")])
    return "\n".join(list(found)[:MOST_LINKS])


def _evidence(tip: Tip) -> list[dict[str, str]]:
    """Return the tip, what came along with it, and the known footage that was recognised in that."""
    rows = list(tip.attachments.exclude(state="frozen"))
    known = {str(one["footage"]): None for row in rows for one in row.likenesses or [] if one.get("footage")}
    named = [("tip", str(tip.pk)), *(("attachment", str(row.pk)) for row in rows)]
    named += [("footage", pk) for pk in known]
    return [{"kind": kind, "id": pk} for kind, pk in named][:20]
