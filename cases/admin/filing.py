"""An officer files for somebody, and completes or corrects what a family told: the family's own screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from cases import voice_drafts
from cases.admin.blind import BlindPlacesScreen, hide, is_blind, keep_unsaid
from cases.admin.desk_consent import DeskConsentScreen
from cases.admin.desk_words import reword
from cases.admin.doors import follow_url, page_url
from cases.admin.filing_forms import FilingForm, ToldForm, submission, token, told_from
from cases.admin.filing_post import PostViews
from cases.forms.screen import ScreenForm
from cases.forms.screens import PER_CHILD, SCREENS, TITLES, screen_form
from cases.forms.start import StartForm
from cases.forms.words import plain
from cases.models import Case, Child
from cases.report import receive
from cases.telling import Told
from cases.upload import CappedUpload
from trust import audit, clock
from trust.desk import officer_of

# A call-taker of one unit files for a town of another: the case goes there, and stays open to who types it.
STILL_TYPING = timedelta(hours=12)
BEGUN = "begin"  # what a call-taker's page sends: shown to be completed, not yet filed
MOST_WORDS = 4000  # of what a caller said
Step = tuple[str, int | None]
DESK_TITLES: Mapping[str, Promise] = {"you": gettext_lazy("Who reported")}


class FilingViews(PostViews):
    # Exempt, then protected within: the handler of uploads is set before anything reads the form.
    @method_decorator(csrf_exempt)
    def file_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("cases.add_case"):
            raise PermissionDenied
        if request.method == "POST":
            request.upload_handlers = [CappedUpload(request)]
        return self._file(request)

    @method_decorator(csrf_exempt)
    def tell_view(
        self, request: HttpRequest, pk: UUID, screen: str, number: int | None = None
    ) -> HttpResponse:
        case = self._being_told(request, pk)
        if screen not in SCREENS or (number is None) == (screen in PER_CHILD):
            raise Http404
        if request.method == "POST":
            request.upload_handlers = [CappedUpload(request)]
        return self._tell(request, case, screen, number)

    @method_decorator([never_cache, csrf_protect, sensitive_post_parameters()])
    def _file(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._filing_page(request, StartForm(), FilingForm())
        if request.POST.get("act") == BEGUN:
            return self._filing_page(
                request, StartForm(initial=request.POST.dict()), FilingForm(by_phone=True)
            )
        start, filing = StartForm(request.POST, request.FILES), FilingForm(request.POST)
        reword(start, "start")
        if request.POST.get("act") == "add_child":
            return self._filing_page(request, start.one_more(), filing)
        marked, value = submission(request.POST.get("submission", ""))
        if not all([start.is_valid(), filing.is_valid()]):
            return self._filing_page(request, start, filing, marked, status=422)
        return self._received(request, start, filing, value)

    def _filing_page(
        self,
        request: HttpRequest,
        start: StartForm,
        filing: FilingForm,
        marked: str = "",
        *,
        status: int = 200,
    ) -> HttpResponse:
        reword(start, "start")
        heard = start.voice if start.is_bound else None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("File a report"),
            "form": start,
            "filing": filing,
            "submission": marked or token(),
            "more_button": True,
            "wrong": [one for one in (filing, start) if one.is_bound and one.errors],
            "voice_draft": voice_drafts.keep(heard) if heard else "",
            "told_words": request.POST.get("told_words", "")[:MOST_WORDS],
        }
        return TemplateResponse(request, "admin/cases/case/file.html", context, status=status)

    @sensitive_variables()
    def _received(
        self, request: HttpRequest, start: StartForm, filing: FilingForm, value: str
    ) -> HttpResponse:
        officer, said = officer_of(request), filing.cleaned_data
        report = start.report(value, filed_by=officer, filed_how=said["how"], reported_at=filing.said_at)
        words = plain(request.POST.get("told_words", ""))[:MOST_WORDS]
        received = receive(replace(report, language=said["language"], circumstances=words))
        case, secret = received.case, received.secret
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("For the family: reference and secret"),
            "case": case,
            "told_by": case,
            "secret": secret,
            "words": secret.words(said["language"]) if secret else "",
            "language": said["language"],
            "follow_url": follow_url(said["language"]),
            "next_url": _url(case, _steps(case)[0], filing.next_query),
        }
        return TemplateResponse(request, "admin/cases/case/slip.html", context)

    @method_decorator([never_cache, csrf_protect, sensitive_post_parameters()])
    def _tell(self, request: HttpRequest, case: Case, screen: str, number: int | None) -> HttpResponse:
        officer, step = officer_of(request), (screen, number)
        asked = told_from(request.GET, officer)
        if request.method != "POST":
            how, form = ToldForm(asked=request.GET), _form(step, case, asked)
            return self._screen_page(request, case, step, form, how)
        how = ToldForm(request.POST, asked=request.GET)
        is_known = how.is_valid()
        told = how.told(officer) if is_known else asked
        form = _form(step, case, told, request.POST, request.FILES)
        if not form.is_valid() or not is_known:
            form.keep_files()
            return self._screen_page(request, case, step, form, how, status=422)
        if is_blind(screen, officer):
            keep_unsaid(form)
        form.save()
        if form.stays and "leave" not in request.POST:
            fresh = _form(step, case, told)
            return self._screen_page(request, case, step, fresh, how, advice=form.advice)
        return self._go_on(request, case, step, how.next_query)

    def _go_on(self, request: HttpRequest, case: Case, step: Step, query: str) -> HttpResponse:
        """Go to the next screen; to the case, or home where it lies with another unit, after the last."""
        steps = _steps(case)
        after = steps[steps.index(step) + 1 :] if step in steps else []
        if after and "leave" not in request.POST:
            return redirect(_url(case, after[0], query))
        messages.success(request, gettext("Saved."))
        in_scope = self.get_queryset(request).filter(pk=case.pk).exists()
        return redirect(page_url(case.standing) if in_scope else reverse("admin:index"))

    def _screen_page(
        self,
        request: HttpRequest,
        case: Case,
        step: Step,
        form: ScreenForm,
        how: ToldForm,
        *,
        status: int = 200,
        advice: Sequence[str | Promise] | None = None,
    ) -> HttpResponse:
        """Show a screen; advice is set where what was sent has been saved and the page stays."""
        steps, query = _steps(case), request.GET.urlencode()
        at = steps.index(step)
        context = {
            **self.admin_site.each_context(request),
            "title": str(DESK_TITLES.get(step[0], form.title)),
            "case": case,
            "form": form,
            "how": how,
            "child_name": _child_name(case, step[1]),
            "steps": [
                {"title": _title(case, one), "url": _url(case, one, query), "is_here": one == step}
                for one in steps
            ],
            "back_url": _url(case, steps[at - 1], query) if at else "",
            "is_last": at == len(steps) - 1,
            "is_blind": is_blind(step[0], officer_of(request)),
            "advice": form.advice if advice is None else advice,
            "saved": advice is not None,
            "languages_url": _language_url(request),
        }
        return TemplateResponse(request, "admin/cases/case/tell.html", context, status=status)

    def _being_told(self, request: HttpRequest, pk: UUID) -> Case:
        """Return a case of the officer's scope, or one filed by the officer today; 404 once it is over."""
        if not request.user.has_perm("cases.add_case"):
            raise PermissionDenied
        officer = officer_of(request)
        mine = Q(filed_by=officer, received_at__gte=clock.now() - STILL_TYPING)
        scope = Q(pk__in=Case.objects.for_officer(officer).values("pk"))
        cases = Case.objects.select_related("unit__agency", "owner", "merged_into")
        cases = cases.prefetch_related("children")
        case = get_object_or_404(cases, mine | scope, pk=pk)
        if not case.standing.is_open:
            raise Http404
        audit.viewed(officer, case, "telling")
        return case


def _form(step: Step, case: Case, told: Told, data: Any = None, files: Any = None) -> ScreenForm:
    """Return the screen; what was told before stands in it only for who may read it."""
    screen, number = step
    child = _child(case, number)
    if screen == "consent":
        title = TITLES[screen]
        form: ScreenForm = DeskConsentScreen(screen, case, child, data, files, told=told, title=title)
    elif screen == "places" and told.officer and is_blind(screen, told.officer):
        form = BlindPlacesScreen(screen, case, child, data, files, told=told, title=TITLES[screen])
    else:
        form = screen_form(screen, case, child, data, files, told=told)
    if told.officer is None or is_blind(screen, told.officer):
        hide(form)
    reword(form, screen)
    return form


def _language_url(request: HttpRequest) -> str:
    """Return this page's address without a language; the code is put behind it."""
    query = request.GET.copy()
    query.pop("in", None)
    return f"?{query.urlencode()}&in=" if query else "?in="


def _child(case: Case, number: int | None) -> Child | None:
    """Return the child of that number, counted from 1; 404 for one too many."""
    if number is None:
        return None
    children = list(case.children.all())
    if not 1 <= number <= len(children):
        raise Http404
    return children[number - 1]


def _child_name(case: Case, number: int | None) -> str:
    child = _child(case, number)
    return (child.given_name or "") if child else ""


def _steps(case: Case) -> list[Step]:
    """Return the screens in order; those asked of each child come once a child."""
    count = len(case.children.all())
    return [
        step
        for screen in SCREENS
        for step in ([(screen, n) for n in range(1, count + 1)] if screen in PER_CHILD else [(screen, None)])
    ]


def _title(case: Case, step: Step) -> str:
    screen, number = step
    title = str(DESK_TITLES.get(screen, TITLES[screen]))
    return f"{title} · {number}" if number and len(case.children.all()) > 1 else title


def _url(case: Case, step: Step, query: str) -> str:
    screen, number = step
    name = "admin:cases_case_tell" if number is None else "admin:cases_case_tell_child"
    address = reverse(name, args=[case.pk, screen] if number is None else [case.pk, screen, number])
    return f"{address}?{query}" if query else address
