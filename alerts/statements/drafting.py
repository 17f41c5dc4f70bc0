"""A draft of a statement: what an officer writes, before anything is frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from alerts.models import Alert, Statement, StatementMark
from alerts.refusals import IssueRefused
from alerts.statements import marks
from alerts.statements.permission import DRAFT, demand, demand_unit, held
from alerts.statements.suggesting import suggested
from trust import audit, clock, keys
from trust.models import Officer, Unit

Texts = Mapping[str, Mapping[str, str]]
Named = Mapping[str, str] | UUID  # a bare id is an attachment's
MOST_TITLE, MOST_BODY, MOST_WORDS, MOST_EVIDENCE = 120, 2000, marks.MOST_LETTERS, 20
LONGEST = timedelta(days=366)  # of a communiqué's period
EVIDENCE_KINDS = frozenset({"attachment", "footage", "tip"})


def draft(
    officer: Officer,
    kind: str,
    texts: Texts,
    link: str = "",
    words: str = "",
    evidence_ids: Sequence[Named] = (),
    unit: Unit | None = None,
    tip_id: UUID | None = None,
    *,
    evidence_words: str = "",
    alert: Alert | None = None,
    period: tuple[datetime, datetime] | None = None,
    follows: Statement | None = None,
) -> Statement:
    """Return a new draft; a language that texts lacks stays empty, without any the kind's own words begin it.

    link: addresses of what is refuted, one a line. words: what it says. evidence_ids: {"kind": "attachment" |
    "footage" | "tip", "id"}, or an attachment's id. unit: the officer's own where none is named.
    Raise IssueRefused: superuser, no_permission, statement_not_yours, statement_kind, statement_texts (too
    long), statement_link, statement_evidence, statement_period.
    """
    demand(officer, DRAFT)
    of = unit or officer.unit
    if of is None:
        raise IssueRefused("statement_not_yours")
    demand_unit(officer, of)
    if kind not in Statement.Kind.values:
        raise IssueRefused("statement_kind")
    written = _written(texts or suggested(kind, of), link, words, evidence_ids, evidence_words)
    begins, ends = _period(period)
    row = Statement(
        kind=kind, unit=of, alert=alert, tip_id=tip_id, follows=follows, period_from=begins,
        period_until=ends, created_by=officer, created_at=clock.now(),
    )  # fmt: skip
    with transaction.atomic():
        keys.create(row.pk, "statement")
        for name, value in written.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        _mark(row)
        audit.record("statement.drafted", row, actor=officer, reason=kind)
    return row


def edit(statement: Statement, officer: Officer, **changes: Any) -> Statement:
    """Change a draft in place. changes: texts, link, words, evidence_ids, evidence_words, kind.

    Raise IssueRefused as draft() does, and statement_not_a_draft.
    """
    with transaction.atomic():
        row = held(statement, officer, DRAFT)
        if row.state != Statement.State.DRAFT:
            raise IssueRefused("statement_not_a_draft")
        kind = changes.get("kind", row.kind)
        if kind not in Statement.Kind.values:
            raise IssueRefused("statement_kind")
        told: dict[str, Any] = {
            "texts": row.texts or {},
            "link": row.refuted_link or "",
            "words": row.refuted_words or "",
            "evidence_ids": row.evidence or (),
            "evidence_words": row.evidence_words or "",
        }
        written = _written(**{name: changes.get(name, value) for name, value in told.items()})
        for name, value in {**written, "kind": kind}.items():
            setattr(row, name, value)
        row.save(update_fields=[*written, "kind"])
        _mark(row)
        audit.record("statement.edited", row, actor=officer)
    return row


def again(statement: Statement, officer: Officer) -> Statement:
    """Return a new draft that begins with the words of one refused, lapsed or withdrawn, or still standing.

    Signed, it replaces a standing one. Raise IssueRefused as draft() does, and statement_not_a_draft while
    the other is still worked on.
    """
    with transaction.atomic():
        row = held(statement, officer, DRAFT)
        if row.state in {Statement.State.DRAFT, Statement.State.PROPOSED}:
            raise IssueRefused("statement_not_a_draft")
        begins, ends = row.period_from, row.period_until
        return draft(
            officer,
            row.kind,
            row.texts or {},
            row.refuted_link or "",
            row.refuted_words or "",
            row.evidence or (),
            row.unit,
            row.tip_id,
            evidence_words=row.evidence_words or "",
            alert=row.alert,
            period=(begins, ends) if begins and ends else None,
            follows=row,
        )


def _written(
    texts: Texts, link: str, words: str, evidence_ids: Sequence[Named], evidence_words: str
) -> dict[str, Any]:
    """Return the fields of a row, tidied; raise IssueRefused."""
    addresses = [line.strip() for line in link.splitlines() if line.strip()]
    if any(not marks.links(_whole(line)) for line in addresses):
        raise IssueRefused("statement_link")
    return {
        "texts": _texts(texts),
        "refuted_link": "\n".join(addresses) or None,
        "refuted_words": words.strip()[:MOST_WORDS] or None,
        "evidence": _evidence(evidence_ids),
        "evidence_words": evidence_words.strip()[:MOST_WORDS] or None,
    }


def _whole(line: str) -> str:
    return line if "://" in line else f"https://{line}"


def _texts(texts: Texts) -> dict[str, dict[str, str]]:
    told = {}
    for code, _name in settings.LANGUAGES:
        given = texts.get(code, {})
        title, body = " ".join(given.get("title", "").split()), given.get("body", "").strip()
        body = body.replace("\r\n", "\n")
        if len(title) > MOST_TITLE or len(body) > MOST_BODY:
            raise IssueRefused("statement_texts", code)
        told[code] = {"title": title, "body": body}
    return told


def _evidence(told: Sequence[Named]) -> list[dict[str, str]]:
    if len(told) > MOST_EVIDENCE:
        raise IssueRefused("statement_evidence")
    kept = []
    for one in told:
        kind, key = (one.get("kind", ""), one.get("id")) if isinstance(one, Mapping) else ("attachment", one)
        try:
            kept.append({"kind": kind, "id": str(UUID(str(key)))})
        except ValueError:
            raise IssueRefused("statement_evidence") from None
        if kind not in EVIDENCE_KINDS:
            raise IssueRefused("statement_evidence")
    return kept


def _period(told: tuple[datetime, datetime] | None) -> tuple[datetime | None, datetime | None]:
    if told is None:
        return None, None
    begins, ends = told
    if not begins < ends <= clock.now() or ends - begins > LONGEST:
        raise IssueRefused("statement_period")
    return begins, ends


def _mark(row: Statement) -> None:
    """Write anew by what the statement is found: its links and the words of the rumour."""
    told = {
        StatementMark.Kind.LINK: [
            mark for line in (row.refuted_link or "").splitlines() for mark in marks.links(_whole(line))
        ],
        StatementMark.Kind.WORDS: sorted(marks.pairs(row.refuted_words or "")),
    }
    row.marks.all().delete()
    StatementMark.objects.bulk_create(
        StatementMark(statement=row, kind=kind, token=token(kind, mark))
        for kind, found in told.items()
        for mark in dict.fromkeys(found)
    )


def token(kind: str, mark: str) -> str:
    """Return the keyed digest under which a mark is kept: the words of a rumour stand nowhere in clear."""
    return keys.token(f"statement {kind}", mark)
