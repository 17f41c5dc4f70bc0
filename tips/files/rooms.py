"""How many strangers' files a machine reads at once, so that no flood of videos holds up an alert.

A room is a lock on a file of this machine: the system frees it whichever way its process ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LONG, SHORT = "long", "short"  # videos may take minutes; nothing else waits behind them


def count(kind: str, cores: int | None = None) -> int:
    """Return how many rooms there are of a kind, LONG or SHORT: together fewer than a machine's workers."""
    return 1 if kind == LONG else max(1, min(2, (cores or os.cpu_count() or 2) // 2))


@contextmanager
def room(kind: str) -> Iterator[bool]:
    """Yield whether a room of that kind was free, and hold it meanwhile. Never waits."""
    handle = _taken(kind)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            os.close(handle)


def _taken(kind: str) -> int | None:
    folder = Path(settings.VAR_DIR) / "rooms"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count(kind)):
        # Closed at an exec, or the reader in its own process would hold the room when this one is killed.
        handle = os.open(folder / f"{kind}-{number}", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
        else:
            return handle
    return None
