from django.apps import AppConfig
from django.contrib.admin import apps as admin


class ProjectConfig(AppConfig):
    name = "project"
    default = True

    def ready(self) -> None:
        from project import audit_actions, checks, officers_told  # noqa: F401  they declare and listen


class PoliceAdminConfig(admin.AdminConfig):
    default = False
    default_site = "project.admin.PoliceSite"
