"""The pages of magistrates' orders: recorded, read, and a hold released by two. alerts.issue decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from alerts import issue
from alerts.glass import row_to_read
from alerts.issue.ordering import asked_release
from alerts.models import Order
from alerts.order_form import OrderForm, ReleaseForm
from alerts.version_views import REFUSALS, demand_right, sentence, show
from cases.models import Case
from cases.upload import CappedUpload
from trust import audit, desk
from trust.desk import officer_of
from trust.secondfactor import factor_at, fresh_factor_required

TITLES = {
    Order.Kind.ALERT: _("Record an order to issue an alert"),
    Order.Kind.HOLD: _("Record an order to stop"),
}


def order_url(order: Order) -> str:
    return reverse("admin:alerts_order_change", args=[order.pk])


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses below those of orders."""
    return [
        path("record/<uuid:case_pk>/", wrap(record), name="alerts_order_record"),
        path("hold/<uuid:case_pk>/", wrap(hold), name="alerts_order_hold"),
        path("<uuid:pk>/scan/", wrap(scan), name="alerts_order_scan"),
        path("<uuid:pk>/release/", wrap(ask_release), name="alerts_order_release"),
        path("<uuid:pk>/decide/", wrap(decide_release), name="alerts_order_decide"),
    ]


# Exempt, then protected within: the handler of uploads is set before anything reads the form.
@csrf_exempt
def record(request: HttpRequest, case_pk: UUID) -> HttpResponse:
    return _received(request, case_pk, Order.Kind.ALERT)


@csrf_exempt
@fresh_factor_required
def hold(request: HttpRequest, case_pk: UUID) -> HttpResponse:
    demand_right(request, "alerts.stop_alert")
    return _received(request, case_pk, Order.Kind.HOLD)


def order_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an order, and to each officer what is theirs to do about a hold."""
    order, officer = _to_read(request, pk), officer_of(request)
    audit.viewed(officer, order.case, "order")
    return show(request, "admin/alerts/order.html", _context(order, request, ReleaseForm()))


def scan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the clean copy of the paper, which nobody keeps."""
    order = _to_read(request, pk)
    data = order.scan()
    if data is None:
        raise Http404
    audit.viewed(officer_of(request), order.case, "order scan")
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


@sensitive_post_parameters()
@require_POST
def ask_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    order = _in_scope(request, pk, "alerts.add_order")
    demand_right(request, "alerts.stop_alert")
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return show(request, "admin/alerts/order.html", _context(order, request, form))
    words, officer = form.cleaned_data["words"], officer_of(request)
    done = _("Asked. Another officer who may release it is called now.")
    return _perform(request, order, lambda: issue.ask_release(order, officer, words), done)


@fresh_factor_required
def decide_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Release or keep a hold; a GET comes back from the second factor and shows the order again."""
    order, officer = _in_scope(request, pk, "alerts.release_hold"), officer_of(request)
    if request.method != "POST":
        return order_page(request, pk)
    granted, at = request.POST.get("answer") == "release", factor_at(request)
    done = _("Released. Alerts on this case can be drafted again.") if granted else _("The hold stays.")
    return _perform(
        request, order, lambda: issue.decide_release(order, officer, granted=granted, factor_at=at), done
    )


def _received(request: HttpRequest, case_pk: UUID, kind: Order.Kind) -> HttpResponse:
    demand_right(request, "alerts.add_order")
    rows = Case.objects.for_officer(request.user).select_related("unit__agency", "merged_into")
    case = get_object_or_404(rows, pk=case_pk)
    if request.method == "POST":
        request.upload_handlers = [CappedUpload(request)]
    return _form_page(request, case, kind)


@never_cache
@csrf_protect
@sensitive_post_parameters()
def _form_page(request: HttpRequest, case: Case, kind: Order.Kind) -> HttpResponse:
    officer = officer_of(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OrderForm(kind, desk.zone_of(officer), *posted)
    if request.method == "POST" and form.is_valid():
        is_hold, at = kind == Order.Kind.HOLD, factor_at(request)
        done = _("Recorded. What was live is stopped, and nothing can be issued on this case.")
        return desk.perform(
            request,
            lambda: issue.record_order(case, officer, form.ordered(), factor_at=at),
            done if is_hold else _("Recorded. The alert can be signed as far as the order goes."),
            reverse("admin:cases_case_change", args=[case.standing.pk]),
            refusals=REFUSALS,
            say=sentence,
        )
    context = {"title": str(TITLES[kind]), "case": case, "form": form, "is_hold": kind == Order.Kind.HOLD}
    status = 422 if form.is_bound else 200
    answer = show(request, "admin/alerts/order_form.html", context)
    answer.status_code = status
    return answer


def _context(order: Order, request: HttpRequest, form: ReleaseForm) -> dict[str, Any]:
    officer = officer_of(request)
    zone, holds = desk.zone_of(officer), order.is_holding
    asked = asked_release(order) if holds else None
    own = asked is not None and asked.asked_by_id == officer.pk
    may_ask = officer.has_perm("alerts.add_order") and officer.has_perm("alerts.stop_alert")
    return {
        "title": gettext("Order on case %(reference)s") % {"reference": order.case.reference},
        "order": order,
        "case": order.case,
        "given_at": desk.moment(order.given_at, zone),
        "recorded_at": desk.moment(order.at, zone),
        "holds": holds,
        "released_at": desk.moment(order.released_at, zone) if order.released_at and not holds else "",
        "asked": asked,
        "asked_at": desk.moment(asked.asked_at, zone) if asked else "",
        "own_question": own,
        "form": form,
        "may_ask": holds and asked is None and may_ask,
        "may_decide": asked is not None and not own and officer.has_perm("alerts.release_hold"),
        "may_see_case": officer.has_perm("cases.view_case"),
    }


def _in_scope(request: HttpRequest, pk: UUID, permission: str) -> Order:
    demand_right(request, permission)
    rows = Order.objects.for_officer(request.user).select_related("case__unit__agency", "recorded_by")
    return get_object_or_404(rows, pk=pk)


def _to_read(request: HttpRequest, pk: UUID) -> Order:
    """Return an order within the officer's scope or, for a look, of a case opened in an emergency."""
    demand_right(request, "alerts.view_order")
    return row_to_read(request, Order.objects.select_related("case__unit__agency", "recorded_by"), pk, "case")


def _perform(request: HttpRequest, order: Order, act: Callable[[], object], done: Any) -> HttpResponse:
    return desk.perform(request, act, done, order_url(order), refusals=REFUSALS, say=sentence)
