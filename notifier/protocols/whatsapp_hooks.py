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
from notifier.protocols import whatsapp_content, whatsapp_errors
from notifier.protocols.told import dicts, part, phone
from notifier.protocols.told import text as text_of

OBJECT = "whatsapp_business_account"
STATES: dict[str, State] = {
    "sent": "accepted",
    "delivered": "delivered",
    "read": "delivered",
    "played": "delivered",
    "failed": "failed",
}


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
    for status in dicts(value.get("statuses")):
        state, name = STATES.get(str(status.get("status"))), text_of(status, "id")
        if state is None or not name:
            continue
        failed = state == "failed"
        kind = whatsapp_errors.failure_kind(status.get("errors"), day_limit_codes) if failed else ""
        key = f"{name}:{status['status']}"
        reference = text_of(status, "biz_opaque_callback_data")
        yield ReceiptEvent(name, reference, state, kind, _at(status.get("timestamp")), key)


def _messages(value: Mapping[str, Any]) -> Iterator[Inbound]:
    to = phone(text_of(part(value, "metadata"), "display_phone_number"))
    contacts = list(dicts(value.get("contacts")))
    for message in dicts(value.get("messages")):
        contact = _contact(contacts, message)
        number = phone(text_of(message, "from") or text_of(contact, "wa_id"))
        user_id = text_of(message, "from_user_id") or text_of(contact, "user_id")
        user_id = user_id or ("" if number else text_of(message, "from"))
        text, raw = whatsapp_content.read(message)
        known = {
            "user_id": user_id,
            "name": text_of(part(contact, "profile"), "name"),
            "username": text_of(part(contact, "profile"), "username"),
            "replies_to": text_of(part(message, "context"), "id"),
            "forwarded": "yes" if _is_forwarded(message) else "",
        }
        raw = {
            "type": text_of(message, "type") or "unknown",
            **{k: v for k, v in {**known, **raw}.items() if v},
        }
        name = text_of(message, "id")
        key = name or hashlib.sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()
        at = _at(message.get("timestamp"))
        yield Inbound("message", name, number or user_id, text, at, f"message:{key}", to, raw)


def _preferences(value: Mapping[str, Any]) -> Iterator[Inbound]:
    """A stop said in WhatsApp's own settings is a STOP said to us; a resume is only noted."""
    to = phone(text_of(part(value, "metadata"), "display_phone_number"))
    for told in dicts(value.get("user_preferences")):
        said, user_id = text_of(told, "value"), text_of(told, "user_id")
        sender, stamp = phone(text_of(told, "wa_id")) or user_id, text_of(told, "timestamp")
        raw = {"type": "preference", "value": said, "category": text_of(told, "category"), "user_id": user_id}
        raw = {name: text for name, text in raw.items() if text}
        digest = hashlib.sha256(sender.encode()).hexdigest()[:16]  # keys are kept in the clear
        text = "STOP" if said == "stop" else ""
        yield Inbound("message", "", sender, text, _at(stamp), f"preference:{digest}:{said}:{stamp}", to, raw)


def _contact(contacts: list[Mapping[str, Any]], message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The contact that wrote: by number or user id; the only one, when there is one."""
    for name, sent in (("wa_id", "from"), ("user_id", "from_user_id")):
        for contact in contacts:
            if text_of(message, sent) and text_of(contact, name) == text_of(message, sent):
                return contact
    return contacts[0] if len(contacts) == 1 else {}


def _is_forwarded(message: Mapping[str, Any]) -> bool:
    context = part(message, "context")
    return bool(context.get("forwarded") or context.get("frequently_forwarded"))


def _at(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
