"""Pages for people: what is live, one alert, privacy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render as show
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alerts import language, render, wording
from alerts.models import Alert, Version
from geo.shapes import Area
from geo.svg import svg_map
from trust import clock
from trust.codes import CodeError, normalise_code


@dataclass(frozen=True)
class Listed:
    """Hold one line of the list of live alerts."""

    url: str
    page: render.Page
    live_at: datetime | None


def spoken() -> str:
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List what is live now; nothing else was ever public."""
    now = clock.now()
    versions = (
        Version.objects.in_force()
        .filter(alert__in=Alert.objects.public().live(), expires_at__gt=now)
        .select_related("alert", "child")
        .order_by("-sent_at")
    )
    listed = [_listed(version, now) for version in versions]
    found = [line for line in listed if line is not None]
    return _uncached(show(request, "alerts/home.html", {"alerts": found}))


@require_safe
def alert(request: HttpRequest, code: str) -> HttpResponse:
    """Show one alert: live, over (410), or never issued here (404)."""
    try:
        canonical = normalise_code(code)
    except CodeError:
        return _unknown(request)
    if canonical != code:
        return HttpResponsePermanentRedirect(reverse("alerts:alert", args=[canonical]))
    found = Alert.objects.public().select_related("case__agency").filter(code=canonical).first()
    if found is None:
        return _unknown(request)
    version = found.versions.exclude(sent_at=None).select_related("child").order_by("-number").first()
    now = clock.now()
    if version is None:
        return _unknown(request)
    version.alert = found
    over = (
        not found.is_live or not version.in_force or version.expires_at is None or version.expires_at <= now
    )
    page = None if over else render.page(version, spoken(), now)
    return _over(request, version) if page is None else _live(request, version, page)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return show(request, "alerts/privacy.html")


def _listed(version: Version, now: datetime) -> Listed | None:
    page = render.page(version, spoken(), now)
    url = reverse("alerts:alert", args=[version.alert.code])
    return Listed(url, page, version.alert.live_at) if page else None


def _live(request: HttpRequest, version: Version, page: render.Page) -> HttpResponse:
    context = {
        "alert": version.alert,
        "version": version,
        "page": page,
        "map": _map(version),
        "shares": _shares(version, page),
        "url": render.page_url(version),
        "issued": _issued(version),
        "agency": str(version.alert.case.agency),
    }
    return _uncached(show(request, "alerts/alert.html", context))


def _issued(version: Version) -> str:
    assert version.sent_at is not None
    zone = ZoneInfo(version.alert.case.agency.time_zone)
    return wording.moment(version.sent_at, zone, language.load(spoken()))


def _over(request: HttpRequest, version: Version) -> HttpResponse:
    """Say that it is over: no name, no photo, and nothing for search engines."""
    how = version.alert.ended_as or Alert.End.EXPIRED
    context = {"page": render.end_page(version, how, spoken())}
    response = show(request, "alerts/over.html", context, status=410)
    response["X-Robots-Tag"] = "noindex, noarchive, noimageindex"
    return _uncached(response)


def _unknown(request: HttpRequest) -> HttpResponse:
    response = show(request, "alerts/unknown.html", status=404)
    response["X-Robots-Tag"] = "noindex"
    return response


def _map(version: Version) -> SafeString:
    country = settings.COUNTRY
    drawn = svg_map(
        Area.from_json(version.area),
        None,  # the very place last seen may be a home
        country.outlines,
        title=_("Map of the area of the alert"),
        gazetteer=country.gazetteer,
        language=spoken(),
    )
    return mark_safe(drawn)  # noqa: S308  drawn by geo.svg, which escapes every name


def _shares(version: Version, page: render.Page) -> list[tuple[str, str]]:
    """Return plain links that share the address, never the photo."""
    url = render.page_url(version)
    text = quote(f"{page.share_title}\n{url}")
    return [
        ("WhatsApp", f"https://wa.me/?text={text}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={quote(url, safe='')}"),
        ("SMS", f"sms:?body={text}"),
    ]


def _uncached(response: HttpResponse) -> HttpResponse:
    """Whoever keeps a copy must ask whether it still holds: an end counts within a second."""
    response["Cache-Control"] = "no-cache, max-age=0"
    return response
