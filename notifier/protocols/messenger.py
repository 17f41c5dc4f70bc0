"""What is answered by Messenger's Send API: whom, under which tag, and what a refusal means.

Who wrote to the Page may be answered for 24 hours after their last message; for seven days by a person, under
the tag HUMAN_AGENT. A comment is answered once, in private, within seven days (developers.facebook.com, "Send
Messages"; what is marked (U) was not verified there).
"""

import json
import re

from notifier.exceptions import CannotCarry, DeliveryError
from notifier.incoming import COMMENT
from notifier.message import Message

MAX_TEXT = 2000  # characters (U)
HUMAN_AGENT = "HUMAN_AGENT"
# error_subcode, else code: what it means, and whether for good. The subcodes are (U).
MEANINGS = {
    2018278: ("rejected", True),  # outside the window
    2018001: ("bad_address", True),  # no such person for this Page
    2018108: ("opted_out", True),  # the person does not want messages
    1545041: ("unreachable", True),  # not available now, as 551
    10900: ("duplicate", True),  # the comment was answered before
    10903: ("unreachable", True),  # this commenter takes no private reply
}
WINDOW_CLOSED = 2018278
_PSID = re.compile(r"[0-9]{1,32}")
_POST = re.compile(r"[0-9]{1,32}(?:_[0-9]{1,32})?")


def receiver(to: str) -> dict[str, str]:
    """Whom the answer is for: a person by the Page's own id for them, or a comment. Raise CannotCarry."""
    if to.startswith(COMMENT) and _POST.fullmatch(to.removeprefix(COMMENT)):
        return {"comment_id": to.removeprefix(COMMENT)}
    if _PSID.fullmatch(to):
        return {"id": to}
    raise CannotCarry(kind="bad_address", detail="no PSID and no comment")


def words(message: Message) -> str:
    """What is said. Raise CannotCarry."""
    said = (message.text.body or message.text.short).strip()
    if not said:
        raise CannotCarry(kind="invalid", detail="empty")
    if len(said) > MAX_TEXT:
        raise CannotCarry(kind="too_long", detail=str(len(said)))
    if not message.window_open and not message.text.by_person:
        raise CannotCarry(kind="rejected", detail="they did not write first")
    return said


def fields(message: Message, *, tag: str = "") -> dict[str, str]:
    """The form of POST /{page-id}/messages; objects in it are JSON. Raise CannotCarry."""
    kind = {"messaging_type": "MESSAGE_TAG", "tag": tag} if tag else {"messaging_type": "RESPONSE"}
    said = {"text": words(message)}
    return {
        "recipient": json.dumps(receiver(message.to)),
        "message": json.dumps(said, ensure_ascii=False),
        **kind,
    }


def refined(error: DeliveryError) -> DeliveryError:
    """A Graph error by what the Send API means by it."""
    code, _, subcode = error.detail.partition("/")
    for number in (subcode, code):
        if number.isdigit() and int(number) in MEANINGS:
            kind, permanent = MEANINGS[int(number)]
            return DeliveryError(permanent=permanent, kind=kind, detail=error.detail)
    return error


def is_window_closed(error: DeliveryError) -> bool:
    """Whether it was refused because the 24 hours are over."""
    return error.detail.endswith(f"/{WINDOW_CLOSED}")
