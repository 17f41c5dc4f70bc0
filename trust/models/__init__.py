"""Who may, who did, who knows: one noun a file."""

from trust.models.agency import Agency
from trust.models.audit import AuditEntry, AuditExport, Seal
from trust.models.data_key import DataKey
from trust.models.decision import Decision
from trust.models.glass import Glass
from trust.models.grant import Grant
from trust.models.officer import Officer
from trust.models.reading import ReadingFlag, ReadingMark
from trust.models.roster import Shift
from trust.models.sign_in import SignIn
from trust.models.task import Task
from trust.models.throttle import ThrottleHit
from trust.models.unit import Unit

__all__ = [
    "Agency",
    "AuditEntry",
    "AuditExport",
    "DataKey",
    "Decision",
    "Glass",
    "Grant",
    "Officer",
    "ReadingFlag",
    "ReadingMark",
    "Seal",
    "Shift",
    "SignIn",
    "Task",
    "ThrottleHit",
    "Unit",
]
