"""Accounts: made and closed by one administrator, given rights by two; nobody changes their own rights."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from trust import audit, enrolment, granting, rights, sessions
from trust.desk import officer_of
from trust.grant_words import ground_words, refused
from trust.models import Grant, Officer, Unit
from trust.register_admin import RegisterAdmin, role_name
from trust.roles import Role
from trust.secondfactor import fresh_factor_required

OWN = ("display_name", "language", "phone", "email")
PLAIN = ("username", "display_name", "language", "phone", "email")  # fields that give no right


class RoleField(forms.ModelMultipleChoiceField[Group]):
    """Offer the roles by their names; a service account is not made here."""

    def label_from_instance(self, obj: Group) -> str:
        return role_name(obj.name)


class OfficerForm(forms.ModelForm[Officer]):
    """Ask how the account should be. What gives a right is no field of the row: trust.rights reads it."""

    unit = forms.ModelChoiceField(
        label=_("unit"),
        queryset=Unit.objects.select_related("agency"),
        required=False,
        help_text=_("Another unit waits for a second administrator."),
    )
    groups = RoleField(
        label=_("Roles"),
        queryset=Group.objects.filter(name__in=[role for role in Role if role != Role.SERVICE]),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "A new role waits for a second administrator, a role taken away is gone at once. "
            "An administrator sees no case, whatever other role is ticked."
        ),
    )
    is_active = forms.BooleanField(
        label=_("active"),
        required=False,
        initial=True,
        help_text=_("Closing is at once; opening again waits for a second administrator."),
    )

    class Meta:
        model = Officer
        fields = PLAIN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            return
        held = {"unit": self.instance.unit_id, "is_active": self.instance.is_active}
        self.initial = {**self.initial, **held, "groups": list(self.instance.groups.all())}

    @property
    def wanted(self) -> rights.Wanted:
        told = self.cleaned_data
        return rights.Wanted(
            frozenset(group.name for group in told["groups"]), told["unit"], is_active=told["is_active"]
        )


class OwnForm(forms.ModelForm[Officer]):
    class Meta:
        model = Officer
        fields = OWN


@admin.register(Officer)
class OfficerAdmin(RegisterAdmin):
    """Make and change accounts; what is taken is gone at once, what is given waits for a second person."""

    form = OfficerForm
    list_display = ("username", "display_name", "unit", "role_names", "is_active")
    list_select_related = ("unit",)
    list_filter = ("is_active",)
    search_fields = ("username", "display_name")
    change_form_template = "admin/trust/officer.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        acts = {"password": self.password_view, "factor": self.factor_view, "sessions": self.sessions_view}
        own = [
            path(f"<uuid:pk>/{name}/", wrap(view), name=f"trust_officer_{name}")
            for name, view in acts.items()
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Officer]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("username", "unit", "is_active", "role_names") if _is_own(request, obj) else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if _is_own(request, obj):
            return [*PLAIN, "unit", "is_active", "role_names"]
        return [*PLAIN, "unit", "is_active", "groups"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: Any = False, **kwargs: Any) -> Any:  # noqa: FBT002  Django's signature
        form, fields = (OwnForm, OWN) if _is_own(request, obj) else (OfficerForm, PLAIN)
        return super().get_form(request, obj, change, **{**kwargs, "form": form, "fields": fields})

    @admin.display(description=_("roles"))
    def role_names(self, officer: Officer) -> str:
        return ", ".join(role_name(group.name) for group in officer.groups.all()) or "—"

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: Any) -> None:
        """Keep what gives no right; a new account has neither password nor role."""
        if not change:
            obj.set_unusable_password()
            obj.unit = form.cleaned_data["unit"]
            messages.info(request, gettext("The account has no password yet: enrol the officer in person."))
        super(RegisterAdmin, self).save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Take what is wanted away, ask for what is wanted new, and say which is which."""
        super().save_related(request, form, formsets, change)
        officer, by = Officer.objects.get(pk=form.instance.pk), officer_of(request)
        done = rights.Changed() if isinstance(form, OwnForm) else rights.change(officer, form.wanted, by)
        officer = Officer.objects.get(pk=officer.pk)
        action = "officer.changed" if change else "officer.enrolled"
        held = ",".join(sorted(officer.roles)) + ("" if officer.is_active else " inactive")
        audit.record(action, officer, actor=by, after=held)
        for ground in done.asked:
            said = gettext("Waits for a second administrator: %(right)s.")
            messages.warning(request, said % {"right": ground_words(ground)})
        for ground in done.taken:
            messages.info(request, gettext("Taken at once: %(right)s.") % {"right": ground_words(ground)})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        officer = context.get("original")
        waiting = Grant.objects.open().filter(subject=officer.pk) if officer else Grant.objects.none()
        context["waiting"] = [(ground_words(grant.ground), _grant_url(grant)) for grant in waiting]
        context["may_help"] = officer is not None and not _is_own(request, officer) and officer.is_active
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Leave the officer's name out of the title, which a browser keeps."""
        return super().history_view(
            request, object_id, {"title": self.opts.verbose_name, **(extra_context or {})}
        )

    @method_decorator(sensitive_variables())
    @method_decorator(fresh_factor_required)
    def password_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask first; then show a one-time password, this once, to be handed over in person."""
        officer = self._other(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("A one-time password"),
            "officer": officer,
            "back": reverse("admin:trust_officer_change", args=[pk]),
        }
        if request.method == "POST":
            context["password"] = enrolment.issue_password(officer, by=officer_of(request))
        return TemplateResponse(request, "admin/trust/password.html", context)

    @method_decorator(fresh_factor_required)
    def factor_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask that the second factor be forgotten: another administrator decides."""
        officer = self._other(request, pk)
        if request.method != "POST":  # back from the second factor
            return redirect("admin:trust_officer_change", pk)
        try:
            asked = granting.ask(officer, granting.FACTOR, officer_of(request))
        except granting.GrantRefused as refusal:
            messages.error(request, refused(refusal))
        else:
            said = gettext("Waits for a second administrator.") if asked else gettext("This waits already.")
            messages.warning(request, said)
        return redirect("admin:trust_officer_change", pk)

    @method_decorator(require_POST)
    def sessions_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """End every session of the officer."""
        sessions.end_all(self._other(request, pk), by=officer_of(request))
        messages.success(request, gettext("The officer is signed in nowhere any more."))
        return redirect("admin:trust_officer_change", pk)

    def _other(self, request: HttpRequest, pk: UUID) -> Officer:
        """Return an account that is not one's own; 403 without the right or for one's own."""
        officer = get_object_or_404(Officer, pk=pk) if self.has_change_permission(request) else None
        if officer is None or _is_own(request, officer) or not officer.is_active:
            raise PermissionDenied
        return officer


def _is_own(request: HttpRequest, officer: Any) -> bool:
    return officer is not None and officer.pk == officer_of(request).pk


def _grant_url(grant: Grant) -> str:
    return reverse("admin:trust_grant_change", args=[grant.pk])
