"""States that rows pass through, and the one way to change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models


class IllegalMove(ValueError):  # noqa: N818  (it says what happened)
    """Say that a row is not, or no longer, in a state that leads to the wanted one."""

    def __init__(self, model: str, before: str, after: str) -> None:
        super().__init__(f"{model}: no way from {before} to {after}")
        self.before = before
        self.after = after


def step(row: models.Model, table: Mapping[str, frozenset[str]], after: str, **stamps: Any) -> str:
    """Set `state` and the stamps by a conditional update; return the state before.

    Raise IllegalMove where the table has no such step, or where another process moved the row first.
    """
    before: str = row.state  # type: ignore[attr-defined]  # every model that calls this has one
    model = type(row)
    if after not in table.get(before, frozenset()):
        raise IllegalMove(model.__name__, before, after)
    changed = model._base_manager.filter(pk=row.pk, state=before).update(state=after, **stamps)
    if not changed:
        raise IllegalMove(model.__name__, before, after)
    for name, value in {"state": after, **stamps}.items():
        setattr(row, name, value)
    return before
