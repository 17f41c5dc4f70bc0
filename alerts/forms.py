"""What a person fills in to be told, and to confirm it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alerts import addresses
from cases import whereabouts
from cases.whereabouts import UnknownPlace
from geo.cells import cell_of
from notifier import registry

CHANNELS = {"sms": _("SMS"), "email": _("E-mail")}


def _spoken() -> str:
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


class SubscribeForm(forms.Form):
    """Ask for a channel, an address, and a place by its name or a region."""

    channel = forms.ChoiceField(label=_("How should we tell you?"), widget=forms.RadioSelect)
    address = forms.CharField(label=_("Your phone number or e-mail address"), max_length=254)
    place = forms.CharField(
        label=_("Your town or quarter"),
        help_text=_("Only the small cell of the map around it is kept."),
        max_length=120,
        required=False,
    )
    choice = forms.ChoiceField(label=_("Which of these?"), widget=forms.RadioSelect, required=False)
    region = forms.ChoiceField(label=_("Or a whole region"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = registry.channels()
        offered = [(code, str(name)) for code, name in CHANNELS.items() if code in known]
        self._choices("channel", offered)
        self.fields["channel"].initial = offered[0][0] if offered else None
        self._choices("region", [("", str(_("No region"))), *_regions(_spoken())])
        self._suggest(str(self.data.get("place", "")))

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _suggest(self, words: str) -> None:
        found = whereabouts.suggest(words, settings.COUNTRY.gazetteer) if words else ()
        choices = [(item.value, _described(item.place)) for item in found]
        self._choices("choice", choices)
        if not self.data.get("choice") and not self._asks_which(words):
            del self.fields["choice"]

    def _asks_which(self, words: str) -> bool:
        return bool(words) and settings.COUNTRY.gazetteer.resolve(words) is None

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        self._clean_address(told)
        if told.get("region"):
            return told
        self._clean_place(told)
        return told

    def _clean_address(self, told: dict[str, Any]) -> None:
        if not told.get("channel") or not told.get("address"):
            return
        try:
            told["address"] = addresses.normalise(told["channel"], told["address"])
        except addresses.AddressRefused:
            sentences = {
                "sms": _("This is not a phone number. Write it as you would dial it."),
                "email": _("This is not an e-mail address. It looks like name@example.org."),
            }
            self.add_error("address", sentences[told["channel"]])

    def _clean_place(self, told: dict[str, Any]) -> None:
        words = told.get("place", "")
        if not words:
            self.add_error("place", _("Write a town or a quarter, or choose a region."))
            return
        try:
            place = whereabouts.resolve(words, settings.COUNTRY.gazetteer, choice=told.get("choice", ""))
        except UnknownPlace as unknown:
            known = bool(unknown.suggestions)
            self.add_error(
                "place",
                _("Several places may be meant. Choose one of them below.")
                if known
                else _("No such place is known. Write a larger town near it, or choose a region."),
            )
            return
        if place.point is not None:
            told["cell"] = cell_of(place.point, settings.COUNTRY.h3_resolution)


class ConfirmForm(forms.Form):
    """Ask for the code that went to the address."""

    code = forms.CharField(
        label=_("The six figures we sent you"),
        max_length=16,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "dir": "ltr"}),
    )


def _regions(spoken: str) -> list[tuple[str, str]]:
    named = [
        (region.code, region.names.get(spoken) or region.code) for region in settings.COUNTRY.outlines.regions
    ]
    return sorted(named, key=lambda pair: pair[1])


def _described(place: Any) -> str:
    spoken = _spoken()
    region = settings.COUNTRY.outlines.get(place.region) if place.region else None
    name: str = place.label(spoken)
    return f"{name} ({region.names.get(spoken, region.code)})" if region else name
