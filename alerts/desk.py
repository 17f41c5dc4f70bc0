"""Alerts on the officers' home page and on the page of their case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from alerts import release_desk, weighing
from alerts.models import Alert, Decline, Version
from cases.desk import PANELS, Clock, Panel
from cases.models import Case, CaseState
from cases.sheet.timeline import Event
from notifier.models import Batch, Chunk, Delivery
from trust import clock, desk
from trust.desk import Item, Queue
from trust.models import Officer, Task

BY_HAND = ("recall_post", "edit_post", "check_post", "post_failed")
SIGNED_WITHIN = timedelta(minutes=10)  # from the proposal: then every approver has been called


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
        *release_desk.queues(officer, now),
        _live(officer, now),
        *([_recalls(officer, now)] if officer.has_perm("trust.view_task") else []),
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
    """Return the live alerts, each with how far its sending is (four queries)."""
    live = Alert.objects.for_officer(officer).live().select_related("case").order_by("live_at")
    alerts = list(live[: desk.SHOWN])
    sent = _sent([alert.pk for alert in alerts])
    items = [
        Item(
            alert.code,
            alert_url(alert),
            f"{alert.case.reference} · {sent[alert.pk]}",
            desk.age(alert.live_at or now, now),
        )
        for alert in alerts
    ]
    url = reverse("admin:alerts_alert_changelist") + "?state__exact=live"
    count = live.count() if len(alerts) == desk.SHOWN else len(alerts)
    return Queue(_("Live alerts"), items, _("No alert is live."), url, count)


def _sent(alerts: list[UUID]) -> dict[UUID, str]:
    """Return for each alert how many people it is for, and what share of them was handled (two queries).

    Counted by batches and chunks: the page of the alert counts deliveries, of which there may be a million.
    """
    batches = Batch.objects.filter(subject__in=alerts, posts=None)
    people = dict(batches.values_list("subject").annotate(Sum("targeted")).order_by())
    chunks = Chunk.objects.filter(batch__in=batches).values_list("batch__subject").order_by()
    done = {
        subject: (made, over)
        for subject, made, over in chunks.annotate(
            made=Count("pk"), over=Count("pk", filter=Q(done_at__isnull=False))
        )
    }
    return {pk: _share(people.get(pk) or 0, *done.get(pk, (0, 0))) for pk in alerts}


def _share(people: int, chunks: int, done: int) -> str:
    if not chunks:
        return _("nobody to tell yet")
    said = _("people: %(people)s · sent: %(percent)s %%")
    return said % {"people": people, "percent": 100 * done // chunks}


def _recalls(officer: Officer, now: datetime) -> Queue:
    """Return what must be taken back or looked for by hand, the oldest first (two queries)."""
    owed = Task.objects.for_officer(officer).still_open().filter(kind__in=BY_HAND).order_by("created_at")
    tasks = list(owed.select_related("unit")[: desk.SHOWN])
    items = [
        Item(
            desk.task_words(task),
            reverse("admin:trust_task_change", args=[task.pk]),
            str(task.unit or ""),
            desk.age(task.created_at, now),
            desk.level(task.created_at, now),
        )
        for task in tasks
    ]
    count = owed.count() if len(tasks) == desk.SHOWN else len(tasks)
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
