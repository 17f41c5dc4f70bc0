"""The map of a tip: where the child was seen, this tip with its error, and how far a child gets by now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import sightings
from cases.models import Case
from cases.sheet.words import language
from geo.shapes import Area, Circle, Point
from geo.svg import Spot, Zone, svg_map
from tips.models import Tip
from tips.triage import reach
from tips.triage.model import Spot as TriageSpot

LAST = "0"  # the sign of the last place seen; sightings are 1, 2, 3 …
TIP = "T"
MOST_SPOTS = 12
ANSWERS = {
    "yes": gettext_lazy("%(km)s km from the last place, %(minutes)s minutes later: on foot, yes."),
    "by_vehicle": gettext_lazy(
        "%(km)s km from the last place, %(minutes)s minutes later: only with a vehicle."
    ),
    "no": gettext_lazy(
        "%(km)s km from the last place, %(minutes)s minutes later: the child cannot be there."
    ),
    "unknown": gettext_lazy("%(km)s km from the last place; when is not known."),
}
FAR_M = 400_000.0  # beyond it a circle says no more than "anywhere"


@dataclass(frozen=True)
class Drawn:
    """Hold the picture and what stands beside it: [(sign, words)], and lines of words."""

    svg: SafeString
    legend: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str], ...]  # how far by then, by the look of its line
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
    by = tip.seen_at or now
    far = _reachable(last, case, by) if last and case else []
    zones += [zone for _said, zone in far]
    picture = svg_map(
        Area(), None, settings.COUNTRY.outlines, title=_("Where this was, and where the child was seen"),
        gazetteer=settings.COUNTRY.gazetteer, language=language(), spots=spots, zones=zones,
    )  # fmt: skip
    keys = tuple((zone.look, words) for words, zone in far)
    lines = (_between(tip, own, last, case),) if own and last and case else ()
    return Drawn(mark_safe(picture), tuple(legend), keys, lines)  # noqa: S308  drawn by geo.svg, which escapes all


def _seen_words(words: str | None) -> str:
    return _("Sighting: {place}").format(place=words or "—")


def _reachable(last: Point, case: Case, by: datetime) -> list[tuple[str, Zone]]:
    """Return how far a child gets from the last place by then in a straight line, on foot and by car."""
    hours = (by - case.last_seen_at).total_seconds() / 3600
    if hours <= 0:
        return []
    said = {"foot": _("On foot by then: {km} km"), "car": _("By car by then: {km} km")}
    found = []
    for look, transport in (("foot", "on_foot"), ("car", "car")):
        radius_m = min(reach.SPEEDS[transport] * hours * 1000 + (case.last_seen_error_m or 0), FAR_M)
        found.append((said[look].format(km=f"{radius_m / 1000:.0f}"), Zone(Circle(last, radius_m), look)))
    return found


def _between(tip: Tip, own: Point, last: Point, case: Case) -> str:
    """Say how far it is from the last place, how much later, and whether the child could be there."""
    off = float((tip.place or {}).get("error_m") or 0)
    spot = TriageSpot(own, off, tip.seen_at, float(tip.seen_error_min or 0))
    known = TriageSpot(last, float(case.last_seen_error_m or 0), case.last_seen_at)
    found = reach.reached(spot, known)
    told = {"km": f"{found.distance_m / 1000:.1f}", "minutes": round(found.minutes or 0)}
    return str(ANSWERS[found.answer]) % told
