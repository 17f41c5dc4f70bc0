"""How alike two whole names are, whatever script, spelling or order they were typed in."""

from __future__ import annotations

from geo.names import normalise

IDENTICAL = 0.97  # one name, letter by letter or sound by sound
SAME = 0.8  # likeness from which two names are called the same: tuned by bench.names
DIFFERENT = 0.55  # below it another name is meant, not another spelling


def likeness(a: str, b: str) -> float:
    """Return 0..1: 1 for one name in two spellings, SAME and more where they are called the same."""
    return 1.0 if normalise(a) == normalise(b) != "" else 0.0
