"""The short screens after the first minute, each saved as it is left."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import step_counts, thread
from cases.forms import KeyForm
from cases.forms.screen import TROUBLE, ScreenForm
from cases.forms.screens import SCREENS, screen_form
from cases.forms.words import spoken
from cases.models import Case, CaseState
from cases.telling import Told
from cases.upload import CappedUpload
from cases.views import carry, key
from cases.views.page import family_page
from cases.views.steps import Step, by_urgency, steps

logger = logging.getLogger(__name__)

REFUSED = {
    "trouble": TROUBLE,
    "wrong": _("This reference and this secret do not belong together. Check both and try again."),
    "later": _("Too many attempts for this reference. Try again in an hour, or call the police."),
    "over": _("This page was open for too long. Give your reference and your secret again."),
    "too_long": _(
        "This page was open for too long, and what you typed is too long to be kept. "
        "Go back and copy it first, then give your reference and your secret again."
    ),
}
ENDED = (CaseState.CLOSED, CaseState.ERASED)


@family_page
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is told and what is still missing, the most urgent first."""
    case = key.case_of(request)
    if case is None:
        return _ask_key(request, request.path)
    if request.method == "POST" and key.has_cookie(request, case):
        return _remembered(redirect(reverse("cases:more")), case)
    return _overview(request, case)


@family_page
def screen(request: HttpRequest, screen: str, number: int = 1) -> HttpResponse:
    """Show one screen; save it as it is left."""
    if screen not in SCREENS:
        raise Http404
    if request.method == "POST":
        request.upload_handlers = [CappedUpload(request)]
    case = key.case_of(request)
    if case is None:
        return _ask_key(request, request.path, screen, number)
    return _on_screen(request, case, screen, number, request.POST, request.FILES)


def _on_screen(
    request: HttpRequest, case: Case, screen: str, number: int, posted: Any, files: Any
) -> HttpResponse:
    if case.standing.state in ENDED:
        return _remembered(redirect(reverse("cases:follow")), case)
    way = steps(case)
    here = next((step for step in way if (step.screen, step.number) == (screen, number)), None)
    if here is None:
        raise Http404
    if request.method != "POST" or posted.get("act") == "open":
        return _open(request, case, way, here)
    if posted.get("act") == "skip":
        return _go_on(request, case, way, here)
    return _save(request, case, way, here, posted, files)


def _open(request: HttpRequest, case: Case, way: tuple[Step, ...], here: Step) -> HttpResponse:
    if request.method == "POST" and key.has_cookie(request, case):
        return _remembered(redirect(here.url), case)
    return _page(request, case, way, here, _form(case, here))


def _save(
    request: HttpRequest, case: Case, way: tuple[Step, ...], here: Step, posted: Any, files: Any
) -> HttpResponse:
    form = _form(case, here, posted, files)
    try:
        if not form.is_valid():
            form.keep_files()
            return _page(request, case, way, here, form, status=422)
        form.save()
    except (DatabaseError, OSError) as fault:
        logger.error("screen: not saved (%s)", type(fault).__name__)
        form.add_error(None, TROUBLE)
        return _page(request, case, way, here, form, status=503)
    if form.is_answered():
        step_counts.answered(here.screen)
    if form.stays:
        return _page(request, case, steps(case), here, _form(case, here), advice=form.advice, saved=True)
    return _go_on(request, case, way, here)


def _go_on(request: HttpRequest, case: Case, way: tuple[Step, ...], here: Step) -> HttpResponse:
    following = way[way.index(here) + 1 :]
    if not following:
        if key.has_cookie(request, case):
            return _remembered(redirect(reverse("cases:more")), case)
        return _overview(request, case)
    if key.has_cookie(request, case):
        return _remembered(redirect(following[0].url), case)
    return _page(request, case, steps(case), following[0], _form(case, following[0]))


def _form(case: Case, here: Step, posted: Any = None, files: Any = None) -> ScreenForm:
    told = Told(source="family", language=spoken())
    return screen_form(here.screen, case, here.child, posted, files, told=told)


def _page(
    request: HttpRequest,
    case: Case,
    way: tuple[Step, ...],
    here: Step,
    form: ScreenForm,
    *,
    status: int = 200,
    saved: bool = False,
    advice: Sequence[Promise | str] = (),
) -> HttpResponse:
    if status == 200 and not saved:
        step_counts.shown(here.screen)
    position = next(number for number, step in enumerate(way, 1) if step.url == here.url)
    context = {
        "case": case, "form": form, "here": here, "way": way, "position": position, "key": key.field(case),
        "saved": saved, "advice": advice or (form.advice if form.is_bound else ()),
    }  # fmt: skip
    return _remembered(render(request, "cases/screen.html", context, status=status), case)


def _overview(request: HttpRequest, case: Case) -> HttpResponse:
    if case.is_withheld:
        return _remembered(redirect(reverse("cases:follow")), case)
    way = steps(case)
    context = {
        "case": case,
        "told": [step for step in way if step.is_told],
        "missing": by_urgency(step for step in way if not step.is_told),
        "key": key.field(case),
        "ended": case.standing.state in ENDED,
    }
    return _remembered(render(request, "cases/more.html", context), case)


def _remembered(response: HttpResponse, case: Case) -> HttpResponse:
    key.remember(response, case)
    return response


def _ask_key(request: HttpRequest, path: str, screen: str = "", number: int = 1) -> HttpResponse:
    """Ask for reference and secret, carrying along what was typed; open the page once they are right."""
    if request.method != "POST":
        return _key_page(request, path, KeyForm())
    if "secret" not in request.POST:
        carried = carry.seal(request.POST)
        return _key_page(request, path, KeyForm(), refused="over" if carried else "too_long", carried=carried)
    carried = request.POST.get("carried", "")
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _key_page(request, path, form, carried=carried)
    try:
        case = thread.open_case(form.cleaned_data["reference"], form.cleaned_data["secret"])
    except thread.ThreadRefused as refused:
        return _key_page(request, path, form, refused=refused.code, carried=carried)
    if not screen:
        return _overview(request, case)
    typed = carry.unseal(carried) or {"act": "open"}
    return _on_screen(request, case, screen, number, typed, None)


def _key_page(
    request: HttpRequest, path: str, form: KeyForm, *, refused: str = "", carried: str = ""
) -> HttpResponse:
    status = {"": 422 if form.errors else 200, "later": 429}.get(refused, 403)
    context = {
        "form": form,
        "path": path,
        "carried": carried,
        "refused": REFUSED.get(refused, ""),
        "had_files": had_files(request),
    }
    return render(request, "cases/key.html", context, status=status)


def had_files(request: HttpRequest) -> bool:
    """Say whether photos or recordings came with the form that met a key too old: nothing keeps them."""
    return request.method == "POST" and (bool(request.FILES) or "had_files" in request.POST)
