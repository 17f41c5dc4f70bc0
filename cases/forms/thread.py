"""The key to a thread, and what is written or said in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.voice import PREFIX, VoiceField, close_when_full
from cases.forms.words import WordsField
from cases.models import Case
from cases.thread import MAX_BODY
from trust import formfields
from trust.secrets import MAX_TYPED

VOICE = "thread"  # what a voice message answers
VOICE_FIELD = PREFIX + VOICE


class KeyForm(forms.Form):
    """Take both halves of the key; the secret in any of its ways."""

    reference = formfields.ReferenceField(
        label=_("Reference"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    secret = formfields.SecretField(
        label=_("Secret"),
        help_text=_(
            "The five words you wrote down, in any of the three languages, or the twenty digits. "
            "Spaces and capitals do not matter."
        ),
        max_length=MAX_TYPED,
    )


class MessageForm(forms.Form):
    """Take words, or a voice message, or both."""

    use_required_attribute = False
    is_optional = True
    body = WordsField(
        label=_("Write to the police"),
        max_length=MAX_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    voice_thread = VoiceField(VOICE, label=_("Write to the police"))

    def __init__(self, *args: Any, case: Case | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case is not None:
            close_when_full(self, case)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.errors and not told.get("body") and not told.get(VOICE_FIELD):
            self.add_error("body", _("Write something, or record it."))
        return told
