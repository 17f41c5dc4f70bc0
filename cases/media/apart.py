"""Run a reader of strangers' files in a process of its own, few at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

# The largest photo takes 700 MB and a core while it is read: two fit the smallest machine a force runs
# (2 cores, 4 GB) beside database and pages. More at once would finish no sooner, only fall together.
AT_ONCE = 2
WAIT_S = 30.0
# A web process answers with four threads: two may read and one may wait for them, so that the fourth always
# serves those who send no file. Whoever comes then is told at once, as good as, to send it again.
WAITING_LONG = 1
SHORT_WAIT_S = 0.3

_rooms = threading.BoundedSemaphore(AT_ONCE)
_patience = threading.BoundedSemaphore(WAITING_LONG)


class OutOfTimeError(Exception):
    """No room came free in time, or the reader did not end, or was killed by a limit of its own."""


def answer(reader: Path, data: bytes, *, timeout_s: float, wait_s: float = WAIT_S) -> tuple[str, bytes]:
    """Return the line and the bytes that a reader, one of our own files, makes of data.

    Costs one process. Waits wait_s for room, but no more than SHORT_WAIT_S where WAITING_LONG others of this
    process wait already, and timeout_s for the reader; raises OutOfTimeError after either.
    """
    if not _find_room(wait_s):
        raise OutOfTimeError
    try:
        said = _run(reader, data, timeout_s)
    finally:
        _rooms.release()
    line, parted, made = said.partition(b"\n")
    if not parted:  # killed by a limit before it could answer
        raise OutOfTimeError
    return line.decode(), made


def _find_room(wait_s: float) -> bool:
    if _rooms.acquire(blocking=False):
        return True
    if not _patience.acquire(blocking=False):
        return _rooms.acquire(timeout=min(wait_s, SHORT_WAIT_S))
    try:
        return _rooms.acquire(timeout=wait_s)
    finally:
        _patience.release()


def _run(reader: Path, data: bytes, timeout_s: float) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  (our own file, no argument from outside)
            [sys.executable, "-I", str(reader)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout_s,
            env={},
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:  # or no process, no memory is left to start it
        raise OutOfTimeError from error
    return done.stdout
