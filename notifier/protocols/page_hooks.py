"""What a Facebook Page is called back with: its own posts as receipts, comments, mentions, private messages.

One body holds several entries, and in one entry changes and messages both. What cannot be read of one must
not cost the others. Values' keys after public code that reads them (the sheet's S11); `video` is (U).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Literal

from notifier import incoming
from notifier.exceptions import HookUnreadable
from notifier.incoming import IncomingFile
from notifier.message import Inbound, ReceiptEvent
from notifier.protocols import messaging
from notifier.protocols.told import dicts, gathered, part, text

PRIVATE = "messenger"  # the channel on which whoever wrote to the Page, or commented, is answered

POSTS = ("post", "photo", "status", "video")


def read(body: bytes) -> list[ReceiptEvent | Inbound]:
    """The events of one call-back; fields of no interest here give none. Raise HookUnreadable."""
    try:
        entries = json.loads(body)["entry"]
        return gathered(reading for entry in entries for reading in _readings(entry))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise HookUnreadable(f"not a page call-back: {type(error).__name__}") from None


def _readings(entry: Mapping[str, Any]) -> Iterator[Callable[[], Iterator[ReceiptEvent | Inbound]]]:
    page = str(entry["id"])
    for name in ("messaging", "standby"):  # in standby another app of the Page has the conversation
        for event in dicts(entry.get(name)):
            yield partial(messaging.read, page, event, PRIVATE)
    for change in entry.get("changes") or ():
        yield partial(_changed, page, change)


def _changed(page: str, change: Mapping[str, Any]) -> Iterator[ReceiptEvent | Inbound]:
    value = part(change, "value")
    if not value:
        raise HookUnreadable("a change without a value")
    if change.get("field") == "feed":
        yield from _fed(page, value)
    elif change.get("field") == "mention" and value.get("verb") == "add":
        yield from _said("mention", page, value, text(value, "sender_id"))


def _fed(page: str, value: Mapping[str, Any]) -> Iterator[ReceiptEvent | Inbound]:
    sender = text(part(value, "from"), "id")  # may be absent: privacy
    verb, item = value.get("verb"), value.get("item")
    if item == "comment" and verb in ("add", "edited") and sender != page:  # our own words come back
        yield from _said("comment", page, value, sender)
    elif item in POSTS and verb == "add" and sender == page:
        yield from _published(value)
    elif (
        item in POSTS and verb == "add" and sender
    ):  # somebody wrote on our wall: heard, and not answered there
        yield from _said("mention", page, value, sender)


def _published(value: Mapping[str, Any]) -> Iterator[ReceiptEvent]:
    post, at = text(value, "post_id"), text(value, "created_time")
    if post:
        yield ReceiptEvent(post, "", "delivered", "", _at(at), f"{post}:add:{at}")


def _said(
    kind: Literal["comment", "mention"], page: str, value: Mapping[str, Any], sender: str
) -> Iterator[Inbound]:
    identity = text(value, "comment_id") or text(value, "post_id")
    if not identity:
        raise HookUnreadable(f"a {kind} without an id")
    at, verb = text(value, "created_time"), text(value, "verb")
    raw = {name: text(value, name) for name in ("post_id", "parent_id", "permalink_url")}
    raw |= {"name": text(part(value, "from"), "name"), **incoming.packed(_files(value))}
    raw |= {"type": "edit", "edits": identity} if verb == "edited" else {}
    raw = {name: said for name, said in raw.items() if said}
    key = f"{identity}:{verb}:{at}"
    yield Inbound(kind, identity, sender, text(value, "message"), _at(at), key, page, raw, channel=PRIVATE)


def _files(value: Mapping[str, Any]) -> list[IncomingFile]:
    """A comment carries one picture or one clip."""
    found = [("photo", "image/*"), ("video", "video/*")]
    return [IncomingFile(url=text(value, name), media_type=kind) for name, kind in found if text(value, name)]


def _at(seconds: str) -> datetime | None:
    return messaging.moment(seconds) if seconds else None
