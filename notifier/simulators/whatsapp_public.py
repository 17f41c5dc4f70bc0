"""WhatsApp's call-backs: what became of a message, what the public writes, what Meta says of the account.

Signed over the escaped bytes, as Meta does; each message is its own call unless several are given.
"""

import itertools
import json
import time
from collections.abc import Mapping
from typing import Any

from notifier.protocols import graph
from notifier.simulators.caller import Caller
from notifier.simulators.graph import escaped

MEDIA_TYPES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/ogg; codecs=opus",
    "document": "application/pdf",
    "sticker": "image/webp",
}


class WhatsAppHooks:
    """Everything one number's app is called back with; nothing without an address to call."""

    def __init__(self, account: Mapping[str, str], hook_url: str, secret: str, caller: Caller) -> None:
        self.account = account  # waba_id, phone_number_id, display_phone_number
        self.hook_url = hook_url
        self.secret = secret
        self.caller = caller
        self._numbers = itertools.count(1)

    def status(self, wamid: str, person: str, state: str, reference: str, code: int = 0) -> None:
        """One status; `code` is why it failed."""
        told: dict[str, Any] = {
            "id": wamid,
            "status": state,
            "timestamp": str(int(time.time())),
            **({"recipient_user_id": person} if "." in person else {"recipient_id": person}),
            "biz_opaque_callback_data": reference,
        }
        if state == "failed":
            error = {"code": code, "title": "simulated", "message": "simulated"}
            told["errors"] = [{**error, "error_data": {"details": "simulated"}}]
        elif state != "read":
            told["pricing"] = {"billable": True, "pricing_model": "PMP", "category": "utility"}
        self.tell("messages", {**self._head(), "statuses": [told]})

    def write(self, fields: Mapping[str, str], media: Mapping[str, str]) -> str:
        """The public writes: fields as `/_sim/mo` takes them, `media` {"id", "sha256"} of a file sent along.

        Return the message's id. Without `from` the person shows no number.
        """
        kind = fields.get("type") or "text"
        wamid = f"wamid.SIM{next(self._numbers):08d}"
        person, user_id = fields.get("from", "").removeprefix("+"), fields.get("user_id", "")
        contact: dict[str, Any] = {"profile": {"name": fields.get("name", "Somebody")}}
        message: dict[str, Any] = {"id": wamid, "timestamp": str(int(time.time())), "type": kind}
        if person:
            contact["wa_id"] = message["from"] = person
        if user_id:
            contact["user_id"] = message["from_user_id"] = user_id
        if fields.get("replies_to"):
            message["context"] = {"from": self.account["display_phone_number"], "id": fields["replies_to"]}
        message |= _content(kind, fields, media)
        self.tell("messages", {**self._head(), "contacts": [contact], "messages": [message]})
        return wamid

    def tell(self, field: str, value: Mapping[str, Any]) -> None:
        """One change of one field."""
        entry = {"id": self.account["waba_id"], "changes": [{"field": field, "value": value}]}
        self.send(escaped({"object": "whatsapp_business_account", "entry": [entry]}))

    def send(self, body: bytes) -> None:
        """Sign these bytes and call back."""
        if self.hook_url:
            signed = {"X-Hub-Signature-256": graph.signature(self.secret, body)}
            headers = {"Content-Type": "application/json", **signed}
            self.caller.call("POST", self.hook_url, body, headers)

    def _head(self) -> dict[str, Any]:
        names = ("display_phone_number", "phone_number_id")
        return {
            "messaging_product": "whatsapp",
            "metadata": {name: self.account[name] for name in names},
        }


def _content(kind: str, fields: Mapping[str, str], media: Mapping[str, str]) -> dict[str, Any]:
    text = fields.get("text", "")
    if kind == "text":
        return {"text": {"body": text}}
    if kind in MEDIA_TYPES:
        part: dict[str, Any] = {"mime_type": MEDIA_TYPES[kind], **media}
        part |= {"caption": text} if text else {}
        part |= {"voice": fields.get("voice") != "no"} if kind == "audio" else {}
        part |= {"filename": fields.get("filename", "file.pdf")} if kind == "document" else {}
        return {kind: part}
    if kind == "location":
        where = {name: json.loads(fields.get(name, "0")) for name in ("latitude", "longitude")}
        return {"location": {**where, **({"name": text} if text else {})}}
    if kind == "contacts":
        return {
            "contacts": [{"name": {"formatted_name": text}, "phones": [{"phone": fields.get("phone", "")}]}]
        }
    if kind in ("edit", "revoke"):
        now = {"message": {"type": "text", "text": {"body": text}}} if kind == "edit" else {}
        return {kind: {"original_message_id": fields.get("edits", ""), **now}}
    if kind == "button":
        return {"button": {"payload": fields.get("payload", ""), "text": text}}
    if kind == "reaction":
        return {"reaction": {"message_id": fields.get("replies_to", ""), "emoji": text}}
    if kind == "system":
        changed = {"body": text, "wa_id": fields.get("new_number", ""), "type": "user_changed_number"}
        return {"system": changed}
    return {"type": "unsupported", "errors": [{"code": 131051, "title": "Message type unknown"}]}
