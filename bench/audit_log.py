"""A log of a busy day, written at once: entries, a seal for every few of them, a head for every minute."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.core.management.color import no_style
from django.db import connection

from trust import audit_mac, clock
from trust.audit_seal import runs
from trust.models import AuditEntry, Seal

EACH_SEAL = 4  # entries in one second of a busy hour
SEALS_A_HEAD = 60
SLICE = 5000
ACTS = ("viewed", "viewed", "viewed", "case.list_read", "factor.used", "officer.logged_in")


def fill(count: int, heads: Path) -> None:
    """Write so many entries, seals and heads, as record, seal and export_head would one by one."""
    officers, cases = [uuid4() for _number in range(50)], [uuid4() for _number in range(2000)]
    start = clock.now() - timedelta(days=1)
    entries = list(_entries(count, officers, cases))
    for number, entry in enumerate(entries):
        entry.at = start + timedelta(milliseconds=number * 250)
        entry.mac = audit_mac.of_entry(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=SLICE)
    with connection.cursor() as cursor:  # the next number is one more, as if they had come one by one
        for statement in connection.ops.sequence_reset_sql(no_style(), [AuditEntry]):
            cursor.execute(statement)
    seals = list(_seals(entries))
    Seal.objects.bulk_create(seals, batch_size=SLICE)
    heads.write_text("".join(_lines(seals)), encoding="utf-8")


def _entries(count: int, officers: list[UUID], cases: list[UUID]) -> Iterator[AuditEntry]:
    for number in range(1, count + 1):
        yield AuditEntry(
            id=number, actor=officers[number % len(officers)], actor_role="officer",
            action=ACTS[number % len(ACTS)], subject_kind="case", subject=cases[number * 7 % len(cases)],
            purpose="case page", request_id=secrets.token_hex(8),
        )  # fmt: skip


def _seals(entries: list[AuditEntry]) -> Iterator[Seal]:
    last = Seal(number=0, total=0, last_id=0, hash="")
    for at in range(0, len(entries), EACH_SEAL):
        covered = entries[at : at + EACH_SEAL]
        digest = audit_mac.EntriesDigest()
        for entry in covered:
            digest.add(entry.pk, entry.mac)
        made = Seal(
            number=last.number + 1, ranges=runs(entry.pk for entry in covered), count=len(covered),
            total=last.total + len(covered), last_id=covered[-1].pk, horizon=None, base=0,
            previous=last.hash, at=covered[-1].at,
        )  # fmt: skip
        made.hash = audit_mac.of_seal(made, digest.value())
        yield made
        last = made


def _lines(seals: list[Seal]) -> Iterator[str]:
    for seal in [*seals[SEALS_A_HEAD::SEALS_A_HEAD], seals[-1]]:
        head = {
            "number": seal.number, "hash": seal.hash, "last_id": seal.last_id, "count": seal.total,
            "at": audit_mac.utc(seal.at),
        }  # fmt: skip
        yield json.dumps({**head, "signature": audit_mac.of_head(head)}) + "\n"
