"""One thing that was out, and what became of taking it back. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

# How a line stands, as the report after a case has it too.
DONE, OWED, IMPOSSIBLE, ASKED, NEVER_OUT, OUT = "done", "owed", "impossible", "asked", "never_out", "out"
SETTLED = frozenset({DONE, OWED, IMPOSSIBLE, NEVER_OUT})


@dataclass(frozen=True)
class Line:
    """Hold one thing that went out.

    what: message, post, page, feed, document, photo, relay, programme (alerts.ledger.words.THINGS).
    asked_at: when it was to be taken back. done_at: when it was gone, or settled that it cannot go.
    answer: a code: what the provider answered, or why it cannot be taken back.
    task: a person's OPEN task; one that is finished makes the line done, with its time and `by_hand`.
    is_impossible: what is out stays out, and `answer` says why. never_out: nothing had appeared.
    count: of messages, else 1. subject: the row it is about: a Batch, a Post, a relay.
    url: where the public sees it. by_hand: a person said that it is gone.
    """

    channel: str
    alias: str
    what: str
    asked_at: datetime | None = None
    done_at: datetime | None = None
    answer: str = ""
    task: UUID | None = None
    is_impossible: bool = False
    never_out: bool = False
    count: int = 1
    subject: UUID | None = None
    url: str = ""
    by_hand: bool = False

    @property
    def state(self) -> str:
        """Return done, owed (a person's open task), impossible, asked (under way), never_out or out."""
        if self.task is not None:
            return OWED
        if self.is_impossible:
            return IMPOSSIBLE
        if self.done_at is not None:
            return NEVER_OUT if self.never_out else DONE
        return ASKED if self.asked_at is not None else OUT

    @property
    def is_silent(self) -> bool:
        """Say that it is neither proved, nor impossible, nor anybody's task: once it is over, never."""
        return self.state not in SETTLED

    @property
    def took_s(self) -> float | None:
        """Return the seconds from the asking to the end, None where one is missing."""
        if self.asked_at is None or self.done_at is None:
            return None
        return max(0.0, (self.done_at - self.asked_at).total_seconds())


@dataclass(frozen=True)
class Figures:
    """Hold how many lines stand how; messages that stay with those who got them are counted apart."""

    done: int = 0
    owed: int = 0
    impossible: int = 0
    under_way: int = 0
    out: int = 0
    messages_kept: int = 0

    @property
    def is_settled(self) -> bool:
        return not (self.under_way or self.out)


def gathered(lines: Iterable[Line]) -> list[Line]:
    """Return the lines with the messages of one channel, gateway and state as one, where the first stood."""
    found: dict[object, Line] = {}
    for line in lines:
        key = (line.channel, line.alias, line.state) if line.what == "message" else object()
        found[key] = _one(found[key], line) if key in found else line
    return list(found.values())


def _one(first: Line, second: Line) -> Line:
    """Return two lines as one: asked as soon as the first was, settled when the last was."""
    asked = [at for at in (first.asked_at, second.asked_at) if at is not None]
    done = [at for at in (first.done_at, second.done_at) if at is not None]
    return replace(
        first,
        asked_at=min(asked, default=None),
        done_at=max(done, default=None),
        count=first.count + second.count,
        subject=None,
    )


def figures(lines: Iterable[Line]) -> Figures:
    """Count the lines by their state; and the messages that stay with people."""
    held = list(lines)
    states = [line.state for line in held]
    kept = [line.count for line in held if line.state == IMPOSSIBLE and line.what == "message"]
    return Figures(
        done=states.count(DONE) + states.count(NEVER_OUT),
        owed=states.count(OWED),
        impossible=states.count(IMPOSSIBLE),
        under_way=states.count(ASKED),
        out=states.count(OUT),
        messages_kept=sum(kept),
    )
