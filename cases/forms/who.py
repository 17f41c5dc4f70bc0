"""Who reports, and what may be published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import consent_text
from cases.forms.words import WordsField
from cases.reported import ConsentGiven
from trust import formfields


class WhoPart(forms.Form):
    reporter_name = WordsField(label=_("Your name"), max_length=120)
    relation = forms.ChoiceField(label=_("You are"), widget=forms.RadioSelect)
    phone = formfields.PhoneField(
        label=_("Your phone"), help_text=_("The police call you back on this number at once.")
    )
    consent = forms.ChoiceField(
        label=_("Do you allow this?"),
        widget=forms.RadioSelect,
        choices=[
            ("all", _("Yes, all of it, on all the channels named here")),
            ("some", _("Yes, but only what I tick below")),
            ("none", _("Not now")),
        ],
    )
    consent_fields = forms.MultipleChoiceField(
        label=_("What may be published"), widget=forms.CheckboxSelectMultiple, required=False
    )
    consent_channels = forms.MultipleChoiceField(
        label=_("Where it may be published"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(code, label) for code, (label, _names) in consent_text.GROUPS.items()]
        channels = [(channel.code, channel.label) for channel in consent_text.channels()]
        self.fields["consent_fields"].choices = groups  # type: ignore[attr-defined]  # boxes have them
        self.fields["consent_channels"].choices = channels  # type: ignore[attr-defined]

    def check_consent(self) -> None:
        if self.cleaned_data.get("consent") != "some":
            return
        for name in ("consent_fields", "consent_channels"):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, _("Tick at least one, or choose “Not now” above."))

    def consent_given(self, language: str) -> ConsentGiven | None:
        """Return what was allowed, with the words that were shown; None for "not now"."""
        said = self.cleaned_data
        if said["consent"] == "none":
            return None
        groups, channels = said["consent_fields"], said["consent_channels"]
        if said["consent"] == "all":
            groups = list(consent_text.GROUPS)
            channels = [channel.code for channel in consent_text.channels()]
        return ConsentGiven(
            fields=consent_text.fields_of(groups),
            channels=tuple(channels),
            text=consent_text.text(),
            text_version=consent_text.VERSION,
            language=language,
        )
