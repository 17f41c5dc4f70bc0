"""How often a spelling in use is among those proposed."""

from __future__ import annotations

from collections.abc import Iterator


def rows() -> Iterator[tuple[str, str, int, float]]:
    """Yield (case, rival, n, share found)."""
    yield from ()
