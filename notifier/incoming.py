"""What came along with what the public sent, read from `InboundEvent.raw`: one form, whatever the gateway.

`raw` holds texts alone, so files stand in it as JSON: a list of {"media_id" | "url" | "inline", "media_type",
"name", "sha256", "voice"}. Backends write it by `packed`, everybody else reads it by `files`. Pure.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

FILES = "files"
MOST_FILES = 30  # of one message; WhatsApp sends one, Messenger as many as are chosen at once (30)
COMMENT = "comment:"  # how an address of channel "messenger" begins that answers a comment and not a person


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One file, and where it lies: with the provider by id or address, or in the vault (`inline`).

    sha256: in hex, as the sender's side says it; empty when it says nothing. Nothing here is proven.
    """

    media_id: str = ""
    url: str = ""
    inline: str = ""
    media_type: str = ""
    name: str = ""
    sha256: str = ""
    is_voice: bool = False

    def source(self) -> dict[str, str]:
        """What notifier.fetching.fetch needs of it, for keeping until it is fetched."""
        wanted = ("media_id", "url", "inline", "media_type", "sha256")
        return {name: getattr(self, name) for name in wanted if getattr(self, name)}


def files(raw: Mapping[str, Any] | None) -> tuple[IncomingFile, ...]:
    """The files of one event, in their order; none where they cannot be read."""
    try:
        told = json.loads((raw or {}).get(FILES) or "[]")
    except (ValueError, TypeError, RecursionError):
        return ()
    entries = told if isinstance(told, list) else []
    found = (_file(one) for one in entries[:MOST_FILES] if isinstance(one, dict))
    return tuple(one for one in found if one.media_id or one.url or one.inline)


def packed(found: Iterable[IncomingFile]) -> dict[str, str]:
    """The files as a part of `raw`: {"files": JSON}; nothing where there are none."""
    written = []
    for one in list(found)[:MOST_FILES]:
        told = {name: value for name, value in asdict(one).items() if value and name != "is_voice"}
        written.append({**told, "voice": "yes"} if one.is_voice else told)
    return {FILES: json.dumps(written, ensure_ascii=False)} if written else {}


def place(raw: Mapping[str, Any] | None) -> tuple[float, float, str] | None:
    """Where a pin stands, in degrees, and what the sender's map calls it; None where there is none."""
    told = raw or {}
    try:
        lat, lon = float(told["latitude"]), float(told["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # also refuses what is no number
        return None
    named = (str(told.get(name) or "") for name in ("place_name", "place_address"))
    return lat, lon, ", ".join(dict.fromkeys(filter(None, named)))


def replies_to(raw: Mapping[str, Any] | None) -> str:
    """The provider's id of the message or post this answers; empty where it answers none."""
    told = raw or {}
    return str(told.get("replies_to") or told.get("post_id") or "")


def kind(raw: Mapping[str, Any] | None) -> str:
    """What sort of message it is, by the provider's own word: text, image, video, audio, document, sticker,
    location, contacts, button, interactive, reaction, edit, revoke, system, preference, unsupported, mail, …;
    a voice note is "voice". Never empty.
    """
    told = str((raw or {}).get("type") or "text")
    return "voice" if told == "audio" and any(file.is_voice for file in files(raw)) else told


def is_automatic(raw: Mapping[str, Any] | None) -> bool:
    """Whether a machine wrote it (RFC 3834, lists): it is kept, and never answered."""
    return bool((raw or {}).get("auto") or (raw or {}).get("precedence"))


def answered_at(channel: str, event_kind: str, sender: str, provider_id: str) -> str:
    """The address to answer an event at on its channel; empty where nobody can be answered.

    A comment is answered under its own id, once (Meta's private reply); all else at its sender.
    """
    if event_kind == "comment":
        return f"{COMMENT}{provider_id}" if channel == "messenger" and provider_id else ""
    return "" if event_kind == "mention" else sender


def _file(told: Mapping[str, Any]) -> IncomingFile:
    def text(name: str) -> str:
        value = told.get(name)
        return value if isinstance(value, str) else ""

    return IncomingFile(
        media_id=text("media_id"),
        url=text("url"),
        inline=text("inline"),
        media_type=text("media_type").partition(";")[0].strip().lower(),
        name=text("name"),
        sha256=text("sha256"),
        is_voice=text("voice") == "yes",
    )
