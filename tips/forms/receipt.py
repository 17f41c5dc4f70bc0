"""The secret typed again, as proof that it was noted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from django import forms
from django.utils.translation import gettext_lazy as _

from trust import secrets, words
from trust.digits import western
from trust.secrets import MAX_TYPED


@dataclass(frozen=True)
class Compared:
    """Hold one word as it was typed and as it is."""

    typed: str
    right: str
    is_same: bool


class ReceiptForm(forms.Form):
    """Take the five words, or the digits, in any way they may be written."""

    use_required_attribute = False
    is_optional = True

    typed = forms.CharField(
        label=_("The five words you wrote down"),
        help_text=_("Or the twenty digits. Spaces and capitals do not matter."),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "auto"}
        ),
    )


def is_same(typed: str, secret: secrets.Secret) -> bool:
    """Say whether this is the secret, in any of its ways."""
    try:
        return secrets.normalise_secret(typed) == secrets.normalise_secret(str(secret))
    except secrets.SecretError:
        return False


def compare(typed: str, secret: secrets.Secret, language: str) -> list[Compared]:
    """Return the words beside each other, or the groups of digits where digits were typed."""
    bare = western(typed[:MAX_TYPED])
    right = secret.digits if any(letter.isdigit() for letter in bare) else secret.words(language)
    wanted, said = right.split(), bare.split()
    pairs = zip_longest(said[: len(wanted)], wanted, fillvalue="")
    return [Compared(one, other, _means(one) == _means(other)) for one, other in pairs]


def _means(word: str) -> object:
    """Return the word's place in the lists, or the digits themselves."""
    return words.read([word]) or word
