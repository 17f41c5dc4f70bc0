"""Alerts on the officers' home page and on the page of their case."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from alerts import weighing
from alerts.models import Alert, Decline, Version
from cases.desk import PANELS, Clock, Panel
from cases.models import Case, CaseState
from notifier.models import Delivery
from trust import clock, desk
from trust.desk import Item, Queue
from trust.models import Officer


def version_url(version: Version) -> str:
    return reverse("admin:alerts_version_change", args=[version.pk])


def alert_url(alert: Alert) -> str:
    return reverse("admin:alerts_alert_change", args=[alert.pk])


def queues(officer: Officer) -> list[Queue]:
    """Return the alert queues of the home page (two queries each)."""
    if not officer.has_perm("alerts.view_alert"):
        return []
    now = clock.now()
    found = [_to_sign(officer, now)] if officer.has_perm("alerts.sign_version") else []
    if officer.has_perm("alerts.draft_version"):
        found.append(_in_preparation(officer, now))
    return [
        *found,
        _live(officer, now),
    ]


def _to_sign(officer: Officer, now: datetime) -> Queue:
    waiting = Version.objects.for_officer(officer).awaiting_signature().exclude(proposed_by=officer)
    return _versions(
        _("Waits for my signature"), waiting.filter(valid_until__gt=now), _("Nothing waits for you."), now
    )


def _in_preparation(officer: Officer, now: datetime) -> Queue:
    mine = Version.objects.for_officer(officer).open().filter(created_by=officer)
    return _versions(_("My drafts and proposals"), mine, _("You prepare no alert."), now)


def _versions(title: str, rows: QuerySet[Version], empty_text: str, now: datetime) -> Queue:
    versions = list(rows.select_related("alert__case").order_by("created_at"))
    items = [
        Item(
            version.alert.case.reference,
            version_url(version),
            f"{version.alert.get_kind_display()} · {version.get_state_display()}",
            desk.age(version.proposed_at or version.created_at, now),
            desk.level(version.proposed_at, now) if version.proposed_at else "",
        )
        for version in versions[: desk.SHOWN]
    ]
    return Queue(title, items, empty_text, reverse("admin:alerts_version_changelist"), len(versions))


def _live(officer: Officer, now: datetime) -> Queue:
    live = list(Alert.objects.for_officer(officer).live().select_related("case").order_by("live_at"))
    items = [
        Item(alert.code, alert_url(alert), alert.case.reference, desk.age(alert.live_at or now, now))
        for alert in live[: desk.SHOWN]
    ]
    url = reverse("admin:alerts_alert_changelist") + "?state__exact=live"
    return Queue(_("Live alerts"), items, _("No alert is live."), url, len(live))


def case_panel(case: Case, officer: Officer) -> Panel | None:
    """Return the alerts of a case, its clocks of issue, and the way to draft one."""
    if not officer.has_perm("alerts.view_alert"):
        return None
    versions = list(
        Version.objects.filter(alert__case=case).select_related("alert", "proposed_by").order_by("created_at")
    )
    live = next((alert_url(version.alert) for version in versions if version.alert.is_live), "")
    prepared = next((version_url(v) for v in versions if v.state in ("draft", "proposed")), "")
    may_draft = (
        not (live or prepared)
        and case.state in (CaseState.REVIEW, CaseState.OPEN)
        and officer.has_perm("alerts.draft_version")
    )
    context = {
        "versions": [(version, version_url(version), alert_url(version.alert)) for version in versions],
        "current_url": live or prepared,
        "criteria": weighing.checklist(case, officer),
        "declines": list(Decline.objects.filter(case=case).select_related("officer")),
        "reads": officer.has_perm(weighing.RESTRICTED),
        "decline_url": reverse("admin:alerts_alert_decline", args=[case.pk]) if may_draft else "",
        "draft_url": reverse("admin:alerts_alert_draft", args=[case.pk]) if may_draft else "",
    }
    return Panel("admin/alerts/case_panel.html", context, _clocks(versions))


def _clocks(versions: list[Version]) -> tuple[Clock, ...]:
    proposed = [version.proposed_at for version in versions if version.proposed_at]
    signed = [version for version in versions if version.sent_at]
    return (
        Clock(_("Proposal"), min(proposed, default=None)),
        Clock(_("Signature"), signed[0].sent_at if signed else None),
        Clock(_("First sent"), _first_sent(signed[0].alert) if signed else None),
    )


def _first_sent(alert: Alert) -> datetime | None:
    told = Delivery.objects.about([alert.pk]).told()
    first: datetime | None = told.aggregate(first=Min("state_at"))["first"]
    return first


def install() -> None:
    """Show alerts on the pages of cases."""
    if case_panel not in PANELS:
        PANELS.append(case_panel)
