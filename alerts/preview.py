"""What a version says, side by side as a person reads it: as it is frozen, or as a draft would say it now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from alerts import render
from alerts.composing import Composed
from alerts.lint import Finding
from alerts.models import Alert, Version
from cases.sheet import channel_name, label
from notifier import registry
from notifier.backends.base import Backend
from notifier.exceptions import DeliveryError
from notifier.message import Message, Text
from notifier.protocols import text as sms_text


class Piece(NamedTuple):
    """Hold a stretch of words; is_marked: the lint found something in it."""

    words: str
    is_marked: bool


@dataclass(frozen=True)
class ChannelText:
    """Hold what one channel says; `note` counts its cost, `broken`: cannot be carried."""

    channel: str
    text: str
    note: str = ""
    broken: bool = False
    open: bool = True
    shape: str = "page"  # how a phone shows it: sms, email, post, page, machine
    pieces: tuple[
        tuple[Piece, ...], ...
    ] = ()  # the parts of an SMS or the whole, each with what is highlighted
    price: Decimal | None = None
    subject: str = ""
    code: str = ""  # the channel, as settings name it
    parts: int = 1  # what a gateway counts


@dataclass(frozen=True)
class Column:
    """Hold all that is said in one language."""

    code: str
    name: str
    direction: str
    said: tuple[ChannelText, ...]
    ends: tuple[ChannelText, ...]


def columns(composed: Composed, findings: Sequence[Finding] = ()) -> list[Column]:
    """Return a column for each language, with the words highlighted that the lint found in it."""
    texts, ends = composed.texts, composed.ends
    return [
        _column(
            code,
            texts.get(code, {}),
            {how: said.get(code, {}) for how, said in ends.items()},
            [words for f in findings if f.language == code for words in f.words],
        )
        for code in render.version_languages()
    ]


def dearest(shown: Sequence[Column]) -> Decimal | None:
    """Return what the person costs who is told by every paid channel in the dearest language."""
    prices: dict[str, Decimal] = {}
    for column in shown:
        for said in column.said:
            if said.price is not None:
                prices[said.channel] = max(said.price, prices.get(said.channel, said.price))
    return sum(prices.values(), Decimal(0)) if prices else None


def withheld(version: Version, at: datetime) -> list[tuple[str, str]]:
    """Return (channel, facts) that are known and that consent keeps out of it."""
    return [
        (_channel_label(channel), _(", ").join(label(field) for field in fields))
        for channel, fields in render.withheld(version, at).items()
    ]


def _channel_label(channel: str) -> str:
    own = {"page": _("Public page"), "cap": _("For machines (CAP)")}
    return own.get(channel) or channel_name(channel)


def _column(code: str, said: Mapping[str, Any], ends: Mapping[str, Any], marked: Sequence[str]) -> Column:
    info = get_language_info(code)
    return Column(
        code,
        info["name_local"],
        "rtl" if info["bidi"] else "ltr",
        tuple(
            _marked(replace(_channel(channel, words, code), code=channel), marked)
            for channel, words in said.items()
        ),
        tuple(
            ChannelText(
                str(Alert.End(how).label), "\n\n".join((words.get("body", ""), words.get("short", "")))
            )
            for how, words in ends.items()
        ),
    )


def _marked(said: ChannelText, marked: Sequence[str]) -> ChannelText:
    """Return it cut into the parts that travel, with what was found highlighted in each."""
    parts = sms_text.split(said.text) if said.shape == "sms" else [said.text]
    return replace(said, pieces=tuple(highlighted(part, marked) for part in parts))


def highlighted(text: str, marked: Sequence[str]) -> tuple[Piece, ...]:
    """Return the text as pieces, those marked that are among the words, the longest first."""
    wanted = sorted({words for words in marked if words.strip()}, key=len, reverse=True)
    if not wanted:
        return (Piece(text, is_marked=False),)
    cut = re.split("(" + "|".join(map(re.escape, wanted)) + ")", text)
    return tuple(Piece(words, is_marked=bool(at % 2)) for at, words in enumerate(cut) if words)


def _channel(channel: str, words: Mapping[str, Any], code: str) -> ChannelText:
    if channel == "sms":
        return _short(words["short"], code)
    if channel == "page":
        return ChannelText(_channel_label(channel), "\n".join(_page(words)))
    if channel == "cap":
        parts = [words.get(part, "") for part in ("headline", "description", "instruction", "area")]
        text = "\n".join(part for part in parts if part)
        return ChannelText(_channel_label(channel), text, open=False, shape="machine")
    return _long(channel, words, code)


def _long(channel: str, words: Mapping[str, Any], code: str) -> ChannelText:
    """Count an e-mail by the gateway that will send it; of a post the characters of this language."""
    subject, body = words.get("subject", ""), words.get("body", "")
    note, price, broken = _("Characters: %(count)s") % {"count": len(body)}, None, False
    if subject:
        told = Text(subject=subject, body=body)
        try:
            price = _gateway(channel).fit(Message("preview", "preview@example.org", code, told)).price
        except DeliveryError as fault:
            note, broken = _("Cannot be sent: %(kind)s") % {"kind": fault.kind}, True
    return ChannelText(
        channel_name(channel), body, _priced(note, price), broken=broken, open=False,
        shape="email" if subject else "post", price=price, subject=subject,
    )  # fmt: skip


def _gateway(channel: str) -> Backend:
    return registry.backend(registry.aliases_for(channel)[0], live=False)


def _priced(note: str, price: Decimal | None) -> str:
    return (
        note
        if price is None
        else _("%(note)s · price for one person: %(price)s") % {"note": note, "price": price}
    )


def _page(words: Mapping[str, Any]) -> Iterator[str]:
    yield words["titles"][0]["text"]
    yield from (f"{line['label']}: {line['text']}" for line in words["lines"])
    yield from words["todo"]


def _short(text: str, code: str) -> ChannelText:
    """Count the parts by the gateway that will send them."""
    backend = _gateway("sms")
    try:
        fit = backend.fit(Message("preview", to="+10000000000", language=code, text=Text(short=text)))
    except DeliveryError as fault:
        return ChannelText(
            channel_name("sms"),
            text,
            _("Cannot be sent: %(kind)s") % {"kind": fault.kind},
            broken=True,
            shape="sms",
        )
    note = _("Parts: %(parts)s · %(encoding)s · characters: %(length)s") % {
        "parts": fit.parts, "encoding": fit.encoding, "length": len(fit.text),
    }  # fmt: skip
    return ChannelText(
        channel_name("sms"), fit.text, _priced(note, fit.price), shape="sms", price=fit.price, parts=fit.parts
    )
