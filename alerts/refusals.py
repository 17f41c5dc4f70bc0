"""Why an act on an alert was refused, in words an officer can act on."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "no_permission": _("Your role does not allow this."),
    "superuser": _("A superuser account signs nothing. Use your own officer account."),
    "not_yours": _("This case belongs to another unit."),
    "own_proposal": _("You proposed this alert. Another officer must sign it."),
    "own_sending": _("You sent this alert alone. Another officer must sign it."),
    "sign_instead": _("You may sign this alert yourself: read it and sign it."),
    "too_early": _("It can be sent by one person only after ten minutes without a signature."),
    "alone_again": _(
        "You sent an alert on this case alone a short time ago, and nobody signed it. Another officer must "
        "sign this one, or send it."
    ),
    "refused_before": _("An approver refused an alert on this case. It cannot be sent without a signature."),
    "hour_over": _("The hour for the second signature is over: the alert is being stopped."),
    "ground": _("Choose why it cannot wait for a signature."),
    "not_verified": _(
        "Nobody has spoken with the family yet. Call back and write it down on the page of the case, or say "
        "there why it cannot wait."
    ),
    "order_missing": _("The rule here asks for an order of a magistrate. Record it on the page of the case."),
    "on_hold": _("A magistrate ordered to issue nothing. The hold must be released first, by two officers."),
    "order_paper": _("An order on paper needs its scan, one by telephone the minute of the call."),
    "order_date": _("The order cannot be given in the future."),
    "not_holding": _("This order holds nothing, or no longer."),
    "release_asked": _("An officer has asked to release this hold. Another one must decide."),
    "release_not_asked": _("Nobody has asked to release this hold."),
    "own_release": _("You asked to release this hold. Another officer must decide."),
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
    "tier": _("Choose whether people are woken at night."),
    "reason": _("Give a reason."),
    "unknown_end": _("Choose how the alert ends."),
    "lint_stop": _("Something in the draft must not be sent. It is listed on this page."),
    "lint_unseen": _("Tick every warning as seen, then propose again."),
    "additions": _("Write the sentence in every language, or in none, within 160 characters."),
    "nothing_to_release": _(
        "Nothing here can be released: it was asked already, or the check does not stop these words."
    ),
    "own_question": _("You asked for this release. Another officer must decide."),
    "question_old": _("This question is too old. It must be asked again."),
    "question_closed": _("Somebody has answered this question already."),
    "words_changed": _("What is stored is not what was asked or shown. Ask again for these words."),
    "not_owed": _("This post is gone already, or nobody asked to take it back."),
    "removal_time": _("The hour must lie between the post and now. Check it."),
    "evidence": _("Say who took it back and how you know that it is gone."),
    "words": _("Say why, in your own words."),
    "who": _("Write down the name of the person who answered."),
    "when": _("The hour cannot be in the future, nor before it was asked."),
    "answered": _("This was answered before. The page shows how it stands."),
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
