"""Which rows an officer may see at all: every QuerySet used under /police/ goes through for_officer."""

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from trust.roles import OF_THE_AGENCY, OF_THE_UNIT

if TYPE_CHECKING:
    from trust.models.officer import Officer

Row = TypeVar("Row", bound=models.Model)


class ScopedQuerySet(models.QuerySet[Row]):
    """A QuerySet whose rows belong to a unit, named by `scope_path` ("unit", "case__unit")."""

    scope_path: ClassVar[str | None] = None

    def for_officer(self, officer: "Officer | AnonymousUser | Any") -> Self:
        """Return the rows of the officer's agency (approver, auditor, communicator) or unit (others).

        Nobody, an inactive or unit-less officer, an administrator and a service account get none.
        """
        if self.scope_path is None:
            raise ImproperlyConfigured(f"{type(self).__name__}: name scope_path, the way to the row's unit")
        unit = getattr(officer, "unit", None)
        roles: frozenset[str] = getattr(officer, "roles", frozenset())
        if unit is None:
            return self.none()
        if roles & OF_THE_AGENCY:
            return self.filter(**{f"{self.scope_path}__agency": unit.agency_id})
        if roles & OF_THE_UNIT:
            return self.filter(**{self.scope_path: unit.pk})
        return self.none()
