"""What an officer finds to do on the page of a tip; each act asks its own right again when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tips import deciding
from tips.desk.doors import TRIAGE, url
from tips.models import Tip
from trust.models import Officer

OPEN = (Tip.State.NEW, Tip.State.SEEN)


@dataclass(frozen=True)
class Act:
    """Hold one link: its name in the address, its words, its access key."""

    name: str
    words: Promise
    key: str = ""
    url: str = ""
    primary: bool = False


DECIDING = (
    Act("sighting", _("It is a sighting…"), "s", primary=True),
    Act("case", _("A child is missing: make a case…"), "c"),
    Act("hand", _("Hand over…"), "h"),
    Act("statement", _("Answer with a statement…"), "t"),
    Act("close", _("Close with a reason…"), "x"),
)


def of(tip: Tip, officer: Officer, *, may_act: bool) -> list[Act]:
    """Return the acts that are possible now (one query for who may be the second reader)."""
    found: list[Act] = []
    if tip.erased_at:
        return found
    if tip.state == Tip.State.HANDED_OVER and tip.acknowledged_at is None:
        mine = tip.handed_to_id is not None and tip.handed_to_id == officer.unit_id
        if officer.has_perm(TRIAGE) and (mine or (may_act and tip.handed_to_id is None)):
            found.append(Act("taken", _("Say that it was taken…"), "a", primary=True))
            found.append(Act("back", _("Send it back…"), "b"))
    if tip.state in OPEN and may_act:
        found += DECIDING
    elif may_act:
        found.append(Act("reopen", _("Open it again…"), "o"))
    waits = tip.state in OPEN and officer.has_perm("tips.second_tip") and deciding.pending(tip)
    if waits and waits.asked_by_id != officer.pk:
        found.insert(0, Act("second", _("You are asked as second reader…"), "2", primary=True))
    if tip.witness_id and (
        (may_act and officer.has_perm("tips.ask_reveal")) or officer.has_perm("tips.grant_reveal")
    ):
        found.append(Act("reveal", _("Who told us…"), "w"))
    return [Act(act.name, act.words, act.key, url(act.name, tip.pk), act.primary) for act in found]
