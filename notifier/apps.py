from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifierConfig(AppConfig):
    name = "notifier"
    verbose_name = _("Sendings")

    def ready(self) -> None:
        from notifier import audit_actions, checks  # noqa: F401  declare actions, register checks
