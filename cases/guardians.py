"""Whether those who speak for a child agree on publishing, as their newest words say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.models import Consent
from cases.names.likeness import SAME, likeness

PARENTS = {"mother", "father"}


@dataclass(frozen=True)
class Answer:
    """Hold one guardian's newest word: yes or no, since when, in which record."""

    consent: Consent
    allows: bool
    at: datetime


def answers(consents: Iterable[Consent], now: datetime) -> list[Answer]:
    """Return one answer a guardian; what only ran out is no answer."""
    given = list(consents)
    kept = (consent for consent in given if not _is_replaced(consent, given))
    said = sorted((a for c in kept if (a := _answer(c, now))), key=lambda a: a.at, reverse=True)
    newest: list[Answer] = []
    for answer in said:
        if not any(same_person(answer.consent, other.consent) for other in newest):
            newest.append(answer)
    return newest


def disagree(consents: Iterable[Consent], now: datetime, since: datetime | None = None) -> bool:
    """Say whether one guardian allows what another refuses, with a word newer than since."""
    given = list(consents)
    newest = answers(given, now)
    is_new = since is None or any(answer.at > since for answer in newest)
    if not is_new:
        return False
    return len({answer.allows for answer in newest}) > 1 or any(
        _is_allowed_elsewhere(answer, given, now) for answer in newest if not answer.allows
    )


def another_allows(consent: Consent, consents: Iterable[Consent], now: datetime) -> bool:
    """Say whether some other guardian of the child still allows publishing."""
    return any(a.allows and not same_person(a.consent, consent) for a in answers(consents, now))


def same_person(one: Consent, other: Consent) -> bool:
    """Say whether one guardian gave both; a mother and a father are two people whatever else agrees."""
    relations = {one.relation, other.relation}
    if relations == PARENTS:
        return False
    a, b = one.guardian or {}, other.guardian or {}
    names = (a.get("name", ""), b.get("name", ""))
    if all(names):
        return likeness(*names) >= SAME
    return len(relations) == 1 or (bool(a.get("phone")) and a.get("phone") == b.get("phone"))


def _is_replaced(consent: Consent, others: Iterable[Consent]) -> bool:
    """Say whether its guardian gave another answer in its stead, in the same report."""
    return any(
        other.case_id == consent.case_id
        and _said_at(other) > _said_at(consent)
        and same_person(other, consent)
        for other in others
    )


def _is_allowed_elsewhere(refused: Answer, others: Iterable[Consent], now: datetime) -> bool:
    """Say whether a "yes" of another report outlives this "no": it takes more than a name to end that one."""
    answers = (_answer(other, now) for other in others if other.case_id != refused.consent.case_id)
    return any(answer is not None and answer.allows for answer in answers)


def _said_at(consent: Consent) -> datetime:
    return consent.entered_at or consent.given_at


def _answer(consent: Consent, now: datetime) -> Answer | None:
    taken_back_at = consent.withdrawal_asked_at or consent.withdrawn_at
    if consent.has_run_out or (consent.until is not None and consent.until <= now):
        return None
    if taken_back_at:
        return Answer(consent, allows=False, at=taken_back_at)
    return Answer(consent, allows=not consent.is_refusal, at=_said_at(consent))
