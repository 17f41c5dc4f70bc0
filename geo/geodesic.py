"""Distances and directions on the WGS84 ellipsoid, by geopy."""

from __future__ import annotations

from geopy.distance import geodesic

from geo.points import Point


def distance_m(a: Point, b: Point) -> float:
    """Return the length of the geodesic from a to b in metres."""
    return float(geodesic((a.lat, a.lon), (b.lat, b.lon)).meters)


def destination(origin: Point, bearing_deg: float, distance_m: float) -> Point:
    """Return the point reached from origin along a bearing (degrees clockwise from north)."""
    reached = geodesic(meters=distance_m).destination((origin.lat, origin.lon), bearing=bearing_deg)
    return Point(float(reached.latitude), float(reached.longitude))
