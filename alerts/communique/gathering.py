"""What was done on an alert or in a period: counted from rows, its time line from the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from alerts import sent
from alerts.communique.model import Act, Figures, Scope, TipFigures
from alerts.models import Alert, Statement, Version
from cases.models import PlaceCheck
from cases.models.sighting import Sighting
from trust import audit, clock
from trust.models import Agency

# What the package above knows of tips: it appends one function.
TIPS: list[Callable[[Scope], TipFigures]] = []


def scope_of(
    agency: Agency, *, alert: Alert | None = None, period: tuple[datetime, datetime] | None
) -> Scope:
    """Return what is counted: the alert from its first minute until it ended or until now, or the period."""
    if alert is not None:
        begins = alert.live_at or alert.created_at
        return Scope(agency, begins, alert.ended_at or clock.now(), agency.zone, alert.pk, alert.case_id)
    assert period is not None, "a communiqué is about an alert or a period"
    return Scope(agency, *period, agency.zone)


def gather(scope: Scope) -> Figures:
    """Count (some ten queries, and those of tips). Exercises and tests are no work on a child."""
    alerts = list(_alerts(scope))
    keys = [alert.pk for alert in alerts]
    ended = Counter(alert.ended_as for alert in alerts if _is_within(alert.ended_at, scope))
    return Figures(
        scope=scope,
        alerts=sum(_is_within(alert.live_at, scope) for alert in alerts),
        ended=dict(ended),
        people=sum(line.people for line in sent.told(keys).values()) if keys else 0,
        tips=TIPS[0](scope) if TIPS else TipFigures(),
        sightings=Sighting.objects.filter(**_of_cases(scope), **_between("added_at", scope)).count(),
        checks=PlaceCheck.objects.done().filter(**_of_cases(scope), **_between("done_at", scope)).count(),
        statements=len(_statements(scope)),
        acts=tuple(sorted(_acts(scope, keys), key=lambda act: act.at)) if scope.alert else (),
    )


def _alerts(scope: Scope) -> Any:
    rows = Alert.objects.public().defer("end_reason")
    if scope.alert is not None:
        return rows.filter(pk=scope.alert)
    return rows.filter(case__agency=scope.agency, live_at__lt=scope.ends).exclude(ended_at__lt=scope.begins)


def _of_cases(scope: Scope) -> dict[str, Any]:
    if scope.case is not None:
        return {"case": scope.case}
    return {"case__agency": scope.agency}


def _between(name: str, scope: Scope) -> dict[str, datetime]:
    return {f"{name}__gte": scope.begins, f"{name}__lt": scope.ends}


def _is_within(at: datetime | None, scope: Scope) -> bool:
    return at is not None and scope.begins <= at <= scope.ends


def _statements(scope: Scope) -> list[UUID]:
    rows = Statement.objects.filter(unit__agency=scope.agency, **_between("signed_at", scope))
    rows = rows.exclude(kind=Statement.Kind.COMMUNIQUE)
    rows = rows.filter(alert=scope.alert) if scope.alert else rows
    return list(rows.values_list("pk", flat=True))


def _acts(scope: Scope, alerts: list[UUID]) -> Iterator[Act]:
    """Yield the public acts that the log proves: issued, updated, ended, answered by a statement."""
    versions = list(Version.objects.filter(alert__in=alerts).order_by("number").values_list("pk", "number"))
    first = min((number for _pk, number in versions), default=0)
    later = {pk for pk, number in versions if number > first}
    for entry in audit.told_of(("alert.live", "alert.ended"), alerts):
        yield Act("live" if entry.action == "alert.live" else _how_it_ended(alerts), entry.at)
    for entry in audit.told_of(("version.signed",), list(later)):
        yield Act("update", entry.at)
    for entry in audit.told_of(("statement.signed",), _statements(scope)):
        yield Act("statement", entry.at)


def _how_it_ended(alerts: list[UUID]) -> str:
    return Alert.objects.filter(pk__in=alerts).values_list("ended_as", flat=True).first() or "ended"
