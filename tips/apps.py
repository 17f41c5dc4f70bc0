from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TipsConfig(AppConfig):
    name = "tips"
    verbose_name = _("Tips")

    def ready(self) -> None:
        from notifier.signals import inbound_received
        from tips import audit_actions, counted, intake, listeners  # noqa: F401  they declare and listen

        counted.install()
        inbound_received.connect(intake.on_inbound, dispatch_uid="tips.intake")
