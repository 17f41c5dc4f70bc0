"""A map to tap for a browser without script: a picture that is a button, drawn here into the page itself.

The position stands in the form and nowhere else: no address names it, and no server of tiles is asked.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from cases.forms.words import spoken
from geo.points import Point
from geo.shapes import Area, Polygon
from geo.svg import svg_map
from trust.digits import western

WIDTH, HEIGHT = 288, 260  # pixels of the page: as wide as the smallest telephone leaves
SPANS_KM = (1_000.0, 250.0, 60.0, 15.0)  # from top to bottom, the widest first
FINGER_PX = 20
KM_PER_DEGREE = 111.195
ACTS = ("map", "closer", "wider", "clear")


@dataclass(frozen=True)
class Still:
    """Hold one picture: what it shows, and what the page must send back with a tap."""

    picture: str
    lat: float
    lon: float
    zoom: int

    @property
    def is_closest(self) -> bool:
        return self.zoom == len(SPANS_KM) - 1

    @property
    def is_widest(self) -> bool:
        return self.zoom == 0


def is_asked(posted: QueryDict) -> bool:
    """Say whether a button of the map was pressed, and not the one that sends."""
    return posted.get("act") in ACTS or "tap.x" in posted


def answered(posted: QueryDict, files: Any) -> dict[str, Any]:
    """Return everything typed, with the map as the button asks: for a form nobody has sent yet."""
    from_files = [file.token for name in files for file in files.getlist(name) if getattr(file, "token", "")]
    told: dict[str, Any] = {name: posted.get(name) for name in posted}
    told["kept"] = [*posted.getlist("kept"), *from_files]
    lat, lon, zoom = _view(posted)
    x, y = _pixel(posted.get("tap.x")), _pixel(posted.get("tap.y"))
    if x and y:  # a key pressed on the picture says 0, 0
        lat_px, lon_px = _scale(lat, zoom)
        lat, lon = lat + (HEIGHT / 2 - y) * lat_px, lon + (x - WIDTH / 2) * lon_px
        error_m = FINGER_PX * SPANS_KM[zoom] * 1000 / HEIGHT
        told |= {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}", "error_m": f"{error_m:.0f}"}
    step = {"closer": 1, "wider": -1}.get(posted.get("act", ""), 1 if x and y else 0)
    if posted.get("act") == "clear":
        told |= {"lat": "", "lon": "", "error_m": ""}
    told["map_at"] = f"{lat:.5f},{lon:.5f},{min(max(zoom + step, 0), len(SPANS_KM) - 1)}"
    return told


def drawn(form: Any) -> Still | None:
    """Return the map of a form; None where nobody has asked for one."""
    source = form.data if form.is_bound else form.initial
    if not source.get("map_at"):
        return None
    lat, lon, zoom = _view(source)
    marked = _number(source.get("lat")), _number(source.get("lon"))
    marker = Point(*marked) if marked[0] is not None and marked[1] is not None else None  # type: ignore[arg-type]  # just told apart
    return Still(_picture(lat, lon, zoom, marker), lat, lon, zoom)


def _view(source: Any) -> tuple[float, float, int]:
    """Return middle and zoom as the form says them, else the whole country."""
    parts = [_number(part) for part in str(source.get("map_at") or "").split(",")]
    if len(parts) == 3 and None not in parts:
        lat, lon, zoom = parts
        if abs(lat) <= 80 and abs(lon) <= 175 and zoom in range(len(SPANS_KM)):  # type: ignore[arg-type]  # no None
            return lat, lon, int(zoom)  # type: ignore[return-value,arg-type]  # no None
    capital = settings.COUNTRY.capital
    return capital.lat, capital.lon, 0


def _scale(lat: float, zoom: int) -> tuple[float, float]:
    """Return degrees of latitude and longitude a pixel."""
    lat_px = SPANS_KM[zoom] / KM_PER_DEGREE / HEIGHT
    return lat_px, lat_px / max(math.cos(math.radians(lat)), 0.05)


def _picture(lat: float, lon: float, zoom: int, marker: Point | None) -> str:
    # geo.svg shows one and a half times the area it is given: here a box that is not drawn.
    lat_px, lon_px = _scale(lat, zoom)
    up, across = lat_px * HEIGHT / 3, min(lon_px * WIDTH / 3, 4.9)
    corners = ((-across, -up), (across, -up), (across, up), (-across, up))
    box = Polygon(tuple(Point(lat + y, lon + x) for x, y in corners))
    svg = svg_map(
        Area(polygons=(box,)),
        marker,
        settings.COUNTRY.outlines,
        title=_("Map: tap the place"),
        gazetteer=settings.COUNTRY.gazetteer,
        width=WIDTH,
        height=HEIGHT,
        language=spoken(),
    )
    hidden = svg.replace(">", "><style>.map-area{display:none}</style>", 1)  # a picture has no page's rules
    return "data:image/svg+xml;base64," + base64.b64encode(hidden.encode()).decode()


def _pixel(text: str | None) -> int:
    typed = western(text or "").strip()
    return (
        min(int(typed), max(WIDTH, HEIGHT)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    )


def _number(text: Any) -> float | None:
    try:
        value = float(text or "")
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) and abs(value) <= 180 else None
