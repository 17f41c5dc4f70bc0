"""The map on which a family taps a place: drawn here, so that nobody else learns where she looked."""

from __future__ import annotations

import math

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cases.forms.words import spoken
from geo.shapes import Area, Point, Polygon
from geo.svg import svg_map

WIDTH, HEIGHT = 400, 360
SPAN_KM = (8.0, 2_000.0)  # least and most of ground from top to bottom
KM_PER_DEGREE = 111.195


@csrf_exempt  # it changes nothing
@never_cache
@require_POST  # so that no position stands in an address
def tap_map(request: HttpRequest) -> HttpResponse:
    """Return {svg, north, west, lat_per_px, lon_per_px, metres_per_px} round lat, lon; 400 for nonsense."""
    try:
        lat, lon = float(request.POST["lat"]), float(request.POST["lon"])
        span_km = float(request.POST["span_km"])
    except (KeyError, ValueError):
        return JsonResponse({}, status=400)
    if not (abs(lat) <= 80 and abs(lon) <= 175) or math.isnan(span_km):
        return JsonResponse({}, status=400)
    span_km = min(max(span_km, SPAN_KM[0]), SPAN_KM[1])
    marker = Point(lat, lon) if request.POST.get("marked") else None
    return JsonResponse(_drawing(lat, lon, span_km, marker))


def _drawing(lat: float, lon: float, span_km: float, marker: Point | None) -> dict[str, object]:
    # geo.svg shows one and a half times the area it is given, here a box that the page's CSS leaves undrawn.
    lat_per_px = span_km / KM_PER_DEGREE / HEIGHT
    lon_per_px = lat_per_px / max(math.cos(math.radians(lat)), 0.05)
    up = lat_per_px * HEIGHT / 3
    across = min(lon_per_px * HEIGHT / 3, 4.9)
    corners = [(lat + y, lon + x) for x, y in ((-across, -up), (across, -up), (across, up), (-across, up))]
    svg = svg_map(
        Area(polygons=(Polygon(tuple(Point(*corner) for corner in corners)),)),
        marker,
        settings.COUNTRY.outlines,
        title=_("Map: tap where the child was last seen"),
        gazetteer=settings.COUNTRY.gazetteer,
        width=WIDTH,
        height=HEIGHT,
        language=spoken(),
    )
    return {
        "svg": svg,
        "north": lat + lat_per_px * HEIGHT / 2,
        "west": lon - lon_per_px * WIDTH / 2,
        "lat_per_px": lat_per_px,
        "lon_per_px": lon_per_px,
        "metres_per_px": span_km * 1000 / HEIGHT,
    }
