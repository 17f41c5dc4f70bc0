"""Entries of the log read as their HMAC has them: as text, straight from the table, a batch at a time.

A model instance an entry would take most of the time a verification has. Nothing here trusts a value: SQLite
keeps whatever was written into a column, and what is none of ours shall be named, not stop the reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from django.db import connection

from trust.triggers import ENTRIES

_AT = {
    "postgresql": """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
    "sqlite": "CAST(at AS TEXT)",  # as stored: Django would fail on what is no time
}
_COLUMNS = "id, {at}, {actor}, actor_role, action, subject_kind, {subject}, purpose, before, after, reason,"


class Row(NamedTuple):
    """Hold one entry: times in ISO 8601 to the microsecond, UUIDs with their dashes."""

    id: int
    at: Any
    actor: Any
    actor_role: Any
    action: Any
    subject_kind: Any
    subject: Any
    purpose: Any
    before: Any
    after: Any
    reason: Any
    request_id: Any
    mac: Any

    def canonical(self, id_: int | None = None) -> bytes:
        """Return what audit_mac.canonical makes of the entry, or of the same one under another number."""
        said = (
            f'{{"action":{_text(self.action)},"actor":{_text(self.actor)},'
            f'"actor_role":{_text(self.actor_role)},"after":{_text(self.after)},"at":{_text(self.at)},'
            f'"before":{_text(self.before)},"id":{self.id if id_ is None else id_},'
            f'"purpose":{_text(self.purpose)},"reason":{_text(self.reason)},'
            f'"request_id":{_text(self.request_id)},"subject":{_text(self.subject)},'
            f'"subject_kind":{_text(self.subject_kind)}}}'
        )
        return said.encode("utf-8", "surrogatepass")


def rows(batch: int) -> Iterator[Row]:
    """Yield every entry in order of number (one query, read in batches)."""
    is_postgresql = connection.vendor == "postgresql"
    cast = "::text" if is_postgresql else ""
    columns = _COLUMNS.format(at=_AT[connection.vendor], actor=f"actor{cast}", subject=f"subject{cast}")
    make = Row._make if is_postgresql else _of_sqlite
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {columns} request_id, mac FROM {ENTRIES} ORDER BY id")  # noqa: S608  constants
        while found := cursor.fetchmany(batch):
            yield from map(make, found)


def _of_sqlite(values: tuple[Any, ...]) -> Row:
    id_, at, actor, role, action, kind, subject, *rest = values
    return Row(id_, _moment(at), _dashed(actor), role, action, kind, _dashed(subject), *rest)


def _moment(text: Any) -> Any:
    """Return Django's text of a time in UTC as ISO 8601; what is none comes back as it is."""
    if not isinstance(text, str):
        return text
    digits = text.replace(" ", "T", 1)
    return f"{digits}.000000+00:00" if len(digits) == 19 else f"{digits:0<26}+00:00"


@lru_cache(maxsize=8192)
def _dashed(hexadecimal: Any) -> Any:
    h = hexadecimal
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}" if isinstance(h, str) else h


def _text(value: Any) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    return json.dumps(value, default=str)
