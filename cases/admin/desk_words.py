"""The family's screens at the desk: an officer types, so the page speaks of whoever reports, not to them."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_RELATION = _("Relation to the child")
_PHONE = _("Phone to call back")
LABELS: Mapping[str, Mapping[str, Promise]] = {
    "start": {"phone": _PHONE},
    "you": {
        "name": _("Name of the person who reports"),
        "voice_reporter": _("Name of the person who reports"),
        "relation": _RELATION,
        "phone": _PHONE,
        "email": _("E-mail of the person who reports"),
        "document": _("Identity document of the person who reports"),
    },
    "consent": {
        "guardian": _("Name of the guardian"),
        "relation": _RELATION,
        "authority": _("By what right does this person decide for the child?"),
    },
}
HELP: Mapping[str, str | Promise] = {
    "phone": "",
    "document": _("Kind and number."),
    "last_seen_words": _("Quarter, street, school, souk, station: in the family’s own words."),
}
NO_PHONE = _("Give a phone number on which the family can be called back.")


def reword(form: forms.Form, screen: str) -> None:
    """Give the fields of a family's screen the words of the desk."""
    for name, label in LABELS.get(screen, {}).items():
        form.fields[name].label = str(label)
    for name in HELP.keys() & form.fields.keys():
        form.fields[name].help_text = str(HELP[name])
    if screen in ("start", "you"):
        form.fields["phone"].error_messages["required"] = NO_PHONE
