"""Somebody tells more of a case: what was said before stays, what is said now stands.

Documents keep every entry; a column keeps its last value and an Amendment keeps the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cases import conflict, fields
from cases.models import Amendment, Case, Child, Facts
from trust import audit, clock
from trust.models import Officer

SOURCES = ("family", "assisted", "paper", "officer")
KEPT = 20  # entries of one field: the first, those of officers, and the newest


@dataclass(frozen=True)
class Told:
    """Say who tells and when: officer is who typed it for somebody, said_at the true time of a paper."""

    source: str = "family"
    language: str = ""
    officer: Officer | None = None
    said_at: datetime | None = None


def tell(case: Case, child: Child | None, said: Mapping[str, Any], told: Told) -> tuple[str, ...]:
    """Add an entry for each document field whose value is new; None takes the value back.

    Return the names that changed. Raise fields.FieldError before anything is written.
    """
    groups: dict[str, dict[str, Any]] = {}
    for name, value in said.items():
        fields.check_value(name, value)
        groups.setdefault(fields.FIELDS[name].group, {})[name] = value
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        changed = [
            n for group, values in groups.items() for n in _tell_group(case, child, group, values, told)
        ]
        if changed:
            audit.record("case.told", case, actor=told.officer)
        if "custody" in changed:
            conflict.look(case)
    return tuple(changed)


def amend(row: Case | Child, field: str, values: Mapping[str, Any], told: Told) -> bool:
    """Set columns of a field that lives in columns; keep what stood there. Return whether it changed."""
    case, child = (row.case, row) if isinstance(row, Child) else (row, None)
    before = {name: getattr(row, name) for name in values}
    if before == dict(values):
        return False
    with transaction.atomic():
        former = Amendment(case=case, child=child, field=field, source=told.source, officer=told.officer)
        former.at, former.before = clock.now(), {name: _plain(value) for name, value in before.items()}
        former.save(force_insert=True)
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        audit.record("case.told", case, actor=told.officer)
    return True


def _tell_group(
    case: Case, child: Child | None, group: str, values: Mapping[str, Any], told: Told
) -> list[str]:
    sheet = Facts.objects.filter(case=case, child=child, group=group).first()
    sheet = sheet or Facts(case=case, child=child, group=group, entries={})
    entries: dict[str, list[dict[str, Any]]] = dict(sheet.entries or {})
    changed = [name for name, value in values.items() if _newest(entries.get(name)) != value]
    for name in changed:
        rows = [*entries.get(name, []), _entry(values[name], told)]
        entries[name] = _kept(rows)
    if changed:
        sheet.entries = entries
        sheet.save()
    return changed


def _kept(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return at most KEPT entries; what a family says often never pushes out what an officer typed."""
    if len(rows) <= KEPT:
        return rows
    of_family = [at for at, row in enumerate(rows) if at and row["source"] == "family"]
    gone = (of_family or [1])[0]
    return [*rows[:gone], *rows[gone + 1 :]]


def _newest(rows: list[dict[str, Any]] | None) -> Any:
    return rows[-1]["value"] if rows else None


def _entry(value: Any, told: Told) -> dict[str, Any]:
    now = clock.now()
    at = told.said_at or now
    late = now.isoformat() if told.said_at else ""
    return fields.entry(value, source=told.source, at=at.isoformat(), language=told.language, entered_at=late)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
