"""The map of a tip: where the child was seen, this tip with its error, and how far a child gets by now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases import sightings
from cases.models import Case
from cases.sheet.words import language
from geo.geodesic import distance_m
from geo.shapes import Area, Circle, Point
from geo.svg import Spot, Zone, svg_map
from tips.models import Tip

LAST = "0"  # the sign of the last place seen; sightings are 1, 2, 3 …
TIP = "T"
MOST_SPOTS = 12
FAR_M = 400_000.0  # beyond it a circle says no more than "anywhere"


@dataclass(frozen=True)
class Drawn:
    """Hold the picture and what stands beside it: [(sign, words)], and lines of words."""

    svg: SafeString
    legend: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


def point_of(tip: Tip) -> Point | None:
    place = tip.place or {}
    lat, lon = place.get("lat"), place.get("lon")
    return Point(float(lat), float(lon)) if lat is not None and lon is not None else None


def drawn(tip: Tip, case: Case | None, now: datetime) -> Drawn | None:
    """Return the map of a tip and of its case; None where no point is known (two queries)."""
    own, last = point_of(tip), case.last_seen_point if case else None
    seen = sightings.numbered(sightings.of(case))[:MOST_SPOTS] if case else []
    if own is None and last is None and not seen:
        return None
    spots = [Spot(point, str(number), "seen") for number, (_row, point) in enumerate(seen, 1)]
    zones: list[Zone] = []
    legend = [(str(number), _seen_words(row.words)) for number, (row, _point) in enumerate(seen, 1)]
    if last:
        spots.append(Spot(last, LAST, "last"))
        legend.insert(0, (LAST, _("Last seen")))
    if own:
        spots.append(Spot(own, TIP, "tip"))
        legend.insert(0, (TIP, _("This tip")))
        if error_m := float((tip.place or {}).get("error_m") or 0):
            zones.append(Zone(Circle(own, error_m), "error"))
    if last and case:
        zones += _reachable(last, (tip.seen_at or now) - case.last_seen_at, case.last_seen_error_m)
    picture = svg_map(
        Area(), None, settings.COUNTRY.outlines, title=_("Where this was, and where the child was seen"),
        gazetteer=settings.COUNTRY.gazetteer, language=language(), spots=spots, zones=zones,
    )  # fmt: skip
    lines = tuple(_between(own, last)) if own and last else ()
    return Drawn(mark_safe(picture), tuple(legend), lines)  # noqa: S308  drawn by geo.svg, which escapes all


def _seen_words(words: str | None) -> str:
    return _("Sighting: {place}").format(place=words or "—")


def _reachable(last: Point, after: object, error_m: int | None) -> list[Zone]:
    """Return how far a child gets from the last place by then, on foot and by car."""
    return []


def _between(own: Point, last: Point) -> list[str]:
    km = distance_m(own, last) / 1000
    return [_("{km} km in a straight line from where the child was last seen.").format(km=f"{km:.1f}")]
