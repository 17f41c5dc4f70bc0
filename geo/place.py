"""A named place, and what kinds there are."""

from __future__ import annotations

from dataclasses import dataclass, field

from geo.points import Point

TOWNS = frozenset({"city", "town", "village"})
KINDS = frozenset(
    {
        *TOWNS, "quarter", "landmark", "station", "bus_station", "market", "school", "university", "hospital",
        "mosque", "church", "park", "beach", "mall", "stadium", "square", "airport", "port", "office",
    }
)  # fmt: skip
# Said in public as "near …" and written on maps: never somebody's school, hospital or place of prayer.
SAID_IN_PUBLIC = frozenset({*TOWNS, "quarter", "landmark", "station"})


class GazetteerError(ValueError):
    """Name the file and line that cannot be read."""


@dataclass(frozen=True)
class Place:
    """Hold a named place; the true spot lies within error_m of point, for a town anywhere in it.

    `towns` are names of the towns it is said to be in, its own first. `local` names count only beside one of
    those ("the medina"). `own` marks a row of the force's, which wins over the pack's of the same name.
    """

    name: dict[str, str]
    point: Point
    kind: str
    region: str | None
    population: int
    error_m: float
    variants: tuple[str, ...] = field(default=(), repr=False)
    towns: tuple[str, ...] = field(default=(), repr=False)
    local: tuple[str, ...] = field(default=(), repr=False)
    own: bool = False

    def label(self, language: str) -> str:
        """Return the name in the language, or else in French, English, Arabic."""
        return next(self.name[code] for code in (language, "fr", "en", "ar") if self.name.get(code))

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name that means this place wherever it is said."""
        return (*self.name.values(), *self.variants)
