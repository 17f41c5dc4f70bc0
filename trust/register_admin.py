"""Registers that an administrator writes: nothing is deleted, each change is in the log."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trust import audit
from trust.desk import DeskAdmin, officer_of
from trust.roles import Role

audit.declare(
    {
        "officer.changed": "an administrator changed an account",
        "unit.changed": "an administrator made or changed a unit or an agency",
    }
)
ROLE_NAMES = {
    Role.INTAKE: _("Intake"),
    Role.OFFICER: _("Officer"),
    Role.APPROVER: _("Approver"),
    Role.COMMUNICATOR: _("Communicator"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.SERVICE: _("Service account"),
}


def role_name(name: str) -> str:
    return str(ROLE_NAMES[Role(name)]) if name in set(Role) else name


class RegisterAdmin(DeskAdmin):
    """Rows an administrator writes and nobody deletes; each change is in the log."""

    audited = "unit.changed"

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer a plain choice: what is chosen here is made and changed on pages of its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        audit.record(self.audited, obj, actor=officer_of(request), after=",".join(form.changed_data))
