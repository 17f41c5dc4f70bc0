from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        from alerts import audit_actions, checks, listeners, ways  # noqa: F401  # for what they register
        from alerts.programme import hand  # noqa: F401
        from alerts.relays import hand as relays  # noqa: F401
