"""The thread, opened by reference and secret; a signed key of half an hour stands in for them on its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cases import thread
from cases.forms import KeyForm, MessageForm
from cases.home import report_home
from cases.models import Case, CaseState, Consent
from cases.moment import offset
from cases.withdraw import withdraw
from trust import clock

SALT = "cases.thread"
KEY_AGE_S = 1800
REFUSED = {
    "wrong": _("This reference and this secret do not belong together. Check both and try again."),
    "later": _("Too many attempts for this reference. Try again in an hour, or call the police."),
    "over": _("This page was open for too long. Give your reference and your secret again."),
}
STANDS: dict[str, Promise] = {
    CaseState.RECEIVED: _("Your report has arrived. The officer on duty has been called."),
    CaseState.REVIEW: _("An officer has read your report and is working on it."),
    CaseState.OPEN: _("The police are looking for the child."),
    CaseState.CLOSED: _("The case is closed."),
    CaseState.MERGED: _("Your report was joined to another one about the same child."),
}


@dataclass(frozen=True)
class Line:
    author: str
    words: str
    at: datetime


# Exempt like the report: reference and secret, or the signed key, travel in the request itself.
@csrf_exempt
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Show the key form; open the thread; do what its buttons say."""
    if request.method != "POST":
        return render(request, "cases/follow.html", {"form": KeyForm()})
    if "key" in request.POST:
        case = _case_of(request.POST["key"])
        if case is None:
            return _refuse(request, KeyForm(), "over")
        return _act(request, case)
    return _open(request)


def _open(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/follow.html", {"form": form}, status=422)
    try:
        case = thread.open_case(form.cleaned_data["reference"], form.cleaned_data["secret"])
    except thread.ThreadRefused as refused:
        return _refuse(request, form, refused.code)
    return _page(request, case, MessageForm())


def _refuse(request: HttpRequest, form: KeyForm, code: str) -> HttpResponse:
    status = 429 if code == "later" else 403
    return render(request, "cases/follow.html", {"form": form, "refused": REFUSED[code]}, status=status)


def _case_of(key: str) -> Case | None:
    try:
        pk = signing.loads(key, salt=SALT, max_age=KEY_AGE_S)
    except signing.BadSignature:
        return None
    open_cases = Case.objects.exclude(state=CaseState.ERASED).select_related("unit__agency")
    return open_cases.filter(pk=pk).first()


def _act(request: HttpRequest, case: Case) -> HttpResponse:
    act = _ACTS.get(request.POST.get("act", ""))
    form = act(request, case) if act else MessageForm()
    return _page(request, case, form)


def _write(request: HttpRequest, case: Case) -> MessageForm:
    form = MessageForm(request.POST)
    if not form.is_valid():
        return form
    thread.family_writes(case, form.cleaned_data["body"])
    return MessageForm()


def _home(request: HttpRequest, case: Case) -> MessageForm:
    if case.is_open:
        report_home(case)
    return MessageForm()


def _withdraw(request: HttpRequest, case: Case) -> MessageForm:
    for consent in Consent.objects.filter(case=case, withdrawn_at=None):
        withdraw(consent)
    return MessageForm()


_ACTS: dict[str, Callable[[HttpRequest, Case], MessageForm]] = {
    "write": _write, "home": _home, "withdraw": _withdraw,
}  # fmt: skip


def _page(request: HttpRequest, case: Case, form: MessageForm) -> HttpResponse:
    now, zone = clock.now(), case.unit.agency.zone
    live = [c for c in Consent.objects.filter(case=case) if c.is_live(now)]
    context = {
        "case": case,
        "stands": STANDS[case.state],
        "unit": case.unit,
        "lines": [Line(entry.author, thread.words(entry), entry.at) for entry in thread.entries(case.pk)],
        "key": signing.dumps(str(case.pk), salt=SALT),
        "form": form,
        "consented": bool(live),
        "withdrawal_asked": any(c.withdrawal_asked_at for c in live),
        "offset": offset(now, zone),
    }
    with timezone.override(zone):
        return render(request, "cases/thread.html", context, status=422 if form.errors else 200)
