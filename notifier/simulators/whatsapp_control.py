"""What may be done to the simulated WhatsApp: write as the public, pause a template, kill the token."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from notifier.simulators import forms
from notifier.simulators.server import Answered, Asked
from notifier.simulators.whatsapp_media import digest
from notifier.simulators.whatsapp_public import MEDIA_TYPES

if TYPE_CHECKING:
    from notifier.simulators.whatsapp import WhatsAppGateway

FILE = b"\xff\xd8\xff\xe0" + b"from the public" * 40
REASON = "simulated"


def control(gateway: WhatsAppGateway, asked: Asked) -> Answered:
    """One request under /_sim/: state, picture/<id>; by POST: mode, mo, news, template, faults."""
    name = asked.path.removeprefix("/_sim/")
    if name.startswith("picture/"):
        file = gateway.shelf.files.get(name.removeprefix("picture/"))
        return Answered(200, file.body, file.media_type) if file else Answered(404)
    if name == "state":
        return _state(gateway)
    if name == "mode" and asked.method == "POST":
        return gateway.switch.control(asked)
    if name == "mo" and asked.method == "POST":
        return from_public(gateway, asked)
    acts: dict[str, Callable[[WhatsAppGateway, Mapping[str, str]], Answered]] = {
        "news": _news,
        "template": template_changed,
        "faults": _faults,
    }
    return acts[name](gateway, asked.fields()) if name in acts and asked.method == "POST" else Answered(404)


def from_public(gateway: WhatsAppGateway, asked: Asked) -> Answered:
    """`POST /_sim/mo`: from or user_id (or both), type, text; payload, replies_to, latitude, longitude, name,
    filename, new_number, and a file, whose type is the message's where none is given (sound is a voice note
    unless `voice` says no). It opens their window.
    """
    fields, file = forms.uploaded(asked)
    person = fields.get("from", "").removeprefix("+") or fields.get("user_id", "")
    if not person or not gateway.account.hook_url:
        return Answered(409, b"nobody writes, or no hook to call")
    gateway.limits.hear(person)
    if file is not None and not fields.get("type"):
        major = file[1].partition("/")[0]
        fields["type"] = major if major in ("image", "video", "audio") else "document"
        fields.setdefault("filename", file[0])
    media: dict[str, str] = {}
    if fields.get("type") in MEDIA_TYPES:
        media_type, body = file[1:] if file else (MEDIA_TYPES[fields["type"]], FILE)
        kept = gateway.shelf.keep(media_type, body)
        media = {"id": kept.id, "sha256": digest(kept.body), "mime_type": media_type}
    return Answered(202, gateway.hooks.write(fields, media).encode())


def template_changed(gateway: WhatsAppGateway, fields: Mapping[str, str]) -> Answered:
    """`POST /_sim/template`: name, language, and status (PAUSED, DISABLED, APPROVED, ...) or category."""
    standing = gateway.templates.get((fields.get("name", ""), fields.get("language", "")))
    if standing is None:
        return Answered(404, b"no such template")
    named = {
        "message_template_id": 1,
        "message_template_name": fields["name"],
        "message_template_language": fields["language"],
    }
    if fields.get("category"):
        before, standing.category = standing.category, fields["category"]
        change = {"previous_category": before, "new_category": standing.category}
        gateway.hooks.tell("template_category_update", {**named, **change})
    else:
        standing.status = fields.get("status", "PAUSED")
        change = {"event": standing.status, "reason": REASON}
        gateway.hooks.tell("message_template_status_update", {**named, **change})
    return Answered(202)


def _state(gateway: WhatsAppGateway) -> Answered:
    counts = {"calls_waiting": gateway.hooks.caller.waiting, "people_left": gateway.limits.people_left()}
    return Answered(200, json.dumps({**gateway.recorder.counts, **counts}).encode(), "application/json")


def _news(gateway: WhatsAppGateway, fields: Mapping[str, str]) -> Answered:
    """`POST /_sim/news`: field and value (JSON), told as Meta tells it."""
    try:
        value = json.loads(fields.get("value", ""))
    except ValueError:
        return Answered(400, b"value is JSON")
    gateway.hooks.tell(fields.get("field", ""), value)
    return Answered(202)


def _faults(gateway: WhatsAppGateway, fields: Mapping[str, str]) -> Answered:
    """`POST /_sim/faults`: token_dies_after (calls; empty: lives), slow_s, late_errors (yes or no)."""
    faults = gateway.faults
    if "token_dies_after" in fields:
        faults.calls_left = int(fields["token_dies_after"]) if fields["token_dies_after"] else None
    if "slow_s" in fields:
        faults.slow_s = float(fields["slow_s"])
    if "late_errors" in fields:
        faults.late_errors = fields["late_errors"] == "yes"
    return Answered(200)
