"""A few messages at a time, so that a stop acts within a second whatever the gateway does."""

import time
from collections.abc import Iterable, Iterator

from notifier.message import Message

LARGEST = 100
SLICE_S = 0.25
FIRST = 16


class Slice(list[Message]):
    """Messages a backend iterates over, that hands out no more once SLICE_S have passed.

    What was not handed out was not tried. At least one message is.
    """

    def __init__(self, messages: Iterable[Message]) -> None:
        super().__init__(messages)
        self.until = time.monotonic() + SLICE_S
        self.handed = 0

    def __iter__(self) -> Iterator[Message]:
        self.handed = 0
        for message in super().__iter__():
            if self.handed and time.monotonic() >= self.until:
                return
            self.handed += 1
            yield message


def next_size(size: int, handed: int) -> int:
    """Twice as many when all were taken in time, else as many as were: little is marked in vain."""
    return max(1, min(LARGEST, handed if handed < size else size * 2))
