"""New rights that wait: a second administrator reads who should get what, by whose wish, and decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from trust import clock, desk, granting
from trust.desk import Item, Queue, ReadOnlyAdmin, officer_of
from trust.grant_words import ground_words, refused
from trust.models import Grant, Officer
from trust.register_admin import role_name
from trust.secondfactor import factor_at, fresh_factor_required

OUTCOMES = {
    Grant.Outcome.OPEN: _("waits"),
    Grant.Outcome.GRANTED: _("given"),
    Grant.Outcome.REFUSED: _("refused"),
    Grant.Outcome.LAPSED: _("lapsed"),
}


def queue(officer: Officer) -> Queue:
    """Return the new rights that wait for this administrator (two queries)."""
    now = clock.now()
    waiting = Grant.objects.waiting(now).exclude(asked_by=officer).exclude(subject=officer.pk)
    rows = list(_named(waiting).order_by("asked_at")[: desk.SHOWN])
    items = [
        Item(
            grant.officer_name or "—",
            reverse("admin:trust_grant_change", args=[grant.pk]),
            ground_words(grant.ground),
            desk.age(grant.asked_at, now),
        )
        for grant in rows
    ]
    title, none = gettext("New rights to decide on"), gettext("No new right waits for you.")
    count = waiting.count() if len(rows) == desk.SHOWN else len(rows)
    return Queue(title, items, none, reverse("admin:trust_grant_changelist"), count)


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    list_display = ("officer", "right", "asker", "since", "outcome_said", "decider")
    list_select_related = ("asked_by", "decided_by")
    ordering = ("-asked_at",)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        acts = {"give": self.give_view, "refuse": self.refuse_view, "call-off": self.call_off_view}
        own = [
            path(f"<uuid:pk>/{name}/", wrap(view), name=f"trust_grant_{name.replace('-', '_')}")
            for name, view in acts.items()
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return _named(Grant.objects.get_queryset())

    @admin.display(description=_("officer"))
    def officer(self, grant: Any) -> str:
        return grant.officer_name or "—"

    @admin.display(description=_("right"))
    def right(self, grant: Grant) -> str:
        return ground_words(grant.ground)

    @admin.display(description=_("asked by"))
    def asker(self, grant: Grant) -> str:
        return str(grant.asked_by or "—")

    @admin.display(description=_("since"), ordering="asked_at")
    def since(self, grant: Grant) -> datetime:
        return grant.asked_at

    @admin.display(description=_("answered by"))
    def decider(self, grant: Grant) -> str:
        return str(grant.decided_by or "—")

    @admin.display(description=_("answer"))
    def outcome_said(self, grant: Grant) -> str:
        return str(OUTCOMES[Grant.Outcome(grant.outcome)])

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        grant, officer = self.get_object(request, object_id), officer_of(request)
        if grant is None or not self.has_view_permission(request, grant):
            raise Http404
        about = Officer.objects.select_related("unit__agency").get(pk=grant.subject)
        zone, is_open = desk.zone_of(officer), grant.outcome == Grant.Outcome.OPEN
        decides = is_open and officer.has_perm(granting.DECIDE) and about.pk != officer.pk
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("A new right"),
            "grant": grant,
            "about": about,
            "held": ", ".join(role_name(group.name) for group in about.groups.all()) or "—",
            "right": ground_words(grant.ground),
            "asked_at": desk.moment(grant.asked_at, zone),
            "until": desk.moment(grant.expires_at, zone),
            "decided_at": desk.moment(grant.decided_at, zone),
            "outcome": self.outcome_said(grant),
            "may_decide": decides and grant.asked_by_id != officer.pk,
            "may_call_off": is_open and grant.asked_by_id == officer.pk,
        }
        return TemplateResponse(request, "admin/trust/grant.html", context)

    @method_decorator(fresh_factor_required)
    def give_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Give the right; a GET comes back from the second factor and shows the page again."""
        if request.method != "POST":
            return redirect("admin:trust_grant_change", pk)
        officer, at = officer_of(request), factor_at(request)
        done = _("Given. The officer is told, and signs in anew.")
        return self._decide(request, pk, lambda: granting.give(pk, officer, factor_at=at), done)

    @method_decorator(require_POST)
    def refuse_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        officer = officer_of(request)
        return self._decide(request, pk, lambda: granting.refuse(pk, officer), _("Refused."))

    @method_decorator(require_POST)
    def call_off_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        officer = officer_of(request)
        return self._decide(request, pk, lambda: granting.call_off(pk, officer), _("Taken back."))

    def _decide(
        self, request: HttpRequest, pk: UUID, act: Callable[[], object], done: str | Promise
    ) -> HttpResponse:
        if not officer_of(request).has_perm(granting.DECIDE):
            raise PermissionDenied
        back = reverse("admin:trust_grant_change", args=[pk])
        try:
            return desk.perform(request, act, done, back, refusals=(granting.GrantRefused,), say=refused)
        except Grant.DoesNotExist:
            raise Http404 from None


def _named(grants: QuerySet[Grant]) -> QuerySet[Any]:
    """Tell with each whom it is about."""
    about = Officer.objects.filter(pk=OuterRef("subject")).values("display_name")
    return grants.annotate(officer_name=Subquery(about, output_field=CharField()))
