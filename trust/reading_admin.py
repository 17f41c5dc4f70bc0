"""Unusual reading at the auditors' desk: who read how much and when, and what an auditor says it was."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trust import audit, clock, desk, looks, reading
from trust.desk import Item, Queue, ReadOnlyAdmin, officer_of
from trust.models import Glass, Officer, ReadingFlag

desk.TASK_WORDS[reading.REVIEW] = _("Unusual reading: look at it and say what it was")
desk.TASK_SUBJECTS["readingflag"] = "admin:trust_readingflag_change"
audit.declare({"reading.looked": "an auditor opened a flag and the looks it is about"})
REFUSALS = {
    "own": _("Nobody judges the own reading."),
    "no_right": _("You may not do this any more."),
    "judged": _("Somebody else was first. The page now shows how it stands."),
}


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(label=_("What was it?"), choices=[("", "—"), *ReadingFlag.Verdict.choices])
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Whom you asked and what you found. Name no child and no family."),
        max_length=reading.MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def queue(officer: Officer) -> Queue:
    """Return the flags nobody has judged, the oldest first (two queries)."""
    now = clock.now()
    waiting = ReadingFlag.objects.for_reviewer(officer).unseen().select_related("officer")
    items = [
        Item(
            str(flag.officer),
            reverse("admin:trust_readingflag_change", args=[flag.pk]),
            f"{flag.get_kind_display()} · {flag.count}",
            desk.age(flag.raised_at, now),
            "warning" if now - flag.raised_at > reading.REVIEW_WITHIN else "",
        )
        for flag in waiting.order_by("raised_at")[: desk.SHOWN]
    ]
    url, none = reverse("admin:trust_readingflag_changelist"), gettext("No reading waits to be looked at.")
    return Queue(gettext("Unusual reading"), items, none, url, waiting.count())


@admin.register(ReadingFlag)
class ReadingFlagAdmin(ReadOnlyAdmin):
    """Read by the auditors of the agency, never about themselves; changed by a verdict alone, once."""

    list_display = ("officer", "kind", "window_start", "count", "unit", "verdict", "looked_by")
    list_filter = ("kind", "verdict")
    list_select_related = ("officer", "unit", "looked_by")
    ordering = ("-window_start",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReadingFlag]:
        return ReadingFlag.objects.for_reviewer(officer_of(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        flag, officer = self.get_object(request, object_id), officer_of(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if flag is None:
            raise Http404
        may_judge = flag.looked_at is None and officer.has_perm("trust.judge_readingflag")
        form = VerdictForm(request.POST or None) if may_judge else None
        if request.method == "POST" and form is not None and form.is_valid():
            return self._judge(request, flag, form)
        audit.record("reading.looked", flag, actor=officer)
        return TemplateResponse(request, "admin/trust/reading.html", self._context(request, flag, form))

    def _judge(self, request: HttpRequest, flag: ReadingFlag, form: VerdictForm) -> HttpResponse:
        told = form.cleaned_data
        try:
            reading.judge(flag, officer_of(request), told["verdict"], told["reason"])
        except reading.JudgingRefused as refusal:
            messages.error(request, str(REFUSALS.get(refusal.code, _("This is not possible now."))))
        else:
            messages.success(request, gettext("Kept, with your name."))
        return redirect("admin:trust_readingflag_change", flag.pk)

    def _context(self, request: HttpRequest, flag: ReadingFlag, form: VerdictForm | None) -> dict[str, Any]:
        zone = desk.zone_of(officer_of(request))
        return {
            **self.admin_site.each_context(request),
            "title": gettext("Unusual reading: %(kind)s") % {"kind": flag.get_kind_display()},
            "flag": flag,
            "glass": Glass.objects.filter(flag=flag).first(),
            "form": form,
            "started_at": desk.moment(flag.window_start, zone),
            "ended_at": desk.moment(flag.window_end, zone),
            "judged_at": desk.moment(flag.looked_at, zone),
            "looks": [
                (desk.moment(look.at, zone), looks.PURPOSES.get(look.purpose, look.purpose), look.subject)
                for look in reading.looks_of(flag)
            ],
        }
