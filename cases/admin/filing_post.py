"""An officer opens a case from a post on a social network, and what the case's page shows of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from cases import seen_post
from cases.admin.doors import CaseDoors, page_url
from cases.admin.filing_forms import OFFICER, carried, submission, token
from cases.admin.post_forms import PostForm, PostStartForm
from cases.desk import PANELS, Panel
from cases.models import Case, FiledHow, SeenPost
from cases.sheet.words import RESTRICTED
from cases.upload import CappedUpload
from trust import audit, desk
from trust.desk import officer_of
from trust.models import Officer


class PostViews(CaseDoors):
    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        own = [
            path("file/post/", site.admin_view(self.file_post_view), name="cases_case_file_post"),
            path(
                "<uuid:pk>/capture/<uuid:capture_pk>/",
                site.admin_view(self.capture_view),
                name="cases_case_capture",
            ),
        ]
        return [*own, *super().get_urls()]

    @method_decorator(
        csrf_exempt
    )  # exempt, then protected within: uploads are capped before the form is read
    def file_post_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("cases.add_case"):
            raise PermissionDenied
        if request.method == "POST":
            request.upload_handlers = [CappedUpload(request)]
        return self._file_post(request)

    def capture_view(self, request: HttpRequest, pk: UUID, capture_pk: UUID) -> HttpResponse:
        case, officer = self.case_for(request, pk, "cases.view_case"), officer_of(request)
        if not officer.has_perm(RESTRICTED):
            raise PermissionDenied
        of_file = [case.pk, *(other.pk for other in case.joined)]
        post = get_object_or_404(SeenPost, pk=capture_pk, case__in=of_file)
        audit.viewed(officer, case, "captured post")
        return picture(post.clean_bytes())

    @method_decorator([never_cache, csrf_protect, sensitive_post_parameters()])
    def _file_post(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._post_page(request, PostStartForm(), PostForm(), token())
        start, post = PostStartForm(request.POST), PostForm(request.POST, request.FILES)
        marked, value = submission(request.POST.get("submission", ""))
        if request.POST.get("act") == "add_child":
            post.is_valid()  # for the picture, which must be chosen anew
            return self._post_page(request, start.one_more(), post, marked)
        if not all([start.is_valid(), post.is_valid()]):
            return self._post_page(request, start, post, marked, status=422)
        return self._post_received(request, start, post, value)

    def _post_page(
        self, request: HttpRequest, start: PostStartForm, post: PostForm, marked: str, *, status: int = 200
    ) -> HttpResponse:
        chosen: Any = post.fields["photo"]
        known = post.known
        scope = self.get_queryset(request)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("File a post seen on a social network"),
            "form": start,
            "post": post,
            "submission": marked,
            "wrong": [one for one in (post, start) if one.is_bound and one.errors],
            "photo_again": post.is_bound and bool(chosen.good),
            "known": known,
            "known_url": page_url(known) if known and scope.filter(pk=known.pk).exists() else "",
            "known_phone": (known.unit.phone or known.unit.agency.phone) if known else "",
        }
        return TemplateResponse(request, "admin/cases/filing/post.html", context, status=status)

    @sensitive_variables()
    def _post_received(
        self, request: HttpRequest, start: PostStartForm, post: PostForm, value: str
    ) -> HttpResponse:
        officer, said = officer_of(request), post.cleaned_data
        report = start.report(value, filed_by=officer, filed_how=FiledHow.POST, reported_at=post.seen_at)
        told = replace(report, language=said["language"], circumstances=said["said"])
        case = seen_post.receive(told, post.seen(), officer).case
        done = gettext("Filed. No family has complained yet: find a guardian and speak with them.")
        messages.success(request, done)
        if self.get_queryset(request).filter(pk=case.pk).exists():
            return redirect(page_url(case))
        address = reverse("admin:cases_case_tell_child", args=[case.pk, "child", 1])
        return redirect(f"{address}?{carried(OFFICER, said['language'], post.said_at)}")


def picture(data: bytes | None) -> HttpResponse:
    """Return a JPEG that nobody keeps; 404 for one that can no longer be read."""
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


def post_panel(case: Case, officer: Officer) -> Panel | None:
    """Return the posts that the case, or a report joined to it, was opened from, or None (one query)."""
    of_file = Q(case=case) | Q(case__merged_into=case)
    posts = list(SeenPost.objects.filter(of_file).select_related("noted_by"))
    if not posts:
        return None
    zone = desk.zone_of(officer)
    return Panel(
        "admin/cases/filing/post_panel.html",
        {
            "case": case,
            "lacks_complaint": case.lacks_complaint and case.is_open,
            "restricted": officer.has_perm(RESTRICTED),
            "posts": [{"post": post, "seen": desk.moment(post.seen_at, zone)} for post in posts],
        },
    )


PANELS.insert(0, post_panel)  # before what can be done: why nothing can be published yet
