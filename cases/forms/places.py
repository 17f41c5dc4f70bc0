"""Where the child may be: friends, relatives, school, former homes; one at a time, as it comes to mind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from cases import receiving, vocabulary
from cases.forms.pictures import PictureChoiceField, PictureChoicesField
from cases.forms.screen import ScreenForm
from cases.forms.voice import PREFIX, VoiceField
from cases.forms.where import TapPart
from cases.forms.words import HiddenWords, WordsField, spoken
from cases.models import Amendment, Place
from cases.reported import ReportedPlace
from cases.whereabouts import resolve_quietly
from trust import audit, clock

VOICE = "places"
DETAILS = ("person", "phone", "often", "days", "part", "with", "found_before")
MOST = 40
A_MOMENT = timedelta(minutes=1)
# Where most children are found, and where those are who go by themselves.
USUAL = (
    "friend", "relative", "other_parent", "former_home", "school", "park", "sports", "youth_club", "cafe",
    "shop", "station", "beach", "street", "work", "mosque",
)  # fmt: skip
OTHERS = tuple(code for code in vocabulary.offered("place_kind") if code not in USUAL)


@dataclass(frozen=True)
class Line:
    """Hold a place that was told, to read and to remove."""

    pk: UUID
    kind: str
    words: str
    person: str


class PlacesScreen(ScreenForm, TapPart):
    """Add one place, or remove one. save() stays on the page as long as something was added or removed."""

    template_name = "cases/screens/places.html"
    asks_point = True

    kind = PictureChoiceField(listed="place_kind", codes=USUAL, label=_("What kind of place?"))
    other_kind = PictureChoiceField(listed="place_kind", codes=OTHERS, label=_("Other kinds of places"))
    person = WordsField(label=_("Who lives or works there?"), max_length=160, required=False)
    phone = WordsField(label=_("Their phone"), max_length=80, required=False)
    words = WordsField(
        label=_("Where is it?"),
        help_text=_("Quarter, street, school, souk, station: as you would say it to a neighbour."),
        max_length=300,
        required=False,
    )
    often = PictureChoiceField(listed="often", label=_("How often?"), required=False)
    days = PictureChoicesField(listed="weekday", label=_("On which days?"), required=False)
    part = PictureChoiceField(listed="day_part", label=_("At what time of day?"), required=False)
    with_whom = WordsField(label=_("With whom?"), max_length=160, required=False)
    found_before = forms.BooleanField(label=_("The child was found there before"), required=False)
    remove = HiddenWords()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[PREFIX + VOICE] = VoiceField(VOICE, label=_("Places and people"))
        for name in ("kind", "other_kind"):
            self.fields[name].required = False
        self.fields["phone"].widget.attrs.update({"type": "tel", "dir": "ltr", "autocomplete": "off"})

    @property
    def stays(self) -> bool:
        """Say whether a place was just added or removed: another may come to mind."""
        return self.data.get("act") != "save" or bool(self.cleaned_data.get("remove"))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        said["kind"] = said.get("kind") or said.get("other_kind") or ""
        if not self._is_told() or self.cleaned_data.get("remove"):
            return self.cleaned_data
        known = any(self.cleaned_data.get(name) for name in ("kind", "words", "person", "lat"))
        if not known and not {"kind", "words", "person"} & set(self.errors):
            self.add_error("words", _("Say where it is, or who is there."))
        if len(self.told_places()) >= MOST:
            says = _("Forty places are kept. Remove one, or write the others in your thread.")
            self.add_error("words", says)
        return self.cleaned_data

    def save_columns(self) -> None:
        gone = self.cleaned_data["remove"]
        if gone:
            self._remove(gone)
        elif self._is_told():
            self._add()

    def told_places(self) -> list[Line]:
        """Return what was told so far, oldest first."""
        language = spoken()
        return [
            Line(
                place.pk,
                vocabulary.label("place_kind", place.kind or "", language),
                place.words or "",
                (place.details or {}).get("person", ""),
            )
            for place in self._shown_places()
        ]

    @property
    def when_is_told(self) -> bool:
        return any(self[name].value() or self[name].errors for name in ("often", "days", "part", "with_whom"))

    @property
    def recorder_notes(self) -> int:
        return self._kept_notes.get(VOICE, 0)

    @property
    def other_is_told(self) -> bool:
        return bool(self["other_kind"].value() or self["other_kind"].errors)

    def _is_told(self) -> bool:
        said = self.cleaned_data
        return any(said.get(name) for name in ("kind", "words", "lat", "with_whom", *DETAILS))

    def _add(self) -> None:
        said = self.cleaned_data
        place = self.tapped(said["words"]) or self._named(said["words"])
        details = {name: said["with_whom" if name == "with" else name] for name in DETAILS}
        last = Place.objects.filter(case=self.case).aggregate(last=Max("position"))["last"]
        full = ReportedPlace(
            place.words, said["kind"], place.point, place.error_m, place.source,
            {name: value for name, value in details.items() if value},
        )  # fmt: skip
        if self._is_said_twice(full):
            return
        receiving.add_place(self.case, 0 if last is None else last + 1, full, clock.now(), self.told.source)
        audit.record("case.told", self.case, actor=self.told.officer)

    def _is_said_twice(self, told: ReportedPlace) -> bool:
        """Say whether the same place came a moment ago: a double click is one place."""
        recent = Place.objects.filter(case=self.case, added_at__gt=clock.now() - A_MOMENT)
        now = (told.words, told.kind or "other", dict(told.details), receiving.place_json(told))
        return any(now == (one.words, one.kind, one.details or {}, one.point_json) for one in recent)

    def _shown_places(self) -> list[Place]:
        """Return the places to show; to a family never those an officer added: a parent may be the danger."""
        places = Place.objects.filter(case=self.case)
        return list(places.exclude(source="officer") if self.told.source == "family" else places)

    def _named(self, words: str) -> ReportedPlace:
        return resolve_quietly(words, settings.COUNTRY.gazetteer) if words else ReportedPlace("")

    def _remove(self, pk: str) -> None:
        """Take the place off the list; what was told stays as an Amendment."""
        place = next((one for one in self._shown_places() if str(one.pk) == pk), None)
        if place is None:
            return  # removed a moment ago
        former = Amendment(case=self.case, field="places", source=self.told.source, officer=self.told.officer)
        former.at = clock.now()
        former.before = {
            "kind": place.kind, "words": place.words, "point": place.point_json, "details": place.details,
        }  # fmt: skip
        former.save(force_insert=True)
        place.delete()
        audit.record("case.told", self.case, actor=self.told.officer)
