"""One sender's burst of messages, counted on the witness's row."""

from __future__ import annotations

from datetime import datetime

from tips import sparing
from tips.models import Witness
from tips.sparing import Burst

FIELDS = ["heard_at", "burst_at", "burst", "answers", "answered_at"]


def hear(witness: Witness, now: datetime) -> None:
    """Count one message more; the row is locked by the caller (one query)."""
    _write(witness, sparing.heard(of(witness), now))


def answered(witness: Witness, now: datetime) -> None:
    """Count one answer more (one query)."""
    _write(witness, sparing.answered(of(witness), now))


def of(witness: Witness) -> Burst:
    return Burst(witness.burst_at, witness.heard_at, witness.burst, witness.answers, witness.answered_at)


def _write(witness: Witness, burst: Burst) -> None:
    witness.burst_at, witness.heard_at, witness.burst = burst.began_at, burst.heard_at, burst.count
    witness.answers, witness.answered_at = burst.answers, burst.answered_at
    witness.save(update_fields=FIELDS)
