"""What a message looks like: report of a missing child, sighting, other offence, hearsay or threat. Pure.

Weights are a judgement, tuned on tests/tips/triage/messages.toml. Where two weigh the same, the graver one
counts: to take a rumour for a report costs a call, the other way round may cost the child.
"""

from __future__ import annotations

from collections.abc import Mapping

from tips.triage.lexicon import said
from tips.triage.model import Reason
from tips.triage.spelling import Forms

_LISTS = (
    "mine", "theirs", "child", "aged", "not_back", "gone", "astray", "found", "saw", "sought", "offence",
    "hearsay", "forwarded",
    "threat", "ransom", "joke",
)  # fmt: skip
_ORDER = ("threat", "report", "sighting", "offence", "rumour")
_LEAST = 2.0
_OF_NOBODY = frozenset({"now", "help", "border", "drugs_near", "weapon"})  # signs that say nothing of a child
_OF_LOSS = frozenset({"taken", "forced", "lifeless", "selfharm", "tied", "boot"})
_OF_FAMILY = 2.1  # whoever writes of their own child to the police, and nothing else is plain
_SHOWN = 4  # stretches of the words that a reason names

Said = Mapping[str, list[str]]


def guess(forms: Forms, danger: frozenset[str]) -> tuple[str, tuple[Reason, ...]]:
    """Return one of GUESSES and why, given the signs of danger in the same words."""
    told = {name: said(name, forms) for name in _LISTS}
    told["found"] = [words for words in told["found"] if not any(words in no for no in told["not_back"])]
    weights = {
        "threat": _threat(told),
        "report": _report(told, danger),
        "sighting": _sighting(told, danger),
        "offence": _offence(told, danger),
        "rumour": _rumour(told),
    }
    best = max(_ORDER, key=lambda name: weights[name])
    if weights[best] < _LEAST:
        return "", ()
    return best, (Reason(f"guess_{best}", 0, {"words": _because(best, told)}),)


def _report(told: Said, danger: frozenset[str]) -> float:
    is_gone = bool(told["not_back"] or told["gone"])
    if told["found"]:
        return 0.0
    if told["mine"] or told["theirs"]:
        if is_gone or told["astray"]:
            return 5.0 if told["mine"] else 4.5
        if told["saw"] or told["offence"]:
            return 0.0
        return 4.0 if danger & _OF_LOSS else _OF_FAMILY
    if not (told["child"] or told["aged"]) or not is_gone:
        return float(is_gone)
    passed_on = bool(told["hearsay"] or told["forwarded"])
    return 3.5 - 2 * passed_on - 2 * bool(told["saw"] or told["sought"])


def _sighting(told: Said, danger: frozenset[str]) -> float:
    sought = 2.5 * bool(told["sought"])
    if not told["saw"]:
        near = bool(told["child"]) and bool(danger - _OF_NOBODY or told["astray"])
        return max(sought, 2.2 if near else 0.0)
    return (
        3.0
        + bool(told["child"])
        + bool(sought)
        - 1.5 * bool(told["joke"])
        - bool(told["hearsay"] and not told["child"])
    )


def _offence(told: Said, danger: frozenset[str]) -> float:
    if not told["offence"]:
        return 0.0
    about_a_child = bool(told["child"] or told["mine"]) and bool(danger - _OF_NOBODY)
    return 3.6 + 0.5 * (len(told["offence"]) - 1) + (-2.0 if about_a_child or told["forwarded"] else 1.0)


def _rumour(told: Said) -> float:
    passed_on = 2.6 * bool(told["hearsay"]) + bool(told["forwarded"]) * (1.6 + len(told["forwarded"]))
    return passed_on - 1.5 * bool(told["saw"] and not told["forwarded"])


def _threat(told: Said) -> float:
    said_so = 4.5 * bool(told["threat"]) + 4.6 * bool(told["ransom"])
    return said_so - 2.0 * bool(told["saw"]) - 2.0 * bool(told["hearsay"])


_BECAUSE: Mapping[str, tuple[str, ...]] = {
    "threat": ("threat", "ransom"),
    "report": ("mine", "theirs", "not_back", "gone", "astray"),
    "sighting": ("saw", "sought", "child"),
    "offence": ("offence",),
    "rumour": ("hearsay", "forwarded"),
}


def _because(best: str, told: Said) -> str:
    found = [words for name in _BECAUSE[best] for words in told[name][:2]]
    return " … ".join(dict.fromkeys(found[:_SHOWN]))
