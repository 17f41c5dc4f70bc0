"""What an officer finds to do on the page of a tip; each act asks its own right again when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tips import deciding, revealing
from tips.desk.doors import TRIAGE, url
from tips.models import Tip
from tips.permission import ASK_REVEAL, GRANT_REVEAL, was_given
from trust.models import Officer

REVEAL = (ASK_REVEAL, GRANT_REVEAL)
OPEN = (Tip.State.NEW, Tip.State.SEEN)


@dataclass(frozen=True)
class Act:
    """Hold one link: its name in the address, its words, its access key."""

    name: str
    words: Promise
    key: str = ""
    url: str = ""
    primary: bool = False


NEEDS = {"case": "cases.add_case", "statement": "alerts.draft_statement"}
DECIDING = (
    Act("sighting", _("It is a sighting…"), "s", primary=True),
    Act("case", _("A child is missing: make a case…"), "c"),
    Act("hand", _("Hand over…"), "h"),
    Act("statement", _("Answer with a statement…"), "t"),
    Act("close", _("Close with a reason…"), "x"),
)


def _has_taken(tip: Tip, officer: Officer) -> bool:
    """Say whether the tip was handed to this officer, and its unit has said that it has it."""
    return bool(tip.acknowledged_at) and officer.has_perm(TRIAGE) and was_given(officer, tip)


def of(tip: Tip, officer: Officer, *, may_act: bool) -> list[Act]:
    """Return the acts that are possible now (one query for who may be the second reader)."""
    found: list[Act] = []
    if tip.erased_at:
        return found
    if tip.state == Tip.State.HANDED_OVER and tip.acknowledged_at is None:
        mine = was_given(officer, tip) and officer.pk != tip.decided_by_id
        if officer.has_perm(TRIAGE) and (mine or (may_act and tip.handed_to_id is None)):
            found.append(Act("taken", _("Say that it was taken…"), "a", primary=True))
            found.append(Act("back", _("Send it back…"), "b"))
    if tip.state in OPEN and may_act:
        found += [act for act in DECIDING if officer.has_perm(NEEDS.get(act.name, TRIAGE))]
    elif tip.state in Tip.DECIDED and (may_act or _has_taken(tip, officer)):
        found.append(Act("reopen", _("Open it again…"), "o"))
    waits = tip.state in OPEN and officer.has_perm("tips.second_tip") and deciding.pending(tip)
    if waits and waits.asked_by_id != officer.pk:
        found.insert(0, Act("second", _("You are asked as second reader…"), "2", primary=True))
    ours = may_act or was_given(officer, tip) or officer.has_perm("tips.grant_reveal")
    if ours and revealing.has_address(tip) and any(map(officer.has_perm, REVEAL)):
        found.append(Act("reveal", _("Who told us…"), "w"))
    return [Act(act.name, act.words, act.key, url(act.name, tip.pk), act.primary) for act in found]
