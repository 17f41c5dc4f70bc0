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
    said = sorted((a for c in consents if (a := _answer(c, now))), key=lambda a: a.at, reverse=True)
    newest: list[Answer] = []
    for answer in said:
        if not any(same_person(answer.consent, other.consent) for other in newest):
            newest.append(answer)
    return newest


def disagree(consents: Iterable[Consent], now: datetime, since: datetime | None = None) -> bool:
    """Say whether one guardian allows what another refuses, with a word newer than since."""
    newest = answers(consents, now)
    is_new = since is None or any(answer.at > since for answer in newest)
    return is_new and len({answer.allows for answer in newest}) > 1


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


def _answer(consent: Consent, now: datetime) -> Answer | None:
    taken_back_at = consent.withdrawal_asked_at or consent.withdrawn_at
    if consent.has_run_out or (consent.until is not None and consent.until <= now):
        return None
    if taken_back_at:
        return Answer(consent, allows=False, at=taken_back_at)
    return Answer(consent, allows=not consent.is_refusal, at=consent.entered_at or consent.given_at)
