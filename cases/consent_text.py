"""What a guardian is asked: the words, each public field and each channel, from the declarations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.fields import FIELDS, PUBLIC_FIELDS
from cases.sheet.words import channel_name, listed
from notifier import hand_channels, registry

VERSION = "2026-12"  # changes with any word of TEXT
TEXT = _(
    "If the police decide to alert the public, I allow them to publish what I chose here about the child, "
    "on the channels I chose, until the day I chose and at most until the child is found. "
    "I am the mother, the father or the legal guardian. "
    "I can take this back at any time with my reference and my secret."
)
UNTIL: dict[str, Promise] = {
    "found": _("Until the child is found"),
    "two_days": _("For two days"),
    "seven_days": _("For seven days"),
}
_LASTS = {"two_days": timedelta(days=2), "seven_days": timedelta(days=7)}
_NAMES: dict[str, Promise] = {
    "web": _("Pages and feeds of this service"),
    "sms": _("SMS to people nearby"),
    "email": _("E-mail to people nearby"),
    "facebook": _("Facebook"),
    "whatsapp": _("WhatsApp to people nearby"),
    "instagram": _("Instagram"),
    "webpush": _("Notices in the browsers of people nearby"),
    "cap_partner": _("Machines of radio stations and public screens that take our alerts"),
    "relays": _("Press, radio, transport and telecoms of the area"),
    "meta_programme": _("Meta’s programme for missing children on Facebook and Instagram"),
}
ABROAD = _("the data leave the country")
LEAVING = _("What is published on %(channels)s leaves the country.")


@dataclass(frozen=True)
class Channel:
    code: str
    leaves_country: bool

    @property
    def label(self) -> str:
        name = str(_NAMES.get(self.code, self.code))
        return f"{name} ({ABROAD})" if self.leaves_country else name


def channels() -> tuple[Channel, ...]:
    """Return our own pages first, then every channel of this deployment."""
    ours = [Channel("web", leaves_country=False)]
    for code in registry.channels():
        classes = [registry.backend_class(alias) for alias in registry.aliases_for(code)]
        ours.append(Channel(code, leaves_country=any(found.leaves_country for found in classes)))
    ours += [
        Channel(code, leaves_country=hand_channels.leaves_country(code)) for code in hand_channels.channels()
    ]
    return tuple(ours)


def field_choices() -> list[tuple[str, str]]:
    """Return every public field with its word in the active language."""
    language = (get_language() or "en").split("-")[0]
    labels = {name: FIELDS[name].label for name in PUBLIC_FIELDS}
    return [(name, str(capfirst(said.get(language) or said["en"]))) for name, said in labels.items()]


def ends_at(until: str, given_at: datetime) -> datetime | None:
    """Return when leave given until then ends by the clock; None where it lasts until the child is found."""
    return given_at + _LASTS[until] if until in _LASTS else None


def text() -> str:
    """Return the words as shown, in the active language, with the channels that leave the country named."""
    abroad = listed(channel_name(c.code) for c in channels() if c.leaves_country)
    return f"{TEXT} {LEAVING % {'channels': abroad}}" if abroad else str(TEXT)
