"""The acts on an alert. Each is one transaction, and refuses with IssueRefused(code)."""

from alerts.issue.declining import decline
from alerts.issue.drafting import draft, revise
from alerts.issue.ending import expire_due, stand_down
from alerts.issue.proposing import propose
from alerts.issue.signing import refuse, send_back, sign
from alerts.refusals import IssueRefused

__all__ = [
    "IssueRefused",
    "decline",
    "draft",
    "expire_due",
    "propose",
    "refuse",
    "revise",
    "send_back",
    "sign",
    "stand_down",
]
