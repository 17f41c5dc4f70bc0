"""Media by WhatsApp's Cloud API: a picture uploaded, what people sent fetched in two steps.

An id that came by a call-back can be fetched for seven days; the address it gives lives five minutes and
wants the same token: it is given to hosts we know and to nobody else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from notifier.exceptions import AnswerUnreadable, CannotCarry
from notifier.protocols import media

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
        digest = media.hex_digest(data.get("sha256", ""))
        return Media(str(data["url"]), str(data.get("mime_type", "")), size, digest)
    except (KeyError, ValueError, TypeError):
        raise AnswerUnreadable("no media") from None


def may_have_token(url: str, api_url: str, hosts: Collection[str] = HOSTS) -> bool:
    """Whether the token may be shown to the host of a media address: the API's own, or one we know by TLS."""
    return media.is_own(url, api_url) or media.is_known(url, hosts)


def outgoing(name: str, body: bytes) -> tuple[str, bytes, str]:
    """A picture as a part of the upload's form. Raise CannotCarry (no_media) for what Meta would refuse."""
    media_type = TYPES_OUT.get(f".{name.rpartition('.')[2].lower()}", "")
    if not media_type or not body.startswith(_STARTS[media_type]):
        raise CannotCarry(kind="no_media", detail="type")
    if len(body) > LARGEST_OUT[media_type]:
        raise CannotCarry(kind="no_media", detail="size")
    return name, body, media_type
