"""The draft as a whole: its photo, its end, its area, and whether it says what a warning must. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from alerts.lint.model import ELEMENTS, LONGEST, Draft, Finding


def photo(draft: Draft) -> Iterator[Finding]:
    if draft.photo is None:
        return
    if not draft.photo.is_of_child:
        yield Finding("photo_other_child", "stop")
    if draft.photo.is_of_sibling:
        yield Finding("photo_sibling", "stop")
    if not draft.photo.has_consent:
        yield Finding("photo_consent", "stop")


def expiry(draft: Draft) -> Iterator[Finding]:
    """Held against the country's longest, and against thirty days whatever a country says."""
    if draft.duration <= timedelta(0):
        yield Finding("expiry_past", "stop")
    elif draft.duration > min(draft.longest, LONGEST):
        yield Finding("expiry_long", "stop")


def area(draft: Draft) -> Iterator[Finding]:
    if draft.ground.is_empty:
        yield Finding("area_empty", "stop")
    elif not draft.ground.is_in_country:
        yield Finding("area_elsewhere", "stop")
    elif draft.ground.is_larger_than_country:
        yield Finding("area_large", "warn")


def elements(draft: Draft) -> Iterator[Finding]:
    for element in ELEMENTS:
        if element not in draft.elements:
            yield Finding("element_missing", "warn", detail=element)
