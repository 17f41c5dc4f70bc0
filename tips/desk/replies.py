"""What officers write to witnesses most, as data in every language, and by which door it will go."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from cases.sheet.words import language
from tips import answering, following
from tips.desk import words
from tips.models import Tip
from trust import desk
from trust.models import Officer

SOURCE = Path(__file__).with_name("replies.toml")


@dataclass(frozen=True)
class Template:
    """Hold one reply in the witness's language; asks: an answer is waited for."""

    code: str
    title: str
    words: str
    asks: bool


@dataclass(frozen=True)
class Way:
    """Hold by which door a reply goes, in a sentence, and whether it reaches anybody there now."""

    said: str
    is_open: bool


@cache
def _told() -> dict[str, dict[str, Any]]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def templates(tip: Tip) -> list[Template]:
    """Return every reply, its title in the officer's language and its words in the witness's."""
    spoken = tip.language if tip.language in dict(settings.LANGUAGES) else settings.LANGUAGES[0][0]
    with translation.override(spoken):
        named = {"number": settings.EMERGENCY_NUMBER, "unit": str(tip.unit or settings.SITE_NAME)}
    own = language()
    return [
        Template(
            code, told["title"].get(own, told["title"]["en"]),
            told.get(spoken, told["en"]).format(**named), bool(told.get("asks")),
        )
        for code, told in _told().items()
    ]  # fmt: skip


def way(tip: Tip, officer: Officer, now: datetime) -> Way:
    """Say where the reply goes (one query): always into the thread, by the door while that is open."""
    thread = _("It stands in the thread of the receipt, which the witness opens with the secret.")
    if following.ends_at(tip) <= now:
        return Way(_("The witness can no longer read: the time of the thread is over."), is_open=False)
    witness = tip.witness
    if witness is None:
        return Way(thread, is_open=True)
    door, until = words.door(witness.channel), answering.open_until(witness, now)
    if until is None:
        return Way(f"{_('{door} may not be answered now.').format(door=door)} {thread}", is_open=False)
    shown = desk.moment(until, desk.zone_of(officer))
    return Way(
        _("It goes by {door}, which is open until {hour}.").format(door=door, hour=shown), is_open=True
    )
