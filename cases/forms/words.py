"""Words that a person types."""

from __future__ import annotations

import unicodedata
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import get_language

DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y"]
_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
_JOINER = "\u200c"  # the zero-width non-joiner is spelling in Persian and Urdu names


def plain(text: str) -> str:
    """Return text without marks that turn its direction or cannot be seen; lines stay."""
    kept = (c for c in text if c in "\n\t" + _JOINER or unicodedata.category(c) not in _INVISIBLE)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def one_line(text: str) -> str:
    """Return text with every kind of line break and run of blanks made one blank."""
    return " ".join(text.split())


class WordsField(forms.CharField):
    """Take words as typed, cleaned by plain(); only a text area has lines."""

    def to_python(self, value: Any) -> str:
        words = str(super().to_python(value) or "")
        return plain(words if isinstance(self.widget, forms.Textarea) else one_line(words))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "dir": "auto"}  # names and words come in either script


class HiddenWords(forms.CharField):
    """Take what a script or an earlier page wrote into a hidden field: never a mistake of the family's."""

    widget = forms.HiddenInput

    def __init__(self, *, most: int = 40) -> None:
        super().__init__(required=False)
        self.most = most

    def clean(self, value: Any) -> str:
        return plain(str(value or ""))[: self.most]


def is_arabic(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


def zone() -> ZoneInfo:
    """Return the zone in which every hour is typed and shown."""
    return ZoneInfo(settings.AGENCY_TIME_ZONE)


def spoken() -> str:
    """Return the active language without its region."""
    return (get_language() or "en").split("-")[0]
