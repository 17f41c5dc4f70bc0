"""The words for what a case holds: labels, values, sources, in the active language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cases import vocabulary
from cases.fields import FIELDS, Field, part_label
from trust.models import Officer

RESTRICTED = "cases.view_restricted"

CHANNEL_NAMES: Mapping[str, Promise] = {
    "web": gettext_lazy("Public pages"),
    "sms": gettext_lazy("SMS"),
    "email": gettext_lazy("E-mail"),
    "facebook": gettext_lazy("Facebook page"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "instagram": gettext_lazy("Instagram"),
    "webpush": gettext_lazy("Browser notices"),
    "cap_partner": gettext_lazy("CAP partners"),
    "relays": gettext_lazy("Press, radio, transport, telecoms"),
    "meta_programme": gettext_lazy("Meta’s AMBER programme"),
}
GROUP_TITLES: Mapping[str, Promise] = {
    "identity": gettext_lazy("Who the child is"),
    "photo": gettext_lazy("Photos"),
    "looks": gettext_lazy("Looks"),
    "clothing": gettext_lazy("Clothes and things carried"),
    "last_seen": gettext_lazy("Last seen"),
    "companion": gettext_lazy("Companion and vehicle"),
    "circumstances": gettext_lazy("What happened"),
    "health": gettext_lazy("Health that matters now"),
    "places": gettext_lazy("Places to check"),
    "habits": gettext_lazy("Habits and worries"),
    "phones": gettext_lazy("Phones and accounts"),
    "contact": gettext_lazy("Who reported"),
}
UNITS: Mapping[str, Promise] = {
    "cm": gettext_lazy("%(length)s cm"),
    "kg": gettext_lazy("%(weight)s kg"),
    "h": gettext_lazy("%(hours)s h"),
}
_UNIT_NAMES = {"cm": "length", "kg": "weight", "h": "hours"}


def language() -> str:
    return (get_language() or "en").split("-")[0]


def may_see(officer: Officer, data_class: str) -> bool:
    """Say whether somebody who may open cases may read fields of this class."""
    return data_class in ("public", "officers") or officer.has_perm(RESTRICTED)


def may_see_field(officer: Officer, name: str) -> bool:
    """Say the same of a field by its name; what is no field ("start", "thread") is for officers."""
    declared = FIELDS.get(name)
    return may_see(officer, declared.data_class if declared else "officers")


def channel_name(channel: str) -> str:
    return str(CHANNEL_NAMES.get(channel, channel))


def label(field: str) -> str:
    words = FIELDS[field].label if field in FIELDS else {}
    return words.get(language()) or words.get("en") or field


def hour(at: datetime, zone: ZoneInfo) -> str:
    """Return day and hour in the zone, which the page names once."""
    return date_format(timezone.localtime(at, zone), "j F H:i")


def in_words(field: Field, value: Any) -> str:
    """Return a document field's value as the active language says it; rows are lines."""
    spoken = language()
    if value is None:
        return _("taken back")
    if field.kind == "code":
        return vocabulary.label(field.vocabulary, value, spoken)
    if field.kind == "codes":
        return _codes(field.vocabulary, value)
    if field.kind == "clothing":
        worn = (_dressed(field, item) for item in value)
        return listed(worn)
    if field.kind == "rows":
        return "\n".join(_row(field, row) for row in value)
    if field.unit in UNITS:
        return str(UNITS[field.unit]) % {_UNIT_NAMES[field.unit]: value}
    return str(value)


def isolated(words: str) -> str:
    """Return words kept apart from the direction of the sentence they stand in (Unicode's FSI and PDI)."""
    return f"\u2068{words}\u2069" if words else ""


def listed(words: Iterable[str]) -> str:
    return _(", ").join(word for word in words if word)


def _codes(name: str, codes: Iterable[str]) -> str:
    return listed(vocabulary.label(name, code, language()) for code in codes)


def _dressed(field: Field, item: Mapping[str, str]) -> str:
    return vocabulary.dressed(item["garment"], item["colour"], language(), listed=field.vocabulary)


def _row(field: Field, row: Mapping[str, Any]) -> str:
    """Return one row with its parts in the declared order: "days: Monday · time of day: morning"."""
    told = ((part, _part(kind, row[part])) for part, kind in field.parts.items() if row.get(part))
    return " · ".join(f"{part_label(part, language())}: {words}" for part, words in told)


def _part(kind: str, value: Any) -> str:
    what, _bar, name = kind.partition(":")
    if what == "code":
        return vocabulary.label(name, value, language())
    return _codes(name, value) if what == "codes" else str(value)
