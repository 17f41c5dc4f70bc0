"""Media by WhatsApp's Cloud API: a picture uploaded, what people sent fetched in two steps.

An id that came by a call-back can be fetched for seven days; the address it gives lives five minutes and
wants the same token: it is given to hosts we know and to nobody else.
"""

import base64
import binascii
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from notifier.exceptions import AnswerUnreadable, CannotCarry, DeliveryError

HOSTS = ("lookaside.fbsbx.com",)
# Media type: most bytes, for what is sent (Meta's page "Media").
LARGEST_OUT = {"image/jpeg": 5_000_000, "image/png": 5_000_000}
TYPES_OUT = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
_STARTS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True, slots=True)
class Media:
    """Where a file lies for the next minutes, how large it is said to be, and its SHA-256 in hex."""

    url: str
    media_type: str
    size: int
    sha256: str


def read(data: Mapping[str, Any]) -> Media:
    """The answer to GET /{media-id}. Raise AnswerUnreadable."""
    try:
        size = int(data.get("file_size") or 0)
        return Media(
            str(data["url"]), str(data.get("mime_type", "")), size, hex_digest(data.get("sha256", ""))
        )
    except (KeyError, ValueError, TypeError):
        raise AnswerUnreadable("no media") from None


def hex_digest(told: object) -> str:
    """A SHA-256 told in base64 or in hex, as hex; empty when it is neither."""
    text = str(told)
    if len(text) == 64:
        return text.lower()
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw.hex() if len(raw) == 32 else ""


def may_have_token(url: str, api_url: str, hosts: Collection[str] = HOSTS) -> bool:
    """Whether the token may be shown to the host of a media address: one we know, by TLS.

    The API's own host (a simulator's has no TLS) is known by the settings.
    """
    try:
        asked, api = urlsplit(url), urlsplit(api_url)
        default = asked.port is None or asked.port == 443
    except ValueError:
        return False
    if asked.username or asked.password:
        return False
    if (asked.scheme, asked.netloc) == (api.scheme, api.netloc):
        return True
    return asked.scheme == "https" and default and asked.hostname in hosts


def accept(body: bytes, media: Media, most_bytes: int) -> bytes:
    """The bytes, when they are what was announced. Raise DeliveryError."""
    if len(body) > most_bytes:
        raise CannotCarry(kind="too_long", detail="media")
    if media.sha256 and hashlib.sha256(body).hexdigest() != media.sha256:
        raise DeliveryError(permanent=False, kind="invalid", detail="digest")
    return body


def outgoing(name: str, body: bytes) -> tuple[str, bytes, str]:
    """A picture as a part of the upload's form. Raise CannotCarry (no_media) for what Meta would refuse."""
    media_type = TYPES_OUT.get(f".{name.rpartition('.')[2].lower()}", "")
    if not media_type or not body.startswith(_STARTS[media_type]):
        raise CannotCarry(kind="no_media", detail="type")
    if len(body) > LARGEST_OUT[media_type]:
        raise CannotCarry(kind="no_media", detail="size")
    return name, body, media_type
