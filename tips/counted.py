"""What tips tell a communiqué: how many, by what door, in which hours, what became of them; of no person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from statistics import median
from typing import Any

from django.db.models import QuerySet

from alerts.communique import TIPS, Scope, TipFigures
from alerts.communique.model import FEW
from tips.models import Tip

READ = ("door", "state", "received_at", "looked_at")


def figures(scope: Scope) -> TipFigures:
    """Count the tips of an alert, or those an agency received in a period (one query)."""
    rows = list(_tips(scope).values(*READ))
    doors = Counter(str(row["door"]) for row in rows)
    hours = Counter(row["received_at"].astimezone(scope.zone).hour for row in rows)
    states = Counter(str(row["state"]) for row in rows if row["state"] in Tip.DECIDED)
    return TipFigures(dict(doors), dict(hours), dict(states), _looked_s(rows))


def _tips(scope: Scope) -> QuerySet[Tip]:
    rows = Tip.objects.filter(received_at__gte=scope.begins, received_at__lt=scope.ends)
    if scope.alert is not None:
        return rows.filter(alert_id=scope.alert)
    return rows.filter(unit__agency=scope.agency)


def _looked_s(rows: list[dict[str, Any]]) -> int | None:
    """Return within how many seconds half of all were read; None where fewer than half, or too few, were."""
    waited = [_wait(row) for row in rows if row["looked_at"] is not None]
    unread = [float("inf")] * (len(rows) - len(waited))
    if len(waited) < FEW or len(unread) >= len(waited):
        return None
    return round(median([*waited, *unread]))


def _wait(row: Mapping[str, Any]) -> float:
    waited: float = (row["looked_at"] - row["received_at"]).total_seconds()
    return max(0.0, waited)


def install() -> None:
    """Have communiqués count tips."""
    if figures not in TIPS:
        TIPS.append(figures)
