"""A force's own Nominatim or Photon, asked where our lists end. Off unless GEOCODER names it.

What it answers is only ever offered to choose from. When it fails nobody is told but the log, which gets a
code and never the words.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.utils.translation import get_language
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim, Photon

from cases.geocoder_adapter import adapter
from geo.geodesic import distance_m
from geo.place import Place
from geo.points import Point

TIMEOUT_S = 3.0
REST_S = 30.0  # after a failure nobody waits for it again so soon
MOST = 5
LONGEST = 200  # letters of the words that are sent
LEAST_ERROR_M, USUAL_ERROR_M, MOST_ERROR_M = 50.0, 500.0, 100_000.0
KIND = "address"
SERVERS = {"nominatim": Nominatim, "photon": Photon}
PHOTON_LANGUAGES = frozenset({"en", "fr", "de"})  # it refuses others with 400
SALT = "cases.geocoder"

logger = logging.getLogger(__name__)
# geopy writes whole addresses, with the family's words, at DEBUG, and answers at INFO.
logging.getLogger("geopy").setLevel(logging.WARNING)

_rests_until: dict[str, float] = {}


class GeocoderError(ValueError):
    """The setting names no server."""


@dataclass(frozen=True)
class Server:
    kind: str
    scheme: str
    host: str
    path: str

    @property
    def domain(self) -> str:
        return f"{self.host}{self.path}"


def server(told: str) -> Server | None:
    """Return the server of a setting such as "nominatim:https://geo.force.ma", None where it is empty.

    Raise GeocoderError saying what is wrong with it.
    """
    if not told:
        return None
    kind, _, address = told.partition(":")
    parts = urlsplit(address)
    if kind not in SERVERS:
        raise GeocoderError("begins with neither nominatim: nor photon:")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise GeocoderError("holds no http(s) address")
    if parts.query or parts.fragment or parts.username:
        raise GeocoderError("may hold a host, a port and a path only")
    return Server(kind, parts.scheme, parts.netloc, parts.path.rstrip("/"))


def found(words: str, *, restricted: bool) -> list[Place]:
    """Return up to MOST places inside the country that the server offers, [] when off, resting or failing.

    Waits TIMEOUT_S at most. Words of a restricted field are sent only where GEOCODER_RESTRICTED is on.
    """
    asked = server(settings.GEOCODER)
    if asked is None or not words.strip() or (restricted and not settings.GEOCODER_RESTRICTED):
        return []
    if time.monotonic() < _rests_until.get(settings.GEOCODER, 0.0):
        return []
    language = (get_language() or "fr")[:2]  # a thread of its own has forgotten it
    failure, answers = _within(TIMEOUT_S, lambda: _ask(asked, words[:LONGEST], language))
    if failure:
        _rests_until[settings.GEOCODER] = time.monotonic() + REST_S
        logger.warning("geocoder: no answer: %s", failure)
        return []
    return [place for answer in answers if (place := _place(answer))][:MOST]


def sealed(place: Place) -> str:
    """Return the place's point and error as a value only we can have made: a choice needs no second call."""
    value = {"lat": round(place.point.lat, 5), "lon": round(place.point.lon, 5), "m": round(place.error_m)}
    return signing.Signer(salt=SALT).sign_object(value)


def opened(value: str) -> tuple[Point, int] | None:
    """Return the point and error (metres) of a sealed value, None for any other text."""
    try:
        told = signing.Signer(salt=SALT).unsign_object(value)
        return Point(float(told["lat"]), float(told["lon"])), int(told["m"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def _ask(asked: Server, words: str, language: str) -> list[Any]:
    client = SERVERS[asked.kind](
        domain=asked.domain,
        scheme=asked.scheme,
        timeout=TIMEOUT_S,
        user_agent="najda",
        adapter_factory=adapter,
    )
    south, west, north, east = settings.COUNTRY.outlines.box
    box = [(south, west), (north, east)]
    told: dict[str, Any] = {"exactly_one": False, "limit": MOST}
    if asked.kind == "nominatim":
        told |= {"viewbox": box, "bounded": True, "language": language}
    else:
        told |= {"bbox": box, "language": language if language in PHOTON_LANGUAGES else False}
    return list(client.geocode(words, **told) or [])


def _within(timeout_s: float, ask: Callable[[], list[Any]]) -> tuple[str, list[Any]]:
    """Return (what failed or "", answers). A server that drips its answer is left to its thread."""
    answers: list[Any] = []
    failures = ["timed_out"]

    def work() -> None:
        try:
            answers.extend(ask())
            failures.clear()
        except (GeopyError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            failures[:] = [type(error).__name__]  # its text holds the answer, and the answer the words

    thread = threading.Thread(target=work, daemon=True, name="geocoder")
    thread.start()
    thread.join(timeout_s)
    return (failures[0], []) if failures else ("", answers)


def _place(answer: Any) -> Place | None:
    """Return an answer as a place, None where it lies outside the country or says no size that helps."""
    point = Point(float(answer.latitude), float(answer.longitude))
    if not (isfinite(point.lat) and isfinite(point.lon)) or abs(point.lat) > 90 or abs(point.lon) > 180:
        return None
    if settings.COUNTRY.outlines.region_of(point) is None:
        return None
    error_m = _error_m(point, answer.raw)
    label = " ".join(str(answer.address or "").split())[:120]
    if not label or error_m > MOST_ERROR_M:
        return None
    names = dict.fromkeys(("ar", "fr", "en"), label)
    return Place(names, point, KIND, None, 0, error_m)


def _error_m(point: Point, raw: Mapping[str, Any]) -> float:
    """Return how far the answer's box reaches from its point; USUAL_ERROR_M where it has none."""
    try:
        if "boundingbox" in raw:  # Nominatim: south, north, west, east
            south, north, west, east = (float(side) for side in raw["boundingbox"])
        else:  # Photon: west, north, east, south
            west, north, east, south = (float(side) for side in raw["properties"]["extent"])
        corners = [Point(lat, lon) for lat in (south, north) for lon in (west, east)]
        return max(LEAST_ERROR_M, *(distance_m(point, corner) for corner in corners))
    except (KeyError, TypeError, ValueError):
        return USUAL_ERROR_M
