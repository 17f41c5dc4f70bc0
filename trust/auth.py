"""Log-in by allauth, permissions from roles."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from trust.models.officer import Officer


class RolesBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth carries no types
    """Let an officer in by user name and password; what the officer may do comes from roles alone.

    Django's own backend gives a superuser everything; each of its questions is answered here instead.
    """

    def get_user(self, user_id: Any) -> Officer | None:
        """Return an active officer with unit and agency, which nearly every page of the desk asks for."""
        known = Officer.objects.select_related("unit__agency")
        return known.filter(pk=user_id, is_active=True).first()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return user_obj.get_all_permissions() if isinstance(user_obj, Officer) else set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return self.get_all_permissions(user_obj, obj)

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return isinstance(user_obj, Officer) and user_obj.has_module_perms(app_label)

    def with_perm(self, perm: Any, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("ask roles: Officer.objects.filter(groups__name=...)")
