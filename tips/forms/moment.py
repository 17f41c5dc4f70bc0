"""When it was: one tap, or a day and an hour, or not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.when import ANOTHER, MomentPart
from cases.forms.words import zone
from cases.moment import MomentRefused, moment
from trust import clock

NOON = time(12)
DAY_ERROR_MIN = 720
HOUR_ERROR_MIN = 30


@dataclass(frozen=True)
class Ago:
    """How long ago an answer means, and by how many minutes that may be wrong."""

    minutes: int
    error_min: int


AGO = {"now": Ago(0, 5), "minutes": Ago(10, 10), "hour": Ago(60, 30)}
CHOICES = (
    ("now", _("Now")),
    ("minutes", _("A few minutes ago")),
    ("hour", _("About an hour ago")),
    (ANOTHER, _("Another time")),
    ("", _("I do not know")),
)


class SeenPart(MomentPart):
    """Set seen_at and seen_error_min; both stay None where it is not known."""

    seen = forms.ChoiceField(label=_("When?"), choices=CHOICES, widget=forms.RadioSelect, required=False)

    seen_error_min: int | None = None

    def check_seen(self, now: datetime | None = None) -> None:
        """Read the answer. A day or an hour that was typed counts, whatever is marked above it."""
        answer = AGO.get(self.cleaned_data.get("seen", ""))
        if self.cleaned_data.get("seen_date") or self.cleaned_data.get("seen_time"):
            self._check_typed()
        elif answer is not None:
            self.seen_at = (now or clock.now()) - timedelta(minutes=answer.minutes)
            self.seen_error_min = answer.error_min

    def shows_moment(self) -> bool:
        """Say whether day and hour must be seen, as they stand typed or wrong."""
        return any(self[name].value() or self[name].errors for name in ("seen_date", "seen_time", "fold"))

    def _check_typed(self) -> None:
        day, hour = self.cleaned_data.get("seen_date"), self.cleaned_data.get("seen_time")
        if hour is None and "seen_time" not in self.errors and day is not None:
            self._about_noon(day)
            return
        if day is None and "seen_date" not in self.errors:  # an hour alone is today's, or yesterday's
            self.cleaned_data["seen_date"] = self._latest_day(hour)
        self.check_moment()
        self.seen_error_min = HOUR_ERROR_MIN if self.seen_at else None

    def _about_noon(self, day: object) -> None:
        try:
            noon = moment(day, NOON, zone(), fold=0)  # type: ignore[arg-type]  # the field gives a date
        except MomentRefused:
            return
        self.seen_at, self.seen_error_min = min(noon, clock.now()), DAY_ERROR_MIN

    def _latest_day(self, hour: time | None) -> object:
        here = clock.now().astimezone(zone())
        is_past = hour is None or hour <= here.time()
        return here.date() if is_past else here.date() - timedelta(days=1)
