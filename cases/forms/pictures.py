"""Choices that are seen before they are read: a drawing, its word, and a swatch for every colour.

Plain HTML, no script. Words come from the vocabulary in the active language, drawings from the sprites.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from cases import vocabulary
from cases.fields import MAX_ENTRIES
from cases.forms.words import spoken

IMAGES = Path(__file__).parents[2] / "static" / "img"
SPRITES = ("pictures-clothes.svg", "pictures-looks.svg", "pictures-things.svg")
GROUPS_SHOWN = 2  # the others are folded: sixty tiles at once are four telephones high
DO_NOT_KNOW = _("I do not know")
_SYMBOL = re.compile(r'<symbol id="([\w-]+)"')


@cache
def drawn() -> Mapping[str, str]:
    """Return {"<list>-<code>": the sprite that holds its drawing}."""
    return {name: sprite for sprite in SPRITES for name in _SYMBOL.findall((IMAGES / sprite).read_text())}


def picture_url(listed: str, code: str) -> str:
    """Return the address for <use href>, "" for a code nobody has drawn."""
    for name in (f"{listed}-{code}", f"{vocabulary.like(listed)}-{code}"):
        if name in drawn():
            return f"{static(f'img/{drawn()[name]}')}#{name}"
    return ""


class _Pictured(forms.widgets.ChoiceWidget):
    """Show each choice as a tile; `listed` is set by the field."""

    template_name = "cases/widgets/pictures.html"
    use_fieldset = True
    listed = ""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["picture"] = picture_url(self.listed, str(value))
        if not value:  # nothing chosen yet is not the same as saying so
            option["selected"] = False
            option["attrs"].pop("checked", None)
        return option

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        options = [option for _group, some, _index in context["widget"]["optgroups"] for option in some]
        context["widget"].update(options=options, has_pictures=any(option["picture"] for option in options))
        return context

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_{index}" if id_ and index is not None else ""  # a fieldset's legend names it


class PictureRadios(_Pictured, forms.RadioSelect):
    template_name = _Pictured.template_name


class PictureBoxes(_Pictured, forms.CheckboxSelectMultiple):
    template_name = _Pictured.template_name


class PictureChoiceField(forms.ChoiceField):
    """Take one code of a list; "" where nothing or "I do not know" was chosen.

    `codes` narrows and orders what is offered; a code that is kept for old cases is taken back from them.
    """

    widget = PictureRadios
    default_error_messages = {"invalid_choice": _("Choose one of the pictures or words shown.")}

    def __init__(self, *, listed: str, codes: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.listed = listed
        blank = not kwargs.get("required", True) and not vocabulary.has(listed, "unknown")
        super().__init__(choices=_choices(listed, codes, blank=blank), **kwargs)
        self.widget.listed = listed

    def valid_value(self, value: Any) -> bool:
        return vocabulary.has(self.listed, value)


class PictureChoicesField(forms.MultipleChoiceField):
    """Take any number of codes of a list."""

    widget = PictureBoxes
    default_error_messages = {
        "invalid_choice": _("Choose one of the pictures or words shown."),
        "invalid_list": _("Choose one of the pictures or words shown."),
    }

    def __init__(self, *, listed: str, codes: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.listed = listed
        super().__init__(choices=_choices(listed, codes, blank=False), **kwargs)
        self.widget.listed = listed

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(super().to_python(value)))

    def valid_value(self, value: Any) -> bool:
        return vocabulary.has(self.listed, value)


@dataclass(frozen=True)
class Worn:
    """Hold what was said of one garment; not ticked means that only its colour was chosen."""

    garment: str
    colour: str = ""
    ticked: bool = True


class ClothingPicker(forms.Widget):
    """Offer garments under their headings, and the colours of each one that is ticked."""

    template_name = "cases/widgets/clothing.html"
    use_fieldset = True
    listed = "garment"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[Worn, ...]:
        told = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        ticked = dict.fromkeys([told] if isinstance(told, str) else told)
        colours = {code: data.get(_colour_name(name, code), "") for code in vocabulary.codes(self.listed)}
        worn = [Worn(code, colours.get(code, "")) for code in ticked]
        strays = [
            Worn(code, hue, ticked=False) for code, hue in colours.items() if hue and code not in ticked
        ]
        return (*worn, *strays)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # no box ticked sends nothing

    def id_for_label(self, id_: str) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        known = {worn.garment: worn for worn in _worn(value)}
        language = spoken()
        groups = [
            {
                "label": vocabulary.label(f"{self.listed}_group", group, language),
                "tiles": [self._tile(name, code, known.get(code), language) for code in codes],
                "is_open": any(code in known for code in codes),
            }
            for group, codes in self._groups(known).items()
        ]
        filled = [group for group in groups if group["tiles"]]
        context["widget"].update(groups=filled[:GROUPS_SHOWN], folded=filled[GROUPS_SHOWN:])
        return context

    def _groups(self, known: Mapping[str, Worn]) -> Mapping[str, tuple[str, ...]]:
        """Return what is offered, and under the last heading what an old case holds beside it."""
        groups = dict(vocabulary.grouped(self.listed))
        kept = [code for code in vocabulary.codes(self.listed) if code in known]
        last = next(reversed(groups))
        there = {code for codes in groups.values() for code in codes}
        groups[last] = (*groups[last], *(code for code in kept if code not in there))
        return groups

    def _tile(self, name: str, code: str, worn: Worn | None, language: str) -> dict[str, Any]:
        hues = vocabulary.codes("colour") if vocabulary.is_coloured(self.listed, code) else ()
        return {
            "code": code,
            "label": vocabulary.label(self.listed, code, language),
            "picture": picture_url(self.listed, code),
            "ticked": worn is not None and worn.ticked,
            "asks": worn is not None and not worn.ticked,
            "colour_name": _colour_name(name, code),
            "colour": worn.colour if worn else "",
            "colours": [
                (hue, vocabulary.colour(hue, code, language, listed=self.listed)) for hue in hues
            ],
        }  # fmt: skip


class ClothingField(forms.Field):
    """Take [{"garment": code, "colour": code or ""}] of the list, as cases.fields checks it."""

    widget = ClothingPicker
    default_error_messages = {
        "unknown_code": _("Choose one of the pictures or words shown."),
        "too_many": _("These are more than anybody wears or carries. Keep those the child had."),
        "whose_colour": _(
            "You chose a colour for “%(garment)s” but did not tick it. Tick it, "
            "or choose “I do not know” as its colour."
        ),
    }

    def __init__(self, *, listed: str = "garment", **kwargs: Any) -> None:
        self.listed = listed
        super().__init__(**kwargs)
        self.widget.listed = listed

    def to_python(self, value: Any) -> list[dict[str, str]]:
        told = _worn(value)
        if len(told) > MAX_ENTRIES:
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        for worn in told:
            self._check(worn)
        return [{"garment": worn.garment, "colour": self._colour(worn)} for worn in told]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(_worn(initial)) != set(_worn(data))

    def _check(self, worn: Worn) -> None:
        if not vocabulary.has(self.listed, worn.garment):
            raise ValidationError(self.error_messages["unknown_code"], code="unknown_code")
        if worn.colour and not vocabulary.has("colour", worn.colour):
            raise ValidationError(self.error_messages["unknown_code"], code="unknown_code")
        if not worn.ticked:
            garment = vocabulary.label(self.listed, worn.garment, spoken())
            says = self.error_messages["whose_colour"]
            raise ValidationError(says, code="whose_colour", params={"garment": garment})

    def _colour(self, worn: Worn) -> str:
        return worn.colour if vocabulary.is_coloured(self.listed, worn.garment) else ""


def _worn(value: Any) -> tuple[Worn, ...]:
    """Return the value, be it what was posted or what a case holds."""
    return tuple(
        item if isinstance(item, Worn) else Worn(item["garment"], item["colour"]) for item in value or ()
    )


def _colour_name(name: str, code: str) -> str:
    return f"{name}-colour-{code}"


def _choices(listed: str, codes: Iterable[str] | None, *, blank: bool) -> Callable[[], list[tuple[str, Any]]]:
    """Return what Django calls for the choices each time, so that they are in the language of the page."""
    shown = tuple(codes) if codes is not None else vocabulary.offered(listed)

    def choices() -> list[tuple[str, Any]]:
        language = spoken()
        known = [(code, vocabulary.label(listed, code, language)) for code in shown]
        return [*known, ("", DO_NOT_KNOW)] if blank else known

    return choices
