"""How an officer came to know what is typed: from whom, in which way, when, in which language."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms.when import EARLIEST, LONG_AGO, refuse_hijri
from cases.forms.words import DAYS, spoken, zone
from cases.models import FiledHow
from cases.moment import MomentRefused, moment
from cases.telling import Told
from trust import clock, formfields
from trust.models import Officer

SALT = "cases.filing"
FORM_AGE_S = 2 * 24 * 3600
OFFICER = "officer"
SOURCES: Mapping[str, str] = {
    FiledHow.PRESENT: "assisted",
    FiledHow.PHONE: "assisted",
    FiledHow.PAPER: "paper",
    OFFICER: "officer",
}
JUST_NOW = timedelta(minutes=2)
HOW = [
    (FiledHow.PRESENT, _("by somebody who is here")),
    (FiledHow.PHONE, _("by telephone")),
    (FiledHow.PAPER, _("on the paper form")),
]


class SaidAtPart(forms.Form):
    """Set said_at (UTC) where day and hour were given; None is now."""

    said_date = formfields.DateField(
        label=_("Day it was said or written"),
        input_formats=DAYS,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    said_time = formfields.TimeField(
        label=_("Hour it was said or written"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    said_at: datetime | None = None
    is_optional = True  # so no field says so by itself

    def clean_said_date(self) -> date | None:
        day: date | None = self.cleaned_data["said_date"]
        if day:
            refuse_hijri(day)
        if day and day < EARLIEST:
            raise ValidationError(LONG_AGO)
        return day

    def clean(self) -> dict[str, Any]:
        day, hour = self.cleaned_data.get("said_date"), self.cleaned_data.get("said_time")
        if (day is None) != (hour is None) and not self.errors:
            self.add_error("said_date" if day is None else "said_time", _("Give both the day and the hour."))
        if day and hour:
            self._set(day, hour)
        return self.cleaned_data

    def _set(self, day: Any, hour: Any) -> None:
        now = clock.now()
        try:
            later, first = moment(day, hour, zone(), fold=1), moment(day, hour, zone(), fold=0)
        except MomentRefused:
            self.add_error("said_time", _("This hour did not exist: the clocks went forward that night."))
            return
        at = later if later <= now else first  # of an hour that came twice: the last that has been
        if at > now + JUST_NOW:
            self.add_error("said_time", _("This hour is in the future. Check the hour and the day."))
            return
        self.said_at = min(at, now)


class FilingForm(SaidAtPart):
    """Ask how a report comes to the desk."""

    how = forms.ChoiceField(label=_("How does the report come?"), choices=HOW, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("The family’s language"), choices=settings.LANGUAGES)
    field_order = ("how", "language", "said_date", "said_time")

    def __init__(self, data: Any = None, *, by_phone: bool = False) -> None:
        local = clock.now().astimezone(zone())
        now = {"said_date": local.date(), "said_time": local.time()}
        how = FiledHow.PHONE if by_phone else FiledHow.PRESENT
        super().__init__(data, initial={**now, "how": how, "language": spoken()})

    @property
    def next_query(self) -> str:
        """Return what the next pages need to go on in the same way."""
        return carried(self.cleaned_data["how"], self.cleaned_data["language"], self.said_at)


class ToldForm(SaidAtPart):
    """Ask the same of what is added to a case later."""

    how = forms.ChoiceField(label=_("How do you know?"), choices=[*HOW, (OFFICER, _("I correct it myself"))])
    language = forms.ChoiceField(label=_("Language of what is typed"), choices=settings.LANGUAGES)
    field_order = ("how", "language", "said_date", "said_time")

    def __init__(self, data: Any = None, *, asked: Mapping[str, str]) -> None:
        """asked: the query of the address, as carried() wrote it."""
        initial: dict[str, Any] = {"how": asked.get("how", FiledHow.PHONE), "language": _language(asked)}
        at = _moment(asked.get("at", ""))
        if at:
            initial |= {"said_date": at.date(), "said_time": at.time()}
        super().__init__(data, prefix="told", initial=initial)
        self.fields["said_date"].help_text = _("Leave day and hour empty for now.")

    def told(self, officer: Officer) -> Told:
        """Return who tells; only after is_valid()."""
        said = self.cleaned_data
        return Told(SOURCES[said["how"]], said["language"], officer, self.said_at)

    @property
    def next_query(self) -> str:
        return carried(self.cleaned_data["how"], self.cleaned_data["language"], self.said_at)


def told_from(asked: Mapping[str, str], officer: Officer) -> Told:
    """Return who tells as the address says it, for a page that is only shown."""
    source = SOURCES.get(asked.get("how", ""), "assisted")
    return Told(source, _language(asked), officer, _moment(asked.get("at", "")))


def carried(how: str, language: str, said_at: datetime | None) -> str:
    """Return a query string without anything personal: "how=paper&in=ar&at=…"; no hour where it is now."""
    late = said_at is not None and clock.now() - said_at > JUST_NOW
    at = {"at": said_at.isoformat(timespec="minutes")} if said_at and (late or how == FiledHow.PAPER) else {}
    return urlencode({"how": how, "in": language, **at})


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(zone()) if at.tzinfo else None
    except (ValueError, OverflowError):  # a day before the first, or after the last, in another zone
        return None


def _language(asked: Mapping[str, str]) -> str:
    code = asked.get("in", "")
    return code if code in dict(settings.LANGUAGES) else spoken()


def token() -> str:
    return signing.dumps(randomness.token_hex(16), salt=SALT)


def submission(marked: str) -> tuple[str, str]:
    """Return the form's token and the random value in it; a fresh pair for one not ours or too old."""
    try:
        return marked, signing.loads(marked, salt=SALT, max_age=FORM_AGE_S)
    except signing.BadSignature:
        fresh = token()
        return fresh, signing.loads(fresh, salt=SALT)
