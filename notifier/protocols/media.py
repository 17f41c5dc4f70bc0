"""Files the public sent, as Meta and Twilio hand them out: whose hosts are asked, and whether it is the file.

Whoever writes to us chooses, through their provider, an address that we then open: only the provider's own
hosts are, by TLS, without a user and at the usual port. Pure.
"""

import base64
import binascii
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from notifier.exceptions import DeliveryError, TooLarge
from notifier.message import Fetched

MOST_BYTES = 100_000_000  # the largest WhatsApp carries: a document; a video ends at 16 MB (Meta, "Media")
MOST_S = 300.0  # for all of one file: 100 MB at 2.7 Mbit/s
# Where Meta's CDN serves what was attached to a message or a comment: these names and those below them (U).
META_CDN = (".fbcdn.net", ".fbsbx.com", ".cdninstagram.com")
# Where Twilio keeps media, and where its API sends whoever asks for one (U).
TWILIO_HOSTS = ("api.twilio.com", "mms.twiliocdn.com", "media.twiliocdn.com")
DEAD = (401, 403, 404, 410)  # what an address that has died answers, by host


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one file is taken, and how long it may come."""

    most_bytes: int = MOST_BYTES
    whole_s: float = MOST_S


def limits(options: Mapping[str, object]) -> Limits:
    """What a deployment set by most_media_bytes and media_timeout_s."""
    most, whole = options.get("most_media_bytes", MOST_BYTES), options.get("media_timeout_s", MOST_S)
    return Limits(int(str(most)), float(str(whole)))


def is_own(url: str, own_url: str) -> bool:
    """Whether an address is at the API's own place, which the settings name (a simulator's has no TLS)."""
    try:
        asked, own = urlsplit(url), urlsplit(own_url)
    except ValueError:
        return False
    return bool(own.netloc) and (asked.scheme, asked.netloc) == (own.scheme, own.netloc)


def is_known(url: str, hosts: Collection[str]) -> bool:
    """Whether an address is one of these hosts, by TLS; a name that begins with a dot means all below it."""
    try:
        asked = urlsplit(url)
        usual = asked.port is None or asked.port == 443
    except ValueError:
        return False
    if asked.scheme != "https" or not usual or asked.username or asked.password:
        return False
    name = (asked.hostname or "").rstrip(".")
    return any(f".{name}".endswith(host) if host.startswith(".") else name == host for host in hosts)


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


def accept(body: bytes, media_type: str, most_bytes: int) -> Fetched:
    """The file as it came. Raise TooLarge."""
    if len(body) > most_bytes:
        raise TooLarge
    return Fetched(body, plain_type(media_type), hashlib.sha256(body).hexdigest())


def plain_type(told: str) -> str:
    """A media type without its parameters."""
    return told.partition(";")[0].strip().lower()


def read_status(status: int) -> None:
    """Return for 200. Raise DeliveryError: passing for a host in trouble, permanent for an odd answer."""
    if status == 200:
        return
    passing = status >= 500 or status in (408, 429)
    kind = "gateway_down" if passing else "invalid"
    raise DeliveryError(permanent=not passing, kind=kind, detail=str(status))
