"""Who reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import receiving
from cases.forms.pictures import PictureChoiceField
from cases.forms.screen import ScreenForm
from cases.forms.start import NO_PHONE
from cases.forms.voice import VoiceField
from cases.forms.words import WordsField
from cases.telling import amend
from trust import formfields

SPOKEN_NAME = "reporter"  # what a voice note answers that says who reports
KNOWN = ("name", "relation", "phone", "email", "document")


class YouScreen(ScreenForm):
    """Amend the reporter; the number to call back may change and not go."""

    template_name = "cases/screens/you.html"

    name = WordsField(label=_("Your name"), max_length=120, required=False)
    voice_reporter = VoiceField(SPOKEN_NAME, label=_("Your name"))
    relation = PictureChoiceField(listed="relation", label=_("You are"))
    phone = formfields.PhoneField(
        label=_("Your phone"),
        help_text=_("The police call you back on this number at once."),
        error_messages={"required": NO_PHONE},
    )
    email = forms.EmailField(label=_("Your e-mail"), required=False, max_length=254)
    document = WordsField(
        label=_("Your identity paper"),
        help_text=_("Which paper, and its number, as it is written on it."),
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].required = False  # declared as required so that "I do not know" is no choice

    def columns(self) -> Mapping[str, Any]:
        told = self.case.reporter or {}
        return {name: told.get(name, "") for name in KNOWN}

    def save_columns(self) -> None:
        former = self.case.reporter or {}
        said = {name: self.cleaned_data[name] for name in KNOWN}
        now = {
            **former,
            **{name: value for name, value in said.items() if not self.is_untouched(name, value)},
        }
        if amend(self.case, "reporter", {"reporter": now}, self.told) and now["phone"] != former.get("phone"):
            receiving.add_phone_token(self.case, now["phone"])
