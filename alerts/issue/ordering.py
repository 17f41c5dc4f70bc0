"""The acts on a magistrate's order: recorded by one officer; a hold is released by two."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from alerts import paging
from alerts.issue import stopping
from alerts.issue.deciding import close_decision
from alerts.issue.ending import end
from alerts.models import Alert, Order, Version
from alerts.permission import demand, demand_factor, hold
from alerts.refusals import IssueRefused
from cases.models import Case
from trust import audit, clock, vault
from trust.models import Decision, Officer
from trust.models.decision import DecisionRefused

RELEASE = "release_hold"
MOST_LETTERS, MOST_WORDS = 120, 2000
AHEAD = timedelta(minutes=5)  # the clock of whoever writes an order by hand may run fast


@dataclass(frozen=True)
class Paper:
    """Hold a scan as it came, and the clean JPEG that cases.media made of it."""

    original: bytes
    clean: bytes


@dataclass(frozen=True)
class Ordered:
    """Hold an order as an officer tells it: on paper, or by telephone with the call's minute in words."""

    kind: str
    office: str
    number: str
    magistrate: str
    given_at: datetime
    words: str = ""
    paper: Paper | None = None


def record_order(case: Case, officer: Officer, told: Ordered, *, factor_at: datetime | None = None) -> Order:
    """Keep an order under the case's key. A hold ends every live alert of the case and lapses proposals.

    A hold needs the right to stop and a fresh second factor.
    Raise IssueRefused: superuser, no_permission, not_yours, factor_not_fresh, order_paper, order_date.
    """
    demand(officer, "alerts.add_order", case)
    if told.kind == Order.Kind.HOLD:
        demand(officer, "alerts.stop_alert", case)
        demand_factor(factor_at)
    _check(told)
    keys: list[str] = []
    try:
        with transaction.atomic():
            held = hold(case.standing.pk)
            order = _keep(held, officer, told, keys)
            audit.record("order.recorded", order, actor=officer, reason=f"{told.kind}:{order.how}")
            if order.is_holding:
                _silence(held, officer)
            return order
    except BaseException:
        for key in keys:
            vault.delete(key)
        raise


def ask_release(order: Order, officer: Officer, words: str) -> Decision:
    """Ask another officer to release a hold. words: who released it, when, by what paper; sealed.

    Raise IssueRefused: superuser, no_permission, not_yours, words, not_holding, release_asked.
    """
    demand(officer, "alerts.add_order", order.case)
    demand(officer, "alerts.stop_alert", order.case)
    if not words.strip():
        raise IssueRefused("words")
    with transaction.atomic():
        row = _held(order)
        if asked_release(row) is not None:
            raise IssueRefused("release_asked")
        row.release_words = words.strip()[:MOST_WORDS]
        row.save(update_fields=["release_words"])
        decision = Decision.ask(RELEASE, row.pk, asked_by=officer)
        audit.record("order.release_asked", row, actor=officer)
        paging.page_release(row.case, decision)
    return decision


def decide_release(
    order: Order, officer: Officer, *, granted: bool, factor_at: datetime | None = None
) -> Order:
    """Release a hold that another officer asked to release, or keep it. What it stopped stays stopped.

    Raise IssueRefused: superuser, no_permission, not_yours, factor_not_fresh, not_holding, release_not_asked,
    own_release.
    """
    demand(officer, "alerts.release_hold", order.case)
    demand_factor(factor_at)
    with transaction.atomic():
        row = _held(order)
        asked = asked_release(row)
        if asked is None:
            raise IssueRefused("release_not_asked")
        try:
            asked.decide("granted" if granted else "refused", by=officer)
        except DecisionRefused as refused:
            raise IssueRefused("own_release") from refused
        if granted:
            row.released_at = clock.now()
            row.save(update_fields=["released_at"])
        audit.record("order.released" if granted else "order.kept", row, actor=officer)
    return row


def keep_holds() -> int:
    """End what is live though a hold stands: a report under one may be joined to a case later. Count them."""
    live = list(Alert.objects.live().values_list("case_id", flat=True))
    if not live:
        return 0
    rows = Order.objects.filter(Q(case__in=live) | Q(case__merged_into__isnull=False))
    standing = {order.case.standing.pk for order in rows.select_related("case__merged_into").holding()}
    stopped = 0
    for pk in standing & set(live):
        with transaction.atomic():
            _silence(hold(pk), None)
        stopped += 1
    return stopped


def asked_release(order: Order) -> Decision | None:
    """Return the open question whether to release a hold (one query)."""
    return Decision.objects.filter(act=RELEASE, subject=order.pk, outcome="").first()


def _check(told: Ordered) -> None:
    by_phone, on_paper = bool(told.words.strip()), told.paper is not None
    if by_phone == on_paper or told.kind not in Order.Kind.values or told.office not in Order.Office.values:
        raise IssueRefused("order_paper")
    if not told.magistrate.strip() or (on_paper and not told.number.strip()):
        raise IssueRefused("order_paper")
    if told.given_at > clock.now() + AHEAD:
        raise IssueRefused("order_date")


def _keep(case: Case, officer: Officer, told: Ordered, keys: list[str]) -> Order:
    order = Order(case=case, kind=told.kind, office=told.office, recorded_by=officer, at=clock.now())
    order.how = Order.How.SCAN if told.paper else Order.How.PHONE
    order.number, order.magistrate = (
        told.number.strip()[:MOST_LETTERS],
        told.magistrate.strip()[:MOST_LETTERS],
    )
    order.words, order.given_at = told.words.strip()[:MOST_WORDS] or None, told.given_at
    if told.paper:
        order.original_key = vault.put(case.pk, told.paper.original)
        keys.append(order.original_key)
        order.clean_key = vault.put(case.pk, told.paper.clean)
        keys.append(order.clean_key)
        order.original_sha256 = hashlib.sha256(told.paper.original).hexdigest()
    order.save(force_insert=True)
    return order


def _silence(case: Case, officer: Officer | None) -> None:
    """End what is live on the case, and let go of what waits for a signature."""
    for version in Version.objects.awaiting_signature().filter(alert__case=case):
        version.move(Version.State.LAPSED, officer, reason="on_hold")
        close_decision(version, "lapsed", officer)
    for alert in Alert.objects.live().filter(case=case):
        end(alert, Alert.End.ENDED, officer)
    for version in Version.objects.filter(alert__case=case, state=Version.State.PROVISIONAL):
        stopping.stop(version, Version.State.LAPSED, officer, "on_hold")


def _held(order: Order) -> Order:
    """Return the order as it is now, its case locked. Raise IssueRefused("not_holding")."""
    hold(order.case_id)
    row = Order.objects.select_for_update(of=("self",)).select_related("case__unit").get(pk=order.pk)
    if not row.is_holding:
        raise IssueRefused("not_holding")
    return row
