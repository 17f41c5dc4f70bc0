"""Ask a stranger's photo what it says of its making, in a process that can do nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from cases.media import apart
from tips.media.origin import Origin, of_photo

SANDBOX = Path(__file__).with_name("exif_sandbox.py")
MAX_BYTES = 50 * 1024 * 1024
TIMEOUT_S = 20.0


def read(data: bytes, *, timeout_s: float = TIMEOUT_S, wait_s: float = apart.WAIT_S) -> Origin:
    """Return what a photo says of itself; an empty Origin where it is damaged, no photo, or says nothing.

    Costs one process. Raises apart.OutOfTimeError where none came free.
    """
    if not data or len(data) > MAX_BYTES:
        return Origin()
    line, _nothing = apart.answer(SANDBOX, data, timeout_s=timeout_s, wait_s=wait_s)
    return of_photo(json.loads(line)["told"])
