"""Where it was: words, a tapped point, or neither. Nobody outside is asked what the words mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cases.forms.where import TapPart, place_label
from cases.forms.words import WordsField, spoken
from cases.reported import ReportedPlace
from cases.whereabouts import KEEP_WORDS, Suggestion, UnknownPlace, resolve, suggest

MOST_WORDS = 300
HOW = {"tapped": "map", "gazetteer": "words"}


class PlacePart(TapPart):
    """Set `where`; ask which place the words mean only where there are some to choose from."""

    where_words = WordsField(
        label=_("Where?"),
        help_text=_("Quarter, street, school, souk, station: as you would say it to a neighbour."),
        max_length=MOST_WORDS,
        required=False,
    )
    place_choice = WordsField(label=_("Which place do you mean?"), widget=forms.RadioSelect, required=False)

    where: ReportedPlace | None = None
    asks_place = False

    def check_where(self) -> None:
        words = self.cleaned_data.get("where_words", "")
        self.where = self.tapped(words)
        if self.where is not None or not words:
            return
        gazetteer, choice = settings.COUNTRY.gazetteer, self.cleaned_data.get("place_choice", "")
        if choice:
            self._offer(suggest(words, gazetteer))
        try:
            self.where = resolve(words, gazetteer, choice=choice)
        except UnknownPlace as unknown:
            self._ask(words, unknown.suggestions)

    @property
    def place_label(self) -> str:
        """Return what the map calls the place, "" where only the words are known."""
        return place_label(self.where) if self.where else ""

    def place(self) -> dict[str, Any] | None:
        """Return the place as a tip holds it; None where none was told."""
        if self.where is None:
            return None
        told: dict[str, Any] = {"words": self.where.words, "how": HOW.get(self.where.source, "words")}
        if self.where.point is not None:
            told |= {"lat": self.where.point.lat, "lon": self.where.point.lon, "error_m": self.where.error_m}
        return told

    def _ask(self, words: str, suggestions: tuple[Suggestion, ...]) -> None:
        if not suggestions:
            self.where = ReportedPlace(words)
            return
        self._offer(suggestions)
        says = _("This place is not in our list. Choose the one you mean, or keep your own words.")
        self.add_error("place_choice", says)

    def _offer(self, suggestions: tuple[Suggestion, ...]) -> None:
        self.asks_place = True
        known = [(item.value, item.label(spoken())) for item in suggestions]
        self.fields["place_choice"].widget.choices = [
            *known, (KEEP_WORDS, _("Keep my words as I wrote them")),
        ]  # fmt: skip
