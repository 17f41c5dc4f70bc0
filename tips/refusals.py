"""Why an act on a tip is refused: a code for the log, a sentence for the page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, Promise] = {
    "no_permission": _("You may not do this with this tip."),
    "not_yours": _("This tip is with another unit."),
    "moved_meanwhile": _("Somebody else decided this tip a moment ago. Look at it again."),
    "decided": _("This tip is decided. Open it again first."),
    "reason": _("Say why: choose a reason, and write a few words where it asks for them."),
    "no_words": _("Write what you want to say."),
    "too_long": _("These words are too long."),
    "second_waits": _("A second reader has been asked about this tip. Wait for the answer."),
    "same_person": _("Whoever asked cannot answer. Another officer has to."),
    "nothing_asked": _("Nobody asks this any more."),
    "expired": _("The time for an answer is over. Ask again."),
    "already_decided": _("Somebody else has answered already."),
    "other_digest": _("What was asked has changed. Look at it again."),
    "case_over": _("This case is closed. Re-open it first, or open a new one from the tip."),
    "case_not_yours": _("This case is with another unit. Hand the tip over to it."),
    "no_case": _("Choose the case this sighting belongs to."),
    "no_place": _("Say where: a few words, or a point."),
    "unknown_code": _("Choose one of the answers that are offered."),
    "when": _("Say when the child was seen: not in the future, not years ago."),
    "same_unit": _("The tip is with this unit already."),
    "no_unit": _("Name the unit that takes the tip."),
    "not_handed": _("This tip is not handed over, or was taken already."),
    "no_name": _("Write who said so: a name or a number of theirs."),
    "nobody_to_reveal": _("There is nothing to reveal: whoever told this left no address."),
    "factor_not_fresh": _("Enter a new code of your second factor first."),
    "not_open": _("The address is not open to you. Ask for it, and wait for a second officer."),
    "no_thread": _("This witness can no longer be written to."),
    "erased": _("What was told here has been erased."),
    "frozen": _("This file is frozen."),
    "not_frozen": _("This file is not frozen."),
    "not_open_frozen": _("What is frozen is not open to you. Ask for it, and wait for a second officer."),
    "not_kept": _("There is no original here, or nothing of it can be shown."),
    "known_already": _("This file is among the known ones already."),
}


class TipRefused(Exception):  # noqa: N818  (said as the desk says it)
    """Name why an act was refused; `code` is a key of REFUSALS, str() its sentence in the active language."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(REFUSALS[self.code])
