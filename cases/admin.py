"""Cases at the police desk: a list, one page a case, and buttons that call the verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cases import desk as case_desk
from cases import sheet, thread, vocabulary
from cases.accept import accept, open_file
from cases.call_back import spoken
from cases.close import close
from cases.desk import queues
from cases.models import Case, CaseState, Child, MoveRefused, Photo
from notifier.admin import KEY_OWNERS
from trust import audit, clock, desk, keys
from trust.desk import ReadOnlyAdmin, officer_of
from trust.secondfactor import fresh_factor_required

__all__ = ["CaseAdmin", "queues"]

audit.declare({"case.list_read": "an officer opened the list of cases, which names children"})

desk.TASK_SUBJECTS["case"] = "admin:cases_case_change"
desk.TASK_WORDS.update(
    {
        "new_report": _("A new report waits for somebody to take it"),
        "child_home": _("The family says that the child is home: check it"),
        "family_waits": _("The family wrote and waits for an answer"),
        "consent.withdraw": _("The family asks consent back: decide before the clock runs out"),
    }
)
KEY_OWNERS.append(lambda officer: Case.objects.for_officer(officer).values("pk"))

REFUSALS = {
    "moved_meanwhile": _("Somebody else was first. The page now shows how the case stands."),
    "no_such_move": _("The case does not stand where this is possible."),
    "wrong_outcome": _("A case under review can only be closed as unfounded; open it first."),
    "unknown_outcome": _("Choose how the case ended."),
    "case_over": _("The case is no longer worked on."),
    "too_late": _("A case can be opened again within 24 hours only."),
}


def sentence(refusal: Exception) -> str:
    code = getattr(refusal, "code", "")
    return str(REFUSALS.get(code, _("This is not possible now.")))


class CloseForm(forms.Form):
    """Ask how the case ended."""

    outcome = forms.ChoiceField(label=_("How did it end?"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For the log. Name nobody."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = vocabulary.choices("outcome", sheet.language())
        self.fields["outcome"] = forms.ChoiceField(label=_("How did it end?"), choices=[("", "—"), *outcomes])


class CaseList(ChangeList):
    """Open the first child's name and birth date of every case on one page with two queries."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        cases = list(self.result_list)
        rows = Child.objects.filter(case__in=cases).order_by("-position")
        told = rows.values_list("case_id", "age_years", "given_name", "birth_date_iso")
        first = {pk: (age, [("given_name", name), ("birth_date", born)]) for pk, age, name, born in told}
        wanted = [
            (pk, field, value) for pk, (_age, sealed) in first.items() for field, value in sealed if value
        ]
        opened = dict(zip(((pk, field) for pk, field, _v in wanted), keys.open_many(wanted), strict=True))
        now = clock.now()
        for case in cases:
            case.waited = desk.age(case.received_at, now)
            age = first[case.pk][0] if case.pk in first else None
            born = (opened.get((case.pk, "birth_date")) or b"").decode()
            case.child_name = (opened.get((case.pk, "given_name")) or b"").decode()
            case.child_age = Child(age_years=age, birth_date_iso=born).age_at(case.last_seen_at)
        self.result_list = cases


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ("reference", "child", "child_age", "waits", "state", "unit", "owner")
    list_filter = ("state",)
    list_select_related = ("unit", "owner")
    list_per_page = 50
    search_fields = ("reference",)
    search_help_text = _("The reference of a case, whole or its beginning")
    ordering = ("-received_at",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return Case.objects.for_officer(request.user)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CaseList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip().upper()
        return (queryset.filter(reference__istartswith=term) if term else queryset), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.has_view_permission(request):
            audit.record("case.list_read", None, actor=officer_of(request))
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("child"))
    def child(self, case: Any) -> str:
        return case.child_name or "—"

    @admin.display(description=_("age"))
    def child_age(self, case: Any) -> str:
        return "—" if case.child_age is None else str(case.child_age)

    @admin.display(description=_("reported since"), ordering="received_at")
    def waits(self, case: Any) -> str:
        return str(case.waited)

    def get_urls(self) -> list[URLPattern]:
        verbs: tuple[tuple[str, Callable[..., HttpResponse]], ...] = (
            ("accept", self.accept_view),
            ("spoken", self.spoken_view),
            ("open", self.open_view),
            ("write", self.write_view),
            ("close", self.close_view),
        )
        own = [
            path(f"<uuid:pk>/{name}/", self.admin_site.admin_view(view), name=f"cases_case_{name}")
            for name, view in verbs
        ]
        photo = path(
            "<uuid:pk>/photo/<uuid:photo_pk>/",
            self.admin_site.admin_view(self.photo_view),
            name="cases_case_photo",
        )
        return [*own, photo, *super().get_urls()]

    def case_for(self, request: HttpRequest, pk: UUID | str, permission: str) -> Case:
        """Return a case within the officer's scope; 403 without the right, 404 beyond the scope."""
        if not request.user.has_perm(permission):
            raise PermissionDenied
        cases = self.get_queryset(request).select_related("unit__agency", "owner")
        return get_object_or_404(cases, pk=pk)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            key = UUID(object_id)
        except ValueError:
            raise Http404 from None
        case, officer = self.case_for(request, key, "cases.view_case"), officer_of(request)
        audit.viewed(officer, case, "case page")
        context = {**self.admin_site.each_context(request), **page(case, officer), **(extra_context or {})}
        return TemplateResponse(request, "admin/cases/case/page.html", context)

    def photo_view(self, request: HttpRequest, pk: UUID, photo_pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.view_case")
        photo = get_object_or_404(Photo.objects.select_related("child"), pk=photo_pk, child__case=case)
        audit.viewed(officer_of(request), case, "case photo")
        data = photo.clean_bytes()
        if data is None:
            raise Http404
        return HttpResponse(data, content_type="image/jpeg")

    @method_decorator(require_POST)
    def accept_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.accept_case")
        done = _("The case is yours. Call the family now.")
        return self._perform(request, case, lambda: accept(case, officer_of(request)), done)

    @method_decorator(require_POST)
    def spoken_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.accept_case")
        return self._perform(request, case, lambda: spoken(case, officer_of(request)), _("Noted."))

    @method_decorator(require_POST)
    def open_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.accept_case")
        done = _("The search is open.")
        return self._perform(request, case, lambda: open_file(case, officer_of(request)), done)

    @method_decorator(require_POST)
    def write_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.change_case")
        body = request.POST.get("body", "").strip()
        if not body:
            messages.error(request, gettext("Write something first."))
            return redirect(case_desk.page_url(case))
        done = _("The family can read your answer.")
        return self._perform(
            request, case, lambda: thread.police_write(case, officer_of(request), body), done
        )

    @method_decorator(fresh_factor_required)
    def close_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.close_case")
        form = CloseForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            done = _("The case is closed. What was public is being taken back.")
            return self._perform(
                request, case, lambda: close(case, officer_of(request), told["outcome"], told["reason"]), done
            )
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Close case %(reference)s") % {"reference": case.reference},
            "case": case,
            "form": form,
        }
        return TemplateResponse(request, "admin/cases/case/close.html", context)

    def _perform(
        self, request: HttpRequest, case: Case, act: Callable[[], object], done: Any
    ) -> HttpResponse:
        return desk.perform(
            request, act, done, case_desk.page_url(case), refusals=(MoveRefused,), say=sentence
        )


def page(case: Case, officer: Any) -> dict[str, Any]:
    """Return what the page of a case shows to this officer."""
    now, zone = clock.now(), desk.zone_of(officer)
    restricted = officer.has_perm(sheet.RESTRICTED)
    shown = case_desk.panels(case, officer)
    entries = thread.entries(case.pk)
    return {
        "title": gettext("Case %(reference)s") % {"reference": case.reference},
        "case": case,
        "children": [sheet.child_sheet(child, officer, now) for child in case.children.all()],
        "clocks": [
            {"name": line.name, "at": line.at, "shown": desk.moment(line.at, zone), "late": line.late}
            for line in case_desk.clocks(case, shown, now)
        ],
        "last_seen_shown": desk.moment(case.last_seen_at, zone),
        "last_seen_words": case.last_seen_words,
        "map": case_desk.last_seen_map(case),
        "restricted": restricted,
        "circumstances": sheet.circumstances(case, officer),
        "places": sheet.places(case) if restricted else [],
        "reporter": sheet.reporter(case) if restricted else [],
        "consents": [(line, desk.moment(line.given_at, zone)) for line in sheet.consents(case, now)],
        "thread": [(line, thread.words(line), desk.moment(line.at, zone)) for line in entries],
        "panels": shown,
        "category": vocabulary.label("category", case.category, sheet.language()),
        "outcome": vocabulary.label("outcome", case.outcome, sheet.language()),
        "may_accept": case.state == CaseState.RECEIVED and officer.has_perm("cases.accept_case"),
        "may_call": case.is_open and not case.spoken_at and officer.has_perm("cases.accept_case"),
        "may_open": case.state == CaseState.REVIEW and officer.has_perm("cases.accept_case"),
        "may_close": case.state in (CaseState.REVIEW, CaseState.OPEN)
        and officer.has_perm("cases.close_case"),
        "may_write": case.is_open and officer.has_perm("cases.change_case"),
    }
