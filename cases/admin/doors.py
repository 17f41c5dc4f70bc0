"""What every view on a case asks first: the right, and the scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from cases.models import Case, MoveRefused
from trust import break_glass, desk
from trust.desk import ReadOnlyAdmin, officer_of

REFUSALS = {
    "moved_meanwhile": _("Somebody else was first. The page now shows how the case stands."),
    "no_such_move": _("The case does not stand where this is possible."),
    "wrong_outcome": _("A case under review can only be closed as unfounded; open it first."),
    "unknown_outcome": _("Choose how the case ended."),
    "case_over": _("The case is no longer worked on."),
    "too_late": _("A case can be opened again within 24 hours only."),
    "alert_lives": _("An alert on the report to be joined is public. End it, or join the other way round."),
    "other_force": _("Reports of two forces cannot be joined. Call the other one."),
    "wrong_children": _("The children changed meanwhile. Look again which is which."),
    "unknown_ground": _("Say why."),
    "not_in_conflict": _("There is no conflict on this case any more."),
    "no_authority": _("Name the authority and what it decided."),
    "in_the_future": _("This day is in the future. Check the date."),
    "place_withheld": _(
        "Whoever reported is told only that the child is safe. Nothing can be written to them."
    ),
}


def sentence(refusal: Exception) -> str:
    code = getattr(refusal, "code", "")
    return str(REFUSALS.get(code, _("This is not possible now.")))


def page_url(case: Case) -> str:
    return reverse("admin:cases_case_change", args=[case.pk])


def follow_url(language: str) -> str:
    """Return where a family opens its thread, as one types it from paper."""
    with override(language):
        return f"{settings.PUBLIC_URL}{reverse('cases:follow')}"


def say_until_when(request: HttpRequest, case: Case) -> None:
    """Let the page itself say, each time, that it is open for a while and to read."""
    officer = officer_of(request)
    until = desk.moment(break_glass.open_until(officer, case.pk), desk.zone_of(officer))
    said = gettext("Opened in an emergency, to read, until %(hour)s. The look is in the log.")
    messages.warning(request, said % {"hour": until})


class CaseDoors(ReadOnlyAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return Case.objects.for_officer(request.user)

    def case_for(self, request: HttpRequest, pk: UUID | str, permission: str) -> Case:
        """Return a case within the officer's scope; 403 without the right, 404 beyond the scope."""
        if not request.user.has_perm(permission):
            raise PermissionDenied
        cases = self.get_queryset(request).select_related("unit__agency", "owner", "filed_by", "merged_into")
        return get_object_or_404(cases, pk=pk)

    def case_to_read(self, request: HttpRequest, pk: UUID | str) -> Case:
        """Return a case within the officer's scope, or one opened in an emergency; then only for a look.

        Every page that acts asks case_for(), which knows of no emergency.
        """
        officer = officer_of(request)
        if not officer.has_perm("cases.view_case"):
            raise PermissionDenied
        cases = Case.objects.for_officer(officer, to_read=True)
        case = get_object_or_404(
            cases.select_related("unit__agency", "owner", "filed_by", "merged_into"), pk=pk
        )
        if not self.get_queryset(request).filter(pk=case.pk).exists():
            break_glass.read_through(officer, case)
            match = request.resolver_match
            if match is not None and match.url_name == "cases_case_change":
                say_until_when(request, case)
        return case

    def perform(
        self,
        request: HttpRequest,
        case: Case,
        act: Callable[[], object],
        done: Any,
        *,
        refusals: tuple[type[Exception], ...] = (MoveRefused,),
        anchor: str = "",
    ) -> HttpResponse:
        """Do the act, say what came of it, and go back to the page of the case, or a part of it."""
        return desk.perform(request, act, done, page_url(case) + anchor, refusals=refusals, say=sentence)

    def page_with(self, request: HttpRequest, case: Case, **forms: Any) -> HttpResponse:
        """Show the page of the case again with forms that were not filled in well."""
        raise NotImplementedError
