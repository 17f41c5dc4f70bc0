"""The keyed digests of the log. The key is a file outside the database.

Who owns the database cannot forge them.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from trust import ring
from trust.models.audit import AuditEntry, AuditExport, Seal

ENTRY_FIELDS = (
    "id", "at", "actor", "actor_role", "action", "subject_kind", "subject", "purpose", "before", "after",
    "reason", "request_id",
)  # fmt: skip


def of_entry(entry: AuditEntry, *, id_: int | None = None) -> str:
    """Return the entry's HMAC; its own number is part of it, so that two rows cannot change places."""
    values = {name: getattr(entry, name) for name in ENTRY_FIELDS}
    if id_ is not None:
        values["id"] = id_
    return _mac("entry", values)


def is_true(entry: AuditEntry) -> bool:
    return hmac.compare_digest(of_entry(entry), entry.mac)


def of_seal(seal: Seal, entries_digest: str) -> str:
    values = {
        "number": seal.number, "ranges": seal.ranges, "count": seal.count, "total": seal.total,
        "last_id": seal.last_id, "horizon": seal.horizon, "base": seal.base, "previous": seal.previous,
        "at": seal.at, "entries": entries_digest,
    }  # fmt: skip
    return _mac("seal", values)


def of_head(head: dict[str, Any]) -> str:
    return _mac("head", {name: value for name, value in head.items() if name != "signature"})


def of_export(export: AuditExport) -> str:
    names = ("first_id", "last_id", "first_seal", "last_seal", "head", "total", "at")
    return _mac("export", {name: getattr(export, name) for name in names})


class EntriesDigest:
    """SHA-256 over (id, mac) of the entries of one seal, fed in order of id."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, id_: int, mac: str) -> None:
        self._hash.update(f"{id_}:{mac}\n".encode())

    def value(self) -> str:
        return self._hash.hexdigest()


def canonical(values: dict[str, Any]) -> bytes:
    """Return JSON with sorted names and times to the microsecond: the same bytes on both databases."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return text.encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return utc(value)
    return str(value)


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _mac(kind: str, values: dict[str, Any]) -> str:
    key = hmac.new(ring.named("audit"), kind.encode(), hashlib.sha256).digest()
    return hmac.new(key, canonical(values), hashlib.sha256).hexdigest()
