"""The whole report on one page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases import fields, vocabulary
from cases.forms.child import ChildPart
from cases.forms.when import WhenPart
from cases.forms.where import WherePart
from cases.forms.who import WhoPart
from cases.forms.words import WordsField, spoken
from cases.media.decode import PictureRefused, decode
from cases.reported import Report, ReportedChild, ReportedPhoto, ReportedPlace, Reporter
from cases.whereabouts import resolve_quietly

GARMENT_ROWS = 4
PLACE_ROWS = 3
LOOKS = ("height", "hair", "eyes", "build", "marks")
PHOTO_SAYS = {
    "not_a_picture": _("This file is not a photo we can read. Send a JPEG, PNG, WebP or HEIC photo."),
    "too_large": _("This photo is too large: at most 20 MB. Send a smaller one, or a screenshot of it."),
    "too_many_pixels": _("This photo has too many pixels. Send a smaller one, or a screenshot of it."),
    "truncated": _("This photo is damaged or did not arrive whole. Send it again, or another one."),
    "timed_out": _("This photo took too long to read. Send another one, or a screenshot of it."),
}
_VOCABULARIES = {
    "sex": "sex", "hair": "hair", "eyes": "eyes", "build": "build", "marks": "mark", "relation": "relation",
}  # fmt: skip
_WITHOUT_BLANK = ("sex", "marks", "relation")


class ReportForm(ChildPart, WherePart, WhenPart, WhoPart):
    """After is_valid(), report() is what was said; picture is the photo, even where the rest failed."""

    photo = forms.FileField(
        label=_("A photo of the child"),
        help_text=_("A recent one that shows the face. JPEG, PNG, WebP or HEIC, at most 20 MB."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic"}),
    )
    circumstances = WordsField(
        label=_("What happened?"),
        help_text=_("In your own words. Only the police read this."),
        max_length=fields.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    picture: ReportedPhoto | None = None
    field_order = (
        "given_name", "family_name", "other_name", "age_years", "birth_date", "sex", "last_seen_words",
        "place_choice", "seen_date", "seen_time", "fold", "circumstances", "photo",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = spoken()
        for name, listed in _VOCABULARIES.items():
            blank = [] if name in _WITHOUT_BLANK else [("", "—")]
            self.fields[name].choices = [*blank, *vocabulary.choices(listed, language)]  # type: ignore[attr-defined]
        for row in range(1, GARMENT_ROWS + 1):
            self._add_choice(f"garment_{row}", _("Garment"), "garment", language)
            self._add_choice(f"colour_{row}", _("Colour"), "colour", language)
        for row in range(1, PLACE_ROWS + 1):
            self._add_choice(f"place_kind_{row}", _("Kind of place"), "place_kind", language)
            words = WordsField(label=_("Name or address"), max_length=300, required=False)
            self.fields[f"place_words_{row}"] = words
        for name in WhoPart.base_fields:  # the rows made just now stand before them on the page
            self.fields[name] = self.fields.pop(name)

    def _add_choice(self, name: str, label: Any, listed: str, language: str) -> None:
        choices = [("", "—"), *vocabulary.choices(listed, language)]
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    def has_looks(self) -> bool:
        """Say whether anything stands, or stands wrong, in the folded part about looks."""
        return any(self[name].value() or self[name].errors for name in LOOKS)

    def garment_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"garment_{row}"], self[f"colour_{row}"]) for row in range(1, GARMENT_ROWS + 1)]

    def place_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"place_kind_{row}"], self[f"place_words_{row}"]) for row in range(1, PLACE_ROWS + 1)]

    def clean_photo(self) -> None:
        """Read the photo in a process apart; without a new one, take the one kept from the last attempt."""
        upload = self.cleaned_data.get("photo")
        if not upload:
            return
        original = upload.read()
        try:
            clean = decode(original)
        except PictureRefused as refused:
            raise ValidationError(PHOTO_SAYS[refused.code], code=refused.code) from refused
        self.picture = ReportedPhoto(original, clean.jpeg, clean.width, clean.height)

    def clean(self) -> dict[str, Any]:
        self.check_moment()
        self.check_age(self.seen_at)
        self.check_place()
        self.check_consent()
        for row in range(1, GARMENT_ROWS + 1):
            if self.cleaned_data.get(f"colour_{row}") and not self.cleaned_data.get(f"garment_{row}"):
                self.add_error(f"garment_{row}", _("Which garment has this colour?"))
        return self.cleaned_data

    def report(self, submission: str) -> Report:
        """Return what was said. Only after is_valid()."""
        said, language = self.cleaned_data, spoken()
        assert self.seen_at is not None
        assert self.last_seen is not None
        return Report(
            language=language,
            children=(self._child(),),
            last_seen_at=self.seen_at,
            last_seen=self.last_seen,
            reporter=Reporter(said["reporter_name"], said["phone"], said["relation"]),
            places=self._places(),
            consent=self.consent_given(language),
            submission=submission,
            circumstances=said["circumstances"],
        )

    def _child(self) -> ReportedChild:
        said = self.cleaned_data
        names = [f"{said['given_name']} {said['family_name']}".strip(), said["other_name"]]
        arabic = next((name for name in names if is_arabic(name)), "")
        latin = next((name for name in names if name and not is_arabic(name)), "")
        return ReportedChild(
            given_name=said["given_name"],
            family_name=said["family_name"],
            name_latin=latin,
            name_arabic=arabic,
            birth_date=said["birth_date"],
            age_years=said["age_years"],
            sex=said["sex"],
            facts=self._facts(),
            photos=(self.picture,) if self.picture else (),
        )

    def _facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        facts = {name: said[name] for name in LOOKS if said[name]}
        clothing = [
            {"garment": said[f"garment_{row}"], "colour": said[f"colour_{row}"]}
            for row in range(1, GARMENT_ROWS + 1)
            if said[f"garment_{row}"]
        ]
        return {**facts, "clothing": clothing} if clothing else facts

    def _places(self) -> tuple[ReportedPlace, ...]:
        said, gazetteer, places = self.cleaned_data, settings.COUNTRY.gazetteer, []
        for row in range(1, PLACE_ROWS + 1):
            kind, words = said[f"place_kind_{row}"], said[f"place_words_{row}"]
            if kind or words:
                found = resolve_quietly(words, gazetteer)
                places.append(ReportedPlace(words, kind or "other", found.point, found.error_m, found.source))
        return tuple(places)


def is_arabic(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)
