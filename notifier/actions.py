"""What is to be done about a refusal: one table for every provider. Pure.

A provider's own code becomes a kind (notifier.protocols), the kind becomes an action here.
"""

from enum import StrEnum

from notifier.exceptions import DeliveryError
from notifier.message import ACCOUNT_KINDS


class Action(StrEnum):
    """What happens to the message, and to the gateway."""

    RETRY = "retry"  # this message, later; given up after some attempts
    WAIT = "wait"  # everything of this account, until it answers again or nobody wants it any more
    FAIL = "fail"  # the person hears nothing more of this, on no channel
    FALL_OVER = "fall_over"  # this address or channel is out: the person's next one
    PAGE = "page"  # the account: everything waits, an operator is called
    PAGE_AND_FALL_OVER = "page_and_fall_over"  # the same, and whoever has another way does not wait


_PERSON = (Action.FALL_OVER, Action.RETRY)
_GATEWAY = (Action.FALL_OVER, Action.WAIT)
_ACCOUNT = (Action.PAGE_AND_FALL_OVER, Action.PAGE)

# kind: (when it is for good, when it may pass)
ACTIONS: dict[str, tuple[Action, Action]] = {
    "bad_address": _PERSON,
    "unreachable": _PERSON,
    "opted_out": (Action.FAIL, Action.FAIL),  # who said stop is told nothing anywhere
    "rejected": _PERSON,
    "filtered": _PERSON,
    "too_long": _PERSON,
    "no_media": _PERSON,
    "throttled": _GATEWAY,
    "quota": (Action.FALL_OVER, Action.FALL_OVER),
    "gateway_down": _GATEWAY,
    "connection": _GATEWAY,
    "clock": _GATEWAY,
    **dict.fromkeys(sorted(ACCOUNT_KINDS), _ACCOUNT),
    "duplicate": (Action.FAIL, Action.RETRY),  # the words are there already
    "missing": _PERSON,
    "expired": (Action.FAIL, Action.RETRY),  # nobody wants it any more
    "invalid": _PERSON,
    "unknown": _PERSON,
}


def action(error: DeliveryError) -> Action:
    """What a refusal asks for; a kind that is not in the table concerns one person."""
    for_good, passing = ACTIONS.get(error.kind, _PERSON)
    return for_good if error.permanent else passing
