"""Tips at the desk: what the public told, read by those who triage; the workbench is built on top later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from notifier.admin import KEY_OWNERS
from tips.models import Tip
from trust import desk
from trust.desk import Item, Queue, ReadOnlyAdmin, officer_of
from trust.models import Officer

KEY_OWNERS.append(lambda officer: Tip.objects.for_officer(officer).values("pk"))


def queues(officer: Officer, now: datetime) -> list[Queue]:
    """Return the tips nobody has looked at yet, the oldest first (two queries at most)."""
    if not officer.has_perm("tips.view_tip"):
        return []
    waiting = Tip.objects.for_officer(officer).filter(state=Tip.State.NEW).order_by("received_at")
    tips = list(waiting.only("reference", "door", "received_at")[: desk.SHOWN])
    items = [
        Item(
            tip.reference,
            reverse("admin:tips_tip_change", args=[tip.pk]),
            tip.door,
            desk.age(tip.received_at, now),
            desk.level(tip.received_at, now),
        )
        for tip in tips
    ]
    count = waiting.count() if len(tips) == desk.SHOWN else len(tips)
    listed = reverse("admin:tips_tip_changelist")
    return [Queue(_("Tips nobody has read"), items, _("No tip waits."), listed, count)]


@admin.register(Tip)
class TipAdmin(ReadOnlyAdmin):
    """Words are read one tip at a time, and each look is logged. Who sent it is not shown here."""

    list_display = ("reference", "state", "door", "language", "unit", "received_at")
    list_filter = ("state", "door")
    list_select_related = ("unit",)
    ordering = ("-received_at",)
    search_fields = ("=reference",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tip]:
        return Tip.objects.for_officer(officer_of(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        tip = self.get_object(request, object_id)
        if tip is None or not self.has_view_permission(request, tip):
            raise Http404
        officer = officer_of(request)
        tip.read_by(officer)
        context = {
            **self.admin_site.each_context(request),
            "title": tip.reference,
            "tip": tip,
            "received_at": desk.moment(tip.received_at, desk.zone_of(officer)),
            "said_at": desk.moment(tip.said_at, desk.zone_of(officer)),
            "alert_url": reverse("admin:alerts_alert_change", args=[tip.alert_id]) if tip.alert_id else "",
        }
        return TemplateResponse(request, "admin/tips/tip.html", context)
