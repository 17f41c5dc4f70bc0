"""The pages of what was taken back: the ledger of an alert, and the form for what a person removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alerts import ledger, removing
from alerts.after import labels
from alerts.after.labels import said, span
from alerts.answer_form import HourForm
from alerts.glass import row_to_read
from alerts.ledger import Line
from alerts.ledger.line import ASKED, DONE, IMPOSSIBLE, NEVER_OUT, OUT, OWED
from alerts.ledger.told import all_clear
from alerts.ledger.words import answer, thing
from alerts.models import Alert, Removal, Version
from alerts.version_views import REFUSALS, demand_right, sentence, show
from cases.forms.words import WordsField
from cases.sheet import channel_name
from notifier.models import Post
from trust import audit, clock, desk
from trust.desk import officer_of
from trust.models import Officer, Task

OURS = "page"
LEVELS: Mapping[str, str] = {OWED: "danger", ASKED: "warning", OUT: "warning", DONE: "success"}
GROUPS = (
    (_("What a person must take back"), (OWED,)),
    (_("Being taken back"), (ASKED,)),
    (_("Still out"), (OUT,)),
    (_("What cannot be taken back, and why"), (IMPOSSIBLE,)),
    (_("Taken back"), (DONE, NEVER_OUT)),
)


@dataclass(frozen=True)
class Row:
    """Hold one line as the page shows it."""

    what: str
    where: str
    count: int
    state: str
    level: str
    answer: str
    asked_at: str
    done_at: str
    took: str
    url: str
    owner: str = ""
    since: str = ""
    task_url: str = ""
    remove_url: str = ""
    removed: str = ""
    evidence: str = ""


class RemovalForm(HourForm):
    """Ask who took a post back, when, and how the officer knows."""

    field_order = ("who", "day", "hour", "evidence")
    who = WordsField(
        label=_("Who took it back?"),
        help_text=_("Name and service, also where it was you."),
        max_length=removing.MOST_NAME,
    )
    evidence = WordsField(
        label=_("How do you know that it is gone?"),
        help_text=_(
            "What you saw when you opened its address again. Name nobody. It is sealed with the case."
        ),
        max_length=removing.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def told(self) -> removing.Told:
        """Return what was told, of a form that is valid. An hour is typed without its seconds."""
        assert self.at is not None
        given = self.cleaned_data
        return removing.Told(self.at.replace(second=59), given["who"], given["evidence"])


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses of the ledger, below those of alerts."""
    return [
        path("<uuid:pk>/ledger/", wrap(page), name="alerts_alert_ledger"),
        path("<uuid:pk>/ledger/<uuid:post_pk>/removed/", wrap(removed), name="alerts_alert_removed"),
        path("post/<uuid:pk>/", wrap(of_post), name="alerts_alert_of_post"),
    ]


@require_safe
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show every line of an alert: done, impossible and why, or whose task it is."""
    demand_right(request, "alerts.view_alert")
    rows = Alert.objects.select_related("case__unit__agency")
    alert, officer = row_to_read(request, rows, pk, "case"), officer_of(request)
    audit.viewed(officer, alert.case, "alert ledger")
    lines = ledger.gathered(ledger.lines(alert))
    context = {
        "title": gettext("What was taken back of alert %(code)s") % {"code": alert.code},
        "alert": alert,
        "figures": ledger.figures(lines),
        "groups": groups(alert, lines, officer),
        "all_clear": [(channel_name(line.channel), line) for line in all_clear(alert)],
        "may_see_case": officer.has_perm("cases.view_case"),
    }
    return show(request, "admin/alerts/ledger.html", context)


def removed(request: HttpRequest, pk: UUID, post_pk: UUID) -> HttpResponse:
    """Ask who took a post back and how it is known, then record it."""
    demand_right(request, removing.RIGHT)
    rows = Alert.objects.for_officer(request.user).select_related("case__unit__agency")
    alert = get_object_or_404(rows, pk=pk)
    line = next((one for one in ledger.lines(alert) if one.what == "post" and one.subject == post_pk), None)
    if line is None:
        raise Http404
    officer, back = officer_of(request), reverse("admin:alerts_alert_ledger", args=[alert.pk])
    form = RemovalForm(desk.zone_of(officer), request.POST or None, initial={"who": str(officer)})
    if request.method == "POST" and form.is_valid():
        return desk.perform(
            request,
            lambda: removing.record(alert, post_pk, officer, form.told()),
            _("Recorded, with your name."),
            back,
            refusals=REFUSALS,
            say=sentence,
        )
    context = {"title": gettext("A post was taken back by hand"), "alert": alert, "form": form, "back": back}
    shown = _row(line, officer, {}, {})
    return show(request, "admin/alerts/ledger_removed.html", {**context, "row": shown})


def of_post(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from a post, which knows no alert, to the ledger of the alert that it was about."""
    demand_right(request, "alerts.view_alert")
    post = get_object_or_404(Post, pk=pk)
    alert_id = Version.objects.filter(pk=post.subject).values_list("alert", flat=True).first()
    found = Alert.objects.for_officer(request.user).filter(pk=alert_id or post.subject)
    return redirect("admin:alerts_alert_ledger", get_object_or_404(found).pk)


def groups(alert: Alert, lines: list[Line], officer: Officer) -> list[tuple[str, list[Row]]]:
    """Return the lines under their headings, what a person owes first; no heading without a line."""
    tasks = Task.objects.select_related("owner").in_bulk([line.task for line in lines if line.task])
    kept = {row.post: row for row in Removal.objects.filter(alert=alert)}
    found = [
        (str(title), [_row(line, officer, tasks, kept, alert) for line in lines if line.state in states])
        for title, states in GROUPS
    ]
    return [(title, rows) for title, rows in found if rows]


def _row(
    line: Line,
    officer: Officer,
    tasks: Mapping[UUID, Task],
    kept: Mapping[UUID, Removal],
    alert: Alert | None = None,
) -> Row:
    zone, task = desk.zone_of(officer), tasks.get(line.task) if line.task else None
    removal = kept.get(line.subject) if line.subject else None
    may_remove = alert and line.what == "post" and line.state == OWED and officer.has_perm(removing.RIGHT)
    names = ([] if line.channel == OURS else [channel_name(line.channel)]) + [
        line.alias if line.alias != line.channel else ""
    ]
    return Row(
        what=thing(line.what),
        where=" · ".join(dict.fromkeys(filter(None, names))),
        count=line.count if line.what == "message" else 0,
        state=said(labels.RECALLS, line.state),
        level=LEVELS.get(line.state, ""),
        answer=answer(line),
        asked_at=desk.moment(line.asked_at, zone) if line.asked_at else "",
        done_at=desk.moment(line.done_at, zone) if line.done_at else "",
        took=span(line.took_s) if line.state == DONE and line.took_s and line.took_s >= 1 else "",
        url=line.url if line.state != DONE else "",
        owner=str(task.owner) if task and task.owner else "",
        since=desk.age(task.created_at, clock.now()) if task else "",
        task_url=reverse("admin:trust_task_change", args=[task.pk]) if task else "",
        remove_url=reverse("admin:alerts_alert_removed", args=[alert.pk, line.subject])
        if may_remove and alert
        else "",
        removed=_by(removal, zone) if removal else "",
        evidence=(removal.evidence or "") if removal else "",
    )


def _by(removal: Removal, zone: ZoneInfo) -> str:
    told = {"name": removal.removed_by or "—", "at": desk.moment(removal.removed_at, zone)}
    return gettext("by %(name)s, %(at)s") % told
