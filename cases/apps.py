from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    label = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from cases import audit_actions, checking, checks, glass, owning, place_checks  # noqa: F401  (they declare and listen)
        from cases.found import deciding  # noqa: F401
