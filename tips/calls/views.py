"""The call-taker's page, and the page of an officer's find. tips.intake takes in what they tell."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from alerts import statements
from cases import seen_post
from cases.forms.screen import TROUBLE
from cases.forms.words import spoken
from cases.models import Case
from cases.whereabouts import suggest
from tips import intake
from tips.calls import alike, choosing, page
from tips.calls.forms import CallForm, FoundForm
from tips.forms.arriving import SealedUpload
from tips.intake import Entered
from tips.views.page import new_token, submission
from trust.models import Officer

logger = logging.getLogger(__name__)
LEAST_LETTERS = 3


class CallView(View):
    """One page: a call is typed, saved with Enter, read out, and the next begins."""

    @method_decorator([never_cache, sensitive_post_parameters()])
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.officer = page.demand(request)
        self.choices = choosing.live(spoken())
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, self._fresh(spoken()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CallForm(request.POST, choices=self.choices)
        token, value = submission(request.POST.get("submission", ""))
        if request.POST.get("act") == "look":
            found = page.alike_to(form, self.officer)
            form.errors.clear()
            return self._page(request, form, token=token, lines=found, looked=True)
        if not form.is_valid():
            return self._page(request, form, token=token, status=422)
        try:
            entered = self._enter(form, value, request.POST.get("same", ""))
        except (DatabaseError, OSError) as error:
            logger.error("call: not saved (%s)", type(error).__name__)
            form.add_error(None, TROUBLE)
            return self._page(request, form, token=token, status=503)
        language = form.cleaned_data["language"] or spoken()
        receipt = page.receipt(entered, language)
        return self._page(request, self._fresh(language), receipt=receipt, entered=entered)

    def _enter(self, form: CallForm, value: str, same: str) -> Entered:
        with transaction.atomic():
            entered = intake.enter(form.told(self.officer, value))
            if same and not entered.repeated:
                alike.join(entered.tip, _key(same), self.officer)
        return entered

    def _fresh(self, language: str) -> CallForm:
        """Return an empty form; where one alert alone is live, it is meant unless somebody says no."""
        only = "1" if len(self.choices) == 1 else ""
        return CallForm(initial={"alert": only, "language": language}, choices=self.choices)

    def _page(
        self, request: HttpRequest, form: CallForm, *, token: str = "", status: int = 200, **more: Any
    ) -> HttpResponse:
        form.fields[_focus(form, has_one=len(self.choices) == 1)].widget.attrs["autofocus"] = True
        context = {
            "title": gettext("A call"),
            "form": form,
            "choices": self.choices,
            "submission": token or new_token(),
            "may_file": self.officer.has_perm("cases.add_case"),
            "emergency": settings.EMERGENCY_NUMBER,
            **more,
        }
        return page.show(request, "admin/tips/call.html", context, status=status)


@require_POST
@never_cache
@sensitive_post_parameters()
def look(request: HttpRequest) -> HttpResponse:
    """Return, as a piece of the page, the places the words may mean and who told the same so far."""
    officer = page.demand(request)
    kind = FoundForm if "link" in request.POST else CallForm
    form = kind(request.POST, choices=choosing.live(spoken()) if request.POST.get("alert") else ())
    found = page.alike_to(form, officer)
    typed = form.cleaned_data.get("last_seen_words", "")
    places = suggest(typed, settings.COUNTRY.gazetteer) if len(typed) >= LEAST_LETTERS else ()
    context = {
        "lines": found,
        "looked": True,
        "places": [place.label(spoken()) for place in places],
        "of_a_find": kind is FoundForm,
    }
    return TemplateResponse(request, "admin/tips/call_alike.html", context)


class FoundView(View):
    """An officer's find on a social network becomes a tip, its pictures sealed as any other's."""

    # Exempt, then protected within: the handler of uploads is set before anything reads the form.
    @method_decorator([csrf_exempt, never_cache, sensitive_post_parameters()])
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.officer = page.demand(request)
        if request.method == "POST":
            request.upload_handlers = [SealedUpload(request)]
        return self._protected(request)

    @method_decorator(csrf_protect)
    def _protected(self, request: HttpRequest) -> HttpResponse:
        self.choices = choosing.live(spoken())
        if request.method == "POST":
            return self._found(request)
        if request.method in ("GET", "HEAD"):
            return self._page(request, FoundForm(choices=self.choices))
        return self.http_method_not_allowed(request)

    def _found(self, request: HttpRequest) -> HttpResponse:
        form = FoundForm(request.POST, request.FILES, choices=self.choices)
        token, value = submission(request.POST.get("submission", ""))
        if not form.is_valid():
            return self._page(request, form, token=token, status=422)
        try:
            entered = intake.enter(form.told(self.officer, value))
        except (DatabaseError, OSError) as error:
            logger.error("find: not saved (%s)", type(error).__name__)
            form.add_error(None, TROUBLE)
            return self._page(request, form, token=token, status=503)
        known = _known(form.cleaned_data, self.officer)
        fresh = FoundForm(choices=self.choices)
        return self._page(request, fresh, entered=entered, lost=form.lost_words(), **known)

    def _page(
        self, request: HttpRequest, form: FoundForm, *, token: str = "", status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {
            "title": gettext("A post found on a network"),
            "form": form,
            "choices": self.choices,
            "submission": token or new_token(),
            "may_file": self.officer.has_perm("cases.add_case"),
            **more,
        }
        return page.show(request, "admin/tips/call_found.html", context, status=status)


def _known(said: dict[str, Any], officer: Officer) -> dict[str, Any]:
    """Return what is known of a post already: a statement that answers it, a case that was opened from it."""
    told = "\n".join(part for part in (said["link"], said["told_words"]) if part)
    answered = statements.found(told) if told else []
    case = seen_post.known(said["link"]) if said["link"] else None
    may_open = case is not None and officer.has_perm("cases.view_case")
    url = reverse("admin:cases_case_change", args=[case.pk]) if case and may_open else ""
    in_scope = bool(url and case and Case.objects.for_officer(officer).filter(pk=case.pk).exists())
    return {
        "answers": [(row.code, row.said(spoken()).title) for row in answered],
        "known_case": bool(case),
        "case_url": url if in_scope else "",
    }


def _focus(form: CallForm, *, has_one: bool) -> str:
    """Return the field that the next key goes into: the first mistake, else where a call begins."""
    wrong = next((name for name in form.fields if name in form.errors), "") if form.is_bound else ""
    return wrong or ("last_seen_words" if has_one else "alert")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
