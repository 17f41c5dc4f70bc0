"""A tip that came in by some door, in Ines's unit, as an officer has it before them."""

from __future__ import annotations

from typing import Any

from cases.models import ThreadEntry
from tests import people
from tips.intake import enter
from tips.models import Tip
from tips.telling import Told
from trust.models import Officer
from trust.roles import Role

WORDS = "J’ai vu une fille en robe rouge près de la gare d’Agdal."


def a_tip(words: str = WORDS, *, door: str = "web", danger: int = 0, **told: Any) -> Tip:
    """Return a tip of Ines's unit, with this danger whatever its words say."""
    unit = people.unit()
    made = enter(Told(door=door, words=words, language=told.pop("language", "fr"), **told)).tip
    Tip.objects.filter(pk=made.pk).update(unit=unit, danger=danger)
    return Tip.objects.select_related("unit").get(pk=made.pk)


def seen(words: str = WORDS, **told: Any) -> Tip:
    """Return the same once Ines has read it."""
    tip = a_tip(words, **told)
    tip.read_by(people.ines())
    return tip


def last_said(tip: Tip) -> ThreadEntry:
    """Return the last line of the tip's thread."""
    return ThreadEntry.objects.filter(subject=tip.pk).order_by("-at")[0]


def stored(tip: Tip) -> Tip:
    return Tip.objects.get(pk=tip.pk)


def sara() -> Officer:
    """A second officer of Ines's unit."""
    return people.officer("sara", Role.OFFICER, display_name="Sara Idrissi", at=people.unit())


def yusuf() -> Officer:
    """An officer of another unit of the same agency."""
    return people.officer("yusuf", Role.OFFICER, display_name="Yusuf Amrani", at=people.unit("sale"))
