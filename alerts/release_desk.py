"""Releases of words on the pages where they matter: the draft, the sign page, the case, the home page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from alerts import releasing
from alerts.lint import Finding
from alerts.models import Release, Version
from alerts.releasing import Question
from cases.desk import PANELS, Panel
from cases.models import Case
from trust import clock, desk
from trust.desk import Item, Queue
from trust.models import Decision, Officer


@dataclass(frozen=True)
class Line:
    """Hold one question as a page shows it: what, what became of it, and where it is read and answered."""

    what: str
    state: str
    url: str
    level: str = ""


def release_url(release: Release, verb: str = "") -> str:
    name = f"admin:alerts_version_release{'_' if verb else ''}{verb}"
    return reverse(name, args=[release.version_id, release.pk])


def on_version(version: Version, officer: Officer, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return what the page of a version needs: what may be asked for, what was asked, what was released."""
    now, zone = clock.now(), desk.zone_of(officer)
    if version.state != Version.State.DRAFT:
        return {"released": [line(one, zone) for one in releasing.of_version(version)]}
    found = list(findings)
    asked = [
        one
        for one in releasing.questions(version.alert.case, now)
        if one.release.sentences == version.additions
    ]
    waits = {one.release.field for one in asked if one.is_open}
    fields = [field for field in releasing.asked_for(found) if field not in waits]
    may_ask = officer.has_perm("alerts.draft_version")
    return {
        "release_fields": [(field, Release.Field(field).label) for field in fields] if may_ask else [],
        "release_lines": [line(one, zone) for one in asked],
    }


def line(one: Question, zone: ZoneInfo) -> Line:
    state, level = _state(one, zone)
    return Line(str(one.release), state, release_url(one.release), level)


def _state(one: Question, zone: ZoneInfo) -> tuple[str, str]:
    decision = one.decision
    told = {"who": _isolated(decision.decided_by), "at": desk.moment(decision.decided_at, zone)}
    if one.is_granted:
        return _("Asked by %(asker)s, released by %(who)s, %(at)s") % {
            **told,
            "asker": _isolated(decision.asked_by),
        }, "success"
    if decision.outcome == Decision.Outcome.REFUSED:
        return _("Refused by %(who)s, %(at)s") % told, "danger"
    if one.is_open:
        return _("Waits for a second officer until %(at)s") % {
            "at": desk.moment(decision.expires_at, zone)
        }, "warning"
    return _("Too old: nobody answered"), ""


def _isolated(who: Officer | None) -> str:
    """Return the name so that it turns no date round: a Latin one stands inside Arabic."""
    return f"\u2068{who}\u2069" if who else "—"


def queues(officer: Officer, now: datetime) -> list[Queue]:
    """Return the queue of questions this officer could answer; none where nothing waits (one query)."""
    rows = releasing.waiting(officer, now) if officer.has_perm("alerts.sign_version") else []
    if not rows:
        return []
    items = [
        Item(
            row.case.reference, release_url(row), str(row), desk.age(row.asked_at, now),
            desk.level(row.asked_at, now),
        )
        for row in rows[: desk.SHOWN]
    ]  # fmt: skip
    url = reverse("admin:alerts_version_changelist")
    return [Queue(_("Words to release"), items, _("Nothing waits for you."), url, len(rows))]


def case_panel(case: Case, officer: Officer) -> Panel | None:
    """Return what was asked on the case; nothing where nobody asked."""
    if not officer.has_perm("alerts.view_version"):
        return None
    asked = releasing.questions(case, clock.now())
    if not asked:
        return None
    zone = desk.zone_of(officer)
    return Panel("admin/alerts/release_panel.html", {"lines": [line(one, zone) for one in asked]})


def install() -> None:
    """Show releases on the pages of cases."""
    if case_panel not in PANELS:
        PANELS.append(case_panel)
