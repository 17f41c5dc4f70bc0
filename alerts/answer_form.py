"""The form on which an officer writes down what a person answered or did: who, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alerts.owed import AHEAD, MOST_LETTERS
from cases.forms.words import DAYS, WordsField
from cases.moment import MomentRefused, moment
from trust import clock, formfields


class HourForm(forms.Form):
    """Ask when; the page offers the hour it was opened at."""

    day = formfields.DateField(
        label=_("Day"),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hour = formfields.TimeField(
        label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(
        self, zone: ZoneInfo, data: QueryDict | None = None, *, initial: Mapping[str, str] | None = None
    ) -> None:
        local = timezone.localtime(clock.now(), zone)
        super().__init__(data, initial={"day": local.date(), "hour": local.time(), **(initial or {})})
        self.zone = zone
        self.at: datetime | None = None

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        day, hour = told.get("day"), told.get("hour")
        if day is None or hour is None:
            return told
        try:
            self.at = moment(day, hour, self.zone, fold=0)
        except MomentRefused:
            self.add_error("hour", _("This hour did not exist: the clocks went forward. Check it."))
            return told
        if self.at > clock.now() + AHEAD:
            self.add_error("hour", _("This hour is in the future. Check the hour and the day."))
        return told


class AnswerForm(HourForm):
    """Ask who answered, by name, and when."""

    field_order = ("who", "day", "hour")
    who = WordsField(label=_("Who answered? First and last name"), max_length=MOST_LETTERS)
