"""What the force says of rumours, old videos and its own work: signed by two, and withdrawn by two."""

from alerts.statements.drafting import again, draft, edit
from alerts.statements.finding import found, live
from alerts.statements.proposing import propose
from alerts.statements.signing import lapse_due, refuse, sign
from alerts.statements.suggesting import suggested
from alerts.statements.withdrawing import ask_withdrawal, keep, withdraw

__all__ = [
    "again", "ask_withdrawal", "draft", "edit", "found", "keep", "lapse_due", "live", "propose", "refuse",
    "sign", "suggested", "withdraw",
]  # fmt: skip
