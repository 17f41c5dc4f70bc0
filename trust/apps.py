from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrustConfig(AppConfig):
    name = "trust"

    def ready(self) -> None:
        from trust import audit_actions, checks, roles, signin, triggers  # noqa: F401  they register themselves

        post_migrate.connect(roles.sync, dispatch_uid="trust.roles")
        post_migrate.connect(triggers.ensure, sender=self, dispatch_uid="trust.triggers")
        signin.listen()
