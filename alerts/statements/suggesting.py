"""What a draft begins with, by its kind and in every language: languages/<code>.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from trust.models import Unit
from trust.names import in_language

FOLDER = Path(__file__).parent / "languages"


def suggested(kind: str, unit: Unit) -> dict[str, dict[str, str]]:
    """Return {language: {title, body}} for an officer to complete; empty for a kind that begins with nothing.

    A language without a file begins empty: its words are then asked for.
    """
    return {code: _told(code, kind, unit) for code, _name in settings.LANGUAGES}


def _told(code: str, kind: str, unit: Unit) -> dict[str, str]:
    told = language(code).get(kind, {})
    values = {"agency": in_language(unit.agency.names, code), "address": host()}
    return {part: str(told.get(part, "")).strip().format(**values) for part in ("title", "body")}


def host() -> str:
    """Return the address at which the public checks, as it is said: without a scheme."""
    return urlsplit(settings.PUBLIC_URL).netloc


@cache
def language(code: str) -> dict[str, Any]:
    path = FOLDER / f"{code}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
