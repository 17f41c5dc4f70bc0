"""Screens for an officer who may fill in what is restricted, and not read what was told of it before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases import fields
from cases.forms.places import Line, PlacesScreen
from cases.forms.screen import ScreenForm
from cases.forms.you import KNOWN
from cases.sheet.words import RESTRICTED
from trust.models import Officer

# Restricted values that live in columns, by the names their screens give them.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "child": ("birth_date",),
    "you": KNOWN,
    "consent": ("guardian", "phone", "document"),
}
_EMPTY: tuple[Any, ...] = (None, "", [], (), False)


class BlindPlacesScreen(PlacesScreen):
    def told_places(self) -> list[Line]:
        return []


def is_blind(screen: str, officer: Officer) -> bool:
    """Say whether the screen asks what this officer may not read."""
    asked = fields.on_screen(screen)
    holds = screen in _COLUMNS or any(one.data_class == "restricted" for one in asked)
    return holds and not officer.has_perm(RESTRICTED)


def hide(form: ScreenForm) -> None:
    """Show nothing that was told before in the restricted fields of a form that is not sent yet."""
    for name in _hidden(form):
        form.fields[name].required = False
        if not form.is_bound:
            form.initial[name] = None


def keep_unsaid(form: ScreenForm) -> None:
    """Let what was left empty stay as it was told before; rows are kept unless some were typed."""
    typed = {_declared(name) for name in _hidden(form) if form.cleaned_data.get(name) not in _EMPTY}
    if form.screen == "consent" and typed:
        return  # somebody else than whoever reported: nothing of the one is the other's
    for name in _hidden(form):
        if _declared(name) not in typed and name in form.initial:
            form.cleaned_data[name] = form.initial[name]


def _hidden(form: ScreenForm) -> list[str]:
    columns = _COLUMNS.get(form.screen, ())
    return [name for name in form.fields if name in columns or _is_restricted(_declared(name))]


def _declared(name: str) -> str:
    """Return the field of the declaration that a form's field belongs to: "routine" for "routine-0-days"."""
    return name.partition("-")[0]


def _is_restricted(name: str) -> bool:
    declared = fields.FIELDS.get(name)
    return declared is not None and declared.data_class == "restricted"
