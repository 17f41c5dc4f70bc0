"""What is asked before an act on a tip."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alerts.models import Alert
from cases import vocabulary
from cases.forms.words import DAYS, WordsField
from cases.models import Case, CaseState, Sighting
from cases.moment import MomentRefused, moment
from cases.reported import ReportedPlace
from cases.sheet.words import language
from geo.shapes import Point
from tips import deciding
from tips.models import Attachment, Tip
from trust import formfields
from trust.models import Officer, Unit

MOST_WORDS = 1000
MOST_REPLY = 1500
MOST_CASES = 30
CLOSING = ("rumour", "old", "false", "duplicate", "unrelated")


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class WordsForm(forms.Form):
    """Ask for words alone."""

    words = WordsField(label=_("Why?"), max_length=MOST_WORDS, widget=area())

    def __init__(
        self, data: Any = None, *, label: Any = None, help_text: Any = "", required: bool = True
    ) -> None:
        super().__init__(data)
        field = self.fields["words"]
        field.label, field.help_text, field.required = label or field.label, help_text, required


class ReplyForm(forms.Form):
    body = WordsField(label=_("Write to the witness"), max_length=MOST_REPLY, widget=area(4))
    asks = forms.BooleanField(label=_("An answer is waited for"), required=False)


class PlaceAndHourForm(forms.Form):
    """Ask where and when; filled in from the tip."""

    place = WordsField(label=_("Where?"), max_length=300, required=False)
    lat = formfields.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    lon = formfields.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    error_m = formfields.IntegerField(
        label=_("How far off, in metres"), required=False, min_value=0, max_value=100_000
    )
    day = formfields.DateField(
        label=_("Day"), input_formats=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hour = formfields.TimeField(
        label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, tip: Tip, zone: ZoneInfo, data: Any = None) -> None:
        told = tip.place or {}
        local = timezone.localtime(tip.seen_at or tip.said_at, zone)
        super().__init__(
            data,
            initial={
                "place": told.get("words", ""), "lat": told.get("lat"), "lon": told.get("lon"),
                "error_m": round(told["error_m"]) if told.get("error_m") else None,
                "day": local.date(), "hour": local.time(), "error_min": tip.seen_error_min,
            },
        )  # fmt: skip
        self.zone = zone
        self.at: datetime | None = None

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if (told.get("lat") is None) != (told.get("lon") is None):
            self.add_error("lat", _("Write both latitude and longitude, or neither."))
        day, hour = told.get("day"), told.get("hour")
        if day and hour:
            try:
                self.at = moment(day, hour, self.zone, fold=0)
            except MomentRefused:
                self.add_error("hour", _("This hour did not exist: the clocks went forward. Check it."))
        return told

    def reported(self) -> ReportedPlace:
        """Return the place; only after is_valid()."""
        told = self.cleaned_data
        point = Point(told["lat"], told["lon"]) if told.get("lat") is not None else None
        return ReportedPlace(
            told.get("place") or "", point=point, error_m=told.get("error_m") if point else None,
            source="tapped" if point else "",
        )  # fmt: skip


class CaseField(forms.ModelChoiceField[Case]):
    """Name a case by its reference and its first child."""

    def label_from_instance(self, obj: Case) -> str:
        child = obj.children.first()
        name = child.name(language()) if child else ""
        return f"{obj.reference} · {name}" if name else obj.reference


class SightingForm(PlaceAndHourForm):
    field_order = ("case",)
    case = CaseField(label=_("In which case?"), queryset=Case.objects.none())
    error_min = formfields.IntegerField(
        label=_("How far off, in minutes"), required=False, min_value=0, max_value=60 * 24 * 31
    )
    certainty = forms.ChoiceField(
        label=_("How sure?"), choices=Sighting.Certainty.choices, initial=Sighting.Certainty.POSSIBLE
    )
    source_class = forms.ChoiceField(
        label=_("By what means is it known?"), choices=Sighting.SourceClass.choices,
        initial=Sighting.SourceClass.WITNESS,
    )  # fmt: skip
    note = WordsField(
        label=_("Note for whoever goes there"), required=False, max_length=MOST_WORDS, widget=area(2)
    )

    def __init__(self, tip: Tip, officer: Officer, zone: ZoneInfo, data: Any = None) -> None:
        super().__init__(tip, zone, data)
        likely = case_of(tip)
        field = self.fields["case"]
        assert isinstance(field, forms.ModelChoiceField)
        offered = [*_open_cases(officer), *([likely] if likely else [])]
        field.queryset = Case.objects.for_officer(officer).filter(pk__in=offered)
        field.initial = likely
        if _has_camera(tip):
            self.fields["source_class"].initial = Sighting.SourceClass.MEDIA


def case_of(tip: Tip) -> Any:
    """Return the key of the case that the tip's alert, or one that tells the same, belongs to."""
    if tip.case_id:
        return tip.case_id
    if tip.alert_id:
        return Alert.objects.filter(pk=tip.alert_id).values_list("case", flat=True).first()
    key = tip.cluster or tip.pk
    return Tip.objects.filter(cluster=key, case_id__isnull=False).values_list("case_id", flat=True).first()


def _open_cases(officer: Officer) -> list[Any]:
    rows = Case.objects.for_officer(officer).filter(state__in=(CaseState.REVIEW, CaseState.OPEN))
    return list(rows.order_by("-received_at").values_list("pk", flat=True)[:MOST_CASES])


def _has_camera(tip: Tip) -> bool:
    return tip.attachments.filter(kind__in=(Attachment.Kind.PHOTO, Attachment.Kind.VIDEO)).exists()


class CaseForm(PlaceAndHourForm):
    """Ask what makes a report; the words and the pin of the tip are kept whatever is left empty."""

    field_order = ("given_name", "family_name", "sex", "age_years", "relation")
    given_name = WordsField(label=_("Given name of the child"), required=False, max_length=100)
    family_name = WordsField(label=_("Family name"), required=False, max_length=100)
    sex = forms.ChoiceField(label=_("Girl or boy"), required=False)
    age_years = formfields.IntegerField(label=_("Age in years"), required=False, min_value=0, max_value=17)
    relation = forms.ChoiceField(label=_("Who tells it?"), required=False)

    def __init__(self, tip: Tip, zone: ZoneInfo, data: Any = None) -> None:
        super().__init__(tip, zone, data)
        for name in ("sex", "relation"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "—"), *vocabulary.choices(name, language())]


class HandForm(forms.Form):
    unit = forms.ModelChoiceField[Unit](
        label=_("To which unit?"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("One named below"),
    )
    name = WordsField(label=_("Or a unit that has no desk here"), required=False, max_length=120)
    words = WordsField(
        label=_("Why is it theirs?"), help_text=_("They read this. Name nobody who told it."),
        max_length=MOST_WORDS, widget=area(),
    )  # fmt: skip

    def __init__(self, tip: Tip, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = (
            Unit.objects.select_related("agency")
            .exclude(pk__in=[tip.unit_id] if tip.unit_id else [])
            .order_by("agency", "code")
        )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if bool(told.get("unit")) == bool(told.get("name")):
            self.add_error("unit", _("Choose a unit, or name one: one of the two."))
        return told


class CloseForm(forms.Form):
    """Ask as what it is closed, and why; offered as one list, so that it needs no script."""

    reason = forms.ChoiceField(label=_("What is it?"))
    words = WordsField(label=_("In your words"), required=False, max_length=MOST_WORDS, widget=area())
    alike = forms.BooleanField(label=_("Close those that tell the same too"), required=False)

    def __init__(
        self, tip: Tip, data: Any = None, *, many: int = 1, states: tuple[str, ...] = CLOSING
    ) -> None:
        super().__init__(data)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        named = dict(Tip.State.choices)
        field.choices = [("", "—"), *(
            (
                named[state],
                [(f"{state}:{code}", words) for code, words in deciding.REASONS.get(state, {}).items()],
            )
            for state in states
        )]  # fmt: skip
        if many < 2:
            del self.fields["alike"]
        else:
            self.fields["alike"].help_text = _("They are %(many)s; each is closed for itself in the log.") % {
                "many": many - 1
            }

    @property
    def chosen(self) -> tuple[str, str]:
        """Return state and code; only after is_valid()."""
        state, _colon, code = self.cleaned_data["reason"].partition(":")
        return state, code


class SecondForm(forms.Form):
    words = WordsField(
        label=_("If you do not agree: why?"), required=False, max_length=MOST_WORDS, widget=area()
    )


class ReasonForm(forms.Form):
    """Ask for one of some reasons, and words."""

    reason = forms.ChoiceField(label=_("Reason"))
    words = WordsField(label=_("In your words"), required=False, max_length=MOST_WORDS, widget=area())

    def __init__(self, reasons: Mapping[str, Any], data: Any = None, *, words: bool = True) -> None:
        super().__init__(data)
        if not words:
            del self.fields["words"]
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *reasons.items()]


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("What is it?"), choices=Attachment.Verdict.choices, widget=forms.RadioSelect
    )
    words = WordsField(
        label=_("How do you know?"), max_length=MOST_WORDS, widget=area(),
        help_text=_("What it is like, what its file says, what was compared. A statement may rest on this."),
    )  # fmt: skip


class FootageForm(forms.Form):
    title = WordsField(label=_("What it shows, in a few words"), max_length=200)
    origin = WordsField(
        label=_("Where it is really from"), max_length=MOST_WORDS, widget=area(),
        help_text=_("The first post, the place, who filmed it, how that is known."),
    )  # fmt: skip
    happened_on = formfields.DateField(
        label=_("When it was really made"), required=False, input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
