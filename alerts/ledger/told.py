"""Who heard that it is over, channel by channel, beside who was told in the first place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from alerts.models import Alert
from notifier import ledger
from notifier.ledger import Equation
from notifier.models import Delivery


@dataclass(frozen=True)
class Told:
    """Hold one channel: people who were told or may have been, and what became of their all-clear.

    `left`: those who asked for no more since. told = heard + lost + left_out + waiting + left.
    """

    channel: str
    told: int
    heard: int = 0
    lost: int = 0
    left_out: int = 0
    waiting: int = 0

    @property
    def left(self) -> int:
        return max(0, self.told - self.heard - self.lost - self.left_out - self.waiting)


def all_clear(alert: Alert) -> list[Told]:
    """Return a line for every channel on which anybody was told (three queries)."""
    versions = list(alert.versions.all())
    told = _people([alert.pk, *(version.pk for version in versions)])
    ends = [UUID(subject) for version in versions for subject in version.end_subjects.values()]
    heard = ledger.equations_by_channel(ends)
    return [_line(channel, count, heard.get(channel, Equation())) for channel, count in sorted(told.items())]


def _people(subjects: Iterable[UUID]) -> dict[str, int]:
    rows = Delivery.objects.about(subjects).told().values_list("channel")
    return dict(rows.annotate(Count("person", distinct=True)).order_by())


def _line(channel: str, told: int, end: Equation) -> Told:
    return Told(
        channel,
        told,
        heard=end.accepted + end.unknown,
        lost=end.failed + end.expired + end.withdrawn,
        left_out=end.suppressed,
        waiting=end.queued,
    )
