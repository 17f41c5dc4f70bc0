"""Web Push (RFC 8030): a subscription as an address, what a push carries, what a service's answer means.

A subscription is hostile input: its endpoint is an address that a stranger chose for us to call.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from notifier.exceptions import AnswerUnreadable, CannotCarry, DeliveryError
from notifier.message import Message
from notifier.protocols.webpush_crypto import b64, is_point, unb64

# 4096 octets a record, less header (86), padding mark (1) and tag (16): RFC 8291, section 4.
MOST_BYTES = 3993
LONGEST_TTL_S = 28 * 24 * 3600  # services keep no longer (FCM: four weeks)
LONGEST_WAIT_S = 3600.0
LONGEST_ADDRESS = 4096

# The push services of today's browsers: Chrome, Firefox, Edge, Safari.
SERVICES: tuple[str, ...] = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.services.mozilla.com",
    "*.notify.windows.com",
    "web.push.apple.com",
    "*.push.apple.com",
)
ANY_HOST = "*"

# Deliberately narrower than RFC 3986: no user, no fragment, no backslash, and a last label that is no number,
# so that nothing here is read one way by us and another way by the resolver.
_ENDPOINT = re.compile(
    r"https://(?P<host>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9])"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?)",
    re.ASCII,
)
_OUR_KEY = re.compile(r"vapid|jwt|unauthori[sz]ed|authorization", re.IGNORECASE)
_OTHER_KEY = re.compile(r"do not correspond|mismatch", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser hears us, and what it reads us with."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    @property
    def host(self) -> str:
        """The push service's name."""
        found = _ENDPOINT.fullmatch(self.endpoint)
        return found["host"] if found else ""

    @property
    def port(self) -> int:
        """443 unless the endpoint says otherwise."""
        found = _ENDPOINT.fullmatch(self.endpoint)
        return int(found["port"] or 443) if found else 0

    @property
    def origin(self) -> str:
        """What a VAPID token is made out to."""
        return f"https://{self.host}" + ("" if self.port == 443 else f":{self.port}")

    def as_address(self) -> str:
        """The one string this subscription is stored and compared as."""
        fields = {"endpoint": self.endpoint, "p256dh": b64(self.p256dh), "auth": b64(self.auth)}
        return json.dumps(fields, separators=(",", ":"))


def read_subscription(address: str) -> Subscription:
    """Read {"endpoint", "p256dh", "auth"}, or the JSON a browser gives with both inside "keys".

    Raise CannotCarry (bad_address): the detail names the field, never its value.
    """
    try:
        given: dict[str, Any] = json.loads(address[: LONGEST_ADDRESS + 1])
        keys = {**given, **given.get("keys", {})}
        found = Subscription(str(given["endpoint"]), unb64(keys["p256dh"]), unb64(keys["auth"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise CannotCarry(kind="bad_address", detail="not_a_subscription") from None
    if not found.host:
        raise CannotCarry(kind="bad_address", detail="endpoint")
    if not is_point(found.p256dh):
        raise CannotCarry(kind="bad_address", detail="p256dh")
    if len(found.auth) != 16:
        raise CannotCarry(kind="bad_address", detail="auth")
    return found


def is_among(host: str, names: Collection[str]) -> bool:
    """Say whether a host is one of the names; "*.example.org" stands for all below it, "*" for any."""
    return any(
        name in (ANY_HOST, host) or (name.startswith("*.") and host.endswith(name[1:])) for name in names
    )


def unwelcome(to: Subscription, options: Mapping[str, Any]) -> str:
    """Why a backend with these options calls no such endpoint: "port", "host", or nothing.

    A simulator (`gateway_url`) stands for every host, as nothing is sent to the endpoint itself.
    """
    if options.get("gateway_url"):
        return ""
    if to.port not in options.get("ports", (443,)):
        return "port"
    return "" if is_among(to.host, options.get("hosts", SERVICES)) else "host"


def topic(thread: str) -> str:
    """32 URL-safe characters for everything said about one alert; nothing about it can be read from them."""
    return b64(hashlib.sha256(f"webpush topic {thread}".encode()).digest()[:24])


def payload(message: Message) -> bytes:
    """Title, a line and the address: the page is asked for the rest, so that closing it empties every phone.

    The line is `short` without the address.

    Raise CannotCarry when there is nothing to show or more than one record holds.
    """
    text = message.text
    if not text.subject.strip() or not text.url:
        raise CannotCarry(kind="invalid", detail="empty")
    fields = {
        "kind": message.kind,
        "lang": message.language,
        "title": text.subject,
        "body": " ".join(line for line in text.short.splitlines() if line.strip() != text.url).strip(),
        "url": text.url,
        "tag": topic(message.thread or message.reference),
        **({"code": text.code} if text.code else {}),
    }
    fields = {name: said for name, said in fields.items() if said}
    data = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    if len(data) > MOST_BYTES:
        raise CannotCarry(kind="too_long", detail=f"{len(data)} bytes")
    return data


def headers(message: Message, authorization: str, ttl_s: int) -> dict[str, str]:
    """The headers of one push (RFC 8030, section 5)."""
    return {
        "TTL": str(ttl_s),
        "Urgency": "high" if message.kind in ("alert", "update", "end", "page") else "normal",
        "Topic": topic(message.thread or message.reference),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Authorization": authorization,
    }


def read_answer(status: int, given: Mapping[str, str], body: str, *, known: bool) -> None:
    """Return when the service took it, else raise what its refusal means.

    `known`: a service of ours. Whoever else answers is a stranger: nothing it says may stop the channel or
    call a person, only its own subscription suffers. Raise AnswerUnreadable for somebody's page in between.
    """
    if status == 200 and body.lstrip().startswith("<"):
        raise AnswerUnreadable("200 html")
    if status in (200, 201, 202, 204):
        return
    kind, permanent = _meaning(status, body) if known else _strangers(status)
    after = given.get("retry-after", "")
    wait_s = min(float(after), LONGEST_WAIT_S) if known and after.isascii() and after.isdigit() else None
    raise DeliveryError(permanent=permanent, kind=kind, retry_after_s=wait_s, detail=str(status))


def _meaning(status: int, body: str) -> tuple[str, bool]:
    if status in (404, 410):
        return "bad_address", True  # gone: the subscription is to be deleted
    if status == 413:
        return "too_long", True
    if status in (408, 429):
        return "throttled", False
    if status in (400, 401, 403) and _OTHER_KEY.search(body):
        return "rejected", True  # made with another key of ours, or of somebody else
    if status in (401, 403) or (status == 400 and _OUR_KEY.search(body)):
        return "credentials", False
    if status == 400:
        return "invalid", True
    if status >= 500 or status < 400:
        return "gateway_down", False
    return "rejected", True


def _strangers(status: int) -> tuple[str, bool]:
    if status in (404, 410):
        return "bad_address", True
    if status == 413:
        return "too_long", True
    if status in (408, 429) or status >= 500:
        return "unreachable", False
    return "rejected", True
