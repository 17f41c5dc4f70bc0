"""What the public told about a case, on its page: each tip with what came along with it as evidence."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from alerts.models import Alert
from cases.desk import PANELS, Panel
from cases.models import Case
from tips.desk import words
from tips.models import Tip
from trust import desk
from trust.models import Officer

SHOWN = 20


def panel(case: Case, officer: Officer) -> Panel | None:
    """Return the tips about the case that the officer may read, those it grew out of first (two queries)."""
    if not officer.has_perm("tips.view_tip"):
        return None
    cases = [case.pk, *(one.pk for one in case.joined)]
    alerts = Alert.objects.filter(case__in=cases).values("pk")
    rows = Tip.objects.for_officer(officer).filter(Q(case_id__in=cases) | Q(alert_id__in=alerts))
    tips: list[Any] = list(rows.annotate(along=Count("attachments")).order_by("-received_at")[: SHOWN + 1])
    if not tips:
        return None
    zone = desk.zone_of(officer)
    lines = [
        {
            "reference": tip.reference,
            "url": reverse("admin:tips_tip_change", args=[tip.pk]),
            "state": tip.get_state_display(),
            "is_open": tip.state not in Tip.DECIDED,
            "is_origin": tip.state == Tip.State.CASE and tip.case_id in cases,
            "door": words.door(tip.door),
            "at": desk.moment(tip.received_at, zone),
            "along": _("files along with it: %(count)s") % {"count": tip.along} if tip.along else "",
        }
        for tip in sorted(tips[:SHOWN], key=lambda tip: tip.state != Tip.State.CASE)
    ]
    return Panel("admin/tips/case_panel.html", {"tips": lines, "has_more": len(tips) > SHOWN})


def install() -> None:
    """Show tips on the pages of cases."""
    if panel not in PANELS:
        PANELS.append(panel)
