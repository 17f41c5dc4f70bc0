"""The acts on an alert. Each is one transaction, and refuses with IssueRefused(code)."""

from alerts.issue.declining import decline
from alerts.issue.drafting import draft, revise
from alerts.issue.emergency import end_unconfirmed, send_at_once
from alerts.issue.ending import expire_due, stand_down
from alerts.issue.ordering import ask_release, decide_release, keep_holds, record_order
from alerts.issue.proposing import propose
from alerts.issue.signing import sign
from alerts.issue.stopping import refuse, send_back
from alerts.issue.updating import update
from alerts.refusals import IssueRefused

__all__ = [
    "IssueRefused",
    "ask_release",
    "decide_release",
    "decline",
    "draft",
    "end_unconfirmed",
    "expire_due",
    "keep_holds",
    "propose",
    "record_order",
    "refuse",
    "revise",
    "send_at_once",
    "send_back",
    "sign",
    "stand_down",
    "update",
]
