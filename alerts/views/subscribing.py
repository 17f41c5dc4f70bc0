"""Pages to subscribe, to confirm, and to leave."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alerts import subscribe
from alerts.forms import ConfirmForm, SubscribeForm
from alerts.models import Subscription
from alerts.views.people import spoken
from notifier import unsubscribe


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take the wish, send a code. The answer is the same whether the address is known or not."""
    form = SubscribeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "alerts/subscribe.html", {"form": form})
    told = form.cleaned_data
    pending = subscribe.ask(
        told["channel"], told["address"], spoken(), cell=told.get("cell"), region=told.get("region", "")
    )
    return redirect("alerts:confirm", pending=pending)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pending: UUID) -> HttpResponse:
    """Take the code. An unknown or late request is told what a wrong code is told."""
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if subscribe.confirm(pending, form.cleaned_data["code"]):
            return redirect("alerts:subscribed")
        form.add_error("code", _("This code is wrong or too old. Check the message, or ask for a new code."))
    return render(request, "alerts/confirm.html", {"form": form})


@require_http_methods(["GET", "HEAD"])
def subscribed(request: HttpRequest) -> HttpResponse:
    return render(request, "alerts/subscribed.html")


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


def _language_of(person: UUID | None) -> str:
    row = Subscription.objects.filter(pk=person).first() if person else None
    return row.language if row else settings.LANGUAGE_CODE
