"""What somebody writes to a Page or an Instagram account in private: one shape, that of Meta's `messaging`.

A sender's id is the Page's own name for them (PSID), no account of Facebook's. What was attached lies at
signed addresses of Meta's CDN that die soon. Attachments' shapes beyond {type, payload: {url}} are (U).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from notifier import incoming
from notifier.incoming import IncomingFile
from notifier.message import Inbound
from notifier.protocols.told import dicts, part, text

# An attachment's type: what is known of its media type before it is fetched.
FILES = {
    **dict.fromkeys(("image", "sticker", "animated_image"), "image/*"),
    **dict.fromkeys(("video", "ig_reel", "reel"), "video/*"),
    "audio": "audio/*",
    **dict.fromkeys(("file", "story_mention"), ""),
}
MILLISECONDS = 10**11  # above it a time is not in seconds: the year 5138


def read(account: str, event: Mapping[str, Any], channel: str = "") -> Iterator[Inbound]:
    """The message, button, correction or reaction of one event; echoes of ours and receipts give nothing."""
    sender = text(part(event, "sender"), "id")
    if not sender or sender == account:
        return
    for name, reader in READERS.items():
        told = part(event, name)
        if not told:
            continue
        said = reader(told)
        if said is not None:
            key, words, raw = said
            raw = {name: value for name, value in raw.items() if value}
            mid, at = text(told, "mid"), moment(event.get("timestamp"))
            yield Inbound("message", mid, sender, words, at, key, account, raw, channel=channel)
        return


Read = tuple[str, str, dict[str, str]] | None  # the event's key, the words, what goes with them


def _message(told: Mapping[str, Any]) -> Read:
    mid = text(told, "mid")
    if not mid or told.get("is_echo") or told.get("is_deleted"):
        return None
    attached = list(dicts(told.get("attachments")))
    files = [found for found in map(_file, attached) if found is not None]
    words = [text(told, "text"), *(_link(one) for one in attached)]
    raw = {
        **incoming.packed(files),
        **_pin(attached),
        "replies_to": text(part(told, "reply_to"), "mid"),
        "payload": text(part(told, "quick_reply"), "payload"),
        "type": "" if text(told, "text") or not attached else _kind(text(attached[0], "type")),
    }
    return f"message:{mid}", "\n".join(filter(None, words)), raw


def _pressed(told: Mapping[str, Any]) -> Read:
    mid = text(told, "mid")
    raw = {"payload": text(told, "payload")}
    return (f"message:{mid}", text(told, "title"), raw) if mid else None


def _corrected(told: Mapping[str, Any]) -> Read:
    mid = text(told, "mid")
    key = f"edit:{mid}:{text(told, 'num_edit')}"
    return (key, text(told, "text"), {"type": "edit", "edits": mid}) if mid else None


def _reacted(told: Mapping[str, Any]) -> Read:
    mid, act = text(told, "mid"), text(told, "action")
    said = text(told, "emoji") if act != "unreact" else ""
    raw = {"type": "reaction", "reacts_to": mid}
    return (f"reaction:{mid}:{act}:{said}", said, raw) if mid else None


def _file(told: Mapping[str, Any]) -> IncomingFile | None:
    kind, url = text(told, "type"), text(part(told, "payload"), "url")
    if kind not in FILES or not url:
        return None
    return IncomingFile(url=url, media_type=FILES[kind], name=text(told, "name"))


def _link(told: Mapping[str, Any]) -> str:
    """What was shared is words: a title and an address, which nobody here opens. A place has its own form."""
    if text(told, "type") in FILES or text(told, "type") == "location":
        return ""
    payload = part(told, "payload")
    address = text(payload, "url") or text(told, "url")
    return " ".join(filter(None, (text(told, "title") or text(payload, "title"), address)))


def _pin(attached: list[Mapping[str, Any]]) -> dict[str, str]:
    for one in attached:
        where = part(part(one, "payload"), "coordinates")
        if text(one, "type") == "location" and where:
            lat, lon = text(where, "lat"), text(where, "long") or text(where, "lon")
            return {"latitude": lat, "longitude": lon, "place_name": text(one, "title")}
    return {}


def _kind(told: str) -> str:
    return {"file": "document", "fallback": "text", "share": "text", "template": "text"}.get(told, told)


def moment(told: object) -> datetime | None:
    """A time in seconds or in milliseconds, as Meta tells both; None for what is none."""
    try:
        number = float(str(told))
        return datetime.fromtimestamp(number / 1000 if number > MILLISECONDS else number, UTC)
    except (ValueError, OverflowError, OSError):
        return None


READERS = {"message": _message, "postback": _pressed, "message_edit": _corrected, "reaction": _reacted}
