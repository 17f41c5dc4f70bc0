"""How long does verify_audit read a log of 100,000 entries, and does a write to the log wait for a long act?

python -m bench.audit [--json] [--entries 100000] [--rows 1000000] [--database sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench import apart

Came = TypeVar("Came")
MOST_VERIFY_MS, MOST_WAIT_MS = 5000.0, 50.0
EVERY_S = 0.01
INSERT_EACH = 10_000
LOCK = 0x4C4F47  # of the rival alone


@dataclass(frozen=True)
class Figure:
    """Hold one line of the output. Of writes, value is the 99th percentile, low the median, high the longest.

    lock_wait is the longest time a write was seen to wait for a lock of anybody's: it leaves out the disk.
    """

    case: str
    rival: str
    database: str
    n: int
    value: float
    unit: str = "ms"
    low: float | None = None
    high: float | None = None

    @property
    def line(self) -> str:
        told = {name: value for name, value in self.__dict__.items() if value is not None}
        return json.dumps({"bench": "audit", **told})

    @property
    def is_too_much(self) -> bool:
        limit = MOST_VERIFY_MS if self.case == "verify" else MOST_WAIT_MS
        return self.rival == "ours" and self.case not in ("verify_cpu", "write_alone") and self.value > limit


def told(figure: Figure) -> str:
    between = "" if figure.low is None else f"   median {figure.low:.1f}, longest {figure.high:.1f}"
    mark = "   TOO MUCH" if figure.is_too_much else ""
    return (
        f"{figure.database:<10} {figure.case:<14} {figure.rival:<12} "
        f"{figure.value:9.1f} {figure.unit} of {figure.n}{between}{mark}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.audit", description="Measure the audit log.")
    parser.add_argument("--json", action="store_true", help="a line of JSON a figure, nothing else")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    apart.choose(parser)
    chosen = parser.parse_args(arguments)
    if chosen.here:
        return _measure(chosen)
    return apart.each("audit", chosen, ["--entries", str(chosen.entries), "--rows", str(chosen.rows)])


def _measure(chosen: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    parts = [verifying(chosen.here, chosen.entries)]
    if chosen.here == "postgresql":  # SQLite has one writer: there, long acts are cut into short ones
        parts.append(writing(chosen.rows))
    for part in parts:
        for figure in part:
            print(figure.line if chosen.json else told(figure), flush=True)
    return 0


def verifying(database: str, count: int) -> Iterator[Figure]:
    """Yield how long the whole log is verified against its heads, and merely read."""
    from django.conf import settings

    from bench import audit_log
    from trust import audit
    from trust.models import AuditEntry, Seal

    heads = Path(settings.HEADS_FILE)
    audit_log.fill(count, heads)
    began_s = time.process_time()
    took_ms, found = timed(lambda: audit.verify(heads))
    cpu_ms = round((time.process_time() - began_s) * 1000, 1)
    errors = [finding for finding in found if finding.is_error]
    if errors:
        raise SystemExit(f"the log of the bench is not whole: {errors[0]}")
    yield Figure("verify", "ours", database, count, took_ms)
    yield Figure("verify_cpu", "ours", database, count, cpu_ms)  # what is left where others share the cores
    read_ms, _rows = timed(lambda: (list(AuditEntry.objects.all()), list(Seal.objects.all())))
    yield Figure("verify", "read_alone", database, count, read_ms)


def timed(act: Callable[[], Came]) -> tuple[float, Came]:
    """Return milliseconds and what came of it."""
    started = time.perf_counter()
    came = act()
    return round((time.perf_counter() - started) * 1000, 1), came


def writing(rows: int) -> Iterator[Figure]:
    """Yield how long a write to the log waits beside a transaction that writes the log and many rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (id bigint PRIMARY KEY, told text)")
        cursor.execute("CREATE TABLE bench_chain (id bigserial PRIMARY KEY, mac text)")
    for case, count in (("write_alone", 0), ("write_beside", rows)):
        for rival, write in (("ours", _record), ("plain_row", _plain), ("one_chain", _chain)):
            waits, blocked_ms = _waits(write, count)
            middle, p99, worst = (waits[int(share * (len(waits) - 1))] for share in (0.5, 0.99, 1.0))
            yield Figure(case, rival, "postgresql", count or len(waits), p99, low=middle, high=worst)
            if count:
                yield Figure("lock_wait", rival, "postgresql", count, blocked_ms)


def _record() -> None:
    from trust import audit

    audit.record("viewed", None)


def _chain() -> None:
    """Do what a chain of single entries must: wait until whoever wrote the last one has committed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("INSERT INTO bench_chain (mac) VALUES ('x')")


def _plain() -> None:
    """Do the least that a durable write can: one row, no chain. What it takes is the disk's."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_chain (mac) VALUES ('x')")


def _waits(write: Callable[[], None], rows: int) -> tuple[list[float], float]:
    """Return milliseconds of each write, sorted, while the long transaction runs, and of the longest lock."""
    from django.db import connection, transaction

    over, waits, blocked = threading.Event(), [], [0.0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    helpers = [
        threading.Thread(target=_long_act, args=(write, rows, over)),
        threading.Thread(target=_watch, args=(pid, over, blocked)),
    ]
    for helper in helpers:
        helper.start()
    while not over.is_set():
        started = time.perf_counter()
        with transaction.atomic():
            write()
        waits.append(round((time.perf_counter() - started) * 1000, 2))
        over.wait(EVERY_S)
    for helper in helpers:
        helper.join()
    return sorted(waits), round(max(blocked), 1)


def _watch(pid: int, over: threading.Event, blocked: list[float]) -> None:
    """Note for how long the process was seen waiting for a lock, each time."""
    from django.db import connection

    asked = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
    since = 0.0
    try:
        with connection.cursor() as cursor:
            while not over.wait(EVERY_S / 5):
                cursor.execute(asked, [pid])
                is_waiting, now = cursor.fetchone() is not None, time.perf_counter()
                since = (since or now) if is_waiting else 0.0
                blocked.append((now - since) * 1000 if since else 0.0)
    finally:
        connection.close()


def _long_act(write: Callable[[], None], rows: int, over: threading.Event) -> None:
    """Write the log and then many rows in one transaction, as an alert to a whole country would."""
    from django.db import connection, transaction

    try:
        if not rows:
            over.wait(2)  # beside nothing
            return
        with transaction.atomic(), connection.cursor() as cursor:
            write()
            cursor.execute("TRUNCATE bench_row")
            for first in range(0, rows, INSERT_EACH):
                cursor.execute(
                    "INSERT INTO bench_row SELECT n, repeat('x', 60) FROM generate_series(%s, %s) n",
                    [first, first + INSERT_EACH - 1],
                )
    finally:
        connection.close()
        over.set()


if __name__ == "__main__":
    sys.exit(main())
