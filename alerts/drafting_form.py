"""What an officer types to draft an alert, turned into what alerts.issue takes."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from alerts.lint import MOST_LETTERS
from alerts.models import Alert, Version
from cases.models import Case
from cases.sheet import channel_name
from cases.whereabouts import resolve_quietly
from geo.shapes import Area, ShapeError
from notifier import registry
from trust.digits import western

HOUR_S = 3600
DEFAULT_HOURS, MOST_HOURS = 24, 168
DEFAULT_RADIUS_KM = 25


class Number(forms.DecimalField):
    """Take a number in the digits and the decimal mark of either script."""

    widget = forms.TextInput(attrs={"dir": "ltr", "inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        text = western(str(value or "")).replace("٫", ".").replace(",", ".")
        return super().to_python(text.strip())


class DraftForm(forms.Form):
    """Ask for area, channels, duration and kind; the texts are made from the case."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Alert.Kind.choices)
    shape = forms.ChoiceField(
        label=gettext_lazy("Area"),
        choices=[
            ("circle", gettext_lazy("A circle")),
            ("polygon", gettext_lazy("An outline of my own")),
        ],
        widget=forms.RadioSelect,
    )
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
    channels = forms.MultipleChoiceField(label=gettext_lazy("Channels"), widget=forms.CheckboxSelectMultiple)
    hours = Number(
        label=gettext_lazy("Duration in hours, from the signature"), min_value=1, max_value=MOST_HOURS
    )

    def __init__(self, *args: Any, revising: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(channel, channel_name(channel)) for channel in registry.channels()]
        self.fields["channels"] = forms.MultipleChoiceField(
            label=_("Channels"), choices=offered, widget=forms.CheckboxSelectMultiple
        )
        for code, _name in settings.LANGUAGES:
            self.fields[f"addition_{code}"] = _addition(code)
        if revising:
            del self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        self._clean_additions(told)
        if not self.errors:
            try:
                told["area"] = _area(told)
            except ShapeError:
                self.add_error(
                    "corners" if told["shape"] == "polygon" else "lat",
                    _("These numbers make no usable area. Check them."),
                )
            except UnknownPlaceError:
                self.add_error(
                    "place", _("No such place is known. Write it otherwise, or give the two numbers.")
                )
        return told

    def _clean_additions(self, told: dict[str, Any]) -> None:
        """A sentence in every language or in none: a reader of one language is told no less than another."""
        names = [f"addition_{code}" for code, _name in settings.LANGUAGES]
        if any(told.get(name) for name in names):
            for name in names:
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("Write the sentence in this language too, or in none."))

    @property
    def additions(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"addition_{code}"] for code, _name in settings.LANGUAGES}

    @property
    def duration_s(self) -> int:
        return int(self.cleaned_data["hours"] * HOUR_S)


def _addition(code: str) -> forms.CharField:
    """Return the field of an officer's sentence in one language, in that language's direction."""
    info = get_language_info(code)
    return forms.CharField(
        label=_("One sentence more: %(language)s") % {"language": info["name_local"]},
        help_text=_(
            "Optional, at most %(count)s characters, in every language or in none. No name, number, address, "
            "health, family matter or suspect."
        )
        % {"count": MOST_LETTERS},
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 2, "lang": code, "dir": "rtl" if info["bidi"] else "ltr", "data-addition": code}
        ),
    )


class UnknownPlaceError(Exception):
    """No single place of that name is in the country's gazetteer."""


def _area(told: dict[str, Any]) -> Area:
    if told["shape"] == "polygon":
        return Area.from_json({"polygons": [{"exterior": _corners(told["corners"])}]})
    lat, lon = _centre(told)
    radius_m = float(told.get("radius_km") or 0) * 1000
    return Area.from_json({"circles": [{"lat": lat, "lon": lon, "radius_m": radius_m}]})


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
    """Return what a first draft starts from: the last place seen, everything that is set up, a day."""
    point = case.last_seen_point
    return {
        "kind": Alert.Kind.ACTUAL,
        "shape": "circle",
        "lat": f"{point.lat:.5f}" if point else "",
        "lon": f"{point.lon:.5f}" if point else "",
        "radius_km": DEFAULT_RADIUS_KM,
        "channels": registry.channels(),
        "hours": DEFAULT_HOURS,
    }


def from_version(version: Version) -> dict[str, Any]:
    """Return what the draft holds, as the form shows it."""
    area = Area.from_json(version.area)
    told: dict[str, Any] = {
        "shape": "polygon" if area.polygons else "circle",
        "channels": version.channels,
        "hours": f"{version.duration_s / HOUR_S:g}",
        **{f"addition_{code}": words for code, words in (version.additions or {}).items()},
    }
    if area.polygons:
        points = area.polygons[0].exterior[:-1]
        told["corners"] = "\n".join(f"{point.lat:.5f}, {point.lon:.5f}" for point in points)
    elif area.circles:
        circle = area.circles[0]
        told |= {"lat": f"{circle.centre.lat:.5f}", "lon": f"{circle.centre.lon:.5f}"}
        told["radius_km"] = f"{circle.radius_m / 1000:g}"
    return told
