"""A position on the earth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """Hold a WGS84 position in degrees."""

    lat: float
    lon: float
