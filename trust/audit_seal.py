"""Seal what was appended, each second, and write the head outside the database, each minute.

PostgreSQL: a seal covers exactly the transactions from the last seal's horizon up to the oldest still
running, so that an entry which commits late falls into a later one. SQLite: numbers commit in order, so it
covers what follows the last sealed number. Ranges are runs of rows that exist: a number lost with a rollback
is no hole.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from trust import audit_mac, clock
from trust.models.audit import AuditEntry, Seal

BATCH = 5000
LOCK = 0x4E414A44  # one number for one sealer, whatever else takes advisory locks


@dataclass(frozen=True)
class _Due:
    rows: list[tuple[int, str]]
    horizon: int | None = None
    base: int = 0
    moved: bool = False  # to another cluster, which a seal must remember even when it covers nothing


def seal() -> Seal | None:
    """Seal the entries that are due; return the Seal, or None when nothing is or another process seals."""
    if not _has_news():
        return None
    with transaction.atomic():
        if not _is_alone():
            return None
        last = Seal.objects.order_by("-number").first()
        due = _due(last)
        return _append(last, due) if due.rows or due.moved else None


def seal_all() -> int:
    """Seal until nothing is due; return how many entries."""
    count = 0
    while made := seal():
        count += made.count
    return count


def export_head(heads_file: Path | None = None) -> dict[str, Any] | None:
    """Append the signed head, a line of JSON, to HEADS_FILE and to the disk; None with no seal yet."""
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return None
    head = {
        "number": last.number, "hash": last.hash, "last_id": last.last_id,
        "count": last.total, "at": audit_mac.utc(clock.now()),
    }  # fmt: skip
    head["signature"] = audit_mac.of_head(head)
    path = heads_file or Path(settings.HEADS_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(head, separators=(",", ":")) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return head


def runs(ids: Iterable[int]) -> list[list[int]]:
    """Return ascending ids as [first, last] runs without a gap."""
    made: list[list[int]] = []
    for id_ in ids:
        if made and id_ == made[-1][1] + 1:
            made[-1][1] = id_
        else:
            made.append([id_, id_])
    return made


def unsealed() -> Iterator[int]:
    """Yield the number of every entry that no seal covers, ascending (reads every seal and every number)."""
    covered = sorted(tuple(run) for ranges in Seal.objects.values_list("ranges", flat=True) for run in ranges)
    at, reach = 0, 0
    for id_ in AuditEntry.objects.order_by("id").values_list("id", flat=True).iterator(chunk_size=BATCH):
        while at < len(covered) and covered[at][0] <= id_:
            reach = max(reach, covered[at][1])
            at += 1
        if id_ > reach:
            yield id_


def _append(last: Seal | None, due: _Due) -> Seal:
    digest = audit_mac.EntriesDigest()
    for id_, mac in due.rows:
        digest.add(id_, mac)
    ids = [id_ for id_, _ in due.rows]
    made = Seal(
        number=last.number + 1 if last else 1, ranges=runs(ids), count=len(ids),
        total=(last.total if last else 0) + len(ids), last_id=max([last.last_id if last else 0, *ids[-1:]]),
        horizon=due.horizon, base=due.base, previous=last.hash if last else "", at=clock.now(),
    )  # fmt: skip
    made.hash = audit_mac.of_seal(made, digest.value())
    made.save(force_insert=True)
    return made


def _has_news() -> bool:
    """Say without a lock whether anything may be due, so that an idle second writes nothing."""
    due = _due(Seal.objects.order_by("-number").first(), limit=1)
    return bool(due.rows or due.moved)


def _is_alone() -> bool:
    """Take the sealer's lock until the transaction ends. SQLite's IMMEDIATE transaction is that lock."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _due(last: Seal | None, limit: int = BATCH) -> _Due:
    if connection.vendor == "postgresql":
        return _due_by_transaction(last, limit)
    entries = AuditEntry.objects.filter(id__gt=last.last_id if last else 0)
    return _Due(list(entries.order_by("id").values_list("id", "mac")[:limit]))


def _due_by_transaction(last: Seal | None, limit: int) -> _Due:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text FROM pg_current_snapshot() s"
        )
        oldest_running, following = map(int, cursor.fetchone())
    since, base = (last.horizon or 0, last.base) if last else (0, 0)
    if since > following:
        return _due_after_moving(following)
    settled = AuditEntry.objects.filter(txid__gte=since, txid__lt=oldest_running, id__gt=base)
    rows = settled.order_by("txid", "id").values_list("txid", "id", "mac")[: limit + 1]
    taken, horizon = _whole_transactions(_stamped(rows), limit, oldest_running)
    return _Due(sorted((id_, mac) for _, id_, mac in taken), horizon, base)


def _due_after_moving(following: int) -> _Due:
    """A restored copy counts transactions anew: seal by number what the old cluster left, start afresh."""
    base = AuditEntry.objects.filter(txid__gte=following).aggregate(models.Max("id"))["id__max"] or 0
    ids = [id_ for id_ in unsealed() if id_ <= base]
    macs = AuditEntry.objects.filter(id__in=ids).order_by("id").values_list("id", "mac")
    return _Due(list(macs), 0, base, moved=True)


def _whole_transactions(
    rows: list[tuple[int, int, str]], limit: int, oldest_running: int
) -> tuple[list[tuple[int, int, str]], int]:
    """Cut at `limit` without splitting a transaction: the horizon is a transaction's number."""
    if len(rows) <= limit:
        return rows, oldest_running
    cut = rows[-1][0]
    kept = [row for row in rows if row[0] < cut]
    if kept:
        return kept, cut
    whole = AuditEntry.objects.filter(txid=cut).values_list("txid", "id", "mac")
    return _stamped(whole), cut + 1


def _stamped(rows: Iterable[tuple[int | None, int, str]]) -> list[tuple[int, int, str]]:
    return [(txid, id_, mac) for txid, id_, mac in rows if txid is not None]
