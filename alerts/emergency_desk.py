"""What the desk shows of alerts that one person sent: banner, queue, a version's page, the register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts import desk as alert_desk
from alerts import orders
from alerts.issue.emergency import may_send, offered_from, said_before
from alerts.models import Alert, Version
from alerts.refusals import SENTENCES
from trust import desk
from trust.desk import Item, Queue
from trust.models import Officer
from trust.owed import Owed

MOST_LISTED = 500
COUNTED = "alerts.view_emergencies"
OUTCOMES: dict[str, Promise] = {
    "waits": gettext_lazy("waits for a second signature"),
    "confirmed": gettext_lazy("signed by a second officer"),
    "replaced": gettext_lazy("replaced by a signed version"),
    "returned": gettext_lazy("sent back: stopped"),
    "refused": gettext_lazy("refused: stopped"),
    "not_confirmed": gettext_lazy("not signed within the hour: stopped"),
    "ended": gettext_lazy("ended before anybody signed it"),
}
CONFIRMED = {"confirmed", "replaced"}
SAID_BEFORE = {"alone_again", "refused_before"}


@dataclass(frozen=True)
class Standing:
    """Hold one alert that the public is told now on one person's word; `url` only for who may open it."""

    code: str
    until: str
    url: str


def context(request: HttpRequest) -> dict[str, Any]:
    """Let the pages of the desk ask what stands; other pages ask nothing (a query where it is asked)."""
    return {"sent_alone": lambda: standing(request.user)}


def standing(officer: Any) -> list[Standing]:
    """Return what one person of the officer's agency sent and nobody has signed yet (one query)."""
    if not isinstance(officer, Officer) or officer.unit is None or not officer.has_perm("alerts.view_alert"):
        return []
    rows = Version.objects.alone().marked(officer).select_related("alert")
    return lines(officer, list(rows.filter(alert__case__unit__agency=officer.unit.agency_id)))


def lines(officer: Officer, versions: Iterable[Any]) -> list[Standing]:
    """Return the lines of the banner; versions: marked as `seen` or not, with others than sent alone."""
    zone = desk.zone_of(officer)
    return [
        Standing(
            row.alert.code,
            desk.moment(row.provisional_until, zone),
            alert_desk.version_url(row) if row.seen else "",
        )
        for row in _sent_alone(versions)
    ]


def queues(officer: Officer, now: datetime, owed: Owed, versions: list[Any]) -> list[Queue]:
    """Return the alert queues of the home page, before them what one person sent (five queries at most).

    versions: of alerts.desk.open_versions().
    """
    return [*_alone(officer, now, versions), *alert_desk.queues(officer, now, owed, versions)]


def _sent_alone(versions: Iterable[Any]) -> list[Any]:
    rows = [row for row in versions if row.state == Version.State.PROVISIONAL and row.alert.is_live]
    return sorted(rows, key=lambda row: row.provisional_until)


def _alone(officer: Officer, now: datetime, versions: list[Any]) -> list[Queue]:
    counts = officer.has_perm(COUNTED)
    if not counts and not officer.has_perm("alerts.sign_version"):
        return []
    sees = officer.has_perm("alerts.view_version")
    rows = [row for row in _sent_alone(versions) if row.seen]
    register = reverse("admin:alerts_version_emergencies") if counts else ""
    items = [
        Item(
            row.alert.code,
            alert_desk.version_url(row) if sees else register,
            str(row.get_ground_display()),
            desk.age(row.sent_at or now, now),
            "danger",
        )
        for row in rows[: desk.SHOWN]
    ]
    empty = "" if items else _month_words(officer, now)
    return [Queue(_("Sent by one person"), items, empty, register, len(rows))]


def _month_words(officer: Officer, now: datetime) -> str:
    """Return how many there were this month, and how many of them somebody confirmed (one query)."""
    confirmed = Q(signed_by__isnull=False) | Q(state=Version.State.SUPERSEDED)
    kept = _of_month(officer, now).aggregate(count=Count("pk"), signed=Count("pk", filter=confirmed))
    said = _("None stands. This month: %(count)s, signed by a second officer: %(signed)s.")
    return said % kept


def of_month(officer: Officer, at: datetime) -> QuerySet[Version]:
    """Return what one person sent within the officer's scope in the month of `at`, the newest first."""
    rows = _of_month(officer, at).order_by("-sent_at")
    return rows.select_related("alert__case__unit", "sent_by", "signed_by", "proposed_by")[:MOST_LISTED]


def _of_month(officer: Officer, at: datetime) -> QuerySet[Version]:
    first = at.astimezone(desk.zone_of(officer)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = (first + timedelta(days=32)).replace(day=1)
    sent = Version.objects.filter(sent_by__isnull=False, sent_at__gte=first, sent_at__lt=after)
    # Named first: asked through the case, a database without histograms walks the whole archive.
    return Version.objects.for_officer(officer).filter(pk__in=sent.values("pk"))


def outcome(version: Version) -> str:
    """Return what became of what one person sent: a code of OUTCOMES."""
    if version.signed_by_id is not None:
        return "confirmed"
    if version.state == Version.State.PROVISIONAL and version.alert.is_live:
        return "waits"
    if version.state == Version.State.SUPERSEDED:
        return "replaced"
    if version.state in (Version.State.RETURNED, Version.State.REFUSED):
        return str(version.state)
    until, over = version.provisional_until, version.alert.ended_at
    late = (
        version.alert.ended_as == Alert.End.ENDED and until is not None and over is not None and over >= until
    )
    return "not_confirmed" if late else "ended"


def on_version(version: Version, officer: Officer, now: datetime) -> dict[str, Any]:
    """Return what the page of a version says of order, hold and the emergency path (five queries at most)."""
    zone, case = desk.zone_of(officer), version.alert.case
    waits = version.state in (Version.State.DRAFT, Version.State.PROPOSED)
    offered, refusal = offered_from(version), _refusal(version, officer, now)
    held = orders.standing_hold(case) if waits else None
    return {
        "order_missing": waits and version.alert.kind == Alert.Kind.ACTUAL and orders.missing(case),
        "on_hold": held is not None,
        "alone_until": desk.moment(version.provisional_until, zone),
        "alone_at": desk.moment(version.sent_at, zone),
        "alone_own": version.sent_by_id == officer.pk,
        "outcome": OUTCOMES[outcome(version)] if version.sent_by_id else "",
        "at_once_from": desk.moment(offered, zone) if refusal == "" and offered and now < offered else "",
        "may_send_alone": refusal == "" and offered is not None and now >= offered,
        "sign_instead": refusal == "sign_instead" and offered is not None and now >= offered,
        "why_not_alone": str(SENTENCES[refusal]) if refusal in SAID_BEFORE else "",
    }


def _refusal(version: Version, officer: Officer, now: datetime) -> str:
    """Return "" where the officer may send the proposal alone once its time has come, else a code."""
    valid = version.valid_until is not None and now < version.valid_until
    if offered_from(version) is None or not valid or version.alert.is_live:
        return "no_permission"
    return may_send(version, officer) or said_before(version, officer, now)
