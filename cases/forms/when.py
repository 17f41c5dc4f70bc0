"""When the child was last seen: an hour in the agency's zone."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms.words import DAYS, zone
from cases.moment import MomentRefused, is_doubled, moment, offset
from trust import clock, formfields

EARLIEST = date(2000, 1, 1)


class WhenPart(forms.Form):
    """Set seen_at (UTC) when the hour is one; asks_fold when it came twice."""

    seen_date = formfields.DateField(
        label=_("Day"),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    seen_time = formfields.TimeField(
        label=_("Hour"),
        help_text=_("About when, if you are not sure: 16:30."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    fold = forms.ChoiceField(
        label=_("Which of the two?"),
        widget=forms.RadioSelect,
        choices=[("0", "0"), ("1", "1")],
        required=False,
    )

    seen_at: datetime | None = None
    asks_fold = False

    def clean_seen_date(self) -> date:
        day: date = self.cleaned_data["seen_date"]
        if day < EARLIEST:
            raise ValidationError(_("This day is too long ago. Check the year."))
        if day > clock.now().astimezone(zone()).date():
            raise ValidationError(_("This day is in the future. Check the date."))
        return day

    def check_moment(self) -> None:
        day, hour = self.cleaned_data.get("seen_date"), self.cleaned_data.get("seen_time")
        if day is None or hour is None:
            return
        self._offer_both(day, hour)
        answer = self.cleaned_data.get("fold")
        try:
            at = moment(day, hour, zone(), fold=int(answer) if answer else None)
        except MomentRefused as refused:
            self.add_error(*_SAYS[refused.code])
            return
        if at > clock.now():
            self.add_error("seen_time", _("This hour is in the future. Check the hour and the day."))
            return
        self.seen_at = at

    def _offer_both(self, day: date, hour: time) -> None:
        self.asks_fold = is_doubled(day, hour, zone())
        if not self.asks_fold:
            return
        first = datetime.combine(day, hour, zone()).replace(fold=0)
        before, after = offset(first, zone()), offset(first.replace(fold=1), zone())
        self.fields["fold"].choices = [  # type: ignore[attr-defined]  # a ChoiceField has them
            ("0", _("The first time, before the clocks went back (%(offset)s)") % {"offset": before}),
            ("1", _("The second time, after the clocks went back (%(offset)s)") % {"offset": after}),
        ]


_SAYS = {
    "no_such_hour": (
        "seen_time",
        _("This hour did not exist: the clocks went forward that night. Give the hour before or after."),
    ),
    "twice": ("fold", _("That night this hour came twice, as the clocks went back. Which one was it?")),
}
