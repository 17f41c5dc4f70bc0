"""Whether somebody spoke with the family, by a call-back or face to face: the gate before a proposal."""

from __future__ import annotations

from cases.models import Case, FiledHow


def stands_in_the_way(case: Case) -> bool:
    """Say whether the case may not be proposed yet, because nobody verified it (two queries at most)."""
    return case.spoken_at is None and case.filed_how != FiledHow.PRESENT
