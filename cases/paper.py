"""The form on paper."""
from __future__ import annotations


def form() -> None:
    return None
