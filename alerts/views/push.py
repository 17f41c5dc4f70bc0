"""What browsers fetch and post for web push: the worker, and the code of a test push that came back."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from alerts import subscribe
from alerts.models import Subscription
from alerts.subscribe import pages
from notifier.protocols.webpush import LONGEST_ADDRESS

WORKER = "static/js/push-worker.js"
MOST_BYTES = 2 * LONGEST_ADDRESS + 256


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker: always asked for anew, as a browser keeps the last one for ever."""
    pictures = {"icon": static("img/notice.png"), "badge": static("img/notice-badge.png")}
    told = json.dumps({**pictures, "lines": _lines(), "leave": _ways_out()})
    response = HttpResponse(
        f"const OURS = {told};\n{_source()}", content_type="text/javascript; charset=utf-8"
    )
    response["Cache-Control"] = "no-cache"
    return response


@csrf_exempt  # the worker has no form of ours; the secret that only a push brings stands in for it
@require_POST
def came_back(request: HttpRequest) -> HttpResponse:
    """Count a browser by the code its test push brought, or ask a renewed one to prove itself; else 404."""
    told = _told(request)
    if "old" in told and "new" in told:
        known = subscribe.renew(json.dumps(told["old"]), json.dumps(told["new"]))
        return JsonResponse({}, status=202 if known else 404)
    person = subscribe.came_back(str(told.get("code", "")))
    if person is None:
        return JsonResponse({}, status=404)
    spoken = Subscription.objects.filter(pk=person).values_list("language", flat=True).first()
    with translation.override(spoken or settings.LANGUAGE_CODE):
        return JsonResponse({"next": reverse("alerts:mine", args=[pages.token(person)]) + "?new=1"})


def _told(request: HttpRequest) -> dict[str, object]:
    if len(request.body) > MOST_BYTES:
        return {}
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _lines() -> dict[str, dict[str, str]]:
    """The line below a notification's title where the push brings none, by language and kind."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = {
                "alert": _("Who, where and what to do: open the page. Share the link, not the photo."),
                "update": _("There is news. Open the page."),
                "end": _("This alert is over. Thank you. Delete what you shared."),
            }
    return found


def _ways_out() -> dict[str, dict[str, str]]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = {"title": _("Change or stop this"), "path": reverse("alerts:mine_door")}
    return found


@cache
def _source() -> str:
    return (settings.BASE_DIR / WORKER).read_text(encoding="utf-8")
