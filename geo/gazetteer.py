"""Places by name, offline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geo.points import Point


@dataclass(frozen=True)
class Place:
    """Hold a named place; error_m is how far the true spot may lie from point."""

    name: dict[str, str]
    point: Point
    kind: str
    region: str | None
    population: int
    error_m: float


class Gazetteer:
    """Find places by any of their names."""

    @classmethod
    def load(cls, path: Path) -> Gazetteer:
        raise NotImplementedError

    def search(self, text: str, limit: int = 10) -> list[Place]:
        """Return places whose name starts with or holds text, best first."""
        raise NotImplementedError

    def resolve(self, text: str) -> Place | None:
        """Return the one place of exactly that name in any language; None when unknown or ambiguous."""
        raise NotImplementedError

    def nearest(self, point: Point) -> Place:
        raise NotImplementedError
