"""A map without a map server: outlines, towns and an area as one small SVG.

Nothing in it is fetched, scripted or styled by attribute `style` (strict CSP): colours are presentation
attributes, which a page may override through the classes map-land, map-border, map-area, map-town,
map-marker.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import shapely
import shapely.affinity
from shapely.geometry.base import BaseGeometry

from geo.gazetteer import Gazetteer, Place
from geo.outlines import Outlines
from geo.shapes import Area, Bounds, Circle, Point, Polygon
from geo.simplify import METRES_PER_DEGREE

MAX_BYTES = 25_000
MAX_TOWNS = 14
MARGIN = 1.5  # of the area's size, so that there is something to recognise round it
SMALLEST_SPAN_M = 6_000.0
_LETTER_PX = 6.5  # mean width of a letter at 12 px, to keep names apart
_APART_PX = 8  # between two names, so that a picture made small on a telephone still tells them apart


@dataclass(frozen=True)
class Spot:
    """Hold one more place on a map: its sign is a letter or a number that the words beside explain."""

    point: Point
    sign: str
    look: str = "seen"  # a key of _SPOTS


@dataclass(frozen=True)
class Zone:
    """Hold ground round a place that is drawn under everything, cut off where the picture ends."""

    shape: Circle
    look: str = "error"  # a key of _ZONES


def svg_map(
    area: Area,
    marker: Point | None,
    outlines: Outlines,
    *,
    title: str,
    gazetteer: Gazetteer | None = None,
    width: int = 640,
    height: int = 400,
    marker_label: str = "",
    language: str = "en",
    spots: Sequence[Spot] = (),
    zones: Sequence[Zone] = (),
) -> str:
    """Return an <svg> element under 25 kB that shows the area on the country's outlines.

    `title` is its text for those who cannot see it. Towns are named in `language`. Every spot is in the
    picture, a zone as far as it fits. Detail is given up until it fits. Raise ShapeError("empty") for an area
    with nothing in it, no marker and no spot.
    """
    points = [*([marker] if marker else []), *(spot.point for spot in spots)]
    view = _view(area, points, width, height)
    for tolerance_px in (0.7, 1.5, 3.0, 6.0, 12.0):
        layers = [
            _land(outlines, view, tolerance_px),
            *(_path(zone.shape.outline, view, tolerance_px, _ZONES[zone.look]) for zone in zones),
            _path(area.planar, view, tolerance_px, _AREA) if area.shapes else "",
            _towns(gazetteer, view, language, _taken(marker, view, marker_label)) if gazetteer else "",
            *(_spot(spot, view) for spot in spots),
            _marker(marker, view, marker_label) if marker else "",
            _scale(view),
        ]
        drawing = _frame("".join(layers), view, title, language)
        if len(drawing.encode()) < MAX_BYTES:
            break
    return drawing


_LAND = 'class="map-land" fill="#f7f5ee" stroke="none"'
_BORDER = 'class="map-border" fill="none" stroke="#9a958a" stroke-width="0.8"'
_COAST = 'class="map-border" fill="none" stroke="#5f6b73" stroke-width="1.2"'
_AREA = 'class="map-area" fill="#c8102e" fill-opacity="0.16" stroke="#c8102e" stroke-width="2"'
_ZONES = {
    "error": 'class="map-error" fill="#1f6f5c" fill-opacity="0.18" stroke="#1f6f5c" stroke-width="1.5"',
    "foot": 'class="map-foot" fill="none" stroke="#5b2a86" stroke-width="2" stroke-dasharray="2 5"',
    "car": 'class="map-car" fill="none" stroke="#5b2a86" stroke-width="2" stroke-dasharray="10 5"',
}
_SPOTS = {"seen": ("map-seen", "#5b2a86"), "tip": ("map-tip", "#1f6f5c"), "last": ("map-last", "#8a0b20")}
_NAME = 'font-family="Vazirmatn, sans-serif" font-size="12" text-anchor="middle"'
_HALO = 'stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'


@dataclass(frozen=True)
class _View:
    """Project degrees onto the picture: equirectangular, true to scale at the middle."""

    box: Bounds
    width: int
    height: int
    px_per_lat: float
    px_per_lon: float

    def xy(self, point: Point) -> tuple[float, float]:
        return (point.lon - self.box.west) * self.px_per_lon, (self.box.north - point.lat) * self.px_per_lat

    def drawn(self, shape: BaseGeometry, tolerance_px: float) -> BaseGeometry:
        """Return the shape in pixels, cut off a little outside the picture."""
        a, e = self.px_per_lon, -self.px_per_lat
        pixels = shapely.affinity.affine_transform(
            shape, [a, 0, 0, e, -self.box.west * a, -self.box.north * e]
        )
        cut = shapely.clip_by_rect(pixels, -4, -4, self.width + 4, self.height + 4)
        return cut.simplify(tolerance_px)


def _view(area: Area, points: Sequence[Point], width: int, height: int) -> _View:
    boxes = [area.bounds()] if area.shapes or not points else []
    boxes += [Bounds(point.lat, point.lon, point.lat, point.lon) for point in points]
    south, north = min(b.south for b in boxes), max(b.north for b in boxes)
    west, east = min(b.west for b in boxes), max(b.east for b in boxes)
    lat, lon = (south + north) / 2, (west + east) / 2
    narrowing = max(math.cos(math.radians(lat)), 0.05)
    smallest = SMALLEST_SPAN_M / METRES_PER_DEGREE
    high = max(north - south, smallest) * MARGIN
    wide = max((east - west) * narrowing, smallest) * MARGIN
    px_per_lat = min(height / high, width / wide)
    up, across = height / px_per_lat / 2, width / px_per_lat / narrowing / 2
    box = Bounds(lat - up, lon - across, lat + up, lon + across)
    return _View(box, width, height, px_per_lat, px_per_lat * narrowing)


def _land(outlines: Outlines, view: _View, tolerance_px: float) -> str:
    country = _joined(outlines.country_polygons)
    regions = [_path(_joined(region.polygons), view, tolerance_px, _BORDER) for region in outlines.regions]
    return "".join(
        [_path(country, view, tolerance_px, _LAND), *regions, _path(country, view, tolerance_px, _COAST)]
    )


def _joined(polygons: tuple[Polygon, ...]) -> BaseGeometry:
    return shapely.MultiPolygon([polygon.planar for polygon in polygons])


def _path(shape: BaseGeometry, view: _View, tolerance_px: float, look: str) -> str:
    rings = []
    for part in shapely.get_parts(view.drawn(shape, tolerance_px)):
        if part.geom_type == "Polygon" and not part.is_empty:
            rings += [_ring(ring) for ring in (part.exterior, *part.interiors)]
    return f'<path {look} fill-rule="evenodd" d="{"".join(rings)}"/>' if rings else ""


def _ring(ring: shapely.LinearRing) -> str:
    return "M" + " ".join(f"{x:.0f} {y:.0f}" for x, y in list(ring.coords)[:-1]) + "Z"


def _towns(gazetteer: Gazetteer, view: _View, language: str, taken: list[BaseGeometry]) -> str:
    """Name the largest places whose names run neither into each other, nor into what is taken."""
    drawn: list[str] = []
    for place in gazetteer.within(*view.box):
        x, y = view.xy(place.point)
        name = place.label(language)
        half = len(name) * _LETTER_PX / 2 + _APART_PX
        room = shapely.box(x - half, y - 20 - _APART_PX / 2, x + half, y + 5 + _APART_PX / 2)
        on_picture = half <= x <= view.width - half and 20 <= y <= view.height - 24
        if not on_picture or any(room.intersects(other) for other in taken):
            continue
        taken.append(room)
        drawn.append(_town(place, x, y, name))
        if len(drawn) == MAX_TOWNS:
            break
    return "".join(drawn)


def _town(place: Place, x: float, y: float, name: str) -> str:
    radius = {"city": 3.5, "town": 2.5}.get(place.kind, 2.0)
    return (
        f'<circle class="map-town" cx="{x:.0f}" cy="{y:.0f}" r="{radius}" fill="#333333"/>'
        f'<text class="map-town" x="{x:.0f}" y="{y - 6:.0f}" fill="#222222" {_HALO} {_NAME}>'
        f"{escape(name)}</text>"
    )


def _taken(marker: Point | None, view: _View, label: str) -> list[BaseGeometry]:
    """Return the room that the marker and its label need."""
    if marker is None:
        return []
    x, y = view.xy(marker)
    half = max(9.0, len(label) * _LETTER_PX / 2)
    return [shapely.box(x - 9, y - 9, x + 9, y + 9), shapely.box(x - half, y + 9, x + half, y + 26)]


def _marker(point: Point, view: _View, label: str) -> str:
    x, y = view.xy(point)
    dot = (
        f'<circle class="map-marker" cx="{x:.0f}" cy="{y:.0f}" r="7" fill="#c8102e" stroke="#ffffff"'
        ' stroke-width="2.5"/>'
    )
    if not label:
        return dot
    text = f'fill="#8a0b20" font-weight="bold" {_HALO} {_NAME}'
    return f'{dot}<text class="map-marker" x="{x:.0f}" y="{y + 22:.0f}" {text}>{escape(label)}</text>'


def _spot(spot: Spot, view: _View) -> str:
    """Draw a disc with its sign in it: told apart by the sign, not by the colour alone."""
    x, y = view.xy(spot.point)
    look, colour = _SPOTS[spot.look]
    return (
        f'<circle class="{look}" cx="{x:.0f}" cy="{y:.0f}" r="11" fill="{colour}" stroke="#ffffff"'
        f' stroke-width="2"/><text class="{look}-sign" x="{x:.0f}" y="{y + 4:.0f}" fill="#ffffff"'
        f' font-weight="bold" {_NAME}>{escape(spot.sign)}</text>'
    )


def _scale(view: _View) -> str:
    """Draw a bar of a round length, a quarter of the picture at most."""
    metres = view.width / 4 / view.px_per_lat * METRES_PER_DEGREE
    power = 10 ** math.floor(math.log10(metres))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= metres)
    px = length_m / METRES_PER_DEGREE * view.px_per_lat
    y = view.height - 10
    words = f"{length_m / 1000:g} km"
    return (
        f'<path d="M10 {y - 4}v4h{px:.0f}v-4" fill="none" stroke="#333333" stroke-width="1.5"/>'
        f'<text x="{10 + px / 2:.0f}" y="{y - 4}" fill="#222222" {_HALO} {_NAME}>{words}</text>'
    )


def _frame(layers: str, view: _View, title: str, language: str) -> str:
    direction = "rtl" if language == "ar" else "ltr"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {view.width} {view.height}" '
        f'width="{view.width}" height="{view.height}" role="img" lang="{escape(language)}" '
        f'direction="{direction}" class="map"><title>{escape(title)}</title>'
        f'<rect class="map-sea" width="{view.width}" height="{view.height}" fill="#dfe8ee"/>{layers}</svg>'
    )
