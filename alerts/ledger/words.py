"""A line of the ledger in the words of its reader."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.ledger.line import DONE, IMPOSSIBLE, NEVER_OUT, OWED, Line
from alerts.ledger.sources import KEPT
from notifier.meanings import MEANINGS, meaning

THINGS: Mapping[str, Promise] = {
    "message": _("Messages to people"),
    "post": _("Post"),
    "photo": _("Photo on our page"),
    "page": _("Our page"),
    "feed": _("Our feeds"),
    "document": _("Document for other systems"),
    "relay": _("Relay"),
    "programme": _("Meta’s alert programme"),
}
# What stays with whoever was told, by channel.
STAYS: Mapping[str, Promise] = {
    "sms": _("An SMS stays on the phone that got it. Whoever got it is told that it is over."),
    "email": _(
        "An e-mail stays in the mailbox. Its photo was a link and is gone. Whoever got it is told that it is"
        " over."
    ),
    "whatsapp": _("A WhatsApp message stays in the chat. Whoever got it is told that it is over."),
    "webpush": _(
        "A browser’s notice stays until it is wiped away. It holds a title and the address of our page, which"
        " is empty now."
    ),
}
ANSWERS: Mapping[str, Promise] = {
    "replaced": _("Its words were replaced by the update, in the same post."),
    "gone": _("It says only that the alert is over."),
    "deleted": _("The public copy was deleted."),
    "by_hand": _("A person took it back."),
    "not_found": _("Nobody could find out whether it ever appeared."),
    "over": _("It was over before anything was done."),
}


def answer_code(code: str) -> str:
    """Return what a code of an answer means, whatever the line."""
    return str(ANSWERS[code]) if code in ANSWERS else meaning(code)


def thing(what: str) -> str:
    return str(THINGS.get(what, what))


def answer(line: Line) -> str:
    """Return what came back, or why it stays, as a sentence; "" where there is nothing to say yet."""
    if line.state == IMPOSSIBLE and line.answer == KEPT:
        return str(STAYS.get(line.channel) or MEANINGS[KEPT])
    if line.by_hand:
        return str(ANSWERS["by_hand"])
    if line.answer:
        return answer_code(line.answer)
    if line.state == NEVER_OUT:
        return str(_("Nothing of it had appeared."))
    if line.state == DONE:
        return str(_("The provider confirmed it."))
    return str(_("A person must take it back.")) if line.state == OWED else ""
