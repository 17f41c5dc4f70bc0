"""What a dossier holds, as plain values, and the same as JSON. Pure."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = "najda-amber-dossier/1"


@dataclass(frozen=True)
class Said:
    """Hold what is said in one language: the lines as (label, text)."""

    language: str
    direction: str
    title: str
    lines: tuple[tuple[str, str], ...]
    todo: tuple[str, ...]
    number_shown: str
    photo_alt: str


@dataclass(frozen=True)
class Contents:
    """Hold the whole dossier. Times are ISO 8601 in UTC; `area` is the signed one, in geo.shapes' form."""

    alert: str
    kind: str
    version: int
    identifier: str
    digest: str
    agency: dict[str, str]
    signed_at: str
    expires_at: str
    lat: float
    lon: float
    radius_km: float
    area: dict[str, Any]
    call: str
    web: str
    said: tuple[Said, ...]
    fields: tuple[str, ...]
    photo_sha256: str = ""
    photo: bytes | None = None


def as_json(contents: Contents) -> bytes:
    """Return UTF-8 JSON; the photo is in it as base64 (JPEG), or null."""
    told = asdict(contents)
    photo = told.pop("photo")
    circle = {name: told.pop(name) for name in ("lat", "lon", "radius_km")}
    whole = {
        "format": FORMAT,
        **told,
        "circle": circle,
        "photo_jpeg": base64.b64encode(photo).decode() if photo else None,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()
