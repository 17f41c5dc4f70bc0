"""What a version says, side by side as a person reads it: as it is frozen, or as a draft would say it now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from alerts import render, shown
from alerts.composing import Composed
from alerts.lint import Finding
from alerts.models import Alert, Version
from alerts.shown import Caption, ChannelText, Piece
from cases.sheet import label
from notifier.protocols import text as sms_text

__all__ = ["ChannelText", "Column", "Piece", "columns", "dearest", "highlighted", "withheld"]


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
            shown.whole_caption(texts),
            [words for f in findings if f.language == code for words in f.words],
        )
        for code in render.version_languages()
    ]


def dearest(side_by_side: Sequence[Column]) -> Decimal | None:
    """Return what the person costs who is told by every paid channel in the dearest language."""
    prices: dict[str, Decimal] = {}
    for column in side_by_side:
        for said in column.said:
            if said.price is not None:
                prices[said.channel] = max(said.price, prices.get(said.channel, said.price))
    return sum(prices.values(), Decimal(0)) if prices else None


def withheld(version: Version, at: datetime) -> list[tuple[str, str]]:
    """Return (channel, facts) that are known and that consent keeps out of it."""
    return [
        (shown.channel_label(channel), _(", ").join(label(field) for field in fields))
        for channel, fields in render.withheld(version, at).items()
    ]


def _column(
    code: str, said: Mapping[str, Any], ends: Mapping[str, Any], caption: Caption, marked: Sequence[str]
) -> Column:
    info = get_language_info(code)
    return Column(
        code,
        info["name_local"],
        "rtl" if info["bidi"] else "ltr",
        tuple(
            _marked(
                replace(shown.channel(name, words, said.get("page", {}), code, caption), code=name), marked
            )
            for name, words in said.items()
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
