"""What Meta's team opens by the link it was mailed: the dossier and its files, until the alert is over.

Nothing here is written: that it is shown, an officer records after Meta said so.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from alerts.models import Dossier
from alerts.programme import links, papers
from alerts.programme.contents import contents
from trust import clock

State = Dossier.State
OPEN = frozenset({State.PREPARED, State.SENT, State.CONFIRMED})


@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    dossier = links.find(token)
    if dossier is None:
        return _closed(render(request, "alerts/unknown.html", status=404))
    held = contents(dossier.version, clock.now()) if _is_open(dossier) else None
    if held is None:
        return _over(request, dossier)
    return _closed(render(request, "alerts/programme_page.html", {"held": held, "forms": _forms(held.photo)}))


@require_safe
def file(request: HttpRequest, token: str, form: str) -> HttpResponse:
    dossier = links.find(token)
    if dossier is None or form not in papers.FORMS:
        return _closed(render(request, "alerts/unknown.html", status=404))
    made = papers.answer(dossier, form, clock.now()) if _is_open(dossier) else None
    return made or _over(request, dossier)


def _is_open(dossier: Dossier) -> bool:
    return dossier.take_back_from is None and dossier.state in OPEN


def _forms(photo: bytes | None) -> list[str]:
    return [form for form in papers.FORMS if form != "photo" or photo]


def _over(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Say that it is over: no name, no fact, no photo."""
    return _closed(render(request, "alerts/programme_over.html", {"code": dossier.alert.code}, status=410))


def _closed(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, noarchive, noimageindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


urlpatterns = [
    path("programme/<str:token>/", page, name="programme"),
    path("programme/<str:token>/<str:form>/", file, name="programme_file"),
]
