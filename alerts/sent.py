"""How far the sending of live alerts is, for a line of the home page. The alert's own page counts it all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from notifier.models import Batch, Chunk, Delivery

TOLD = ("accepted", "delivered")
COUNTED_UP_TO = 20_000  # people of one alert whose deliveries a home page counts: some twenty milliseconds


@dataclass(frozen=True)
class Told:
    """Hold for how many people an alert is, and for how many a network took it: None where that is a share.

    percent: of the work that was done.
    """

    people: int = 0
    accepted: int | None = None
    percent: int = 0


def told(alerts: Iterable[UUID]) -> dict[UUID, Told]:
    """Return how far each is (two queries).

    Small alerts are counted by delivery; of large ones, which may have a million, chunks of a thousand are.
    """
    pks = list(alerts)
    found = dict.fromkeys(pks, Told())
    for subject, people, made, done in _batches(pks) if pks else ():
        found[subject] = Told(people, None, 100 * done // made if made else 0)
    small = [pk for pk, line in found.items() if 0 < line.people <= COUNTED_UP_TO]
    taken = _accepted(small) if small else {}
    return {
        pk: Told(line.people, taken.get(pk, 0), line.percent) if pk in small else line
        for pk, line in found.items()
    }


def _batches(alerts: list[UUID]) -> Iterable[tuple[UUID, int, int, int]]:
    """Return for each alert the people to tell, its chunks, and those that are done (one query)."""
    rows = Batch.objects.filter(subject__in=alerts, posts=None)
    rows = rows.annotate(made=_chunks(Q()), done=_chunks(Q(done_at__isnull=False)))
    return rows.values_list("subject").annotate(Sum("targeted"), Sum("made"), Sum("done")).order_by()


def _chunks(which: Q) -> Coalesce:
    rows: QuerySet[Chunk] = Chunk.objects.filter(which, batch=OuterRef("pk")).order_by()
    counted = rows.values("batch").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _accepted(alerts: list[UUID]) -> dict[UUID, int]:
    """Return for how many people a network took each alert (one query)."""
    rows = Delivery.objects.about(alerts).counted().filter(state__in=TOLD)
    return dict(rows.values_list("subject").annotate(Count("pk")).order_by())
