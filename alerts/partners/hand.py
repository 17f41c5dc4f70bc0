"""The partners, where an alert is silenced, watched or looked at (alerts.hands)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from alerts import ledger as ledgers
from alerts.hands import HANDS, Hand, Panel
from alerts.models import Alert, Version
from alerts.partners import announcing, desk, looking
from alerts.partners.channel import CHANNEL
from alerts.partners.lines import lines
from trust.desk import zone_of
from trust.models import Officer


def tell(version: Version) -> bool:
    """Do nothing: what partners get was written down with the signature."""
    return True


def silence(alert_id: UUID, at: datetime) -> None:
    announcing.silence(alert_id)


def take_back(alert_id: UUID) -> None:
    """Do nothing: the all-clear or the cancel was written down with the end."""


def unfinished() -> Iterable[UUID]:
    return ()


def panel(alert: Alert, officer: Officer) -> Panel | None:
    """Return the documents and each partner's answer, where the alert has a document."""
    sent = desk.sent(alert, zone_of(officer))
    return Panel("admin/alerts/partners.html", {"partners": sent}) if sent else None


HANDS.append(Hand(CHANNEL, tell, silence, take_back, unfinished, looking.look_after, panel))
ledgers.SOURCES.append(lines)
