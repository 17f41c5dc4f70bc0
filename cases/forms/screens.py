"""The screens after the first minute: which there are, in what order, and the form of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import fields
from cases.forms.child import ChildScreen
from cases.forms.consent import ConsentScreen
from cases.forms.last_seen import LastSeenScreen
from cases.forms.photos import PhotosScreen
from cases.forms.places import PlacesScreen
from cases.forms.screen import ScreenForm
from cases.forms.you import YouScreen
from cases.models import Case, Child
from cases.telling import Told

TITLES: Mapping[str, Promise] = {
    "child": _("The child"),
    "photos": _("Photos"),
    "clothes": _("Clothes and things carried"),
    "looks": _("What the child looks like"),
    "last_seen": _("When the child was last seen"),
    "health": _("Health that matters now"),
    "places": _("Places and people"),
    "habits": _("Habits and worries"),
    "phones": _("Telephone and accounts"),
    "you": _("Who you are"),
    "consent": _("What may be published"),
}
SCREENS: tuple[str, ...] = tuple(TITLES)
PER_CHILD: frozenset[str] = frozenset(
    {field.screen for field in fields.FIELDS.values() if field.screen and field.per == "child"} | {"consent"}
)


_FORMS: Mapping[str, type[ScreenForm]] = {
    "child": ChildScreen,
    "photos": PhotosScreen,
    "last_seen": LastSeenScreen,
    "places": PlacesScreen,
    "you": YouScreen,
    "consent": ConsentScreen,
}


def screen_form(
    screen: str, case: Case, child: Child | None, data: Any = None, files: Any = None, *, told: Told
) -> ScreenForm:
    """Return the form of a screen; child is None for a screen of the case. Raise KeyError for no screen."""
    title = TITLES[screen]
    form = _FORMS.get(screen, ScreenForm)
    return form(screen, case, child if screen in PER_CHILD else None, data, files, told=told, title=title)
