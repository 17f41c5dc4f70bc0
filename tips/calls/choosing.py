"""The live alerts by number, as a call-taker chooses between them with one key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from alerts import render
from alerts.models import Alert, Version
from trust import clock
from trust.codes import CodeError, normalise_code
from trust.digits import western

MOST = 9
DETAILS = 3


@dataclass(frozen=True)
class Choice:
    """Hold one live alert: what its public page says, and the number to type."""

    number: int
    alert: UUID
    code: str
    title: str
    details: tuple[str, ...]


def live(language: str) -> list[Choice]:
    """Return the actual alerts that are live, the latest first (a query, and one an alert for its consents).

    Nine at most have a number; any other is named by its code.
    """
    rows = Version.objects.in_force().filter(alert__in=Alert.objects.public().live())
    rows = rows.select_related("alert__case", "child").order_by("-alert__live_at", "-number")
    latest: dict[UUID, Version] = {}
    for row in rows:
        latest.setdefault(row.alert_id, row)
    now = clock.now()
    found: list[Choice] = []
    for version in list(latest.values())[:MOST]:
        shown = render.page(version, language, now)
        title = shown.title if shown else version.alert.code
        details = tuple(line.text for line in shown.lines[:DETAILS]) if shown else ()
        found.append(Choice(len(found) + 1, version.alert_id, version.alert.code, title, details))
    return found


def chosen(typed: str, choices: Sequence[Choice]) -> UUID | None:
    """Return the alert that a number or a code names; None for nothing typed, or 0. Raise LookupError."""
    told = western(typed).strip()
    if told in ("", "0"):
        return None
    if len(told) == 1 and told.isdecimal():
        found = next((one.alert for one in choices if one.number == int(told)), None)
    else:
        found = _of_code(told)
    if found is None:
        raise LookupError("no such alert")
    return found


def _of_code(told: str) -> UUID | None:
    try:
        code = normalise_code(told)
    except CodeError:
        return None
    return Alert.objects.public().filter(code=code).values_list("pk", flat=True).first()
