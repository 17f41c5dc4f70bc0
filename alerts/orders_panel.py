"""Orders of magistrates on the page of their case."""

from __future__ import annotations

from django.urls import reverse

from alerts import orders
from alerts.models import Order
from cases.desk import PANELS, Panel
from cases.models import Case
from trust import desk
from trust.models import Officer


def panel(case: Case, officer: Officer) -> Panel | None:
    """Return the orders on a case and the way to record one; nothing where none is asked for or there."""
    if not officer.has_perm("alerts.view_order"):
        return None
    zone, rows = desk.zone_of(officer), Order.objects.about(case).select_related("recorded_by")
    kept = list(rows)
    holding = {order.pk for order in rows.holding()} if kept else set()
    may_record = case.standing.is_open and officer.has_perm("alerts.add_order")
    may_hold = may_record and officer.has_perm("alerts.stop_alert")
    context = {
        "orders": [
            (
                order,
                reverse("admin:alerts_order_change", args=[order.pk]),
                desk.moment(order.given_at, zone),
                order.pk in holding,
            )
            for order in kept
        ],
        "holds": bool(holding),
        "missing": orders.is_asked_for() and case.is_open and orders.missing(case),
        "record_url": reverse("admin:alerts_order_record", args=[case.pk]) if may_record else "",
        "hold_url": reverse("admin:alerts_order_hold", args=[case.pk]) if may_hold else "",
    }
    return Panel("admin/alerts/order_panel.html", context)


def install() -> None:
    """Show orders on the pages of cases."""
    if panel not in PANELS:
        PANELS.append(panel)
