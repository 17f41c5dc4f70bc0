"""The area of an alert, typed without a mouse: a circle, an outline, whole regions, a suggestion."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from alerts import comparing, suggesting
from cases.models import Case
from cases.whereabouts import resolve_quietly
from geo.shapes import Area, ShapeError
from trust import clock
from trust.digits import western

DEFAULT_RADIUS_KM = 25
FIELDS = ("shape", "place", "lat", "lon", "radius_km", "corners", "regions")


class Number(forms.DecimalField):
    """Take a number in the digits and the decimal mark of either script."""

    widget = forms.TextInput(attrs={"dir": "ltr", "inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        text = western(str(value or "")).replace("٫", ".").replace(",", ".")
        return super().to_python(text.strip())


class UnknownPlaceError(Exception):
    """No single place of that name is in the country's gazetteer."""


class AreaForm(forms.Form):
    """Ask for an area; cleaned_data["area"] is an Area, or None where the kept one stays."""

    shape = forms.ChoiceField(label=gettext_lazy("Area"), widget=forms.RadioSelect)
    place = forms.CharField(
        label=gettext_lazy("Centre: name of a place"),
        help_text=gettext_lazy("A town or quarter. Leave empty to use the two numbers below."),
        max_length=120,
        required=False,
    )
    lat = Number(label=gettext_lazy("Centre: latitude"), min_value=-90, max_value=90, required=False)
    lon = Number(label=gettext_lazy("Centre: longitude"), min_value=-180, max_value=180, required=False)
    radius_km = Number(
        label=gettext_lazy("Radius in kilometres"), min_value=1, max_value=1000, required=False
    )
    corners = forms.CharField(
        label=gettext_lazy("Corners of the outline"),
        help_text=gettext_lazy("One corner a line: latitude, longitude. At least three."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "ltr"}),
        max_length=20_000,
        required=False,
    )
    regions = forms.MultipleChoiceField(
        label=gettext_lazy("Regions"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, case: Case, kept: Area | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.point = case, case.last_seen_point
        self.suggested_km = suggesting.radius_km(case.last_seen_at, clock.now())
        spoken = (get_language() or "en").split("-")[0]
        regions = [(region.code, region.label(spoken)) for region in settings.COUNTRY.outlines.regions]
        for name, choices in (("shape", self._shapes(kept)), ("regions", regions)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def _shapes(self, kept: Area | None) -> list[tuple[str, str]]:
        shapes = [
            ("circle", _("A circle")),
            ("polygon", _("An outline of my own")),
            ("regions", _("Whole regions")),
        ]
        if self.point is not None:
            told = {"km": self.suggested_km, "speed": suggesting.ON_FOOT_KMH}
            words = _("Suggested: %(km)s km round the last place (on foot since then, %(speed)s km an hour)")
            shapes.append(("suggested", words % told))
        if kept is not None:
            shapes.insert(
                0, ("keep", _("As it is: %(km2)s km²") % {"km2": round(comparing.km2(kept.planar))})
            )
        return shapes

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                told["area"] = self._area(told)
            except ShapeError:
                self.add_error(
                    {"polygon": "corners", "regions": "regions"}.get(told["shape"], "lat"),
                    _("These numbers make no usable area. Check them."),
                )
            except UnknownPlaceError:
                self.add_error(
                    "place", _("No such place is known. Write it otherwise, or give the two numbers.")
                )
        return told

    def _area(self, told: dict[str, Any]) -> Area | None:
        if told["shape"] == "keep":
            return None
        if told["shape"] == "polygon":
            return Area.from_json({"polygons": [{"exterior": _corners(told["corners"])}]})
        if told["shape"] == "regions":
            return _regions(told["regions"])
        if told["shape"] == "suggested" and self.point is not None:
            return _circle(self.point.lat, self.point.lon, self.suggested_km)
        return _circle(*_centre(told), float(told.get("radius_km") or 0))


def _circle(lat: float, lon: float, radius_km: float) -> Area:
    return Area.from_json({"circles": [{"lat": lat, "lon": lon, "radius_m": radius_km * 1000}]})


def _regions(codes: list[str]) -> Area:
    outlines = settings.COUNTRY.outlines
    regions = [region for region in outlines.regions if region.code in codes]
    found = Area(polygons=tuple(polygon for region in regions for polygon in region.polygons))
    return Area.from_json(found.to_json())


def _centre(told: dict[str, Any]) -> tuple[float, float]:
    if told.get("place"):
        found = resolve_quietly(told["place"], settings.COUNTRY.gazetteer)
        if found.point is None:
            raise UnknownPlaceError
        return found.point.lat, found.point.lon
    if told.get("lat") is None or told.get("lon") is None:
        raise ShapeError("empty")
    return float(told["lat"]), float(told["lon"])


def _corners(text: str) -> list[list[float]]:
    """Return the ring that the lines name, closed where they leave it open."""
    found = []
    for line in western(text).splitlines():
        numbers = re.findall(r"-?\d+(?:\.\d+)?", line)
        if len(numbers) == 2:
            found.append([float(numbers[0]), float(numbers[1])])
        elif line.strip():
            raise ShapeError("malformed")
    return [*found, found[0]] if found and found[0] != found[-1] else found


def from_case(case: Case) -> dict[str, Any]:
    """Return the circle that a first draft starts from: the last place seen."""
    point = case.last_seen_point
    return {
        "shape": "circle",
        "lat": f"{point.lat:.5f}" if point else "",
        "lon": f"{point.lon:.5f}" if point else "",
        "radius_km": DEFAULT_RADIUS_KM,
    }


def from_area(area: Area) -> dict[str, Any]:
    """Return an area as the form shows it: kept, and its first shape in the fields, to start from."""
    told: dict[str, Any] = {"shape": "keep"}
    if area.polygons:
        points = area.polygons[0].exterior[:-1]
        told["corners"] = "\n".join(f"{point.lat:.5f}, {point.lon:.5f}" for point in points)
    if area.circles:
        circle = area.circles[0]
        told |= {"lat": f"{circle.centre.lat:.5f}", "lon": f"{circle.centre.lon:.5f}"}
        told["radius_km"] = f"{circle.radius_m / 1000:g}"
    return told
