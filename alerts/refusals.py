"""Why an act on an alert was refused, in words an officer can act on."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "no_permission": _("Your role does not allow this."),
    "superuser": _("A superuser account signs nothing. Use your own officer account."),
    "not_yours": _("This case belongs to another unit."),
    "own_proposal": _("You proposed this alert. Another officer must sign it."),
    "factor_not_fresh": _("Confirm with your second factor, then try again."),
    "proposal_expired": _("The proposal is too old to be signed. It must be proposed again."),
    "digest_differs": _("What is stored is not what was proposed or shown. The proposal is void."),
    "not_proposed": _("This version no longer waits for a signature."),
    "not_a_draft": _("This version can no longer be changed."),
    "not_live": _("This alert is not live."),
    "no_consent": _("There is no live consent for something this alert would say."),
    "in_conflict": _("The case is marked as in conflict. The conflict must be settled first."),
    "case_not_open": _("The case is closed or not yet accepted."),
    "already_live": _("This case already has a live alert."),
    "already_drafted": _("This case already has an alert in preparation."),
    "wrong_child": _("This child or photo does not belong to the case."),
    "area": _("The area cannot be used. Draw it again."),
    "channels": _("Choose at least one channel that is set up."),
    "duration": _("The duration must be between one hour and seven days."),
    "reason": _("Give a reason."),
    "unknown_end": _("Choose how the alert ends."),
    "lint_stop": _("Something in the draft must not be sent. It is listed on this page."),
    "lint_unseen": _("Tick every warning as seen, then propose again."),
    "additions": _("Write the sentence in every language, or in none, within 160 characters."),
    "words": _("Say why, in your own words."),
    "nothing_to_say": _(
        "The case says too little for an alert: give at least the child's sex or age, and a place."
    ),
}


class IssueRefused(ValueError):  # noqa: N818  (said as officers say it)
    """Say by `code` why an act on an alert was refused; `str()` is a sentence in the active language.

    `detail` names fields or values, never what they hold.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return str(SENTENCES[self.code])
