"""Each kind of refusal as a sentence an officer understands."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEANINGS: dict[str, Promise] = {
    "bad_address": _("This number or mailbox does not exist."),
    "unreachable": _("This number or mailbox cannot be reached now."),
    "opted_out": _("This person asked the provider to stop."),
    "rejected": _("The provider refused the message without a reason."),
    "filtered": _("The carrier's filter held the message back."),
    "too_long": _("The message is longer than this channel carries."),
    "no_media": _("The photo is missing or of a type this channel refuses."),
    "throttled": _("The provider asks to send more slowly."),
    "quota": _("This channel's allowance of people for the day is used up."),
    "gateway_down": _("The provider is in trouble."),
    "connection": _("The provider cannot be reached."),
    "credentials": _("The provider refuses our password or token."),
    "certificate": _("The other side’s certificate does not hold: it is out of date, or not its own."),
    "clock": _("This server’s clock and the provider’s differ by minutes: set it."),
    "permission": _("Our account lacks a right at the provider."),
    "policy": _("The provider has blocked our account or domain."),
    "duplicate": _("The provider has just received these same words."),
    "missing": _("The provider no longer knows this post."),
    "expired": _("The message was not delivered in time."),
    "invalid": _("The provider calls the request malformed."),
    "configuration": _("A setting of this channel is wrong."),
    "unknown": _("The provider gave an error that is not known here."),
    "not_recallable": _("What was sent by this channel cannot be taken back."),
    "answer_lost": _("The provider's answer was lost."),
}


def meaning(kind: str) -> str:
    """The sentence for a kind; the kind itself when there is none."""
    return str(MEANINGS.get(kind, kind))
