"""What a version says, side by side as a person reads it: as it is frozen, or as a draft would say it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from alerts import render
from alerts.models import Alert, Version
from cases.sheet import channel_name, label
from notifier import registry
from notifier.exceptions import DeliveryError
from notifier.message import Message, Text


@dataclass(frozen=True)
class ChannelText:
    """Hold what one channel says; `note` counts its cost, `broken`: cannot be carried, `open`: unfolded."""

    channel: str
    text: str
    note: str = ""
    broken: bool = False
    open: bool = True


@dataclass(frozen=True)
class Column:
    """Hold all that is said in one language."""

    code: str
    name: str
    direction: str
    said: tuple[ChannelText, ...]
    ends: tuple[ChannelText, ...]


def columns(version: Version, at: datetime) -> list[Column]:
    """Return a column for each language (a draft is composed anew from the case: some ten queries)."""
    composed = render.composed(version, at)
    texts, ends = composed.texts, composed.ends
    return [
        _column(code, texts.get(code, {}), {how: said.get(code, {}) for how, said in ends.items()})
        for code in render.version_languages()
    ]


def withheld(version: Version, at: datetime) -> list[tuple[str, str]]:
    """Return (channel, facts) that are known and that consent keeps out of it."""
    return [
        (_channel_label(channel), _(", ").join(label(field) for field in fields))
        for channel, fields in render.withheld(version, at).items()
    ]


def _channel_label(channel: str) -> str:
    own = {"page": _("Public page"), "cap": _("For machines (CAP)")}
    return own.get(channel) or channel_name(channel)


def _column(code: str, said: Mapping[str, Any], ends: Mapping[str, Any]) -> Column:
    info = get_language_info(code)
    return Column(
        code,
        info["name_local"],
        "rtl" if info["bidi"] else "ltr",
        tuple(_channel(channel, words, code) for channel, words in said.items()),
        tuple(
            ChannelText(
                str(Alert.End(how).label), "\n\n".join((words.get("body", ""), words.get("short", "")))
            )
            for how, words in ends.items()
        ),
    )


def _channel(channel: str, words: Mapping[str, Any], code: str) -> ChannelText:
    if channel == "sms":
        return _short(words["short"], code)
    if channel == "page":
        return ChannelText(_channel_label(channel), "\n".join(_page(words)))
    if channel == "cap":
        parts = [words.get(part, "") for part in ("headline", "description", "instruction", "area")]
        return ChannelText(_channel_label(channel), "\n".join(part for part in parts if part), open=False)
    text = "\n\n".join(part for part in (words.get("subject", ""), words.get("body", "")) if part)
    return ChannelText(channel_name(channel), text, open=False)


def _page(words: Mapping[str, Any]) -> Iterator[str]:
    yield words["titles"][0]["text"]
    yield from (f"{line['label']}: {line['text']}" for line in words["lines"])
    yield from words["todo"]


def _short(text: str, code: str) -> ChannelText:
    """Count the parts by the gateway that will send them."""
    backend = registry.backend(registry.aliases_for("sms")[0], live=False)
    try:
        fit = backend.fit(Message("preview", to="+10000000000", language=code, text=Text(short=text)))
    except DeliveryError as fault:
        return ChannelText(
            channel_name("sms"), text, _("Cannot be sent: %(kind)s") % {"kind": fault.kind}, broken=True
        )
    note = _("Parts: %(parts)s · %(encoding)s · characters: %(length)s") % {
        "parts": fit.parts, "encoding": fit.encoding, "length": len(fit.text),
    }  # fmt: skip
    return ChannelText(channel_name("sms"), fit.text, note)
