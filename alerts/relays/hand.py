"""How the relays of an alert stand: on its page, in the ledger, and what each of them owes next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from alerts import hands, ledger, owed
from alerts.hands import Hand, Panel
from alerts.ledger.line import Line
from alerts.models import Alert, RelayNotice
from alerts.relays import telling
from notifier.hand_channels import RELAYS
from trust import desk
from trust.models import Officer

State = RelayNotice.State


@dataclass(frozen=True)
class Shown:
    """Hold one relay: how it stands, since when, by whom, and the page on which the next act is recorded."""

    name: str
    kind: str
    state: str
    at: str
    who: str
    url: str
    waits_for: str  # "acknowledge", "take_down" or ""


def newest(alert_id: UUID) -> list[RelayNotice]:
    """Return the last notice to each relay that was told of the alert, by name (one query)."""
    rows = RelayNotice.objects.filter(alert=alert_id).select_related("relay").order_by("version__number")
    return sorted({row.relay_id: row for row in rows}.values(), key=lambda row: row.relay.name)


def notice_url(notice: RelayNotice) -> str:
    return reverse("admin:alerts_alert_relay", args=[notice.pk])


def panel(alert: Alert, officer: Officer) -> Panel | None:
    """Return the relays told, acknowledged, taken down, with the next act (one query); None for none."""
    told = newest(alert.pk)
    if not told:
        return None
    zone = desk.zone_of(officer)
    states = [notice.state for notice in told]
    context = {
        "lines": [_line(notice, officer) for notice in told],
        "told": len(told),
        "acknowledged": sum(notice.acknowledged_at is not None for notice in told),
        "asked_back": sum(notice.take_down_asked_at is not None for notice in told),
        "taken_down": states.count(State.TAKEN_DOWN),
        "zone": zone.key,
    }
    return Panel("admin/alerts/relay_panel.html", context)


def _line(notice: RelayNotice, officer: Officer) -> Shown:
    zone = desk.zone_of(officer)
    at = notice.taken_down_at or notice.take_down_asked_at or notice.acknowledged_at or notice.told_at
    who = notice.taken_down_by if notice.taken_down_at else notice.acknowledged_by
    may = officer.has_perm(owed.RIGHT)
    return Shown(
        notice.relay.name,
        str(notice.relay.get_kind_display()),
        str(notice.get_state_display()),
        desk.moment(at, zone),
        who or "",
        notice_url(notice) if may else "",
        waits_for(notice),
    )


def waits_for(notice: RelayNotice) -> str:
    """Return the act that is owed: "acknowledge", "take_down" or ""."""
    return {State.TOLD: "acknowledge", State.TAKE_DOWN_ASKED: "take_down"}.get(State(notice.state), "")


def times(notice: RelayNotice, zone: ZoneInfo) -> dict[str, str]:
    """Return when each thing happened, of what did."""
    stamps = {
        "told": notice.told_at,
        "acknowledged": notice.acknowledged_at,
        "take_down_asked": notice.take_down_asked_at,
        "taken_down": notice.taken_down_at,
    }
    return {name: desk.moment(at, zone) for name, at in stamps.items() if at}


def lines(alert: Alert) -> Iterator[Line]:
    """Yield a line for each relay that was told, with its open task (two queries)."""
    told = newest(alert.pk)
    tasks = owed.open_tasks([notice.pk for notice in told])
    for notice in told:
        yield Line(
            RELAYS, notice.relay.name, "relay",
            asked_at=notice.take_down_asked_at or notice.take_back_from, done_at=notice.taken_down_at,
            task=tasks.get(notice.pk), subject=notice.pk, by_hand=notice.taken_down_at is not None,
        )  # fmt: skip


hands.HANDS.append(
    Hand(
        RELAYS,
        tell=telling.tell,
        silence=telling.silence,
        take_back=telling.take_back,
        unfinished=telling.unfinished,
        watch=telling.watch,
        panel=panel,
    )
)
ledger.SOURCES.append(lines)
