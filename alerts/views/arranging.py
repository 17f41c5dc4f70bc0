"""A subscriber's own page: the ways they are told, in their order. An address proves who they are."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from alerts import subscribe
from alerts.forms import CHANNELS, AddressForm
from alerts.models import Subscription
from alerts.subscribe import pages
from alerts.subscribe.joining import ADDRESSES_AT_MOST
from alerts.views.subscribing import asked
from notifier import unsubscribe

NAMES = {**CHANNELS, "webpush": _("Notifications in a browser")}  # which may not be this one
STEPS = {"up": -1, "down": 1}


@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Ask who it is by an address of theirs. A stranger's address is answered as a subscriber's is."""
    form = AddressForm(request.POST or None)
    answer = asked(request, form) if request.method == "POST" else None
    return answer or render(request, "alerts/door.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Show the ways, move or remove one; a link grown old leads to the door."""
    person = pages.person(token)
    if person is None:
        return redirect("alerts:mine_door")
    if request.method == "POST":
        _act(request, person)
        return redirect("alerts:mine", token=token)
    ways = subscribe.ways_of(person)
    context = {
        "ways": [(way, NAMES.get(way.channel, way.channel)) for way in ways],
        "token": token,
        "is_new": "new" in request.GET,
        "may_add": 0 < len(ways) < ADDRESSES_AT_MOST,
        "leave": unsubscribe.token(person),
    }
    return render(request, "alerts/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def also(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for one more way, which proves itself as the first did."""
    person = pages.person(token)
    if person is None or not Subscription.objects.active().filter(pk=person).exists():
        return redirect("alerts:mine_door")
    form = AddressForm(request.POST or None)
    answer = asked(request, form, joins=person) if request.method == "POST" else None
    return answer or render(request, "alerts/also.html", {"form": form, "token": token})


def _act(request: HttpRequest, person: UUID) -> None:
    """Do what the pressed button names; a number that is none, or not theirs, does nothing."""
    for name in ("up", "down", "remove"):
        chosen = request.POST.get(name, "")
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:  # what a BIGINT holds
            if name == "remove":
                subscribe.remove(person, int(chosen))
            else:
                subscribe.move(person, int(chosen), STEPS[name])
