"""Why an act on a statement was refused, in words an officer can act on."""

from django.utils.translation import gettext_lazy as _

from alerts.refusals import SENTENCES

SENTENCES.update(
    {
        "statement_not_yours": _("This statement belongs to another unit."),
        "statement_kind": _("Choose what kind of statement it is."),
        "statement_texts": _("Write a title (120 characters) and a text (2000) in every language."),
        "statement_link": _("This is not an address. Copy it whole, one on each line, or leave it empty."),
        "statement_refutes": _("Say what it refutes: its address, or its words."),
        "statement_evidence": _("Too much is named as evidence. Name what proves it."),
        "statement_period": _("The period must have ended, and may last a year at most."),
        "statement_not_a_draft": _("This statement can no longer be changed."),
        "statement_not_proposed": _("This statement no longer waits for a signature."),
        "statement_not_signed": _("This statement does not stand, or no longer."),
        "statement_own": _("You proposed this statement. Another officer must sign it."),
        "statement_lint": _("Something in the statement must not be said. It is listed on this page."),
        "statement_unseen": _("Tick every warning as seen, then propose again."),
        "withdrawal_asked": _("Somebody has asked to withdraw this statement already."),
        "withdrawal_not_asked": _("Nobody has asked to withdraw this statement, or it was too long ago."),
        "withdrawal_own": _("You asked to withdraw this statement. Another officer must decide."),
    }
)
