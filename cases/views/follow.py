"""The thread, opened by reference and secret, and what its buttons do."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import thread
from cases.forms import KeyForm, MessageForm
from cases.forms.thread import VOICE_FIELD
from cases.forms.words import spoken
from cases.home import report_home
from cases.models import Case, Consent
from cases.rights import ask_erasure
from cases.standing import SAFE
from cases.upload import CappedUpload
from cases.views import carry, key
from cases.views.more import REFUSED, had_files
from cases.views.page import family_page
from cases.views.thread_page import context
from cases.withdraw import withdraw

logger = logging.getLogger(__name__)

SAID = "said"  # in the address: the name of the act that was done, a fixed word
_ASKED = _("Your request has arrived. What comes of it stands on this page.")
ARRIVED: dict[str, str | Promise] = {
    "write": _("Your message has arrived. The answer of the police will stand here."),
    "home": _("The police have been told. They call you to make sure."),
    "withdraw": _ASKED,
    "erase": _ASKED,
}


@family_page
def follow(request: HttpRequest) -> HttpResponse:
    """Show the key form or the open thread; do what its buttons say. A fault of ours loses no word."""
    try:
        return _follow(request)
    except (DatabaseError, OSError) as fault:
        logger.error("thread: not opened (%s)", type(fault).__name__)
        carried = request.POST.get("carried", "") or _carried(request)
        return _ask(request, KeyForm(), refused="trouble", carried=carried)


def _follow(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        case = key.case_of(request)
        if case is None:
            return _ask(request, KeyForm())
        return _page(request, case, said=request.GET.get(SAID, ""))
    request.upload_handlers = [CappedUpload(request)]
    if key.FIELD not in request.POST:
        return _open(request)
    case = key.case_of(request)
    if case is None:
        carried = _carried(request)
        is_lost = bool(request.POST.get("body")) and not carried
        return _ask(request, KeyForm(), refused="too_long" if is_lost else "over", carried=carried)
    if request.POST.get("act") == "close":
        return _close()
    return _act(request, case)


def _carried(request: HttpRequest) -> str:
    """Return the message typed, sealed, for the page that asks for the key; "" for none or one too long."""
    return carry.seal(request.POST) if request.POST.get("body") else ""


def _open(request: HttpRequest) -> HttpResponse:
    form, carried = KeyForm(request.POST), request.POST.get("carried", "")
    if not form.is_valid():
        return _ask(request, form, carried=carried)
    try:
        case = thread.open_case(form.cleaned_data["reference"], form.cleaned_data["secret"])
    except thread.ThreadRefused as refused:
        return _ask(request, form, refused=refused.code, carried=carried)
    typed = MessageForm(carry.unseal(carried))
    if typed.is_valid() and not case.is_withheld:
        thread.family_writes(case, typed.cleaned_data["body"])
    return _page(request, case)


def _ask(request: HttpRequest, form: KeyForm, *, refused: str = "", carried: str = "") -> HttpResponse:
    status = {"": 422 if form.errors else 200, "later": 429, "trouble": 503}.get(refused, 403)
    told = {"form": form, "refused": REFUSED.get(refused, ""), "closed": "closed" in request.GET}
    told["carried"], told["had_files"] = carried, had_files(request)
    return render(request, "cases/follow.html", told, status=status)


def _close() -> HttpResponse:
    response = redirect(f"{reverse('cases:follow')}?closed")
    key.forget(response)
    return response


def _act(request: HttpRequest, case: Case) -> HttpResponse:
    name = request.POST.get("act", "")
    act = None if case.is_withheld else _ACTS.get(name)
    form = act(request, case) if act else None
    if form is not None and form.errors:
        return _page(request, case, form)
    said = name if act else ""
    if key.has_cookie(request, case):
        query = f"?{SAID}={said}" if said else ""
        return _remembered(redirect(reverse("cases:follow") + query), case)
    return _page(request, case, said=said)


def _write(request: HttpRequest, case: Case) -> MessageForm:
    form = MessageForm(request.POST, request.FILES, case=case)
    form.is_valid()
    said = form.cleaned_data.get(VOICE_FIELD)
    if said:  # kept also where the words beside it are wrong: it could not be sent again
        thread.family_speaks(case, said, spoken())
    if not form.errors and form.cleaned_data["body"]:
        thread.family_writes(case, form.cleaned_data["body"])
    return form


def _home(_request: HttpRequest, case: Case) -> None:
    if case.standing.is_open:
        report_home(case)


def _withdraw(request: HttpRequest, case: Case) -> None:
    """Take back one consent of this report, for one child."""
    try:
        consent = Consent.objects.given().filter(case=case, pk=request.POST.get("consent", "")).first()
    except ValidationError:
        return
    if consent:
        withdraw(consent)


def _erase(_request: HttpRequest, case: Case) -> None:
    ask_erasure(case)


_ACTS: dict[str, Callable[[HttpRequest, Case], MessageForm | None]] = {
    "write": _write, "home": _home, "withdraw": _withdraw, "erase": _erase,
}  # fmt: skip


def _page(
    request: HttpRequest, case: Case, form: MessageForm | None = None, *, said: str = ""
) -> HttpResponse:
    if case.is_withheld:
        response = render(request, "cases/safe.html", {"said": SAFE, "key": key.field(case)})
        return _remembered(response, case)
    written = form or MessageForm()
    with timezone.override(case.standing.unit.agency.zone):
        shown = {**context(case, written), "arrived": _arrived(case, said)}
        status = 422 if written.errors else 200
        return _remembered(render(request, "cases/thread.html", shown, status=status), case)


def _arrived(case: Case, said: str) -> str | Promise:
    """Return what to say of the act that led here; "" for none, or where it can have done nothing."""
    return "" if said == "home" and not case.standing.is_open else ARRIVED.get(said, "")


def _remembered(response: HttpResponse, case: Case) -> HttpResponse:
    key.remember(response, case)
    return response
