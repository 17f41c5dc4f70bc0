"""Work that one worker holds at a time, and that falls free by itself when the worker dies."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LEASE_S = 30.0


class Leased(models.Model):
    """A row to be worked on: due, held until `lease_until` by whoever knows `lease_token`, then done."""

    channel = models.CharField(max_length=32, verbose_name=_("channel"))
    priority = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # rounds in a row without one success
    done_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @staticmethod
    def due(at: datetime) -> Q:
        return Q(done_at=None, due_at__lte=at) & (Q(lease_until=None) | Q(lease_until__lt=at))

    def take(self, at: datetime, lease_s: float = LEASE_S) -> bool:
        """Claim the row as it was read: False when somebody else was faster."""
        return self._update(
            Q(done_at=None, lease_token=self.lease_token, lease_until=self.lease_until),
            lease_token=uuid.uuid4(),
            lease_until=at + timedelta(seconds=lease_s),
        )

    def renew(self, at: datetime, lease_s: float = LEASE_S) -> bool:
        """Hold on for longer: False when the lease was lost, and nothing more may leave."""
        return self._update(
            Q(done_at=None, lease_token=self.lease_token), lease_until=at + timedelta(seconds=lease_s)
        )

    def release(self, due_at: datetime, *, attempts: int = 0) -> bool:
        """Put the row back for `due_at`."""
        return self._update(
            Q(done_at=None, lease_token=self.lease_token),
            lease_token=None,
            lease_until=None,
            due_at=due_at,
            attempts=attempts,
        )

    def finish(self, at: datetime) -> bool:
        return self._update(
            Q(done_at=None, lease_token=self.lease_token), lease_token=None, lease_until=None, done_at=at
        )

    def _update(self, condition: Q, **changes: object) -> bool:
        done = bool(type(self)._default_manager.filter(condition, pk=self.pk).update(**changes))
        if done:
            for name, value in changes.items():
                setattr(self, name, value)
        return done
