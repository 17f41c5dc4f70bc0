"""Pages to subscribe, to confirm, and to leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alerts import subscribe
from alerts.forms import AddressForm, ConfirmForm, SubscribeForm
from alerts.models import Subscription
from alerts.subscribe import offering, pages
from alerts.views.people import spoken
from notifier import unsubscribe
from trust import networks

CONFIRMED_ELSEWHERE = ("push", "write")  # by the worker, by a message to us


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take the wish, send a code. The answer is the same whether the address is known or not."""
    form = SubscribeForm(request.POST or None)
    answer = asked(request, form) if request.method == "POST" else None
    return answer or render(request, "alerts/subscribe.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pending: UUID) -> HttpResponse:
    """Take the code, or see what came in meanwhile. An unknown request is told what a wrong code is told."""
    by = request.GET.get("by", "")
    if by in CONFIRMED_ELSEWHERE:
        return _wait(request, pending, by)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = subscribe.confirm(pending, form.cleaned_data["code"])
        if person is not None:
            return to_page(person)
        form.add_error("code", _("This code is wrong or too old. Check the message, or ask for a new code."))
    return render(request, "alerts/confirm.html", {"form": form})


@csrf_exempt  # a mail program posts it: no cookie, no form of ours (RFC 8058 §3.2)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, as link scanners follow links; POST ends it, twice is as good as once."""
    person = unsubscribe.person(token)
    language = _language_of(person)
    with translation.override(language):
        if person is None:
            return render(request, "alerts/leave_unknown.html", status=404)
        if request.method != "POST":
            return render(request, "alerts/leave.html")
        subscribe.end_person(person)
        return render(request, "alerts/left.html")


def asked(request: HttpRequest, form: AddressForm, joins: UUID | None = None) -> HttpResponseRedirect | None:
    """Ask a form's address to prove itself, and lead to the page that waits; None: the form says why not."""
    if not form.is_valid():
        return None
    told = form.cleaned_data
    wish = subscribe.Wish(spoken(), told.get("cell"), told.get("region", ""), joins, _network(request))
    try:
        return _asked(wish, told)
    except subscribe.AddressRefused as refused:
        form.refuse(refused.why)
        return None


def _network(request: HttpRequest) -> str:
    """Return where it comes from, "" for a private network: a proxy nobody named stands for everybody."""
    network = networks.client_network(request)
    return "" if network is None or network.is_private else str(network)


def _asked(wish: subscribe.Wish, told: Mapping[str, Any]) -> HttpResponseRedirect:
    if told["writes"]:
        pending, query = subscribe.ask_to_write(wish), "?by=write"
    else:
        pending = subscribe.ask(
            told["channel"], told["address"], wish.language, cell=wish.cell, region=wish.region,
            joins=wish.joins, network=wish.network,
        )  # fmt: skip
        query = "?by=push" if told["channel"] == "webpush" else ""
    return HttpResponseRedirect(reverse("alerts:confirm", args=[pending]) + query)


def to_page(person: UUID) -> HttpResponseRedirect:
    """Lead somebody who has just proved an address to their own page."""
    return redirect(reverse("alerts:mine", args=[pages.token(person)]) + "?new=1")


def _wait(request: HttpRequest, pending: UUID, by: str) -> HttpResponse:
    person = subscribe.confirmed_as(pending)
    if person is not None:
        return to_page(person)
    if by == "write" and subscribe.has_written(pending):
        return render(request, "alerts/written.html")
    context = {"by": by, "is_late": request.method == "POST"}
    if by == "write":
        context |= {
            "link": offering.writing_link(pending),
            "words": offering.writing_words(pending),
            "number": offering.our_number(),
        }
    return render(request, "alerts/waiting.html", context)


def _language_of(person: UUID | None) -> str:
    row = Subscription.objects.filter(pk=person).first() if person else None
    return row.language if row else settings.LANGUAGE_CODE
