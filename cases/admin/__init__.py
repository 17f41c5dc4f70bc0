"""Cases at the police desk: a list, one page a case, its forms, and buttons that call the verbs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.admin.case import CaseAdmin
from cases.admin.found import FoundChildAdmin
from cases.admin.steps import StepCountAdmin
from cases.desk import queues
from trust import desk

__all__ = ["CaseAdmin", "FoundChildAdmin", "StepCountAdmin", "queues"]

desk.TASK_SUBJECTS["case"] = "admin:cases_case_change"
desk.TASK_WORDS.update(
    {
        "new_report": _("A new report waits for somebody to take it"),
        "child_home": _("The family says that the child is home: check it"),
        "family_waits": _("The family wrote and waits for an answer"),
        "consent.withdraw": _("The family asks consent back: decide before the clock runs out"),
        "withdrawal_left": _("A guardian asks consent back while guardians are in conflict: decide"),
        "conflict": _("Guardians in conflict: nothing can be signed until an authority has decided"),
        "same_child": _("Another report is probably about the same child: compare them"),
        "place_check": _("Somebody checks a place: say what came of it"),
        "erasure": _("The reporter asks to be forgotten: answer within ten days"),
    }
)
