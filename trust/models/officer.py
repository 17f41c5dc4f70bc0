import uuid
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.models.agency import Agency
from trust.models.unit import Unit
from trust.roles import SOLE, Role

LANGUAGES = [("ar", _("Arabic")), ("fr", _("French")), ("en", _("English"))]


class OfficerManager(BaseUserManager["Officer"]):
    """Make accounts; there is no way here to make one that may do everything."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Officer":
        officer = self.model(username=self.model.normalize_username(username), **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class Officer(AbstractBaseUser):
    """An account under /police/. Its roles (groups) alone say what it may do, `is_superuser` nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(
        _("user name"), max_length=64, unique=True, validators=[UnicodeUsernameValidator()]
    )
    display_name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=8, choices=LANGUAGES, default="ar")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="officers", verbose_name=_("unit")
    )
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_superuser = models.BooleanField(default=False, editable=False)
    password_is_temporary = models.BooleanField(default=False, editable=False)
    groups = models.ManyToManyField(Group, blank=True, related_name="officers", verbose_name=_("roles"))
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    objects = OfficerManager()

    reads_only = False  # set for one request by trust.break_glass: whatever the roles give, nothing but looks

    class Meta:
        ordering = ["username"]
        verbose_name = _("officer")
        verbose_name_plural = _("officers")

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def agency(self) -> Agency | None:
        return self.unit.agency if self.unit else None

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles of an active officer (one query with what they give, kept on this object).

        An administrator or a service account is that and nothing else, whatever other groups it was put into.
        """
        held = frozenset(self._given)
        sole = held & SOLE
        return frozenset({min(sole)}) if sole else held

    @cached_property
    def role_permissions(self) -> frozenset[str]:
        """Every "app.codename" its roles give (see roles)."""
        return frozenset().union(*(self._given[role] for role in self.roles))

    @cached_property
    def _given(self) -> dict[str, set[str]]:
        """What each group gives that the officer was put into and that is a role: nothing to the inactive."""
        if not self.is_active:
            return {}
        rows = self.groups.filter(name__in=list(Role)).values_list(
            "name", "permissions__content_type__app_label", "permissions__codename"
        )
        given: dict[str, set[str]] = {}
        for role, label, codename in rows.order_by():
            given.setdefault(role, set()).update({f"{label}.{codename}"} if codename else ())
        return given

    def has_role(self, role: str) -> bool:
        return role in self.roles and not self.reads_only

    @property
    def is_staff(self) -> bool:
        """Whether the police site lets this account in at all: a person with a role."""
        return bool(self.roles - {Role.SERVICE})

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Say whether a role gives it; to whoever reads through broken glass, looking is all there is."""
        is_look = perm.partition(".")[2].startswith("view_")
        return perm in self.role_permissions and (is_look or not self.reads_only)

    def has_perms(self, perms: Iterable[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.role_permissions)

    def get_all_permissions(self, obj: object = None) -> set[str]:
        return {perm for perm in self.role_permissions if self.has_perm(perm)}

    get_group_permissions = get_all_permissions

    def get_user_permissions(self, obj: object = None) -> set[str]:
        return set()

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name
