"""What an officer does about one picture, clip or document: judge it, know it again, shut it, take it out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tips.desk.doors import TRIAGE, TipDoors, page_url, sentence, url
from tips.desk.files import boxed
from tips.desk.forms import FootageForm, ReasonForm, VerdictForm
from tips.desk.offered import Act
from tips.files import custody, footage, freezing, verdicts
from tips.models import Attachment, Tip
from tips.refusals import TipRefused
from trust.desk import officer_of
from trust.models import Decision, Officer
from trust.secondfactor import factor_at, fresh_factor_required

JUDGED = (Attachment.State.READY, Attachment.State.UNREADABLE, Attachment.State.KEPT)


def offered(tip: Tip, row: Attachment, officer: Officer, *, may_act: bool) -> list[Act]:
    """Return what may be done about an attachment now (a query where it is frozen)."""
    found: list[tuple[str, Any]] = []
    if row.state in JUDGED:
        if may_act:
            found.append(("verdict", _("Judge it…")))
        if (
            may_act
            and row.verdict
            and officer.has_perm("tips.add_footage")
            and row.kind in ("photo", "video")
        ):
            found.append(("known", _("Know it again…")))
        if officer.has_perm(custody.RIGHT):
            found.append(("export", _("Take out as evidence…")))
        if officer.has_perm(freezing.FREEZE_RIGHT):
            found.append(("freeze", _("Abuse of a child? Shut it…")))
    elif row.state == Attachment.State.FROZEN and officer.has_perm(freezing.OPEN_RIGHT):
        found.append(("frozen", _("What is shut…")))
    return [Act(name, words, url=url(name, tip.pk, row.pk)) for name, words in found]


class FileActs(TipDoors):
    @method_decorator(sensitive_post_parameters())
    def verdict_view(self, request: HttpRequest, pk: UUID, attachment_pk: UUID) -> HttpResponse:
        tip, row = self._row(request, pk, attachment_pk, TRIAGE)
        officer = officer_of(request)
        form = VerdictForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            act = lambda: verdicts.give(row, officer, told["verdict"], told["words"])  # noqa: E731
            return self.perform(request, tip, act, _("Your verdict is kept, with your name and the hour."))
        return self.ask(request, tip, form, _("Old, false, credible, unclear?"), _("Keep the verdict"))

    @method_decorator(sensitive_post_parameters())
    def known_view(self, request: HttpRequest, pk: UUID, attachment_pk: UUID) -> HttpResponse:
        """Put it among the known ones, so that it is recognised when it comes round again."""
        tip, row = self._row(request, pk, attachment_pk, "tips.add_footage")
        officer = officer_of(request)
        form = FootageForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            act = lambda: footage.add(row, officer, told["title"], told["origin"], told["happened_on"])  # noqa: E731
            return self.perform(request, tip, act, _("It is known now: whatever is like it will say so."))
        return self.ask(request, tip, form, _("Know it again"), _("Keep it among the known ones"))

    def freeze_view(self, request: HttpRequest, pk: UUID, attachment_pk: UUID) -> HttpResponse:
        tip, row = self._row(request, pk, attachment_pk, freezing.FREEZE_RIGHT)
        officer = officer_of(request)
        if request.method == "POST":
            done = _("Shut. Nobody opens it but by two officers with that right.")
            return self.perform(request, tip, lambda: freezing.freeze(row, officer), done)
        lead = _(
            "At once nobody sees it any more, here or wherever the same file came. The sealed original "
            "stays as evidence. To look at it or to release it takes two officers with a right of their "
            "own. Do not copy it, do not send it on."
        )
        return self.ask(
            request, tip, Form(), _("Shut suspected abuse of a child"), _("Shut it"), lead=lead, danger=True
        )

    @method_decorator(fresh_factor_required)
    def export_view(self, request: HttpRequest, pk: UUID, attachment_pk: UUID) -> HttpResponse:
        """Hand out the sealed original with its log, for a reason; it is never kept by a browser."""
        tip, row = self._row(request, pk, attachment_pk, custody.RIGHT)
        form = ReasonForm(custody.REASONS, request.POST or None, words=False)
        if request.method == "POST" and form.is_valid():
            try:
                data = custody.export(row, officer_of(request), form.cleaned_data["reason"])
            except TipRefused as refusal:
                form.add_error(None, sentence(refusal))
            else:
                name = f"{tip.reference}-{row.position + 1}.zip"
                said = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
                return HttpResponse(data, content_type="application/zip", headers=said)
        lead = _("A ZIP with the original byte for byte, its SHA-256, and who had it when. It is in the log.")
        return self.ask(
            request, tip, form, _("Take the original out as evidence"), _("Take it out"), lead=lead
        )

    @method_decorator(fresh_factor_required)
    def frozen_view(self, request: HttpRequest, pk: UUID, attachment_pk: UUID) -> HttpResponse:
        """Ask a second officer for leave to look or to release, answer one, or look within the hour."""
        tip, row = self._row(request, pk, attachment_pk, freezing.OPEN_RIGHT)
        if row.state != Attachment.State.FROZEN and request.method == "GET":
            raise Http404
        officer = officer_of(request)
        asked = _open_question(row)
        form = ReasonForm(freezing.REASONS, request.POST or None, words=False)
        if request.method == "POST" and request.POST.get("answer") and asked:
            agree = request.POST["answer"] == "agree"
            act = lambda: freezing.answer(asked, officer, agree=agree, factor_at=factor_at(request))  # noqa: E731
            return self.perform(request, tip, act, _("Answered."))
        if request.method == "POST" and form.is_valid():
            what = freezing.RELEASE if request.POST.get("what") == "release" else freezing.OPEN
            asking = lambda: freezing.ask(what, row, officer, form.cleaned_data["reason"])  # noqa: E731
            return self.perform(
                request, tip, asking, _("Asked. Another officer with that right has to agree.")
            )
        return self.ask(
            request, tip, form, _("What is shut"), _("Ask to look"),
            template="admin/tips/tip/frozen.html", row=row,
            asked=asked, asked_reason=freezing.REASONS.get(asked.ground, "") if asked else "",
            is_release=bool(asked and asked.act == freezing.RELEASE),
            is_mine=bool(asked and asked.asked_by_id == officer.pk),
            may_look=freezing.is_open_to(row, officer),
        )  # fmt: skip

    @method_decorator(require_POST)
    @method_decorator(fresh_factor_required)
    def look_view(self, request: HttpRequest, pk: UUID, attachment_pk: UUID) -> HttpResponse:
        """Show one picture of what is shut, made now and kept nowhere; each look is in the log."""
        tip, row = self._row(request, pk, attachment_pk, freezing.OPEN_RIGHT)
        try:
            data, content_type = freezing.look(row, officer_of(request))
        except TipRefused as refusal:
            messages.error(request, sentence(refusal))
            return redirect(page_url(tip))
        return boxed(data, content_type)

    def _row(self, request: HttpRequest, pk: UUID, attachment_pk: UUID, right: str) -> tuple[Tip, Attachment]:
        """Return tip and attachment; 403 without the right, 404 beyond the scope."""
        if not officer_of(request).has_perm(right):
            raise PermissionDenied
        tip = self.tip_for(request, pk, right)
        return tip, get_object_or_404(Attachment.objects.select_related("tip"), pk=attachment_pk, tip=tip)


def _open_question(row: Attachment) -> Decision | None:
    asked = Decision.objects.filter(act__in=(freezing.OPEN, freezing.RELEASE), subject=row.pk, outcome="")
    return asked.select_related("asked_by").order_by("-asked_at").first()
