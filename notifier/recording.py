"""Writing a fan-out down: set-based SQL for both databases, in short transactions, resumable anywhere.

People are first copied into a temporary table (it takes no lock others wait for), then inserted slice by
slice; whoever is there already is skipped by the unique (subject, person, channel), so running it again is
harmless.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F, Max, QuerySet

from notifier.composing import ADDRESS
from notifier.models import Batch, Chunk, Delivery
from notifier.waking import wake
from trust import clock, keys

People = QuerySet[Any, Any] | tuple[str, Sequence[Any]]

SLICE = 50_000  # rows a transaction: a log entry waited 532 ms behind a million-row insert on SQLite
CHUNK = 1_000


_CREATE = {
    "postgresql": "CREATE TEMPORARY TABLE outbox_people"
    " (n bigserial PRIMARY KEY, person uuid, address bytea, language varchar(8))",
    "sqlite": "CREATE TEMPORARY TABLE outbox_people (n integer PRIMARY KEY, person, address, language)",
}
_INSERT = """
    INSERT INTO notifier_delivery (batch_id, subject, person, channel, alias, address, language, state,
                                   state_at, provider_id, error_kind, attempts, lost_answers, not_before,
                                   counted_on)
    SELECT %s, %s, person, %s, '', address, language, 'queued', %s, '', '', 0, 0, %s, ''
    FROM outbox_people WHERE n > %s AND n <= %s{once} ORDER BY n
    ON CONFLICT DO NOTHING
"""
# One alert a person: whoever is told of it on another channel, or will be, keeps this one in reserve.
_ONCE = """ AND NOT EXISTS (
        SELECT 1 FROM notifier_delivery told WHERE told.subject = %s AND told.person = outbox_people.person
        AND told.channel <> %s AND told.state NOT IN ('failed', 'withdrawn', 'expired', 'suppressed'))"""
_CHUNK = """
    INSERT INTO notifier_chunk (batch_id, channel, priority, ring, first_id, last_id, due_at, attempts)
    SELECT %s, %s, %s, %s, min(id), max(id), %s, 0
    FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS place
          FROM notifier_delivery WHERE batch_id = %s AND id > %s) AS fresh
    GROUP BY place ORDER BY place
"""


def record(batch: Batch, people: People, *, once: bool = True) -> int:
    """See outbox.record."""
    size = int(getattr(settings, "NOTIFIER_SLICE", SLICE))
    fresh = 0
    with connection.cursor() as cursor:
        total = _gather(cursor, people)
        for start in range(0, total, size):
            recorded = _record_slice(cursor, batch, start, start + size, once=once)
            if recorded is None:
                break
            fresh += recorded
        cursor.execute("DROP TABLE outbox_people")
    _finish(batch)
    return fresh


def record_plain(batch: Batch, people: Iterable[tuple[UUID, str, str]]) -> int:
    """See outbox.record_people. A few people: one transaction, their keys made where they have none."""
    rows = list(people)
    with transaction.atomic():
        for person, _, _ in rows:
            keys.create(person, "person")
        sealed = keys.seal_many((person, ADDRESS, address.encode()) for person, address, _ in rows)
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        people_sealed = zip(rows, sealed, strict=True)
        fresh = add(
            locked, [(person, address, language, "") for (person, _, language), address in people_sealed]
        )
        _finish(batch)
    return fresh


def add(batch: Batch, people: Iterable[tuple[UUID, bytes, str, str]]) -> int:
    """Queue a few more of (person, sealed address, language, counted_on) in a batch; count the new ones.

    In the caller's transaction, which holds the batch's row for update.
    """
    last, at = _last_id(batch), clock.now()
    Delivery.objects.bulk_create(
        [
            Delivery(
                batch=batch, subject=batch.subject, person=person, channel=batch.channel, address=address,
                language=language, state_at=at, not_before=batch.not_before, counted_on=counted_on,
            )
            for person, address, language, counted_on in people
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    with connection.cursor() as cursor:
        _chunk(cursor, batch, last, at)
    fresh = Delivery.objects.filter(batch=batch, pk__gt=last).count()
    wake(batch.channel)
    return fresh


def queue_again(delivery: Delivery, address: bytes, batch: Batch) -> None:
    """Give one who was refused a further address on the same channel, in the caller's transaction.

    The row is its own chunk: another worker may hold the one it lay in. `batch` says it now: its own, or the
    one that took its place.
    """
    at = clock.now()
    refused = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.FAILED)
    if not refused.update(
        state=Delivery.State.QUEUED, state_at=at, address=address, alias="", provider_id="", attempts=0,
        not_before=None, falls_at=None, batch=batch,
    ):  # fmt: skip
        return
    if batch.pk != delivery.batch_id:
        Batch.objects.filter(pk=delivery.batch_id).update(targeted=F("targeted") - 1)
        Batch.objects.filter(pk=batch.pk).update(targeted=F("targeted") + 1)
    Chunk.objects.create(
        batch=batch, channel=batch.channel, priority=batch.priority, ring=batch.ring, first_id=delivery.pk,
        last_id=delivery.pk, due_at=at,
    )  # fmt: skip
    wake(batch.channel)


def _gather(cursor: CursorWrapper, people: People) -> int:
    sql, params = people.query.sql_with_params() if isinstance(people, QuerySet) else people
    cursor.execute("DROP TABLE IF EXISTS outbox_people")
    cursor.execute(_CREATE[connection.vendor])
    # The caller's SQL is the program's own: its values travel as parameters.
    cursor.execute(f"INSERT INTO outbox_people (person, address, language) {sql}", list(params))
    cursor.execute("SELECT coalesce(max(n), 0) FROM outbox_people")
    return int(cursor.fetchone()[0])


def _record_slice(cursor: CursorWrapper, batch: Batch, start: int, end: int, *, once: bool) -> int | None:
    """Insert one slice with its chunks; None when the batch was stopped meanwhile."""
    with transaction.atomic():
        # Held until commit: two recorders of one batch would leave rows outside every chunk.
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        at = clock.now()
        if not locked.is_wanted(at):
            return None
        last = _last_id(locked)
        subject, channel = _uuid(locked.subject), locked.channel
        cursor.execute(
            _INSERT.format(once=_ONCE if once else ""),
            [
                _uuid(locked.pk), subject, channel, _time(at), _time(locked.not_before), start, end,
                *([subject, channel] if once else []),
            ],
        )  # fmt: skip
        fresh: int = cursor.rowcount
        if fresh:
            _chunk(cursor, locked, last, at)
            wake(batch.channel)
        return fresh


def _chunk(cursor: CursorWrapper, batch: Batch, last: int, at: datetime) -> None:
    size = int(getattr(settings, "NOTIFIER_CHUNK", CHUNK))
    due = min(max(batch.not_before or at, at), batch.expires_at)
    cursor.execute(
        _CHUNK,
        [
            _uuid(batch.pk), batch.channel, batch.priority, batch.ring, _time(due), size,
            _uuid(batch.pk), last,
        ],
    )  # fmt: skip


def _last_id(batch: Batch) -> int:
    """The batch's newest delivery, all of which are in chunks."""
    newest = Chunk.objects.filter(batch=batch).aggregate(newest=Max("last_id"))["newest"]
    return int(newest or Delivery.objects.aggregate(newest=Max("pk"))["newest"] or 0)


def _finish(batch: Batch) -> None:
    at = clock.now()
    targeted = Delivery.objects.filter(subject=batch.subject, channel=batch.channel, batch=batch).count()
    Batch.objects.filter(pk=batch.pk).update(recorded_at=at, targeted=targeted)
    batch.recorded_at, batch.targeted = at, targeted


def _uuid(value: UUID) -> Any:
    return Batch._meta.get_field("id").get_db_prep_value(value, connection)


def _time(value: datetime | None) -> Any:
    return Batch._meta.get_field("created_at").get_db_prep_value(value, connection)
