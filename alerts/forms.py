"""What a person fills in to be told, and to confirm it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alerts import addresses
from alerts.subscribe import offering
from cases import whereabouts
from cases.whereabouts import UnknownPlace
from geo.cells import cell_of
from notifier.protocols import webpush

CHANNELS = {
    "sms": _("SMS"),
    "email": _("E-mail"),
    "whatsapp": _("WhatsApp"),
    "webpush": _("Notifications in this browser"),
}
REFUSED = {
    "sms": _("This is not a phone number. Write it as you would dial it."),
    "whatsapp": _("This is not a phone number. Write it as you would dial it."),
    "email": _("This is not an e-mail address. It looks like name@example.org."),
    "webpush": _("This browser did not say how it can be reached. Try again, or choose another way."),
    "push_host": _("This browser is reached by a service we do not know. Choose another way."),
    "no_push": _("Notifications need scripts and your permission. Allow both, or choose another way."),
    "abroad": _(
        "We send codes to mobile numbers of this country only. Use your e-mail address, or write to us on "
        "WhatsApp."
    ),
    "crowded": _("Too many people ask at once. Try again in an hour, or choose another way."),
    "empty": _("Write your phone number or your e-mail address."),
}


def _spoken() -> str:
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


class AddressForm(forms.Form):
    """Ask for one way to be told.

    Clean, `address` is the one spelling of it, or empty where the person `writes` to us on WhatsApp first.
    """

    channel = forms.ChoiceField(label=_("How should we tell you?"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("Your phone number or e-mail address"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "on"}),
    )
    push = forms.CharField(max_length=webpush.LONGEST_ADDRESS, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offered = [(code, str(CHANNELS[code])) for code in offering.channels()]
        self._choices("channel", offered)
        self.fields["channel"].initial = offered[0][0] if offered else None
        if "whatsapp" in dict(offered) and offering.our_number():
            self.fields["address"].help_text = _(
                "For WhatsApp you may leave it empty and write to us there: no number is needed."
            )

    @property
    def offers_push(self) -> bool:
        return "webpush" in offering.channels()

    @property
    def push_key(self) -> str:
        return offering.push_key()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("channel") and "address" in told:
            try:
                told["address"], told["writes"] = _way(told["channel"], told["address"], told.get("push", ""))
            except addresses.AddressRefused as refused:
                self.refuse(refused.why)
        return told

    def refuse(self, why: str) -> None:
        """Say at its field why the way that was asked for is not taken."""
        self.add_error("channel" if self.data.get("channel") == "webpush" else "address", REFUSED[why])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class SubscribeForm(AddressForm):
    """Ask for a way, and a place by its name or a region."""

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
        self._choices("region", [("", str(_("No region"))), *_regions(_spoken())])
        self._suggest(str(self.data.get("place", "")))

    def _suggest(self, words: str) -> None:
        found = whereabouts.suggest(words, settings.COUNTRY.gazetteer) if words else ()
        choices = [(item.value, _described(item.place)) for item in found]
        self._choices("choice", choices)
        if not self.data.get("choice") and not self._asks_which(words):
            del self.fields["choice"]

    def _asks_which(self, words: str) -> bool:
        return bool(words) and settings.COUNTRY.gazetteer.resolve(words) is None

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if not told.get("region"):
            self._clean_place(told)
        return told

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


def _way(channel: str, typed: str, push: str) -> tuple[str, bool]:
    """Return the address in its one spelling and whether its owner writes to us; raise AddressRefused."""
    if channel == "webpush":
        if not push:
            raise addresses.AddressRefused("no_push")
        return addresses.normalise(channel, push), False
    may_write = channel == "whatsapp" and bool(offering.our_number())
    if not typed and may_write:
        return "", True
    if not typed:
        raise addresses.AddressRefused("empty")
    found = addresses.normalise(channel, typed)
    if channel == "whatsapp" and may_write and not _gets_code(found):
        return "", True
    return found, False


def _gets_code(address: str) -> bool:
    by_code = not addresses.is_user_id(address) and addresses.takes_code("whatsapp", address)
    return by_code and offering.sends_codes(_spoken())


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
