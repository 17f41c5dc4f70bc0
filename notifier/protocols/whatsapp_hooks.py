"""What WhatsApp calls back with: statuses of what was sent, and what people write, in the one vocabulary.

One body holds several entries, changes, messages and statuses; they come twice and in any order. What cannot
be read in one message must not cost the others. Shapes after Meta's OpenAPI description and pywa's samples.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from notifier.exceptions import HookUnreadable
from notifier.message import Inbound, ReceiptEvent, State
from notifier.protocols import whatsapp_errors

OBJECT = "whatsapp_business_account"
STATES: dict[str, State] = {
    "sent": "accepted",
    "delivered": "delivered",
    "read": "delivered",
    "played": "delivered",
    "failed": "failed",
}
MEDIA = ("image", "video", "audio", "document", "sticker")


def changes(body: bytes) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(account id, field, value) of each change. Raise HookUnreadable when it is no call-back of WhatsApp."""
    try:
        told = json.loads(body)
        if told["object"] != OBJECT:
            raise HookUnreadable("not of WhatsApp")
        found = [
            (str(entry.get("id", "")), str(change["field"]), change["value"])
            for entry in told["entry"]
            for change in entry.get("changes", ())
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise HookUnreadable(f"not a WhatsApp call-back: {type(error).__name__}") from None
    yield from ((account, field, value) for account, field, value in found if isinstance(value, dict))


def read(body: bytes, day_limit_codes: Collection[int] = ()) -> list[ReceiptEvent | Inbound]:
    """The receipts and messages of one call-back. Raise HookUnreadable."""
    events: list[ReceiptEvent | Inbound] = []
    for _account, field, value in changes(body):
        if field == "messages":
            events += _receipts(value, day_limit_codes)
            events += _messages(value)
        elif field == "user_preferences":
            events += _preferences(value)
    return events


def _receipts(value: Mapping[str, Any], day_limit_codes: Collection[int]) -> Iterator[ReceiptEvent]:
    for status in _dicts(value.get("statuses")):
        state, name = STATES.get(str(status.get("status"))), _text(status, "id")
        if state is None or not name:
            continue
        failed = state == "failed"
        kind = whatsapp_errors.failure_kind(status.get("errors"), day_limit_codes) if failed else ""
        key = f"{name}:{status['status']}"
        reference = _text(status, "biz_opaque_callback_data")
        yield ReceiptEvent(name, reference, state, kind, _at(status.get("timestamp")), key)


def _messages(value: Mapping[str, Any]) -> Iterator[Inbound]:
    to = _phone(_text(_part(value, "metadata"), "display_phone_number"))
    contacts = list(_dicts(value.get("contacts")))
    for message in _dicts(value.get("messages")):
        contact = _contact(contacts, message)
        number = _phone(_text(message, "from") or _text(contact, "wa_id"))
        user_id = _text(message, "from_user_id") or _text(contact, "user_id")
        text, raw = _content(message)
        known = {
            "user_id": user_id,
            "name": _text(_part(contact, "profile"), "name"),
            "username": _text(_part(contact, "profile"), "username"),
            "replies_to": _text(_part(message, "context"), "id"),
            "forwarded": "yes" if _is_forwarded(message) else "",
        }
        raw = {
            "type": _text(message, "type") or "unknown",
            **{k: v for k, v in {**known, **raw}.items() if v},
        }
        name = _text(message, "id")
        key = name or hashlib.sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()
        at = _at(message.get("timestamp"))
        yield Inbound("message", name, number or user_id, text, at, f"message:{key}", to, raw)


def _content(message: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """What was said in words, and what goes with it: media ids, a place, the button pressed."""
    kind = _text(message, "type")
    part = _part(message, kind)
    if kind == "text":
        return _text(part, "body"), {}
    if kind in MEDIA:
        return _text(part, "caption"), _media(part)
    if kind == "location":
        names = ("latitude", "longitude", "name", "address", "url")
        return "", {
            f"place_{name}" if name in ("name", "address", "url") else name: _text(part, name)
            for name in names
        }
    if kind == "button":
        return _text(part, "text"), {"payload": _text(part, "payload")}
    if kind == "interactive":
        chosen = _part(part, _text(part, "type"))
        return _text(chosen, "title") or _text(chosen, "body"), {"payload": _text(chosen, "id")}
    if kind == "reaction":
        return _text(part, "emoji"), {"reacts_to": _text(part, "message_id")}
    if kind == "system":  # the sentence in `body` is Meta's, not the person's
        changed = {"change": _text(part, "type"), "new_user_id": _text(part, "user_id")}
        return "", {**changed, "new_number": _phone(_text(part, "wa_id") or _text(part, "new_wa_id"))}
    return "", {"errors": ",".join(str(error.get("code", "")) for error in _dicts(message.get("errors")))}


def _media(part: Mapping[str, Any]) -> dict[str, str]:
    told = {"media_id": "id", "media_type": "mime_type", "sha256": "sha256", "file_name": "filename"}
    return {
        **{name: _text(part, key) for name, key in told.items()},
        "voice": "yes" if part.get("voice") else "",
    }


def _preferences(value: Mapping[str, Any]) -> Iterator[Inbound]:
    """A stop said in WhatsApp's own settings is a STOP said to us; a resume is only noted."""
    to = _phone(_text(_part(value, "metadata"), "display_phone_number"))
    for told in _dicts(value.get("user_preferences")):
        said, user_id = _text(told, "value"), _text(told, "user_id")
        sender, stamp = _phone(_text(told, "wa_id")) or user_id, _text(told, "timestamp")
        raw = {"type": "preference", "value": said, "category": _text(told, "category"), "user_id": user_id}
        raw = {name: text for name, text in raw.items() if text}
        digest = hashlib.sha256(sender.encode()).hexdigest()[:16]  # keys are kept in the clear
        text = "STOP" if said == "stop" else ""
        yield Inbound("message", "", sender, text, _at(stamp), f"preference:{digest}:{said}:{stamp}", to, raw)


def _contact(contacts: list[Mapping[str, Any]], message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The contact that wrote: by number or user id; the only one, when there is one."""
    for name, sent in (("wa_id", "from"), ("user_id", "from_user_id")):
        for contact in contacts:
            if _text(message, sent) and _text(contact, name) == _text(message, sent):
                return contact
    return contacts[0] if len(contacts) == 1 else {}


def _is_forwarded(message: Mapping[str, Any]) -> bool:
    context = _part(message, "context")
    return bool(context.get("forwarded") or context.get("frequently_forwarded"))


def _dicts(told: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(told, list):
        yield from (one for one in told if isinstance(one, dict))


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = told.get(name)
    return part if isinstance(part, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    """A value as text that can be stored: no half of a surrogate pair, no NUL."""
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def _phone(told: str) -> str:
    """Digits as they come, with the plus people are known by; empty when there are none."""
    digits = "".join(sign for sign in told if sign.isascii() and sign.isdigit())
    return f"+{digits}" if digits else ""


def _at(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
