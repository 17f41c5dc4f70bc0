"""WhatsApp's Cloud API as one number sees it: templates, windows, limits, statuses, media, errors.

Magic people, by their last eight digits as at the SMS gateway: 00000001 is delivered, 00000002 has no
WhatsApp, 00000003 must be tried later, 00000004 is taken and the answer lost, 00000005 hangs, 00000006 is
taken and reported as undeliverable, 00000007 is reported twice and in disorder; 00<code> answers any error of
six digits, 01<code> takes the message and reports that error.
"""

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notifier.protocols import whatsapp_errors, whatsapp_templates
from notifier.protocols.whatsapp_templates import Template
from notifier.simulators import forms, graph, sms
from notifier.simulators.caller import Caller
from notifier.simulators.modes import Switch
from notifier.simulators.record import Recorder
from notifier.simulators.server import Answered, Asked, Fault
from notifier.simulators.whatsapp_control import control
from notifier.simulators.whatsapp_limits import Limits, WhatsAppError
from notifier.simulators.whatsapp_media import LARGEST, PICTURES, Shelf
from notifier.simulators.whatsapp_public import WhatsAppHooks

MODE_ERRORS = {"refuse": 131026, "later": 131016, "500": 131000, "denied": 190}
STATUSES = {0: 401, 190: 401, 10: 403, 131005: 403, 131031: 403, 368: 403, 131016: 500, 131000: 500}
STATUSES |= {130429: 429, 131048: 429, 131056: 429, 80007: 429}


@dataclass(frozen=True, slots=True)
class WhatsAppAccount:
    """One number of one business account, its app, and where the app's subscription points."""

    phone_number_id: str = "106540352242922"
    waba_id: str = "102290129340398"
    display_phone_number: str = "212500000000"
    access_token: str = "simulated"  # noqa: S105  a simulator's
    app_secret: str = "simulated"  # noqa: S105  a simulator's
    hook_url: str = ""
    tier: str = "TIER_250"


@dataclass(slots=True)
class Standing:
    """A template as the account has it."""

    template: Template
    status: str = "APPROVED"
    category: str = "UTILITY"


@dataclass(slots=True)
class Faults:
    """What is set from outside besides the mode; `calls_left` until the token dies;
    `late_errors` are told by a status after the message was taken.
    """

    calls_left: int | None = None
    slow_s: float = 0.0
    late_errors: bool = False


class WhatsAppGateway:
    """Answers synchronously; call-backs are queued on `caller`. Its limits are on unless others are given."""

    def __init__(
        self, account: WhatsAppAccount, recorder: Recorder, caller: Caller, limits: Limits | None = None
    ) -> None:
        self.account = account
        self.recorder = recorder
        self.limits = limits or Limits()
        self.switch = Switch()
        self.faults = Faults()
        self.shelf = Shelf(self.limits.now)
        self.quality = "GREEN"
        self.hooks = WhatsAppHooks(
            {name: getattr(account, name) for name in ("waba_id", "phone_number_id", "display_phone_number")},
            account.hook_url,
            account.app_secret,
            caller,
        )
        self.templates = {
            (template.name, language): Standing(template, category=template.category)
            for (_what, language), template in whatsapp_templates.load().items()
        }
        self._ids = itertools.count(1)

    def handle(self, asked: Asked) -> Answered | Fault:
        """One request by its path."""
        try:
            if asked.path.startswith("/_sim/media/"):
                return self._media_bytes(asked)
            if asked.path.startswith("/_sim/"):
                return control(self, asked)
            found = re.fullmatch(r"/v\d+\.\d+/([^/]+)(?:/(\w+))?", asked.path)
            if not found:
                raise WhatsAppError(2500)
            self._authorised(asked)
            return self._called(asked, found.group(1), found.group(2) or "")
        except WhatsAppError as error:
            return _error(error)

    def _called(self, asked: Asked, node: str, edge: str) -> Answered | Fault:
        mode = self.switch.take()
        if mode in graph.FOREVER:
            return graph.FOREVER[mode]
        if mode in MODE_ERRORS:
            raise WhatsAppError(MODE_ERRORS[mode])
        if (asked.method, node, edge) == ("POST", self.account.phone_number_id, "messages"):
            return self._message(_object(asked.body), mode)
        return answered(self._read_or_kept(asked, node, edge))

    def _read_or_kept(self, asked: Asked, node: str, edge: str) -> dict[str, Any]:
        number, waba = self.account.phone_number_id, self.account.waba_id
        if (asked.method, node, edge) == ("POST", number, "media"):
            return {"id": self._uploaded(asked)}
        if (asked.method, node, edge) == ("GET", number, ""):
            tier = {"whatsapp_business_manager_messaging_limit": self.account.tier}
            return {"id": number, "quality_rating": self.quality, **tier}
        if (asked.method, node, edge) == ("GET", waba, "message_templates"):
            return {"data": [_listed(name, standing) for (name, _), standing in self.templates.items()]}
        file = self.shelf.files.get(node)
        if file is None:
            raise WhatsAppError(100, 33)
        if asked.method == "DELETE":
            del self.shelf.files[node]
            return {"success": True}
        return self.shelf.told(file, f"http://{asked.headers.get('host', '')}")

    def _message(self, told: dict[str, Any], mode: str) -> Answered | Fault:
        person = str(told.get("recipient") or told.get("to") or "").removeprefix("+")
        shown = person if "." in person else f"+{person}"
        fate, code = _magic(person) if mode == "ok" else (mode, 0)
        try:
            if not person or told.get("messaging_product") != "whatsapp":
                raise WhatsAppError(131008)
            words, picture = self._words(told, person)
            if fate == "error":
                raise WhatsAppError(code)
            self.limits.take(person)
        except WhatsAppError as error:
            self.recorder.refused("message", shown, "", code=str(error.code))
            if not self.faults.late_errors:
                raise
            fate, code = "undelivered", error.code
            return self._taken(person, told, fate, code)
        if fate == "hang":
            return Fault.HANG
        if fate != "undelivered":
            self.recorder.received("message", shown, words, picture_url=picture)
        return self._taken(person, told, fate, code)

    def _taken(self, person: str, told: Mapping[str, Any], fate: str, code: int) -> Answered | Fault:
        wamid = f"wamid.HBgM{next(self._ids):012d}"
        reference = str(told.get("biz_opaque_callback_data", ""))
        events = ["sent", "failed"] if fate == "undelivered" else ["sent", "delivered", "read"]
        if fate == "twice":
            events = [*reversed(events), *events]
        for event in events:
            self.hooks.status(wamid, person, event, reference, code or 131026)
        if fate == "lose_answer":
            return Fault.CLOSE
        contact = {"input": person, **({"user_id": person} if "." in person else {"wa_id": person})}
        message = {"id": wamid, "message_status": "accepted"}
        return answered({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]})

    def _words(self, told: Mapping[str, Any], person: str) -> tuple[str, str]:
        """What the person reads, and where the picture is seen. Raise WhatsAppError."""
        kind = told.get("type")
        if kind == "template":
            return self._template_words(told["template"])
        if not self.limits.window_is_open(person):
            raise WhatsAppError(131047)
        if kind == "text" and 0 < len(told["text"]["body"]) <= 4096:
            return told["text"]["body"], ""
        if kind == "image" and len(told["image"].get("caption", "")) <= 1024:
            return told["image"].get("caption", ""), self._picture(told["image"])
        raise WhatsAppError(131009 if kind in ("text", "image") else 131051)

    def _template_words(self, told: Mapping[str, Any]) -> tuple[str, str]:
        standing = self.templates.get((told["name"], told["language"]["code"]))
        if standing is None or standing.status not in ("APPROVED", "PAUSED", "DISABLED"):
            raise WhatsAppError(132001)
        if standing.status != "APPROVED":
            raise WhatsAppError({"PAUSED": 132015, "DISABLED": 132016}[standing.status])
        template = standing.template
        parts = {part["type"]: part["parameters"] for part in told.get("components", ())}
        values = _values(template, parts.get("body", []))
        words = template.filled(values)
        if len(words) > whatsapp_templates.MAX_BODY:
            raise WhatsAppError(132005)
        pressed = [part for part in told.get("components", ()) if part["type"] == "button"]
        if len(pressed) != len(template.buttons) or bool(template.header) != ("header" in parts):
            raise WhatsAppError(132000)
        return words, self._picture(parts["header"][0]["image"]) if template.header else ""

    def _picture(self, image: Mapping[str, str]) -> str:
        if image.get("link"):
            return ""
        if image.get("id") not in self.shelf.files:
            raise WhatsAppError(131053)
        return f"/_sim/picture/{image['id']}"

    def _uploaded(self, asked: Asked) -> str:
        fields = forms.fields(asked)
        body = fields.get("file", b"")
        if fields.get("messaging_product") != b"whatsapp" or not fields.get("type"):
            raise WhatsAppError(100)
        if not body.startswith(PICTURES) or len(body) > LARGEST:
            raise WhatsAppError(131053)
        return self.shelf.keep(fields["type"].decode(), body).id

    def _authorised(self, asked: Asked) -> None:
        if self.faults.calls_left is not None:
            self.faults.calls_left -= 1
            if self.faults.calls_left < 0:
                raise WhatsAppError(190, 463)
        if asked.headers.get("authorization", "") != f"Bearer {self.account.access_token}":
            raise WhatsAppError(190, 467)

    def _media_bytes(self, asked: Asked) -> Answered:
        self._authorised(asked)
        file = self.shelf.at(asked.path.removeprefix("/_sim/media/"))
        return Answered(200, file.body, file.media_type) if file else Answered(404)


def _error(error: WhatsAppError) -> Answered:
    told = {
        "message": f"(#{error.code}) simulated",
        "type": "OAuthException",
        "code": error.code,
        "error_subcode": error.subcode,
        "error_data": {"messaging_product": "whatsapp", "details": error.details},
        "fbtrace_id": "ASimulated",
    }
    return answered({"error": told}, STATUSES.get(error.code, 400))


def answered(data: Mapping[str, Any], status: int = 200) -> Answered:
    """JSON as the Graph API sends it."""
    headers = {"facebook-api-version": "v25.0"}
    return Answered(status, json.dumps(data).encode(), "application/json; charset=UTF-8", headers)


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        raise WhatsAppError(100) from None
    return told if isinstance(told, dict) else {}


def _values(template: Template, given: list[Mapping[str, str]]) -> dict[str, str]:
    """The body's values by name, or by position where they carry none. Raise WhatsAppError."""
    names = template.variables()
    if len(given) != len(names):
        raise WhatsAppError(132000)
    values = {one.get("parameter_name", name): one["text"] for name, one in zip(names, given, strict=True)}
    if set(values) != set(names):
        raise WhatsAppError(132000)
    if any(not value or re.search(r"[\n\t]| {5}", value) for value in values.values()):
        raise WhatsAppError(132012)
    return values


def _magic(person: str) -> tuple[str, int]:
    """The fate of a person, and the error it brings."""
    ending = person[-8:]
    fate = sms.MAGIC.get(ending, "ok")
    if fate in ("refuse", "later"):
        return "error", MODE_ERRORS[fate]
    if re.fullmatch(r"0[01]1\d{5}", ending) and int(ending[2:]) in whatsapp_errors.MEANINGS:
        return ("error" if ending[1] == "0" else "undelivered"), int(ending[2:])
    return fate, 0


def _listed(name: str, standing: Standing) -> dict[str, str]:
    told = {"name": name, "language": standing.template.language}
    return {**told, "status": standing.status, "category": standing.category}
