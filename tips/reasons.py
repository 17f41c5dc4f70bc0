"""A reason of the machine's, in words for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def reason(code: str, values: Mapping[str, Any]) -> str:
    """Return the sentence of one of Tip.reasons in the active language."""
    return code
