"""The pages of statements: written, found, proposed, signed, withdrawn. alerts.statements decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from alerts import statements
from alerts.models import Statement
from alerts.statements.desk import context_of, statement_url
from alerts.statements.form import FindForm, StatementForm
from alerts.statements.permission import DRAFT, SIGN
from alerts.statements.signing import MOST_REASON
from alerts.version_views import MOST_TICKS, REFUSALS, demand_right, sentence, show
from cases.forms.words import spoken
from trust import audit, desk
from trust.desk import officer_of
from trust.secondfactor import factor_at, fresh_factor_required

VIEW = "alerts.view_statement"


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses below the register of statements."""
    one = "<uuid:pk>"
    return [
        path("new/", wrap(new), name="alerts_statement_new"),
        path("find/", wrap(find), name="alerts_statement_find"),
        path(f"{one}/edit/", wrap(edit), name="alerts_statement_edit"),
        path(f"{one}/propose/", wrap(propose), name="alerts_statement_propose"),
        path(f"{one}/sign/", wrap(sign), name="alerts_statement_sign"),
        path(f"{one}/refuse/", wrap(refuse), name="alerts_statement_refuse"),
        path(f"{one}/again/", wrap(again), name="alerts_statement_again"),
        path(f"{one}/ask-withdrawal/", wrap(ask_withdrawal), name="alerts_statement_ask_withdrawal"),
        path(f"{one}/withdraw/", wrap(withdraw), name="alerts_statement_withdraw"),
        path(f"{one}/keep/", wrap(keep), name="alerts_statement_keep"),
    ]


def statement_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a statement as it is, and to each officer the acts that are theirs."""
    row, officer = _row(request, pk, VIEW), officer_of(request)
    audit.viewed(officer, row, "statement")
    return show(request, "admin/alerts/statement.html", context_of(row, officer))


@sensitive_post_parameters()
def new(request: HttpRequest) -> HttpResponse:
    """Begin a statement. `?kind=` fills in what statements of the kind begin with."""
    demand_right(request, DRAFT)
    officer = officer_of(request)
    begun = Statement(kind=request.GET.get("kind", ""), unit=officer.unit)
    if officer.unit and begun.kind in Statement.Kind.values:
        begun.texts = statements.suggested(begun.kind, officer.unit)
    form = StatementForm(request.POST or None, row=begun)
    return _written(
        request, form, gettext("Write a statement"), lambda: statements.draft(officer, **form.told)
    )


@sensitive_post_parameters()
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a draft, its languages side by side."""
    row, officer = _row(request, pk, DRAFT), officer_of(request)
    form = StatementForm(request.POST or None, row=row)
    title = gettext("Change statement %(code)s") % {"code": row.code}
    if row.state != Statement.State.DRAFT:
        return redirect(statement_url(row))
    audit.viewed(officer, row, "statement")
    return _written(request, form, title, lambda: statements.edit(row, officer, **form.told), row)


def _written(
    request: HttpRequest,
    form: StatementForm,
    title: str,
    act: Callable[[], Statement],
    row: Statement | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(statement_url(act()))
        except REFUSALS as refusal:
            form.add_error(None, sentence(refusal))
    kinds = [(code, label) for code, label in Statement.Kind.choices if code != Statement.Kind.COMMUNIQUE]
    context = {
        "title": title,
        "form": form,
        "row": row,
        "kinds": kinds,
        "back_url": statement_url(row) if row else reverse("admin:alerts_statement_changelist"),
    }
    return show(request, "admin/alerts/statement_draft.html", context)


@sensitive_post_parameters()
def find(request: HttpRequest) -> HttpResponse:
    """Find which statement answers what somebody was sent; what is pasted stands in no address."""
    demand_right(request, VIEW)
    officer = officer_of(request)
    form = FindForm(request.POST or None)
    found: list[Statement] | None = None
    if request.method == "POST" and form.is_valid():
        scope = Statement.objects.for_officer(officer)
        found = statements.found(form.cleaned_data["pasted"], scope)
    lines = [(row, statement_url(row), _title(row)) for row in found or ()]
    context = {
        "title": gettext("Find a statement"),
        "form": form,
        "found": lines,
        "asked": found is not None,
        "may_draft": officer.has_perm(DRAFT),
    }
    return show(request, "admin/alerts/statement_find.html", context)


@require_POST
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, officer = _row(request, pk, DRAFT), officer_of(request)
    seen = request.POST.getlist("seen")[:MOST_TICKS]
    done = _("Proposed. Another officer must read and sign it now.")
    return _perform(request, row, lambda: statements.propose(row, officer, seen=seen), done)


@fresh_factor_required
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign what the page showed; a GET comes back from the second factor and shows the page again."""
    row, officer = _row(request, pk, SIGN), officer_of(request)
    if request.method != "POST":
        return redirect(statement_url(row))
    shown, at = request.POST.get("digest", ""), factor_at(request)
    done = _("Signed. The statement is public now.")
    return _perform(request, row, lambda: statements.sign(row, officer, digest=shown, factor_at=at), done)


@require_POST
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, officer = _row(request, pk, SIGN), officer_of(request)
    done = _("Refused. The reason is kept.")
    return _perform(request, row, lambda: statements.refuse(row, officer, _reason(request)), done)


@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the next draft with these words."""
    row, officer = _row(request, pk, DRAFT), officer_of(request)
    made: list[Statement] = []
    done = _("A new draft begins with these words. Change what was wrong.")
    answer = _perform(request, row, lambda: made.append(statements.again(row, officer)), done)
    return redirect(statement_url(made[0], "edit")) if made else answer


@require_POST
def ask_withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, officer = _row(request, pk, VIEW), officer_of(request)
    if not (officer.has_perm(SIGN) or officer.has_perm(DRAFT)):
        demand_right(request, SIGN)
    done = _("Asked. Another officer who may sign decides; until then the statement stands.")
    return _perform(request, row, lambda: statements.ask_withdrawal(row, officer, _reason(request)), done)


@fresh_factor_required
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw what the page showed; a GET comes back from the second factor and shows the page again."""
    row, officer = _row(request, pk, SIGN), officer_of(request)
    if request.method != "POST":
        return redirect(statement_url(row))
    shown, at = request.POST.get("digest", ""), factor_at(request)
    done = _("Withdrawn. The public reads that it no longer stands.")
    return _perform(request, row, lambda: statements.withdraw(row, officer, digest=shown, factor_at=at), done)


@require_POST
def keep(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, officer = _row(request, pk, SIGN), officer_of(request)
    return _perform(request, row, lambda: statements.keep(row, officer), _("The statement stands."))


def _row(request: HttpRequest, pk: UUID, permission: str) -> Statement:
    """Return a statement of the officer's scope; 403 without the right, 404 beyond the scope."""
    demand_right(request, permission)
    rows = Statement.objects.for_officer(request.user).select_related(
        "unit__agency", "alert__case__unit__agency", "follows", "created_by", "proposed_by", "signed_by"
    )
    return get_object_or_404(rows, pk=pk)


def _title(row: Statement) -> str:
    return row.said(spoken()).title


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:MOST_REASON]


def _perform(
    request: HttpRequest, row: Statement, act: Callable[[], object], done: str | Promise
) -> HttpResponse:
    return desk.perform(request, act, done, statement_url(row), refusals=REFUSALS, say=sentence)
