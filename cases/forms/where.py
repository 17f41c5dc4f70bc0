"""Where: words, and a point where a map could be tapped."""

from __future__ import annotations

import math

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cases.forms.words import HiddenWords, WordsField, spoken
from cases.reported import ReportedPlace
from cases.whereabouts import KEEP_WORDS, Suggestion, UnknownPlace, label, resolve, suggest
from geo.points import Point

PLACE = "last_seen_place"  # the field of the declaration: what a geocoder may be asked about
ERROR_M = (20, 500, 50_000)  # least, usual, most of a tapped point


class TapPart(forms.Form):
    """Take the point that static/js/report-map.js writes; without it the words are enough."""

    lat = HiddenWords()
    lon = HiddenWords()
    error_m = HiddenWords()

    asks_point = True

    @property
    def capital(self) -> Point:
        """Return where the map begins."""
        return settings.COUNTRY.capital

    def tapped(self, words: str) -> ReportedPlace | None:
        """Return the words with the point that was tapped; None where none was."""
        lat, lon = _number(self.cleaned_data.get("lat")), _number(self.cleaned_data.get("lon"))
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            return None
        return ReportedPlace(words, point=Point(lat, lon), error_m=self._error_m(), source="tapped")

    def _error_m(self) -> int:
        least, usual, most = ERROR_M
        said = _number(self.cleaned_data.get("error_m"))
        return usual if said is None else round(min(max(said, least), most))


class WherePart(TapPart):
    """Set last_seen when the place is known or its words are to be kept."""

    last_seen_words = WordsField(
        label=_("Last seen where?"),
        help_text=_("Quarter, street, school, souk, station: as you would say it to a neighbour."),
        max_length=300,
        required=False,
    )
    place_choice = WordsField(label=_("Which place do you mean?"), widget=forms.RadioSelect, required=False)

    last_seen: ReportedPlace | None = None
    place_label = ""
    asks_place = False

    def check_place(self) -> None:
        words = self.cleaned_data.get("last_seen_words", "")
        self.last_seen = self.tapped(words)
        if self.last_seen is not None or not words:
            return
        gazetteer, choice = settings.COUNTRY.gazetteer, self.cleaned_data.get("place_choice", "")
        if choice:
            self._offer(suggest(words, gazetteer, field=PLACE))
        try:
            self.last_seen = resolve(words, gazetteer, choice=choice, field=PLACE)
            self.place_label = place_label(self.last_seen)
        except UnknownPlace as unknown:
            self._offer(unknown.suggestions)
            says = _("This place is not in our list. Choose the one you mean, or keep your own words.")
            self.add_error("place_choice", says)

    def _offer(self, suggestions: tuple[Suggestion, ...]) -> None:
        self.asks_place = True
        known = [(item.value, item.label(spoken())) for item in suggestions]
        self.fields["place_choice"].widget.choices = [
            *known, (KEEP_WORDS, _("Keep my words as I wrote them")),
        ]  # fmt: skip


def place_label(found: ReportedPlace) -> str:
    """Return what the map calls the point, in the active language; "" where there is none."""
    return label(found, settings.COUNTRY.gazetteer, spoken()) if found.point else ""


def _number(text: str | None) -> float | None:
    """Return the number a script wrote; what is none is as if nothing was tapped."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
