"""Statements at the desk: what waits for whom, and what the page of one shows to each officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from alerts import comparing, linting
from alerts.comparing import Piece
from alerts.lint import Finding
from alerts.lint_words import told as told_findings
from alerts.models import Statement
from alerts.statements import checking, deciding, evidence
from alerts.statements.permission import DRAFT, SIGN
from trust import clock, desk
from trust.desk import Item, Queue
from trust.models import Decision, Officer

LISTED = ("code", "kind", "state", "created_at", "created_by", "proposed_at", "signed_at")


@dataclass(frozen=True)
class Column:
    """Hold what is said in one language, and what of it differs from the statement before."""

    code: str
    name: str
    direction: str
    title: str
    body: str
    changed: tuple[Piece, ...] = ()


def statement_url(statement: Statement, verb: str = "change") -> str:
    return reverse(f"admin:alerts_statement_{verb}", args=[statement.pk])


def queues(officer: Officer, now: datetime) -> list[Queue]:
    """Return what this officer could decide on, and the own drafts; nothing where nothing waits (a query)."""
    signs, drafts = officer.has_perm(SIGN), officer.has_perm(DRAFT)
    if not (signs or drafts):
        return []
    acts = (deciding.SIGN, deciding.WITHDRAW)
    asked = Decision.objects.filter(act__in=acts, outcome="", expires_at__gt=now).exclude(asked_by=officer)
    waits = Q(pk__in=asked.values("subject")) if signs else Q(pk__in=())
    own = Q(created_by=officer, state=Statement.State.DRAFT) if drafts else Q(pk__in=())
    rows = list(
        Statement.objects.for_officer(officer).filter(waits | own).only(*LISTED).order_by("created_at")
    )
    mine = [row for row in rows if row.state == Statement.State.DRAFT]
    theirs = [row for row in rows if row.state != Statement.State.DRAFT]
    found = [(_("Statements to decide on"), theirs), (_("My drafts of statements"), mine)]
    return [_queue(title, some, now) for title, some in found if some]


def _queue(title: str, rows: list[Statement], now: datetime) -> Queue:
    items = [
        Item(
            row.code,
            statement_url(row),
            f"{row.get_kind_display()} · {row.get_state_display()}",
            desk.age(row.proposed_at or row.created_at, now),
            desk.level(row.proposed_at, now) if row.proposed_at and not row.signed_at else "",
        )
        for row in rows[: desk.SHOWN]
    ]
    listed = reverse("admin:alerts_statement_changelist")
    return Queue(title, items, _("Nothing waits for you."), listed, len(rows))


def context_of(statement: Statement, officer: Officer) -> dict[str, Any]:
    """Return what the page of a statement shows to this officer."""
    now, zone = clock.now(), desk.zone_of(officer)
    state, own = statement.state, statement.proposed_by_id == officer.pk
    is_draft, proposed = state == Statement.State.DRAFT, state == Statement.State.PROPOSED
    found = checking.findings(statement) if is_draft else _ticked(statement)
    stops = any(finding.is_stop for finding in found)
    signs, drafts = officer.has_perm(SIGN), officer.has_perm(DRAFT)
    is_late = bool(proposed and statement.valid_until and statement.valid_until <= now)
    restricted = officer.has_perm(evidence.RESTRICTED) or own or statement.created_by_id == officer.pk
    return {
        "title": _("Statement %(code)s") % {"code": statement.code},
        "statement": statement,
        "columns": columns(statement),
        "former": statement.follows,
        "findings": told_findings(found),
        "stops": stops,
        "evidence": evidence.pieces(statement, officer),
        "restricted": restricted,
        "digest_shown": " ".join(statement.digest[at : at + 4] for at in range(0, len(statement.digest), 4)),
        "proposed_at": desk.moment(statement.proposed_at, zone),
        "signed_at": desk.moment(statement.signed_at, zone),
        "withdrawn_at": desk.moment(statement.withdrawn_at, zone),
        "valid_until": desk.moment(statement.valid_until, zone),
        "period": _period(statement, officer),
        "is_late": is_late,
        "own_proposal": proposed and own,
        "may_edit": is_draft and drafts,
        "may_propose": is_draft and drafts and not stops and _is_whole(statement),
        "lacks_words": is_draft and not _is_whole(statement),
        "may_sign": proposed and not own and signs and not is_late,
        "may_write_again": not (is_draft or proposed) and drafts and not statement.followed_by.exists(),
        **_withdrawal(statement, officer, signs=signs, drafts=drafts),
    }


def columns(statement: Statement) -> list[Column]:
    """Return the texts side by side in the languages of the deployment."""
    former = statement.follows
    return [_column(statement, former, code) for code, _name in settings.LANGUAGES]


def _column(statement: Statement, former: Statement | None, code: str) -> Column:
    about, texts = get_language_info(code), statement.texts or {}
    said = texts.get(code, {})
    title, body = said.get("title", ""), said.get("body", "")
    changed: tuple[Piece, ...] = ()
    if former is not None:
        was = (former.texts or {}).get(code, {})
        before, after = (f"{one.get('title', '')}\n{one.get('body', '')}" for one in (was, said))
        changed = comparing.words(before, after) if before != after else ()
    direction = "rtl" if about["bidi"] else "ltr"
    return Column(code, about["name_local"], direction, title, body, changed)


def _ticked(statement: Statement) -> tuple[Finding, ...]:
    return tuple(linting.from_json(told) for told in statement.warnings or ())


def _is_whole(statement: Statement) -> bool:
    return all(column.title and column.body for column in columns(statement))


def _period(statement: Statement, officer: Officer) -> str:
    if statement.period_from is None or statement.period_until is None:
        return ""
    zone = desk.zone_of(officer)
    return f"{desk.moment(statement.period_from, zone)} – {desk.moment(statement.period_until, zone)}"


def _withdrawal(statement: Statement, officer: Officer, *, signs: bool, drafts: bool) -> dict[str, Any]:
    if not statement.is_live:
        return {}
    asked = deciding.open_question(statement, deciding.WITHDRAW)
    own = asked is not None and asked.asked_by_id == officer.pk
    return {
        "asked": asked,
        "own_question": own,
        "may_ask_withdrawal": asked is None and (signs or drafts),
        "may_withdraw": asked is not None and not own and signs,
    }
