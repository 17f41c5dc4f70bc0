"""Every rule, in the order in which an officer reads what they find. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from alerts.lint import facts, numbers, plates, secrets, spoken, whole
from alerts.lint.model import ADDITION, RELEASABLE, RELEASED, Draft, Finding

Rule = Callable[[Draft], Iterable[Finding]]
RULES: tuple[Rule, ...] = (
    secrets.addresses,
    secrets.phones,
    secrets.siblings,
    secrets.people,
    plates.plates,
    secrets.private_words,
    whole.photo,
    facts.ages,
    facts.born,
    facts.sexes,
    facts.dates,
    facts.names,
    numbers.foreign_numbers,
    numbers.number_missing,
    numbers.digits_differ,
    numbers.digits_mixed,
    spoken.additions_whole,
    spoken.untranslated,
    spoken.garments,
    spoken.markup,
    spoken.links,
    spoken.shouting,
    whole.expiry,
    whole.area,
    whole.elements,
)


def lint(draft: Draft) -> tuple[Finding, ...]:
    """Return what is wrong, stops first; a fault is one finding however many channels repeat it.

    What two people released for exactly these sentences is no stop, and must still be ticked as seen.
    """
    merged: dict[tuple[object, ...], Finding] = {}
    for found in _all(draft):
        finding = _as_released(found, draft.released)
        is_free = ADDITION in finding.channels
        same = (finding.code, finding.severity, finding.language, finding.detail, is_free)
        merged[same] = _joined(merged.get(same), finding)
    return tuple(sorted(merged.values(), key=lambda finding: not finding.is_stop))


def _as_released(finding: Finding, released: frozenset[str]) -> Finding:
    if not (finding.is_stop and finding.may_be_released and RELEASABLE[finding.code] in released):
        return finding
    return replace(finding, severity="warn", detail=RELEASED)


def _joined(before: Finding | None, finding: Finding) -> Finding:
    if before is None:
        return finding
    return replace(
        before,
        channels=tuple(dict.fromkeys((*before.channels, *finding.channels))),
        words=tuple(dict.fromkeys((*before.words, *finding.words))),
    )


def _all(draft: Draft) -> Iterator[Finding]:
    for rule in RULES:
        yield from rule(draft)
