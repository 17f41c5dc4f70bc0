from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ProjectConfig(AppConfig):
    name = "project"

    def ready(self) -> None:
        from project import audit_actions, checks  # noqa: F401  declare actions, register checks


class PoliceAdminConfig(AdminConfig):
    default_site = "project.admin.PoliceSite"
