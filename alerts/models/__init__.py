"""Alerts, what they say, and who asked to be told."""

from alerts.models.address import Address
from alerts.models.alert import Alert
from alerts.models.decline import Decline
from alerts.models.document import Document
from alerts.models.follow import Follow
from alerts.models.order import Order
from alerts.models.partner import Partner
from alerts.models.programme import Dossier
from alerts.models.relay import Relay, RelayNotice
from alerts.models.release import Release
from alerts.models.removal import Removal
from alerts.models.statement import Statement, StatementMark
from alerts.models.subscription import Subscription
from alerts.models.version import Version

__all__ = [
    "Address", "Alert", "Decline", "Document", "Dossier", "Follow", "Order", "Partner",
    "Relay", "RelayNotice", "Release", "Removal", "Statement", "StatementMark", "Subscription", "Version",
]  # fmt: skip
