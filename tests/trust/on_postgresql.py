"""Act out what needs many writers: late commits, a held lock, a copy moved to another cluster.

Run by test_on_postgresql with DATABASE_URL naming an empty database; prints what it saw as one line of JSON.
"""

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after setup
from django.db import connection, transaction  # noqa: E402

from trust import audit, audit_seal  # noqa: E402
from trust.models import AuditEntry, Seal  # noqa: E402


def write() -> int:
    return audit.record("viewed", None).pk


def in_thread(act: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def errors() -> list[Any]:
    return [finding.as_json() for finding in audit.verify() if finding.is_error]


def sealed_ids() -> list[int]:
    return [id_ for seal in Seal.objects.all() for a, b in seal.ranges for id_ in range(a, b + 1)]


def late_commit() -> dict[str, Any]:
    """One writer takes a number and commits after others: it falls into a later seal and is no hole."""
    taken, may_commit = threading.Event(), threading.Event()
    late: list[int] = []

    def slow() -> None:
        with transaction.atomic():
            late.append(write())
            taken.set()
            may_commit.wait(20)

    before = write()
    audit.seal()
    thread = in_thread(slow)
    taken.wait(20)
    early = write()
    audit.seal()
    while_running = {"late": late[0] in sealed_ids(), "early": early in sealed_ids(), "errors": errors()}
    may_commit.set()
    thread.join()
    audit_seal.seal_all()
    return {
        "ordered": before < late[0] < early,
        "while_running": while_running,
        "sealed": {late[0], early} <= set(sealed_ids()),
        "errors": errors(),
    }


def held_lock() -> dict[str, Any]:
    """A sealer that hangs with its lock delays no writer, and no second sealer works beside it."""
    held, release = threading.Event(), threading.Event()

    def hang() -> None:
        with transaction.atomic():
            audit_seal._is_alone()
            held.set()
            release.wait(20)

    thread = in_thread(hang)
    held.wait(20)
    started = time.monotonic()
    write()
    wrote_in_s = time.monotonic() - started
    second = audit.seal()
    release.set()
    thread.join()
    return {"wrote_in_s": wrote_in_s, "second": second is not None, "after": audit.seal() is not None}


def many_writers() -> dict[str, Any]:
    """Writers that commit and roll back while the sealer works: every entry is sealed once."""
    done = threading.Event()

    def writer() -> None:
        chance = random.Random()
        for _ in range(25):
            with suppress(ZeroDivisionError), transaction.atomic():
                write()
                if chance.random() < 0.3:
                    raise ZeroDivisionError

    def sealer() -> None:
        while not done.is_set():
            audit.seal()

    writers = [in_thread(writer) for _ in range(4)]
    sealing = in_thread(sealer)
    for thread in writers:
        thread.join()
    done.set()
    sealing.join()
    audit_seal.seal_all()
    ids = sealed_ids()
    entries = set(AuditEntry.objects.values_list("pk", flat=True))
    return {"once": len(ids) == len(set(ids)), "all": set(ids) == entries, "errors": errors()}


def small_batches() -> dict[str, Any]:
    """A backlog larger than a batch is sealed whole, never splitting a transaction."""
    for count in (3, 1, 4):
        with transaction.atomic():
            for _ in range(count):
                write()
    audit_seal.BATCH, before = 2, audit_seal.BATCH
    last = Seal.objects.first()
    sizes = []
    while (due := audit_seal._due(last, limit=2)).rows:
        last = audit_seal._append(last, due)
        sizes.append(last.count)
    audit_seal.BATCH = before
    return {"sizes": sizes, "errors": errors()}


def moved() -> dict[str, Any]:
    """A copy restored elsewhere counts its transactions anew: nothing is left out or faulted."""
    pk = write()
    last = Seal.objects.first()
    audit_seal._append(last, audit_seal._Due([], horizon=10**12))
    seals = Seal.objects.count()
    audit_seal.seal_all()
    ids = sealed_ids()
    return {"sealed": pk in ids, "seals": Seal.objects.count() - seals, "errors": errors()}


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    acts = (late_commit, held_lock, many_writers, small_batches, moved)
    sys.stdout.write(json.dumps({act.__name__: act() for act in acts}))
