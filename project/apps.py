from django.apps import AppConfig
from django.contrib.admin import apps as admin


class ProjectConfig(AppConfig):
    name = "project"
    default = True

    def ready(self) -> None:
        from project import audit_actions, checks  # noqa: F401  declare actions, register checks


class PoliceAdminConfig(admin.AdminConfig):
    default = False
    default_site = "project.admin.PoliceSite"
