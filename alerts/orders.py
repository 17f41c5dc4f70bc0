"""What magistrates ordered about a case: whether an alert lacks an order, whether one forbids it."""

from __future__ import annotations

from django.conf import settings

from alerts.models import Order
from cases.models import Case

NONE, PROSECUTOR, EITHER = "none", "prosecutor", "either"
# By rule, the offices whose order counts: geo.pack.AuthorityRule.
OFFICES: dict[str, frozenset[str]] = {
    NONE: frozenset(),
    PROSECUTOR: frozenset({Order.Office.PROSECUTOR}),
    EITHER: frozenset(Order.Office.values),
}


def is_asked_for() -> bool:
    """Say whether the rule here asks for an order before an alert is signed."""
    return bool(OFFICES[settings.ORDER_RULE])


def missing(case: Case) -> bool:
    """Say whether the rule asks for an order to issue an alert and none is recorded (one query at most)."""
    offices = OFFICES[settings.ORDER_RULE]
    return bool(offices) and not Order.objects.about(case).ordering(offices).exists()


def standing_hold(case: Case) -> Order | None:
    """Return the order under which nothing may be issued on the case, None without one (three queries)."""
    return next(iter(Order.objects.about(case).holding()), None)
