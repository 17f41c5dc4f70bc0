"""The form on which an officer records what a magistrate ordered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from alerts.issue.ordering import AHEAD, MOST_LETTERS, MOST_WORDS, Ordered, Paper
from alerts.models import Order
from cases.forms.photos import PhotosField
from cases.forms.when import EARLIEST, LONG_AGO, refuse_hijri
from cases.forms.words import DAYS, WordsField
from cases.moment import MomentRefused, moment
from cases.upload import ONE_PHOTO
from trust import clock, formfields


class OrderForm(forms.Form):
    """Ask who ordered it, when, and for its paper or the minute of the call: one of the two."""

    office = forms.ChoiceField(label=_("Whose order is it?"), choices=Order.Office.choices)
    magistrate = WordsField(label=_("Name of the magistrate"), max_length=MOST_LETTERS)
    number = WordsField(
        label=_("Number of the order"),
        help_text=_("As it stands on the paper. By telephone there may be none yet."),
        max_length=MOST_LETTERS,
        required=False,
    )
    given_on = formfields.DateField(
        label=_("Day it was given"),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    given_time = formfields.TimeField(
        label=_("Hour it was given"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    how = forms.ChoiceField(label=_("How did it come?"), choices=Order.How.choices, widget=forms.RadioSelect)
    photo = PhotosField(
        label=_("Scan or photograph of the paper"),
        help_text=_(
            "One JPEG, PNG, WebP or HEIC of up to 20 MB. Of several pages, the one with the signature."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif"}),
    )
    words = WordsField(
        label=_("Minute of the call"),
        help_text=_("Who called whom, on what number, and what was said. Sealed with the case."),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, kind: str, zone: ZoneInfo, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.zone = kind, zone
        self.given_at: datetime | None = None
        assert ONE_PHOTO in self.fields  # the name that cases.upload lets one picture in by

    def clean_given_on(self) -> date:
        day: date = self.cleaned_data["given_on"]
        refuse_hijri(day)
        if day < EARLIEST:
            raise ValidationError(LONG_AGO)
        return day

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        self._read_moment(told)
        if told.get("how") == Order.How.SCAN:
            if not told.get("photo") and "photo" not in self.errors:
                self.add_error("photo", _("Add the scan, or say that the order came by telephone."))
            if not told.get("number") and "number" not in self.errors:
                self.add_error("number", _("Give the number that stands on the paper."))
        elif told.get("how") == Order.How.PHONE and not told.get("words"):
            self.add_error("words", _("Write down the call, or add the scan of the paper."))
        return told

    def ordered(self) -> Ordered:
        """Return what was told, of a form that is valid."""
        told, by_phone = self.cleaned_data, self.cleaned_data["how"] == Order.How.PHONE
        photo = None if by_phone else told["photo"][0]
        assert self.given_at is not None
        return Ordered(
            kind=self.kind,
            office=told["office"],
            number=told["number"],
            magistrate=told["magistrate"],
            given_at=self.given_at,
            words=told["words"] if by_phone else "",
            paper=Paper(photo.original, photo.clean) if photo else None,
        )

    def _read_moment(self, told: dict[str, Any]) -> None:
        day, hour = told.get("given_on"), told.get("given_time")
        if day is None or hour is None:
            return
        try:
            self.given_at = moment(day, hour, self.zone, fold=0)
        except MomentRefused:
            self.add_error("given_time", _("This hour did not exist: the clocks went forward. Check it."))
            return
        if self.given_at > clock.now() + AHEAD:
            self.add_error("given_time", _("This hour is in the future. Check the hour and the day."))


class ReleaseForm(forms.Form):
    """Ask by whom and how a hold was lifted."""

    words = WordsField(
        label=_("Who lifted it, when, and how do you know?"),
        help_text=_("The magistrate, the hour, the number of the paper. Another officer decides on this."),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
