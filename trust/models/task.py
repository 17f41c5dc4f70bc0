import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trust import audit, clock
from trust.models.unit import Unit
from trust.scope import ScopedQuerySet

if TYPE_CHECKING:
    from trust.models.officer import Officer


class TaskQuerySet(ScopedQuerySet["Task"]):
    scope_path = "unit"

    def for_officer(self, officer: Any, *, to_read: bool = False) -> Self:
        """Return the tasks in the officer's scope, without the kinds that only another role may know of."""
        roles: frozenset[str] = getattr(officer, "roles", frozenset())
        hidden = [kind for kind, role in Task.AUDIENCE.items() if role not in roles]
        return super().for_officer(officer, to_read=to_read).exclude(kind__in=hidden)

    def still_open(self) -> "TaskQuerySet":
        return self.filter(done_at__isnull=True)


class Task(models.Model):
    """What a person owes: a recall by hand, a family waiting. Codes only; the words are in the subject."""

    # Kinds that end by an act on their subject alone: nobody says by hand that they are done.
    ENDED_BY_AN_ACT: ClassVar[set[str]] = set()
    # Kinds that one role alone may know of: whom a flag concerns does not read of it in a list.
    AUDIENCE: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    subject_kind = models.CharField(max_length=32, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks",
        verbose_name=_("Held by"),
    )  # fmt: skip
    detail_code = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    done_at = models.DateTimeField(_("Done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks_done"
    )
    result = models.CharField(max_length=64, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "created_at"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        permissions = [("finish_task", "Can say that what was owed is done")]
        indexes = [
            models.Index(fields=["unit", "kind"], name="task_open", condition=models.Q(done_at__isnull=True)),
        ]

    @classmethod
    def open(
        cls,
        kind: str,
        subject: UUID,
        *,
        subject_kind: str = "",
        unit: Unit | None = None,
        owner: "Officer | None" = None,
        detail_code: str = "",
        due_at: datetime | None = None,
    ) -> "Task":
        """Return the open task of this kind, subject and detail, made now if there is none."""
        same = cls.objects.still_open().filter(kind=kind, subject=subject, detail_code=detail_code).first()
        return same or cls.objects.create(
            kind=kind, subject=subject, subject_kind=subject_kind, unit=unit, owner=owner,
            detail_code=detail_code, created_at=clock.now(), due_at=due_at,
        )  # fmt: skip

    def finish(self, result: str, *, by: "Officer | None" = None) -> bool:
        """Close it once; return whether this call did."""
        now = clock.now()
        done = Task.objects.still_open().filter(pk=self.pk).update(done_at=now, done_by=by, result=result)
        if done:
            self.done_at, self.done_by, self.result = now, by, result
            audit.record("task.finished", self, actor=by, after=result)
        return bool(done)
