"""The page of one tip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from tips import seeing
from tips.desk.acts import TipActs
from tips.desk.decisions import TipDecisions
from tips.desk.file_acts import FileActs
from tips.desk.files import TipFiles
from tips.desk.listing import TipListing
from tips.desk.page import page
from tips.desk.reveal import TipReveal
from tips.desk.statements import TipStatements
from tips.models import Tip
from trust import clock
from trust.desk import officer_of


class TipReading(
    TipListing, TipActs, TipDecisions, TipStatements, TipReveal, FileActs, TipFiles,
):  # fmt: skip
    def get_urls(self) -> list[URLPattern]:
        acts: dict[str, Callable[..., HttpResponse]] = {
            "questions": self.questions_view,
            "reply": self.reply_view,
            "sighting": self.sighting_view,
            "case": self.case_view,
            "hand": self.hand_view,
            "taken": self.taken_view,
            "back": self.back_view,
            "reopen": self.reopen_view,
            "close": self.close_view,
            "second": self.second_view,
            "statement": self.statement_view,
            "reveal": self.reveal_view,
        }
        files: dict[str, Callable[..., HttpResponse]] = {
            "copy": self.copy_view,
            "still": self.still_view,
            "verdict": self.verdict_view,
            "known": self.known_view,
            "freeze": self.freeze_view,
            "frozen": self.frozen_view,
            "look": self.look_view,
            "export": self.export_view,
        }
        routes = {name: (f"<uuid:pk>/{name}/", view) for name, view in acts.items()}
        of_file = "<uuid:pk>/file/<uuid:attachment_pk>"
        routes |= {name: (f"{of_file}/{name}/", view) for name, view in files.items()}
        routes["like"] = (f"{of_file}/like/<int:number>/", self.like_view)
        own = [
            path(route, self.admin_site.admin_view(view), name=f"tips_tip_{name}")
            for name, (route, view) in routes.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            key = UUID(object_id)
        except ValueError:
            raise Http404 from None
        return self.page_of(request, key, {}, **(extra_context or {}))

    def page_of(
        self, request: HttpRequest, key: UUID, forms: dict[str, Any], *, status: int = 200, **more: Any
    ) -> HttpResponse:
        """Show the page; forms: those that were not filled in well, by the name they have there."""
        tip, officer = self.tip_to_read(request, key), officer_of(request)
        shown = page(tip, officer, request.GET, clock.now())  # before it is seen: the queue as it stood
        seeing.see(tip, officer)
        if "reply" in forms and shown["reply"]:
            shown["reply"]["form"] = forms["reply"]
        context = {**self.admin_site.each_context(request), **shown, **more}
        return TemplateResponse(request, "admin/tips/tip/page.html", context, status=status)

    def page_with(self, request: HttpRequest, tip: Tip, **forms: Any) -> HttpResponse:
        return self.page_of(request, tip.pk, forms, status=422)
