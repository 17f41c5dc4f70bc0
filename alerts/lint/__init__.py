"""Faults of a draft before anybody is asked to sign it: a pure function from a draft to findings."""

from alerts.lint.model import (
    ADDITION,
    ELEMENTS,
    MOST_LETTERS,
    RELEASABLE,
    RELEASED,
    Draft,
    Finding,
    Ground,
    Photo,
    Secrets,
    Text,
    strings,
)
from alerts.lint.rules import lint

__all__ = [
    "ADDITION", "ELEMENTS", "MOST_LETTERS", "RELEASABLE", "RELEASED", "Draft", "Finding", "Ground", "Photo",
    "Secrets", "Text", "lint", "strings",
]  # fmt: skip
