"""Alerts on the officers' home page and on the page of their case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from alerts import release_desk, sent, weighing
from alerts.models import Alert, Decline, Version
from alerts.statements import desk as statement_desk
from cases.desk import PANELS, Clock, Panel
from cases.models import Case, CaseState
from cases.sheet.timeline import Event
from notifier.models import Delivery
from trust import clock, desk
from trust.desk import Item, Queue
from trust.models import Officer
from trust.owed import Owed

BY_HAND = ("recall_post", "edit_post", "check_post", "post_failed")
# A version and its case are wide and sealed: a queue reads what it shows.
WAITING = (
    "state", "created_at", "created_by", "proposed_at", "proposed_by", "valid_until", "sent_at", "ground",
    "provisional_until", "alert__code", "alert__kind", "alert__state", "alert__case__reference",
)  # fmt: skip
SIGNED_WITHIN = timedelta(minutes=10)  # from the proposal: then every approver has been called


def version_url(version: Version) -> str:
    return reverse("admin:alerts_version_change", args=[version.pk])


def alert_url(alert: Alert) -> str:
    return reverse("admin:alerts_alert_change", args=[alert.pk])


def queues(officer: Officer, now: datetime, owed: Owed, versions: list[Any]) -> list[Queue]:
    """Return the alert queues of the home page (four queries at most); versions: of open_versions()."""
    if not officer.has_perm("alerts.view_alert"):
        return []
    found = [_to_sign(officer, versions, now)] if officer.has_perm("alerts.sign_version") else []
    if officer.has_perm("alerts.draft_version"):
        found.append(_in_preparation(officer, versions, now))
    return [
        *found,
        *release_desk.queues(officer, now),
        *statement_desk.queues(officer, now),
        _live(officer, now),
        *([_recalls(owed, now)] if officer.has_perm("trust.view_task") else []),
    ]


def shown_kinds(officer: Officer) -> set[str]:
    """Return the kinds of tasks that the queues above say whole."""
    return set(BY_HAND) if officer.has_perm("alerts.view_alert") else set()


def open_versions(officer: Officer, now: datetime) -> list[Any]:
    """Return the agency's versions that wait for somebody, the oldest first, `seen` or not (one query).

    They wait for a signature, are the officer's own to go on with, or were sent by one person.
    """
    if officer.unit is None:
        return []
    own = Q(state__in=(Version.State.DRAFT, Version.State.PROPOSED), created_by=officer)
    waiting = Q(state=Version.State.PROPOSED, valid_until__gt=now)
    named = Version.objects.filter(own | waiting | Q(state=Version.State.PROVISIONAL))
    # Named first: asked through the case, a database without histograms walks the whole archive.
    rows = Version.objects.marked(officer).filter(pk__in=named.values("pk"))
    rows = rows.filter(alert__case__unit__agency=officer.unit.agency_id)
    return list(rows.select_related("alert__case").only(*WAITING).order_by("created_at"))


def _to_sign(officer: Officer, versions: list[Any], now: datetime) -> Queue:
    waiting = [
        row
        for row in versions
        if row.seen
        and row.state == Version.State.PROPOSED
        and row.proposed_by_id != officer.pk
        and row.valid_until
        and row.valid_until > now
    ]
    return _versions(_("Waits for my signature"), waiting, _("Nothing waits for you."), now)


def _in_preparation(officer: Officer, versions: list[Any], now: datetime) -> Queue:
    states = (Version.State.DRAFT, Version.State.PROPOSED)
    mine = [row for row in versions if row.seen and row.state in states and row.created_by_id == officer.pk]
    return _versions(_("My drafts and proposals"), mine, _("You prepare no alert."), now)


def _versions(title: str, versions: list[Any], empty_text: str, now: datetime) -> Queue:
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
    """Return the live alerts, each with how far its sending is (three queries at most)."""
    named = Alert.objects.live().values("pk")  # see open_versions
    live = Alert.objects.for_officer(officer).filter(pk__in=named).select_related("case").order_by("live_at")
    alerts = list(live.only("code", "live_at", "case__reference"))
    told = sent.told([alert.pk for alert in alerts[: desk.SHOWN]])
    items = [
        Item(
            alert.code,
            alert_url(alert),
            f"{alert.case.reference} · {_share(told[alert.pk])}",
            desk.age(alert.live_at or now, now),
        )
        for alert in alerts[: desk.SHOWN]
    ]
    url = reverse("admin:alerts_alert_changelist") + "?state__exact=live"
    return Queue(_("Live alerts"), items, _("No alert is live."), url, len(alerts))


def _share(told: sent.Told) -> str:
    if not told.people:
        return _("nobody to tell yet")
    if told.accepted is None:
        said = _("people: %(people)s · sent: %(percent)s %%")
        return said % {"people": told.people, "percent": told.percent}
    said = _("taken by the networks for %(accepted)s of %(people)s people")
    return said % {"accepted": told.accepted, "people": told.people}


def _recalls(owed: Owed, now: datetime) -> Queue:
    """Return what must be taken back or looked for by hand."""
    tasks, count = owed.of(*BY_HAND)
    items = [
        Item(
            desk.task_words(task),
            reverse("admin:trust_task_change", args=[task.pk]),
            str(task.unit or ""),
            desk.age(task.created_at, now),
            desk.level(task.created_at, now),
        )
        for task in tasks[: desk.SHOWN]
    ]
    url = reverse("admin:trust_task_changelist")
    return Queue(_("To take back by hand"), items, _("Nothing is to be taken back by hand."), url, count)


def case_panel(case: Case, officer: Officer) -> Panel | None:
    """Return the alerts of a case, its clocks of issue, and the way to draft one."""
    if not officer.has_perm("alerts.view_alert"):
        return None
    now = clock.now()
    versions = list(
        Version.objects.filter(alert__case=case)
        .select_related("alert", "created_by", "proposed_by", "signed_by")
        .order_by("created_at")
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
        "sheets": weighing.checklists(case, officer, now),
        "declines": list(Decline.objects.filter(case=case).select_related("officer")),
        "reads": officer.has_perm(weighing.RESTRICTED),
        "decline_url": reverse("admin:alerts_alert_decline", args=[case.pk]) if may_draft else "",
        "draft_url": reverse("admin:alerts_alert_draft", args=[case.pk]) if may_draft else "",
    }
    return Panel("admin/alerts/case_panel.html", context, _clocks(versions, now), tuple(_events(versions)))


def _clocks(versions: list[Version], now: datetime) -> tuple[Clock, ...]:
    proposed_at = min((version.proposed_at for version in versions if version.proposed_at), default=None)
    signed = [version for version in versions if version.sent_at]
    signed_at = signed[0].sent_at if signed else None
    waits = any(version.state == Version.State.PROPOSED for version in versions)
    until = signed_at or (now if waits else None)
    is_late = bool(proposed_at and until and until - proposed_at > SIGNED_WITHIN)
    return (
        Clock(_("Proposal"), proposed_at),
        Clock(_("Signature"), signed_at, late=is_late),
        Clock(_("First sent"), _first_sent(signed[0].alert) if signed else None),
    )


def _events(versions: list[Version]) -> Iterator[Event]:
    for version in versions:
        yield Event(version.created_at, _("An alert was drafted"), str(version.created_by))
        if version.proposed_at:
            yield Event(version.proposed_at, _("An alert was proposed"), str(version.proposed_by or ""))
        if version.sent_at:
            yield Event(version.sent_at, _("An alert was signed"), str(version.signed_by or ""))
    for alert in {version.alert for version in versions if version.alert.ended_at}:
        yield Event(alert.ended_at or alert.created_at, _("The alert ended"))


def _first_sent(alert: Alert) -> datetime | None:
    told = Delivery.objects.about([alert.pk]).told()
    first: datetime | None = told.aggregate(first=Min("state_at"))["first"]
    return first


def install() -> None:
    """Show alerts on the pages of cases."""
    if case_panel not in PANELS:
        PANELS.append(case_panel)
