"""Writing to the police as a member of the public: one form for every door, on the page of what was received.

`POST /_sim/say` takes `by` (a key of DOORS), `from`, `text`, `latitude`, `longitude`, `replies_to`, a `file`
and `voice`; a gateway's own control address takes more. It calls back as it would for a real person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from notifier.simulators import forms
from notifier.simulators.caller import Caller
from notifier.simulators.server import Answered, Asked, Fault

if TYPE_CHECKING:
    from notifier.simulators.run import Simulators

Handler = Callable[[Asked], Answered | Fault]
LANGUAGES = ("ar", "fr", "en")
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Door:
    """A gateway's control address, what it calls the sender and the words, and an invented sender."""

    gateway: str
    path: str
    sender: str
    words: str
    sample: str


DOORS = {
    "whatsapp": Door("whatsapp", "/_sim/mo", "from", "text", "+212600000042"),
    "whatsapp_id": Door("whatsapp", "/_sim/mo", "user_id", "text", "MA.Ab12Cd34"),
    "messenger": Door("graph", "/_sim/message", "from_id", "message", "7100000042"),
    "comment": Door("graph", "/_sim/comment", "from_id", "message", "7100000043"),
    "instagram": Door("instagram", "/_sim/message", "from_id", "message", "7200000042"),
    "sms": Door("sms", "/_sim/mo", "from", "text", "+212600000044"),
    "twilio": Door("twilio", "/_sim/mo", "from", "text", "+212600000045"),
    "email": Door("email", "/_sim/mail", "from", "text", "temoin@example.org"),
}


class Mailbox:
    """Mail from the public, brought to our door as a mail server brings it."""

    def __init__(self, hook_url: str, caller: Caller) -> None:
        self.hook_url = hook_url
        self.caller = caller
        self.sent = 0

    def handle(self, asked: Asked) -> Answered:
        """`POST /_sim/mail` with from, text, subject, to, replies_to and a file."""
        if not self.hook_url:
            return Answered(409, b"no hook to call")
        fields, file = forms.uploaded(asked)
        self.sent += 1
        name = f"<sim-{self.sent}@example.org>"
        mail, to = EmailMessage(), fields.get("to") or "tips@najda.invalid"
        mail["From"], mail["To"], mail["Message-ID"] = fields.get("from", ""), to, name
        mail["Subject"] = fields.get("subject", "")
        if fields.get("replies_to"):
            mail["In-Reply-To"] = fields["replies_to"]
        mail.set_content(fields.get("text", ""))
        if file is not None:
            major, _, minor = file[1].partition("/")
            mail.add_attachment(file[2], maintype=major, subtype=minor or "octet-stream", filename=file[0])
        url = f"{self.hook_url}?{urlencode({'to': to})}"
        self.caller.call("POST", url, bytes(mail), {"Content-Type": "message/rfc822"})
        return Answered(202, name.encode())


def answer(asked: Asked, simulators: Simulators) -> Answered | Fault | None:
    """Answer what belongs to the form; None for all other addresses."""
    if asked.path == "/_sim/say" and asked.method == "POST":
        return said(asked, simulators)
    if asked.path == "/_sim/mail" and asked.method == "POST":
        return simulators.mailbox.handle(asked)
    language = asked.path.removesuffix("/say/").strip("/")
    if asked.method != "GET" or not asked.path.endswith("/say/") or language not in LANGUAGES:
        return None
    with override(language):
        text = render_to_string("simulated/say.html", _context(language, asked.fields()))
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY}
    return Answered(200, text.encode(), "text/html; charset=utf-8", headers)


def said(asked: Asked, simulators: Simulators) -> Answered | Fault:
    """Hand the form to its gateway. A browser, which says a `language`, goes back to the form."""
    fields, file = forms.uploaded(asked)
    door = DOORS.get(fields.get("by", ""))
    if door is None:
        return Answered(400, f"by: {' '.join(DOORS)}".encode())
    told = {name: value for name, value in fields.items() if value and not name.startswith("file")}
    told[door.sender] = told.pop("from", "") or door.sample
    told[door.words] = told.pop("text", "")
    if door.gateway == "whatsapp" and "latitude" in told:
        told["type"] = "location"
    media_type, body = forms.multipart(told, file)
    port = simulators.ports.get(door.gateway, 0)
    headers = {"content-type": media_type, "host": f"{simulators.plan.host}:{port}"}
    answered = _handlers(simulators)[door.gateway](Asked("POST", door.path, "", headers, body))
    language = fields.get("language", "")
    if language not in LANGUAGES or not isinstance(answered, Answered):
        return answered
    what = "said" if answered.status < 300 else "failed"
    back = urlencode({what: 1, "by": fields["by"], "from": fields.get("from", "")})
    return Answered(303, headers={"Location": f"/{language}/say/?{back}"})


def _handlers(simulators: Simulators) -> dict[str, Handler]:
    named = ("whatsapp", "graph", "instagram", "sms", "twilio")
    return {**{name: getattr(simulators, name).handle for name in named}, "email": simulators.mailbox.handle}


def _context(language: str, fields: Mapping[str, str]) -> dict[str, object]:
    return {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "site": settings.SITE_NAME,
        "doors": [(name, door.sample) for name, door in DOORS.items()],
        "by": fields.get("by", ""),
        "sender": fields.get("from", ""),
        "said": "said" in fields,
        "failed": "failed" in fields,
    }
