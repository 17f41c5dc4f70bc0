"""When the child was last seen: how long ago, or a day and an hour in the agency's zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms.pictures import PictureChoiceField
from cases.forms.words import DAYS, zone
from cases.moment import MomentRefused, is_doubled, moment, offset
from trust import clock, formfields

EARLIEST = date(2000, 1, 1)
HIJRI_YEARS = range(1380, 1500)  # of everybody who is alive
ANOTHER = "other"
AGO = {
    "quarter_hour": timedelta(minutes=15),
    "half_hour": timedelta(minutes=30),
    "hour": timedelta(hours=1),
    "two_hours": timedelta(hours=2),
    "four_hours": timedelta(hours=4),
}
IN_HIJRI = _("This is a year of the Hijri calendar. Write the day in the other one: this year is %(year)s.")
TO_COME = _("This day is in the future. Check the date.")
LONG_AGO = _("This day is too long ago. Check the year.")


def refuse_hijri(day: date) -> None:
    """Raise ValidationError for a year that is this century's in the Hijri calendar alone."""
    if day.year in HIJRI_YEARS:
        raise ValidationError(IN_HIJRI, code="hijri", params={"year": clock.now().year})


class MomentPart(forms.Form):
    """Set seen_at (UTC) when day and hour are one moment; asks_fold when that hour came twice."""

    seen_date = formfields.DateField(
        label=_("Day"),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    seen_time = formfields.TimeField(
        label=_("Hour"),
        help_text=_("About when, if you are not sure: 16:30."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        required=False,
    )
    fold = forms.ChoiceField(
        label=_("Which of the two?"),
        widget=forms.RadioSelect,
        choices=[("0", "0"), ("1", "1")],
        required=False,
    )

    seen_at: datetime | None = None
    asks_fold = False

    def clean_seen_date(self) -> date | None:
        day: date | None = self.cleaned_data["seen_date"]
        if day is None:
            return None
        refuse_hijri(day)
        if day < EARLIEST:
            raise ValidationError(LONG_AGO)
        if day > clock.now().astimezone(zone()).date():
            raise ValidationError(TO_COME)
        return day

    def check_moment(self) -> None:
        day, hour = self.cleaned_data.get("seen_date"), self.cleaned_data.get("seen_time")
        if day is None or hour is None:
            self._need("seen_date", day, _("Give the day."))
            self._need("seen_time", hour, _("Give the hour. About when, if you are not sure."))
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

    def utc_offset(self) -> str:
        """Return how far the hours typed here are from UTC, as in "UTC+1"."""
        return offset(clock.now(), zone())

    def _need(self, name: str, value: object, says: object) -> None:
        if value is None and name not in self.errors:
            self.add_error(name, str(says))

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


class AgoPart(MomentPart):
    """Ask how long ago in one tap; day and hour only for "another time"."""

    ago = PictureChoiceField(
        listed="ago",
        label=_("Last seen when?"),
        error_messages={"required": _("Choose about when the child was last seen.")},
    )

    def check_ago(self) -> None:
        ago = self.cleaned_data.get("ago")
        typed = [name for name in ("seen_date", "seen_time") if self.data.get(name)]
        if ago == ANOTHER:
            self.check_moment()
        elif ago in AGO and typed:
            says = _("You chose a time here and typed a day or an hour below. Keep one of the two.")
            self.add_error("ago", says)
        elif ago in AGO:
            self.seen_at = clock.now() - AGO[ago]

    def shows_moment(self) -> bool:
        """Say whether day and hour must be seen, as they stand typed or wrong."""
        names = ("seen_date", "seen_time", "fold")
        return any(self[name].value() or self[name].errors for name in names)


_SAYS = {
    "no_such_hour": (
        "seen_time",
        _("This hour did not exist: the clocks went forward that night. Give the hour before or after."),
    ),
    "twice": ("fold", _("That night this hour came twice, as the clocks went back. Which one was it?")),
}
