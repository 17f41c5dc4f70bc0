"""The page of one tip."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tips.desk.listing import TipListing
from tips.desk.page import page
from trust import clock
from trust.desk import officer_of


class TipReading(TipListing):
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
        shown = page(tip, officer, request.GET, clock.now())
        tip.read_by(officer)
        context = {
            **self.admin_site.each_context(request), **shown, "forms": {**shown["forms"], **forms}, **more,
        }  # fmt: skip
        return TemplateResponse(request, "admin/tips/tip/page.html", context, status=status)
