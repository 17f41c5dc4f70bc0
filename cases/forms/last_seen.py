"""Last seen: place and hour made finer, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases import receiving
from cases.forms.screen import ScreenForm
from cases.forms.when import MomentPart
from cases.forms.where import WherePart
from cases.forms.words import zone
from cases.models import Amendment
from cases.telling import amend

PLACE = {"last_seen_words", "place_choice", "lat", "lon", "error_m"}
MOMENT = {"seen_date", "seen_time", "fold"}


class LastSeenScreen(ScreenForm, WherePart, MomentPart):
    """Amend place and hour only where they were touched; the former ones are kept."""

    template_name = "cases/screens/last_seen.html"
    asks_point = True

    def columns(self) -> Mapping[str, Any]:
        hidden = set() if self.told.officer else self._by_officers()
        seen = self.case.last_seen_at.astimezone(zone())
        hour = seen.time().replace(second=0, microsecond=0)
        place = {"last_seen_words": self.case.last_seen_words or ""}
        moment = {"seen_date": seen.date(), "seen_time": hour.replace(fold=0)}
        return {
            **({} if "last_seen_place" in hidden else place),
            **({} if "last_seen_at" in hidden else moment),
        }

    def _by_officers(self) -> set[str]:
        """Return what an officer corrected last: it may come from a sighting the family is not to know of."""
        changes = Amendment.objects.filter(case=self.case, field__in=("last_seen_place", "last_seen_at"))
        newest = dict(changes.order_by("at").values_list("field", "source"))
        return {name for name, source in newest.items() if source == "officer"}

    def clean(self) -> dict[str, Any]:
        touched = set(self.changed_data) & set(self.data)
        if MOMENT & touched:
            self.check_moment()
        if PLACE & touched:
            self.check_place()
        return self.cleaned_data

    @property
    def place_or_time_open(self) -> bool:
        """Say whether a part of place or hour was touched or is wrong, and must be seen."""
        return self.is_bound and bool((PLACE | MOMENT) & {*self.changed_data, *self.errors})

    def save_columns(self) -> None:
        if self.seen_at is not None:
            amend(self.case, "last_seen_at", {"last_seen_at": self.seen_at}, self.told)
        place = self.last_seen
        if place is not None:
            columns = {
                "last_seen_words": place.words,
                "last_seen_place": receiving.place_json(place),
                "last_seen_error_m": place.error_m,
                "last_seen_region": receiving.region_code(place.point),
            }
            amend(self.case, "last_seen_place", columns, self.told)
