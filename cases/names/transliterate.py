"""Spellings of a name in the other script, proposed and never imposed."""

from __future__ import annotations


def proposals(name: str, country: str) -> tuple[str, ...]:
    """Return up to three spellings of name in the other script, best first; country is ma, eg or ga."""
    return ()
