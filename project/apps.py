from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ProjectConfig(AppConfig):
    name = "project"

    def ready(self) -> None:
        from project import checks  # noqa: F401  registers the system checks


class PoliceAdminConfig(AdminConfig):
    default_site = "project.admin.PoliceSite"
