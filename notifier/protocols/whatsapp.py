"""What is sent by WhatsApp's Cloud API: whom, in which words, and how the answer is read.

POST /{phone-number-id}/messages, after Meta's OpenAPI description (business-messaging-api_v23.0). An answer
of 200 is acceptance and not delivery; there is no idempotency key, and nothing to read back.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from notifier.exceptions import AnswerUnreadable, CannotCarry, DeliveryError
from notifier.message import Message, Text
from notifier.protocols import graph, whatsapp_errors
from notifier.protocols.whatsapp_templates import CODE, MAX_BODY, MAX_SPACES, OF_KIND, Template

MAX_TEXT, MAX_CAPTION, MAX_CALLBACK_DATA = 4096, 1024, 512
HELD = "held_for_quality_assessment"  # sent or dropped later: its statuses will say

_PHONE = re.compile(r"\+([1-9][0-9]{6,14})")
_USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]")
_LINE_ENDS = re.compile(r"\s*[\n\r\u2028\u2029]+\s*")
_SENTENCE_ENDS = (".", "!", "?", "؟", ":", "،", "؛", ";", ",", "…")


@dataclass(frozen=True, slots=True)
class Words:
    """What one message says: by a template and its values, or freely. `picture` is a file's name or empty."""

    said: str
    template: Template | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    picture: str = ""
    lost: tuple[str, ...] = ()

    @property
    def needs_picture(self) -> bool:
        """Whether it cannot go without one: an approved header is part of its template."""
        return self.template.header == "image" if self.template else bool(self.picture)


def receiver(to: str) -> dict[str, str]:
    """Whom the message is for: a phone number, or the business-scoped id of one who shows no number.

    Raise CannotCarry (bad_address).
    """
    phone = _PHONE.fullmatch(to)
    if phone:
        return {"to": phone[1]}
    if _USER_ID.fullmatch(to):
        return {"recipient": to}
    raise CannotCarry(kind="bad_address", detail="not E.164 and no user id")


def words(
    message: Message, templates: Mapping[tuple[str, str], Template], states: str | Mapping[str, str]
) -> Words:
    """What a message says: freely while the person's window is open, else by its kind's template.

    `states` overrides the files' approval: one state for all, or by "alert.ar". Raise CannotCarry.
    """
    if message.window_open:
        return _free(message.text)
    what = CODE if message.text.code else OF_KIND.get(message.kind)
    if what is None:
        raise CannotCarry(kind="rejected", detail=f"no template for {message.kind}")
    template = templates.get((what, message.language))
    if template is None:
        raise CannotCarry(kind="rejected", detail=f"no template {what}.{message.language}")
    state = states if isinstance(states, str) else states.get(template.key, "")
    if (state or template.state) != "approved":
        raise CannotCarry(kind="configuration", detail=f"{template.key} {state or template.state}")
    return _by_template(message.text, template)


def one_line(said: str) -> tuple[str, tuple[str, ...]]:
    """A text as a template's value: no line ends, no tabs, never more than four spaces; and what was lost."""
    lost = []
    plain = _INVISIBLE.sub("", said).strip()
    if plain != said.strip():
        lost.append("invisible_signs")
    joined = _LINE_ENDS.sub("\n", plain)
    if "\n" in joined:
        lost.append("line_breaks")
    lines = joined.split("\n")
    flat = "".join(_ended(line) for line in lines[:-1]) + lines[-1]
    if "\t" in flat or " " * (MAX_SPACES + 1) in flat:
        lost.append("spaces")
    return re.sub(r"[ \t]{2,}|\t", " ", flat), tuple(lost)


def envelope(
    message: Message, said: Words, picture: Mapping[str, str], language_policy: str = ""
) -> dict[str, Any]:
    """The JSON of one message; `picture` is {"id": …} or {"link": …}, empty where there is none.

    `language_policy`: Meta's own description requires "deterministic", its examples leave it out.
    """
    head: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **receiver(message.to),
        "biz_opaque_callback_data": message.reference[:MAX_CALLBACK_DATA],
    }
    if said.template is not None:
        language = {"code": said.template.language}
        if language_policy:
            language["policy"] = language_policy
        told = {"name": said.template.name, "language": language}
        parts = said.template.components(said.values, picture)
        return {**head, "type": "template", "template": {**told, "components": parts}}
    if picture:
        return {**head, "type": "image", "image": {**picture, "caption": said.said}}
    return {**head, "type": "text", "text": {"body": said.said, "preview_url": False}}


def read_answer(
    status: int, headers: Mapping[str, str], body: bytes, day_limit_codes: Collection[int] = ()
) -> dict[str, Any]:
    """A successful answer's object. Raise DeliveryError by meaning, AnswerUnreadable for a possible yes."""
    data = graph.as_object(status, body)
    if isinstance(data.get("error"), dict):
        raise whatsapp_errors.refusal(data["error"], headers, day_limit_codes)
    if status >= 300:
        raise AnswerUnreadable(str(status))
    return data


def accepted_id(data: Mapping[str, Any]) -> str:
    """The id of a message that was taken. Raise AnswerUnreadable, or DeliveryError for a paused template."""
    try:
        taken = data["messages"][0]
        name, state = str(taken["id"]), taken.get("message_status", "accepted")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise AnswerUnreadable("no id") from None
    if state == "paused":
        raise DeliveryError(permanent=True, kind="configuration", detail="paused")
    return name


def _by_template(text: Text, template: Template) -> Words:
    names = template.variables()
    if names == ["code"]:
        return Words(template.filled({"code": text.code}), template, {"code": text.code})
    details = text.short or text.body
    if "url" in names:
        if not text.url:
            raise CannotCarry(kind="invalid", detail="no url")
        details = _without(details, text.url)
    flat, lost = one_line(details)
    if not flat:
        raise CannotCarry(kind="invalid", detail="empty")
    values = {"details": flat, "url": text.url}
    said = template.filled(values)
    if len(said) > MAX_BODY:  # what two people signed is not cut
        raise CannotCarry(kind="too_long", detail=str(len(said)))
    pictured = template.header == "image"
    if text.photo_name:
        lost += ("photo_alt",) if pictured and text.photo_alt else () if pictured else ("photo",)
    return Words(said, template, values, text.photo_name if pictured else "", lost)


def _free(text: Text) -> Words:
    said = _INVISIBLE.sub("", text.body or text.short).strip()
    if not said:
        raise CannotCarry(kind="invalid", detail="empty")
    if len(said) > MAX_TEXT:
        raise CannotCarry(kind="too_long", detail=str(len(said)))
    fits = len(said) <= MAX_CAPTION
    lost = ("photo",) if text.photo_name and not fits else ("photo_alt",) if text.photo_alt and fits else ()
    return Words(said, picture=text.photo_name if fits else "", lost=lost)


def _without(said: str, url: str) -> str:
    """The words without the line that holds the address: the template has a place of its own for it."""
    return "\n".join(line for line in said.splitlines() if line.strip() != url)


def _ended(line: str) -> str:
    return f"{line} " if not line or line.endswith(_SENTENCE_ENDS) else f"{line} · "
