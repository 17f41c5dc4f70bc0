"""Which rows an officer may see at all: every QuerySet used under /police/ goes through for_officer."""

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q

from trust import clock
from trust.roles import OF_THE_AGENCY, OF_THE_UNIT

if TYPE_CHECKING:
    from trust.models.officer import Officer

BREAK = "trust.add_glass"  # the right to open what is not one's own, asked again at every look

Row = TypeVar("Row", bound=models.Model)


class ScopedQuerySet(models.QuerySet[Row]):
    """A QuerySet whose rows belong to a unit, named by `scope_path` ("unit", "case__unit").

    `glass_path` names the way to the id of what may be opened by breaking the glass ("pk", "case").
    """

    scope_path: ClassVar[str | None] = None
    glass_path: ClassVar[str | None] = None

    def for_officer(self, officer: "Officer | AnonymousUser | Any", *, to_read: bool = False) -> Self:
        """Return the rows of the officer's agency (approver, auditor, communicator) or unit (others).

        Nobody, an inactive or unit-less officer, an administrator and a service account get none. With
        to_read also what the officer opened by breaking the glass: only a page that shows may ask for it,
        so that an act which forgets to think of it is refused.
        """
        if self.scope_path is None:
            raise ImproperlyConfigured(f"{type(self).__name__}: name scope_path, the way to the row's unit")
        scope = self._scope(officer)
        if scope is None:
            return self.none()
        if to_read and self.glass_path and officer.has_perm(BREAK):
            return self.filter(scope | Q(**{f"{self.glass_path}__in": self._opened_by(officer)}))
        return self.filter(scope)

    def scope(self, officer: "Officer | Any") -> Q:
        """Return what for_officer() asks of a row, to be asked beside other things."""
        return self._scope(officer) or Q(pk__in=())

    def marked(self, officer: "Officer | Any") -> Self:
        """Annotate `seen`: whether the row is one of for_officer's."""
        seen = models.When(self.scope(officer), then=models.Value(1))
        whether = models.Case(seen, default=models.Value(0), output_field=models.BooleanField())
        return self.annotate(seen=whether)

    def _opened_by(self, officer: Any) -> "models.QuerySet[Any, Any]":
        rows: models.QuerySet[Any, Any] = officer.glasses.open(clock.now()).values("subject")
        return rows

    def _scope(self, officer: Any) -> Q | None:
        unit = getattr(officer, "unit", None)
        roles: frozenset[str] = getattr(officer, "roles", frozenset())
        if unit is None:
            return None
        if roles & OF_THE_AGENCY:
            return Q(**{f"{self.scope_path}__agency": unit.agency_id})
        return Q(**{str(self.scope_path): unit.pk}) if roles & OF_THE_UNIT else None
