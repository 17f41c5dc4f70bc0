"""Officers, units and the log at the police desk. Administrators see no case, auditors change nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account import admin as account_admin  # noqa: F401  registers its own pages, taken down below
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin  # noqa: F401  likewise
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin  # noqa: F401  likewise
from django.contrib.auth.models import Group
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django_celery_beat import admin as beat_admin  # noqa: F401  registers its own pages, replaced below
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from trust import (
    audit,
    desk,
    glass_admin,  # noqa: F401  they register themselves
    grant_admin,
    officer_admin,  # noqa: F401
    reading_admin,
    roster_admin,  # noqa: F401
    sign_in_admin,  # noqa: F401
)
from trust.desk import Queue, ReadOnlyAdmin, officer_of
from trust.models import Agency, AuditEntry, Officer, Task, Unit
from trust.register_admin import RegisterAdmin

audit.declare(
    {
        "audit.read": "an auditor read the log",
    }
)
LANGUAGES = (("ar", _("Name in Arabic")), ("fr", _("Name in French")), ("en", _("Name in English")))


def queues(officer: Officer) -> list[Queue]:
    """Return what waits for an administrator and for an auditor (two queries each)."""
    found = [grant_admin.queue(officer)] if officer.has_perm("trust.decide_grant") else []
    if officer.has_perm("trust.judge_readingflag"):
        found.append(reading_admin.queue(officer))
    return found


class NamesForm(forms.ModelForm[Any]):
    """Edit {language: name} as one field a language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _label in LANGUAGES:
            self.fields[f"name_{code}"].initial = (self.instance.names or {}).get(code, "")

    name_ar = forms.CharField(label=_("Name in Arabic"), max_length=120)
    name_fr = forms.CharField(label=_("Name in French"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  Django's own signature
        given = {code: self.cleaned_data[f"name_{code}"] for code, _label in LANGUAGES}
        self.instance.names = {**(self.instance.names or {}), **given}
        return super().save(commit)


@admin.register(Agency)
class AgencyAdmin(RegisterAdmin):
    form = NamesForm
    fields = ("code", "name_ar", "name_fr", "name_en", "phone", "time_zone")
    readonly_fields = ("code",)
    list_display = ("__str__", "code", "phone", "time_zone")


@admin.register(Unit)
class UnitAdmin(RegisterAdmin):
    form = NamesForm
    fields = ("agency", "code", "name_ar", "name_fr", "name_en", "phone", "duty_officer")
    list_display = ("__str__", "agency", "code", "duty_officer")
    list_select_related = ("agency", "duty_officer")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Leave a unit in its agency: moving it would open one agency's cases to the other's approvers."""
        return ("agency",) if obj else ()


class OwedFilter(admin.SimpleListFilter):
    """Part what is still owed from what was done."""

    title = _("state")
    parameter_name = "owed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Still owed")), ("no", _("Done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        known = {"yes": True, "no": False}
        is_owed = known.get(self.value() or "")
        return queryset if is_owed is None else queryset.filter(done_at__isnull=is_owed)


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    """What the unit owes: looked at by all who may, done by those who work on it, once, and logged."""

    list_display = ("what", "due_at", "owner", "done_at")
    list_filter = (OwedFilter,)
    list_select_related = ("owner",)
    ordering = ("done_at", "due_at", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        return Task.objects.for_officer(officer_of(request))

    def get_urls(self) -> list[URLPattern]:
        finish = path("<uuid:pk>/finish/", self.admin_site.admin_view(self.finish), name="trust_task_finish")
        return [finish, *super().get_urls()]

    @admin.display(description=_("what is owed"))
    def what(self, task: Task) -> str:
        return desk.task_words(task)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        task = self.get_object(request, object_id)
        if task is None or not self.has_view_permission(request, task):
            raise Http404
        subject = desk.TASK_SUBJECTS.get(task.subject_kind, "")
        context = {
            **self.admin_site.each_context(request),
            "title": desk.task_words(task),
            "task": task,
            "opened_at": desk.moment(task.created_at, desk.zone_of(officer_of(request))),
            "due_at": desk.moment(task.due_at, desk.zone_of(officer_of(request))),
            "done_at": desk.moment(task.done_at, desk.zone_of(officer_of(request))),
            "subject_url": reverse(subject, args=[task.subject]) if subject else "",
            "may_finish": self._may_finish(task, officer_of(request)),
        }
        return TemplateResponse(request, "admin/trust/task.html", context)

    def _may_finish(self, task: Task, officer: Officer) -> bool:
        by_hand = task.done_at is None and task.kind not in Task.ENDED_BY_AN_ACT
        return by_hand and officer.has_perm("trust.finish_task")

    def finish(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Say that it is done; a second click says that it was."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        task = self.get_queryset(request).filter(pk=pk).first()
        officer = officer_of(request)
        if task is None or not officer.has_perm("trust.finish_task") or task.kind in Task.ENDED_BY_AN_ACT:
            raise Http404
        if task.finish("done_by_hand", by=officer):
            messages.success(request, _("Done, and written down with your name."))
        else:
            messages.info(request, _("Somebody had done it before."))
        return redirect("admin:index")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("id", "at", "who", "act", "about")
    list_display_links = None
    list_filter = ("at", "action")
    search_fields = ("=subject", "=actor", "=request_id")
    search_help_text = _("The id of a case or an officer, or of a request, whole")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        name = Officer.objects.filter(pk=OuterRef("actor")).values("display_name")
        return AuditEntry.objects.annotate(actor_name=Subquery(name, output_field=CharField()))

    @admin.display(description=_("who"))
    def who(self, entry: Any) -> str:
        return entry.actor_name or (str(entry.actor) if entry.actor else "—")

    @admin.display(description=_("act"))
    def act(self, entry: Any) -> str:
        return " · ".join(part for part in (entry.action, entry.purpose, entry.reason) if part)

    @admin.display(description=_("about"))
    def about(self, entry: Any) -> str:
        return f"{entry.subject_kind} {entry.subject}" if entry.subject else "—"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if self.has_view_permission(request):
            audit.record("audit.read", None, actor=officer_of(request))
        return super().changelist_view(request, extra_context)


# What may be edited or run by hand here would go past every signature: tasks are read, never written.
# Roles come from trust.roles, factors from their owner's own pages: no register of them at all.
for _model in (
    EmailAddress,
    Authenticator,
    Group,
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
):
    admin.site.unregister(_model)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(ReadOnlyAdmin):
    list_display = ("name", "task", "enabled", "last_run_at", "total_run_count")
    fields = ("name", "task", "enabled", "last_run_at", "total_run_count", "description")
