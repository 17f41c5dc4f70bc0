"""The desk's pages of those who are told by hand: a relay's notice, the programme's dossier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from alerts.answer_form import AnswerForm, HourForm
from alerts.models import Dossier, RelayNotice
from alerts.owed import RIGHT
from alerts.programme import hand as programme_hand
from alerts.programme import papers, sending
from alerts.programme.contents import contents
from alerts.relays import hand as relays_hand
from alerts.relays import telling
from alerts.version_views import REFUSALS, demand_right, sentence, show
from trust import audit, clock, desk
from trust.desk import officer_of

DONE = _("Written down, with the name and the hour.")

desk.TASK_SUBJECTS.update(
    {"relaynotice": "admin:alerts_alert_relay", "dossier": "admin:alerts_alert_dossier"}
)
desk.TASK_WORDS.update(
    {
        telling.ACKNOWLEDGE: _("A relay has not said that it took the alert: call it"),
        telling.TAKE_DOWN: _("A relay has not said that the alert is taken down: call it"),
        sending.CONFIRM: _("Meta has not confirmed that it shows the alert: call its team"),
        sending.TAKE_DOWN: _("Meta has not confirmed that the alert is taken down: call its team"),
    }
)


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses below those of alerts."""
    return [
        path("relay/<uuid:pk>/", wrap(relay), name="alerts_alert_relay"),
        path("dossier/<uuid:pk>/", wrap(dossier), name="alerts_alert_dossier"),
        path("dossier/<uuid:pk>/<str:form>/", wrap(dossier_file), name="alerts_alert_dossier_file"),
    ]


@sensitive_post_parameters()
def relay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how one relay stands and whom to call; POST writes down what it answered."""
    demand_right(request, RIGHT)
    rows = RelayNotice.objects.for_officer(request.user).select_related(
        "relay__agency", "alert__case__unit__agency", "version"
    )
    notice, officer = get_object_or_404(rows, pk=pk), officer_of(request)
    waits, zone = relays_hand.waits_for(notice), desk.zone_of(officer)
    form = AnswerForm(zone, request.POST if request.method == "POST" else None)
    if request.method == "POST" and waits and form.is_valid():
        act = telling.acknowledge if waits == "acknowledge" else telling.taken_down
        who, at = form.cleaned_data["who"], form.at
        return desk.perform(
            request,
            lambda: act(notice, who, officer=officer, at=at),
            DONE,
            request.path,
            refusals=REFUSALS,
            say=sentence,
        )
    if request.method == "POST" and not waits:
        return redirect(request.path)
    audit.viewed(officer, notice.alert.case, "relay")
    context = {
        "title": gettext("Relay: %(name)s") % {"name": notice.relay.name},
        "notice": notice,
        "alert": notice.alert,
        "waits": waits,
        "form": form,
        "times": relays_hand.times(notice, zone),
    }
    return _shown(request, "admin/alerts/relay_notice.html", context, form)


@sensitive_post_parameters()
def dossier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the dossier, its files, and the next thing that a person writes down."""
    demand_right(request, RIGHT)
    found, officer = _dossier(request, pk), officer_of(request)
    step, zone = programme_hand.NEXT.get(Dossier.State(found.state), ""), desk.zone_of(officer)
    kind = HourForm if step == "send" else AnswerForm
    form = kind(zone, request.POST if request.method == "POST" else None)
    if request.method == "POST" and step and form.is_valid():
        return desk.perform(
            request,
            lambda: _record(found, step, form, request),
            DONE,
            request.path,
            refusals=REFUSALS,
            say=sentence,
        )
    if request.method == "POST" and not step:
        return redirect(request.path)
    audit.viewed(officer, found.alert.case, "dossier")
    held = contents(found.version, clock.now()) if found.take_back_from is None else None
    context = {
        **programme_hand.context_of(found, officer),
        "title": gettext("Meta’s AMBER programme: alert %(code)s") % {"code": found.alert.code},
        "alert": found.alert,
        "form": form,
        "files": [name for name in papers.FORMS if name != "photo" or held.photo] if held else [],
    }
    return _shown(request, "admin/alerts/programme_dossier.html", context, form)


def _record(found: Dossier, step: str, form: HourForm, request: HttpRequest) -> None:
    officer = officer_of(request)
    if step == "send":
        sending.sent_by_hand(found, officer, form.at)
        return
    act = sending.confirmed if step == "confirm" else sending.taken_down
    act(found, form.cleaned_data["who"], officer, form.at)


@require_safe
def dossier_file(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """Return one file of the dossier, and write into the log who took it away."""
    demand_right(request, RIGHT)
    if form not in papers.FORMS:
        raise Http404
    found = _dossier(request, pk)
    made = papers.answer(found, form, clock.now()) if found.take_back_from is None else None
    if made is None:
        gone = {"title": gettext("There is no dossier any more"), "alert": found.alert}
        answer = show(request, "admin/alerts/programme_gone.html", gone)
        answer.status_code = 410
        return answer
    audit.record("programme.exported", found, actor=officer_of(request), reason=form)
    return made


def _dossier(request: HttpRequest, pk: UUID) -> Dossier:
    rows = Dossier.objects.for_officer(request.user).select_related(
        "alert__case__unit__agency", "alert__case__agency", "version__child", "version__photo"
    )
    found = get_object_or_404(rows, pk=pk)
    found.version.alert = found.alert
    return found


def _shown(request: HttpRequest, template: str, context: dict[str, Any], form: HourForm) -> HttpResponse:
    answer = show(request, template, context)
    answer.status_code = 422 if form.is_bound else 200
    return answer
