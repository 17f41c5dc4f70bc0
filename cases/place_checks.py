"""Refuse at start-up what lists of places cannot be taken whole, and geocoders of others."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from cases.geocoder import GeocoderError, server

MOST_SHOWN = 20
PUBLIC_HOSTS = (
    "openstreetmap.org", "openstreetmap.fr", "openstreetmap.de", "osm.org", "komoot.io", "komoot.de",
    "maps.co",
    "locationiq.com", "geoapify.com", "mapbox.com", "google.com", "googleapis.com", "here.com", "arcgis.com",
    "opencagedata.com", "pickpoint.io", "maptiler.com", "mapquestapi.com", "stadiamaps.com", "geocoding.ai",
    "openrouteservice.org", "graphhopper.com", "tomtom.com", "bing.com", "virtualearth.net", "yandex.ru",
)  # fmt: skip
INNER_NAMES = (".local", ".internal", ".lan", ".intranet", ".home.arpa")


@register()
def own_places_are_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name each row of PLACES_FILES that cannot be taken, with its line and the cure."""
    _, faults = settings.COUNTRY.own_places
    found: list[CheckMessage] = [
        Error(
            f"PLACES_FILES: {fault.file}, line {fault.line}: {fault.says}",
            hint=f"{fault.cure} See docs/places.md#a-list-of-your-own",
            id="cases.E001",
        )
        for fault in faults[:MOST_SHOWN]
    ]
    if len(faults) > MOST_SHOWN:
        says = f"PLACES_FILES: {len(faults) - MOST_SHOWN} more lines cannot be taken"
        found.append(Error(says, hint="Mend those above first.", id="cases.E001"))
    return found


@register()
def geocoder_is_the_forces_own(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a geocoder that others run, or that is reached over the open network in the clear."""
    try:
        named = server(settings.GEOCODER)
    except (GeocoderError, ValueError) as error:
        return [
            _refused(
                f"GEOCODER: {error}", "Write nominatim:https://host or photon:https://host.", "cases.E002"
            )
        ]
    if named is None:
        return []
    host = named.host.rpartition("@")[2].casefold()
    host = host[1 : host.index("]")] if host.startswith("[") and "]" in host else host.partition(":")[0]
    host = host.rstrip(".")
    if any(host == public or host.endswith(f".{public}") for public in PUBLIC_HOSTS):
        says = f"GEOCODER: {host} is a public service: a family's words would be kept by strangers"
        return [_refused(says, "Run Nominatim or Photon yourselves, or leave it empty.", "cases.E003")]
    if named.scheme == "http" and not _is_inner(host):
        says = f"GEOCODER: {host} is asked in the clear: anybody on the way reads a family's words"
        return [_refused(says, "Use https, or a server inside your own network.", "cases.E004")]
    return []


def _is_inner(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(INNER_NAMES)


def _refused(says: str, hint: str, code: str) -> CheckMessage:
    return Error(says, hint=f"{hint} See docs/places.md#a-geocoder-of-your-own", id=code)
