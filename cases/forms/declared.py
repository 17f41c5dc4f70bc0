"""A field of the declaration as a field of a form: what cases/fields.toml says is what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases import fields, vocabulary
from cases.fields import Field
from cases.forms.pictures import ClothingField, PictureChoiceField, PictureChoicesField
from cases.forms.words import WordsField, spoken
from trust import formfields

UNITS = {"cm": _("in centimetres"), "kg": _("in kilograms"), "h": _("in hours")}
PART_LENGTH = 300


def form_fields(declared: Field) -> dict[str, forms.Field]:
    """Return the form's fields by name: one, or for rows one for each part of each row."""
    if declared.kind != "rows":
        return {declared.name: _FIELDS[declared.kind](declared)}
    return {
        part_name(declared, row, part): _part(part, kind)
        for row in range(declared.max_rows)
        for part, kind in declared.parts.items()
    }


def part_name(declared: Field, row: int, part: str) -> str:
    return f"{declared.name}-{row}-{part}"


def initial(declared: Field, value: Any) -> dict[str, Any]:
    """Return what stands in the form's fields for a value of the declaration."""
    if declared.kind != "rows":
        return {declared.name: value}
    return {
        part_name(declared, number, part): said
        for number, row in enumerate(value or ())
        for part, said in row.items()
    }


def value(declared: Field, said: Mapping[str, Any]) -> Any:
    """Return the value of the declaration that the cleaned data say; None for nothing."""
    if declared.kind != "rows":
        return said.get(declared.name) if said.get(declared.name) not in _NOTHING else None
    rows = []
    for number in range(declared.max_rows):
        told = {part: said.get(part_name(declared, number, part)) for part in declared.parts}
        row = {part: words for part, words in told.items() if words not in _NOTHING}
        if row:
            rows.append(row)
    return rows or None


def label(declared: Field) -> str:
    return str(capfirst(_said(declared.label)))


_NOTHING: tuple[Any, ...] = (None, "", [], ())


def _said(words: Mapping[str, str]) -> str:
    return words.get(spoken()) or words.get("en", "")


def _shown(declared: Field) -> dict[str, Any]:
    return {"label": label(declared), "help_text": _said(declared.help), "required": False}


def _text(declared: Field) -> forms.Field:
    if declared.free_text:
        area = forms.Textarea(attrs={"rows": 3})
        return WordsField(max_length=fields.MAX_TEXT, widget=area, **_shown(declared))
    return WordsField(max_length=PART_LENGTH, **_shown(declared))


def _number(declared: Field) -> forms.Field:
    shown = _shown(declared)
    if declared.unit in UNITS:
        shown["label"] = f"{shown['label']} ({UNITS[declared.unit]})"
    return formfields.IntegerField(min_value=declared.low, max_value=declared.high, **shown)


def _code(declared: Field) -> forms.Field:
    return PictureChoiceField(listed=declared.vocabulary, **_shown(declared))


def _codes(declared: Field) -> forms.Field:
    return PictureChoicesField(listed=declared.vocabulary, **_shown(declared))


def _clothing(declared: Field) -> forms.Field:
    return ClothingField(listed=declared.vocabulary, **_shown(declared))


def _part(part: str, kind: str) -> forms.Field:
    what, _bar, listed = kind.partition(":")
    shown: dict[str, Any] = {"label": str(capfirst(fields.part_label(part, spoken()))), "required": False}
    if what == "text":
        return WordsField(max_length=PART_LENGTH, **shown)
    if what == "code":
        return ListedField(listed, **shown)
    return PictureChoicesField(listed=listed, **shown)


class ListedField(forms.ChoiceField):
    """Take one code of a list from a closed list: rows have no room for pictures."""

    default_error_messages = {"invalid_choice": _("Choose one of the words of the list.")}

    def __init__(self, listed: str, **kwargs: Any) -> None:
        super().__init__(choices=lambda: _listed(listed), **kwargs)


def _listed(listed: str) -> list[tuple[str, str]]:
    language = spoken()
    known = [(code, vocabulary.label(listed, code, language)) for code in vocabulary.offered(listed)]
    return [("", "—"), *known]


_FIELDS = {"text": _text, "number": _number, "code": _code, "codes": _codes, "clothing": _clothing}
