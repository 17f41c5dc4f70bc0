"""Tips on the officers' home page: what nobody has read, what was handed to the unit and nobody has taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Subquery, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from tips.desk import words
from tips.models import Tip
from trust import desk
from trust.desk import Item, Queue
from trust.models import Officer

SHOWN_FIELDS = (
    "reference", "door", "guess", "received_at", "look_due_at", "handed_at", "handed_to", "state",
)  # fmt: skip

ORDER = (F("look_due_at").asc(nulls_last=True), "-score", "received_at")


def queues(officer: Officer, now: datetime) -> list[Queue]:
    """Return the tips nobody has read, overdue ones in danger, the soonest due first (one query)."""
    if not officer.has_perm("tips.triage_tip"):  # to a superior a tip rises as a task, once it is overdue
        return []
    handed = Q(Tip.objects.handed_to(officer), state=Tip.State.HANDED_OVER, acknowledged_at=None)
    unread = Tip.objects.for_officer(officer).filter(state=Tip.State.NEW)
    first = unread.order_by(*ORDER).values("pk")[: desk.SHOWN]  # by the index alone: rows are wide
    counted = unread.order_by().values(all=Value(1)).annotate(many=Count("pk")).values("many")
    named = Tip.objects.filter(Q(pk__in=first) | handed).only(*SHOWN_FIELDS)
    found: list[Any] = list(named.annotate(among=Subquery(counted)).order_by(*ORDER)[: 2 * desk.SHOWN])
    given = [tip for tip in found if tip.state == Tip.State.HANDED_OVER]
    tips = [*given, *(tip for tip in found if tip.state == Tip.State.NEW)][: desk.SHOWN]
    count = len(given) + ((found[0].among or 0) if found else 0)
    items = [_item(tip, now) for tip in tips]
    listed = reverse("admin:tips_tip_changelist")
    return [Queue(_("Tips nobody has read"), items, _("No tip waits."), listed, count)]


def _item(tip: Tip, now: datetime) -> Item:
    is_handed = tip.state == Tip.State.HANDED_OVER
    said = _("handed to you: say that you have it") if is_handed else tip.get_guess_display()
    since = (tip.handed_at if is_handed else None) or tip.received_at
    return Item(
        tip.reference,
        reverse("admin:tips_tip_change", args=[tip.pk]),
        f"{said} · {words.door(tip.door)}",
        desk.age(since, now),
        level(tip, now),
    )


def level(tip: Tip, now: datetime) -> str:
    """Return how loudly an unread tip must be shown: danger once it had to be read by now."""
    if tip.look_due_at is None or tip.state != Tip.State.NEW:
        return desk.level(tip.handed_at or tip.received_at, now)
    return "danger" if tip.look_due_at <= now else "warning" if desk.level(tip.received_at, now) else ""
