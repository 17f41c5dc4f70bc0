"""The log of every act and look. It only grows.

Entries are sealed each second and anchored outside each minute.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, models, transaction

from trust import audit_mac, clock
from trust.audit_seal import export_head, seal
from trust.audit_verify import Finding, verify
from trust.models.audit import AuditEntry
from trust.request import request_id

if TYPE_CHECKING:
    from trust.models.officer import Officer

__all__ = [
    "ACTIONS", "Finding", "NotACode", "declare", "export_head", "record", "seal", "told_of", "verify",
    "viewed",
]  # fmt: skip

LOOKED_AGAIN_AFTER = timedelta(minutes=15)
ACTIONS: dict[str, str] = {}
_CODES = re.compile(r"[a-z0-9_.,:-]*", re.ASCII)


class NotACode(ValueError):  # noqa: N818  it says what is wrong
    """Words where the log holds codes: it is never erased, so nothing that somebody typed may enter it."""


class Undeclared(Exception):  # noqa: N818  it says what is wrong
    """An action that no audit_actions.py declares."""


def declare(actions: Mapping[str, str]) -> None:
    """Add actions {name: English description}; a name means one thing in the whole program."""
    for name, description in actions.items():
        if ACTIONS.setdefault(name, description) != description:
            raise Undeclared(f"{name} is declared twice, with different meanings")


def record(
    action: str,
    subject: models.Model | None,
    *,
    actor: "Officer | None" = None,
    purpose: str = "",
    reason: str = "",
    before: str = "",
    after: str = "",
) -> AuditEntry:
    """Append one entry in the caller's transaction and return it (two queries).

    It never waits for the sealer. `before` and `after` are digests under the subject's key; `reason` is a
    code. Raises Undeclared for an action nobody declared, NotACode for a reason in words.
    """
    if action not in ACTIONS:
        raise Undeclared(f"{action}: declare it in audit_actions.py of its app")
    if not _CODES.fullmatch(reason):
        raise NotACode(f"{action}: reason is no code")
    with transaction.atomic(savepoint=False):
        number, at = _next()
        entry = AuditEntry(
            id=number, at=at, actor=actor.pk if actor else None,
            actor_role=",".join(sorted(actor.roles)) if actor else "",
            action=action, subject_kind=subject._meta.model_name or "" if subject else "",
            subject=subject.pk if subject and isinstance(subject.pk, UUID) else None,
            purpose=purpose, before=before, after=after, reason=reason, request_id=request_id.get(),
        )  # fmt: skip
        entry.mac = audit_mac.of_entry(entry)
        entry.save(force_insert=True)
    return entry


def viewed(officer: "Officer", subject: models.Model, purpose: str) -> AuditEntry | None:
    """Record a look, once an officer, object and purpose in 15 minutes; None when it is there already."""
    since = clock.now() - LOOKED_AGAIN_AFTER
    kind = subject._meta.model_name
    looks = AuditEntry.objects.filter(actor=officer.pk, subject=subject.pk, subject_kind=kind, at__gte=since)
    if looks.filter(action="viewed", purpose=purpose).exists():
        return None
    return record("viewed", subject, actor=officer, purpose=purpose)


def proves(action: str, subject: models.Model, actor: UUID | None) -> bool:
    """Say whether the log holds a true entry of this officer's act on this row (one query)."""
    return proven_at(action, subject, actor) is not None


def proven_at(action: str, subject: models.Model, actor: UUID | None) -> datetime | None:
    """Return when this officer first did this to the row, None where no true entry says so (one query).

    An entry's HMAC is made with a key outside the database: nobody who has the database alone can write one.
    """
    if actor is None:
        return None
    entries = AuditEntry.objects.filter(action=action, subject=subject.pk, actor=actor).order_by("id")
    return next((entry.at for entry in entries if audit_mac.is_true(entry)), None)


def told_of(actions: Collection[str], subjects: Collection[UUID]) -> list[AuditEntry]:
    """Return the true entries of these acts on these rows, whoever did them, the oldest first (one query)."""
    entries = AuditEntry.objects.filter(action__in=actions, subject__in=subjects).order_by("id")
    return [entry for entry in entries if audit_mac.is_true(entry)]


def _next() -> tuple[int, datetime]:
    """Return the number the next entry gets and the database's time: the number is part of the entry's HMAC.

    PostgreSQL hands out numbers without a lock; on SQLite the caller's transaction holds the only write lock.
    """
    table = AuditEntry._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')), clock_timestamp()", [table])
            number, at = cursor.fetchone()
            return number, at.astimezone(UTC) + clock.SHIFT
        cursor.execute(
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0) + 1,"
            " strftime('%%Y-%%m-%%dT%%H:%%M:%%f+00:00', 'now')",
            [table],
        )
        number, text = cursor.fetchone()
        return number, datetime.fromisoformat(text) + clock.SHIFT
