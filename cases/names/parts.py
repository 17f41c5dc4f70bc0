"""The words of a name, as compared."""

from __future__ import annotations

from geo.names import normalise


def parts(name: str) -> tuple[str, ...]:
    """Return the words of a name."""
    return tuple(normalise(name).split())
