"""What a guardian is asked: the words, the groups of fields and the channels, from the declarations."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifier import registry

VERSION = "2026-11"  # changes with any word of TEXT
TEXT = _(
    "If the police decide to alert the public, I allow them to publish what I tick here about the child, "
    "on the channels I tick, until the child is found. I am the mother, the father or the legal guardian. "
    "I can take this back at any time with my reference and my secret."
)

# Group -> the public fields of cases.fields that it covers.
GROUPS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "name": (_("The name"), ("name",)),
    "photo": (_("The photo"), ("photo",)),
    "age_sex": (_("Age, and girl or boy"), ("age", "sex")),
    "looks": (_("Looks and clothes"), ("height", "build", "hair", "eyes", "marks", "clothing")),
    "last_seen": (_("Where and when the child was last seen"), ("last_seen_at", "last_seen_place")),
}
_NAMES: dict[str, Promise] = {
    "web": _("Pages and feeds of this service"),
    "sms": _("SMS to people nearby"),
    "email": _("E-mail to people nearby"),
    "facebook": _("Facebook"),
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
    return tuple(ours)


def fields_of(groups: list[str]) -> tuple[str, ...]:
    return tuple(name for group in groups for name in GROUPS[group][1])


def text() -> str:
    """Return the words as shown, in the active language, with the channels that leave the country named."""
    abroad = ", ".join(str(_NAMES.get(c.code, c.code)) for c in channels() if c.leaves_country)
    return f"{TEXT} {LEAVING % {'channels': abroad}}" if abroad else str(TEXT)
