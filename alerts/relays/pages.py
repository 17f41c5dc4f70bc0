"""What a relay opens by its link: the press sheet, to be acknowledged, and later the way to say it is gone.

A GET changes nothing: mail servers and telephones open links to look for viruses.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from alerts.models import RelayNotice
from alerts.owed import MOST_LETTERS
from alerts.refusals import IssueRefused
from alerts.relays import links, telling
from alerts.relays.as_pdf import Paper, as_pdf
from alerts.relays.sheet import Sheet, of_notice
from alerts.views.people import spoken
from cases.forms.words import WordsField
from cases.sheet.words import isolated
from trust import clock

FONTS = settings.BASE_DIR / "static" / "fonts"
State = RelayNotice.State


class NameForm(forms.Form):
    """Ask who took it: a name is what makes a click an answer."""

    who = WordsField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("The police see it with the hour, and nobody else."),
        max_length=MOST_LETTERS,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the sheet, or that it is over (410); take "I have it" and "taken down" with a name, by POST."""
    notice = links.find(token)
    if notice is None:
        return _closed(render(request, "alerts/unknown.html", status=404))
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _answer(notice, request.POST.get("act", ""), form):
        return redirect("alerts:relay", token=token)
    return _shown(request, notice, form)


@require_safe
def pdf(request: HttpRequest, token: str) -> HttpResponse:
    """Return the sheet on paper."""
    notice = links.find(token)
    if notice is None:
        return _closed(render(request, "alerts/unknown.html", status=404))
    said = of_notice(notice, spoken(), clock.now())
    if said is None:
        return _shown(request, notice, NameForm())
    name = f"{said.code}-{said.language}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    made = as_pdf(paper(said), [FONTS])
    return _closed(HttpResponse(made, content_type="application/pdf", headers=headers))


def _answer(notice: RelayNotice, act: str, form: NameForm) -> bool:
    """Take the answer; False where the page changed meanwhile, which it then shows."""
    acts = {"acknowledge": telling.acknowledge, "taken_down": telling.taken_down}
    is_live = of_notice(notice, notice.relay.language, clock.now()) is not None
    if act not in acts or is_live != (act == "acknowledge"):
        return False
    try:
        acts[act](notice, form.cleaned_data["who"])
    except IssueRefused as refusal:
        if refusal.code != "answered":
            form.add_error("who", str(refusal))
            return False
    return True


def _shown(request: HttpRequest, notice: RelayNotice, form: NameForm) -> HttpResponse:
    said = of_notice(notice, spoken(), clock.now())
    if said is None:
        return _over(request, notice, form)
    context: dict[str, Any] = {
        "sheet": said,
        "form": form,
        "notice": notice,
        "asks": notice.state == State.TOLD,
        "script_note": script_note(said),
        "pdf_url": "sheet.pdf",
    }
    return _closed(render(request, "alerts/relay_sheet.html", context))


def _over(request: HttpRequest, notice: RelayNotice, form: NameForm) -> HttpResponse:
    """Say that it is over and ask for the take-down: no name, no fact, no photo."""
    context = {
        "code": notice.alert.code,
        "form": form,
        "asks": notice.take_back_from is not None and notice.state != State.TAKEN_DOWN,
        "is_done": notice.state == State.TAKEN_DOWN,
    }
    return _closed(render(request, "alerts/relay_over.html", context, status=410))


def _closed(response: HttpResponse) -> HttpResponse:
    """Keep the address out of caches, search engines, and the sites that its links lead to."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, noarchive, noimageindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def paper(said: Sheet) -> Paper:
    """Return the sheet in the active language, ready to be set."""
    return Paper(
        language=said.language,
        is_rtl=said.direction == "rtl",
        mark=said.kind,
        title=said.title,
        subtitle=_("Alert %(code)s · issued by %(agency)s, %(issued)s · pass it on until %(until)s")
        % {"code": said.code, "agency": said.agency, "issued": said.issued, "until": said.until},
        call=_("To call:"),
        number=said.number_shown,
        facts=tuple((line.label, line.text) for line in said.lines),
        script_title=_("Radio script"),
        script=said.script,
        script_note=script_note(said),
        notes=said.todo,
        link_title=_("Pass on this link, never a photo"),
        link=said.url,
        footer=_("Once the alert is over, take down everything: the link then shows nothing of the child."),
    )


def script_note(said: Sheet) -> str:
    return _("About %(seconds)s seconds, at %(rate)s words a second (%(source)s).") % {
        "seconds": round(said.seconds),
        "rate": f"{said.rate:g}",
        "source": isolated(said.source),
    }


urlpatterns = [
    path("relay/<str:token>/", page, name="relay"),
    path("relay/<str:token>/sheet.pdf", pdf, name="relay_pdf"),
]
