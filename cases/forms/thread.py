"""The key to a thread, and what is written in it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.words import WordsField
from cases.thread import MAX_BODY
from trust import formfields


class KeyForm(forms.Form):
    reference = formfields.ReferenceField(
        label=_("Reference"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    secret = formfields.SecretField(
        label=_("Secret"),
        help_text=_("The twenty digits you wrote down. Spaces do not matter."),
        max_length=80,
    )


class MessageForm(forms.Form):
    body = WordsField(
        label=_("Write to the police"), max_length=MAX_BODY, widget=forms.Textarea(attrs={"rows": 4})
    )
