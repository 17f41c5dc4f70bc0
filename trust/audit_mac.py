"""The keyed digests of the log. The key is a file outside the database.

Who owns the database cannot forge them.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from trust import ring
from trust.audit_rows import Row
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
    return _mac("seal", _seal_values(seal, entries_digest))


def _seal_values(seal: Seal, entries_digest: str) -> dict[str, Any]:
    return {
        "number": seal.number, "ranges": seal.ranges, "count": seal.count, "total": seal.total,
        "last_id": seal.last_id, "horizon": seal.horizon, "base": seal.base, "previous": seal.previous,
        "at": seal.at, "entries": entries_digest,
    }  # fmt: skip


def of_head(head: dict[str, Any]) -> str:
    return _mac("head", _unsigned(head))


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


class Macs:
    """Makes the HMACs of a whole log, with its keys read and derived once."""

    def __init__(self) -> None:
        self._entry, self._seal, self._head = (_key(kind) for kind in ("entry", "seal", "head"))

    def of_row(self, row: Row, *, id_: int | None = None) -> str:
        """Return the same as of_entry does of the model's instance."""
        return hmac.digest(self._entry, row.canonical(id_), "sha256").hex()

    def of_seal(self, seal: Seal, entries_digest: str) -> str:
        return hmac.digest(self._seal, canonical(_seal_values(seal, entries_digest)), "sha256").hex()

    def of_head(self, head: dict[str, Any]) -> str:
        return hmac.digest(self._head, canonical(_unsigned(head)), "sha256").hex()


def canonical(values: dict[str, Any]) -> bytes:
    """Return JSON with sorted names and times to the microsecond: the same bytes on both databases."""
    return _ENCODER.encode(values).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return utc(value)
    return str(value)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _unsigned(head: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in head.items() if name != "signature"}


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _mac(kind: str, values: dict[str, Any]) -> str:
    return hmac.digest(_key(kind), canonical(values), "sha256").hex()


def _key(kind: str) -> bytes:
    return hmac.digest(ring.named("audit"), kind.encode(), "sha256")
