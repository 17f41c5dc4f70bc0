"""What one WhatsApp message holds, by its type: words, a file, a pin, a card, a button, a change of mind.

A type that is not known gives no words: the message is kept by its type, and whoever wrote it is answered.
Shapes after Meta's OpenAPI description (v23.0) and pywa's samples; `edit` and `revoke` after pywa alone (U).
"""

from collections.abc import Callable, Mapping
from typing import Any

from notifier import incoming
from notifier.incoming import IncomingFile
from notifier.protocols import media
from notifier.protocols.told import dicts, part, phone, text

Content = tuple[str, dict[str, str]]


def read(message: Mapping[str, Any]) -> Content:
    """What was said in words, and what goes with it, as notifier.incoming reads it."""
    kind = text(message, "type")
    if kind in READERS:
        return READERS[kind](part(message, kind))
    if kind == "contacts":
        return _cards(message), {}
    return "", {"errors": ",".join(text(error, "code") for error in dicts(message.get("errors")))}


def _words(told: Mapping[str, Any]) -> Content:
    return text(told, "body"), {}


def _file(told: Mapping[str, Any]) -> Content:
    """A newer call-back names an address as well: the id outlives it by days, and is asked instead."""
    file = IncomingFile(
        media_id=text(told, "id"),
        media_type=media.plain_type(text(told, "mime_type")),
        name=text(told, "filename"),
        sha256=media.hex_digest(text(told, "sha256")),
        is_voice=told.get("voice") is True,
    )
    return text(told, "caption"), incoming.packed([file] if file.media_id else [])


def _pin(told: Mapping[str, Any]) -> Content:
    where = {name: text(told, name) for name in ("latitude", "longitude")}
    return text(told, "caption"), {
        **where,
        **{f"place_{name}": text(told, name) for name in ("name", "address", "url")},
    }


def _button(told: Mapping[str, Any]) -> Content:
    return text(told, "text"), {"payload": text(told, "payload")}


def _chosen(told: Mapping[str, Any]) -> Content:
    chosen = part(told, text(told, "type"))
    payload = text(chosen, "id") or text(chosen, "response_json")
    return text(chosen, "title") or text(chosen, "body"), {"payload": payload}


def _reaction(told: Mapping[str, Any]) -> Content:
    return text(told, "emoji"), {"reacts_to": text(told, "message_id")}


def _change(told: Mapping[str, Any]) -> Content:
    """A new number or id; the sentence in `body` is Meta's, not the person's."""
    changed = {"change": text(told, "type"), "new_user_id": text(told, "user_id")}
    return "", {**changed, "new_number": phone(text(told, "wa_id") or text(told, "new_wa_id"))}


def _corrected(told: Mapping[str, Any]) -> Content:
    """The words as they are now; those before stand in a message of their own, and stay."""
    now = part(told, "message")
    words, raw = read(now) if text(now, "type") != "edit" else ("", {})
    return words, {**raw, "edits": text(told, "original_message_id")}


def _taken_back(told: Mapping[str, Any]) -> Content:
    return "", {"deletes": text(told, "original_message_id")}


def _cards(message: Mapping[str, Any]) -> str:
    """What shared address cards say, a line each: a name and its numbers."""
    lines = []
    for card in dicts(message.get("contacts")):
        numbers = [text(one, "phone") for one in dicts(card.get("phones"))]
        lines.append(" ".join(filter(None, (text(part(card, "name"), "formatted_name"), *numbers))))
    return "\n".join(filter(None, lines))


READERS: dict[str, Callable[[Mapping[str, Any]], Content]] = {
    "text": _words,
    **dict.fromkeys(("image", "video", "audio", "document", "sticker"), _file),
    **dict.fromkeys(("location", "live_location"), _pin),
    "button": _button,
    "interactive": _chosen,
    "reaction": _reaction,
    "system": _change,
    "edit": _corrected,
    "revoke": _taken_back,
}
