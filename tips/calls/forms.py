"""The forms of a call and of a find: few fields, in the order in which a caller speaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import post_address
from cases.admin.post_forms import SAYS as ADDRESS_SAYS
from cases.forms.words import WordsField, spoken, zone
from cases.whereabouts import resolve_quietly
from tips.calls import choosing, said_when
from tips.calls.choosing import Choice
from tips.calls.said_when import WhenRefused
from tips.forms.files import FilesPart
from tips.telling import Told
from trust import clock, formfields
from trust.digits import western
from trust.models import Officer

MOST_WORDS, MOST_PLACE = 4000, 300
SAYS_WHEN: dict[str, Promise] = {
    "unclear": _("Write minutes (10), hours (2h), an hour of the clock (16:30) or a day (20/11 16:30)."),
    "future": _("This hour is in the future. Check it."),
    "long_ago": _("This is more than a month ago. Check it, or write the day into the words."),
}
NOTHING = _("Write where it was, or what was seen.")


class HeardPart(forms.Form):
    """What a call and a find have in common: alert, place, hour, words, in this order."""

    use_required_attribute = False

    alert = forms.CharField(
        label=_("Number of the alert"),
        help_text=_("As listed, or its code. Leave it empty where none is meant."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"accesskey": "a", "autocomplete": "off", "dir": "ltr", "size": "10"}),
    )
    last_seen_words = WordsField(
        label=_("Where?"),
        required=False,
        max_length=MOST_PLACE,
        widget=forms.TextInput(attrs={"accesskey": "w", "autocomplete": "off", "list": "places"}),
    )
    when = forms.CharField(
        label=_("How many minutes ago?"),
        help_text=_("10 · 2h · 16:30 · 20/11 16:30"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"accesskey": "t", "autocomplete": "off", "dir": "ltr", "size": "12"}),
    )
    told_words = WordsField(
        label=_("What was seen?"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"accesskey": "d", "rows": 3}),
    )

    def __init__(self, *args: Any, choices: Sequence[Choice] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.alert_id: UUID | None = None
        self.at: datetime | None = None
        self.error_min: int | None = None

    def clean_alert(self) -> str:
        typed: str = self.cleaned_data["alert"]
        try:
            self.alert_id = choosing.chosen(typed, self.choices)
        except LookupError:
            raise ValidationError(_("No alert has this number or code.")) from None
        return typed

    def clean_when(self) -> str:
        typed: str = self.cleaned_data["when"]
        try:
            found = said_when.read(western(typed), clock.now(), zone())
        except WhenRefused as refused:
            raise ValidationError(str(SAYS_WHEN[refused.code])) from None
        if found is not None:
            self.at, self.error_min = found.at, found.error_min
        return typed

    @property
    def place(self) -> dict[str, Any] | None:
        """Return the place as a tip holds it: a point where the words name exactly one; nobody is asked."""
        words = self.cleaned_data.get("last_seen_words", "")
        if not words:
            return None
        found = resolve_quietly(words, settings.COUNTRY.gazetteer)
        told: dict[str, Any] = {"words": words, "how": "words"}
        if found.point is not None:
            told |= {"lat": found.point.lat, "lon": found.point.lon, "error_m": found.error_m}
        return told


class CallForm(HeardPart):
    """A caller is anonymous unless they offer a number."""

    phone = formfields.PhoneField(
        label=_("Number to call back"),
        help_text=_("Only if the caller offers it."),
        required=False,
        widget=forms.TextInput(attrs={"accesskey": "n", "autocomplete": "off", "size": "16"}),
    )
    language = forms.ChoiceField(label=_("The caller’s language"), choices=settings.LANGUAGES, required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.errors and not (said.get("told_words") or said.get("last_seen_words")):
            self.add_error("told_words", NOTHING)
        return said

    def told(self, officer: Officer, submission: str) -> Told:
        """Return what the caller told; only after is_valid()."""
        said = self.cleaned_data
        return Told(
            door="phone",
            words=said["told_words"],
            language=said["language"] or spoken(),
            said_at=clock.now(),
            seen_at=self.at,
            seen_error_min=self.error_min,
            place=self.place,
            alert_id=self.alert_id,
            entered_by=officer,
            caller=said["phone"],
            submission=submission,
        )


class FoundForm(HeardPart, FilesPart):
    """A post that an officer found: its address or its picture, its words, and when it was posted."""

    link = forms.CharField(
        label=_("Address of the post"),
        help_text=_("It is kept sealed, and never opened by this service."),
        required=False,
        max_length=post_address.MAX_LENGTH,
        widget=forms.TextInput(attrs={"accesskey": "l", "autocomplete": "off", "dir": "ltr"}),
    )
    field_order = ("link", "told_words", "attached", "when", "last_seen_words", "alert")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("When was it posted?")
        self.fields["told_words"].label = _("What does it say?")
        self.fields["last_seen_words"].label = _("Where is it said to be?")
        self.fields["attached"].label = _("Picture of the screen, photo or video")
        self.fields["attached"].help_text = ""
        del self.fields["voice"]

    def clean_link(self) -> str:
        typed: str = self.cleaned_data["link"].strip()
        if typed:
            try:
                return post_address.read(typed).text
            except post_address.AddressRefused as refused:
                raise ValidationError(ADDRESS_SAYS[refused.code]) from None
        return ""

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        self.check_files()
        if not self.errors and not (said.get("link") or said.get("told_words") or self.upload_ids):
            self.add_error("link", _("Give its address, its words or a picture of it."))
        return said

    def told(self, officer: Officer, submission: str) -> Told:
        """Return what the post tells; only after is_valid(). Its hour is no sighting's."""
        said = self.cleaned_data
        return Told(
            door="found",
            words=said["told_words"],
            said_at=self.at,
            place=self.place,
            alert_id=self.alert_id,
            link=said["link"],
            entered_by=officer,
            uploads=self.upload_ids,
            submission=submission,
        )
