"""How seldom one who writes much is answered, and who is never answered at all. Pure.

Whatever is written is kept, each message of it. Only answers are spared: a telephone that shows fifty of them
hides the one that matters, and two machines that answer each other never end.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

QUIET = timedelta(minutes=30)  # of silence end a burst
LONGEST = timedelta(hours=1)  # and so does an hour of writing
FLOOD = 20  # the message of a burst at which the sender is told that there will be no more answers
MOST_ANSWERS = 6  # in a burst, before that
APART = timedelta(minutes=2)  # between two answers that carry no new receipt
SHORTEST_NUMBER = 7  # digits; what is shorter is a service's number
NOBODY = re.compile(
    r"(?i)^(no[-._]?reply|do[-._]?not[-._]?reply|ne[-._]?pas[-._]?repondre|mailer-daemon|postmaster|bounces?)\b"
)
# What telephones and mailboxes write by themselves, where no header says so.
AWAY = re.compile(
    r"(?i)^\W*(auto(matic)?[- ]?(reply|response)|out of (the )?office|i am (currently )?out of|"
    r"r[ée]ponse automatique|absence du bureau|je suis (actuellement )?absent|message d.absence|"
    r"رد تلقائي|رد آلي|أنا خارج المكتب|خارج المكتب)"
)

Verdict = Literal["answer", "flood", "no"]


@dataclass(frozen=True, slots=True)
class Burst:
    """What one sender wrote without a long pause, and what was answered meanwhile."""

    began_at: datetime | None = None
    heard_at: datetime | None = None
    count: int = 0
    answers: int = 0
    answered_at: datetime | None = None


def heard(burst: Burst, now: datetime) -> Burst:
    """Return the burst with one message more, or a new one."""
    goes_on = (
        burst.began_at is not None
        and burst.heard_at is not None
        and now - burst.heard_at < QUIET
        and now - burst.began_at < LONGEST
    )
    if not goes_on:
        return Burst(began_at=now, heard_at=now, count=1)
    return replace(burst, heard_at=now, count=burst.count + 1)


def verdict(burst: Burst, now: datetime, *, has_receipt: bool) -> Verdict:
    """Say how the newest message of a burst is answered: as it asks, by telling of the flood, not at all."""
    if burst.count == FLOOD:
        return "flood"
    if burst.count > FLOOD or burst.answers >= MOST_ANSWERS:
        return "no"
    too_soon = burst.answered_at is not None and now - burst.answered_at < APART
    return "no" if too_soon and not has_receipt else "answer"


def answered(burst: Burst, now: datetime) -> Burst:
    """Return the burst with one answer more."""
    return replace(burst, answers=burst.answers + 1, answered_at=now)


def is_nobody(address: str, ours: Collection[str]) -> bool:
    """Say whether no person reads at an address: a service's number or name, a mailbox that nobody opens, one
    of ours.
    """
    if not address or address.lower() in ours:
        return True
    if "@" in address:
        return bool(NOBODY.match(address))
    digits = sum(sign.isdigit() for sign in address)
    return digits < SHORTEST_NUMBER and not address.startswith("comment:")


def is_away(words: str) -> bool:
    """Say whether a message begins as mailboxes write while their owner is away."""
    return bool(AWAY.match(words[:200]))
