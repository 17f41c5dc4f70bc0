"""The report as JSON: versioned, documented in docs/after.md, times in ISO 8601 and UTC. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from alerts.after.model import FORM, Counts, Reach, Report

NAME = "najda-after"


def as_json(report: Report) -> bytes:
    """Return the document, UTF-8 with a final newline; the same report gives the same bytes."""
    told = {"form": NAME, "form_version": FORM, **plain(report)}
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def plain(value: Any) -> Any:
    """Return dataclasses as objects with their fields for keys, times as text, the rest as it is."""
    if isinstance(value, Reach):
        return _reach(value)
    if isinstance(value, Counts):
        return {**_fields(value), "holds": value.holds}
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain(inner) for inner in value]
    return value


def _fields(value: Any) -> dict[str, Any]:
    return {part.name: plain(getattr(value, part.name)) for part in fields(value)}


def _reach(reach: Reach) -> dict[str, Any]:
    return {
        "total": plain(reach.total),
        "holds": reach.holds,
        "in_database": reach.in_database,
        "by_channel": plain(reach.by_channel()),
        "by_ring": plain(reach.by_ring()),
        "lines": [{"channel": line.channel, "ring": line.ring, **plain(line.counts)} for line in reach.lines],
    }
