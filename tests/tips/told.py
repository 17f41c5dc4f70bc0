"""A tip as a door leaves it, assessed."""

from __future__ import annotations

from typing import Any

from tests.people import unit
from tips import assessing
from tips.models import Tip, Witness
from trust import clock, keys, secrets


def tells(words: str, number: str = "+212661000001", *, at: Any = None, **told: Any) -> Tip:
    """Return a new tip with these words, of whoever has this number ("" for nobody), read by the machine."""
    now = at or clock.now()
    tip = Tip(
        reference=secrets.new_reference(), state_at=now, said_at=now, received_at=now,
        door="sms", language="fr", unit=told.pop("unit", None) or unit(),
    )  # fmt: skip
    keys.create(tip.pk, "tip")
    tip.words, tip.witness = words, Witness.of("sms", number, "fr")
    for name, value in told.items():
        setattr(tip, name, value)
    tip.save(force_insert=True)
    assessing.assess(tip)
    tip.refresh_from_db()
    return tip
