"""Kannel's `sendsms`, its delivery reports and its incoming messages (Kannel user guide).

Kannel signs nothing. What stands in: an unguessable path, and a digest of the reference in each dlr-url.
"""

import hashlib
import hmac
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Head
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from notifier.exceptions import AnswerUnreadable, DeliveryError, HookUnreadable
from notifier.message import Inbound, RawRequest, ReceiptEvent, State

DLR_MASK = 31  # delivered, failed, buffered, accepted by the SMSC, rejected by it
ACCEPTED = ("0:", "3:")  # "0: Accepted for delivery", "3: Queued for later delivery"

_STATES: dict[str, State] = {
    "1": "delivered",
    "2": "failed",
    "4": "accepted",
    "8": "accepted",
    "16": "failed",
}
_NO_SUCH_NUMBER = re.compile(
    r"no such number|not routable|receiver"
    r"|(?:invalid|unknown|bad|wrong)\W+(?:\w+\W+)?(?:number|recipient|destination)"
    r"|number\W+(?:\w+\W+){0,5}(?:invalid|not valid|unknown|denied)",
    re.IGNORECASE,
)
_DENIED = re.compile(r"authori[sz]ation|denied from|login|password", re.IGNORECASE)
_STAT = re.compile(r"stat:(\w+)", re.IGNORECASE)
_STAT_KINDS = {
    "EXPIRED": "expired",
    "DELETED": "rejected",
    "UNDELIV": "unreachable",
    "UNKNOWN": "unknown",
    "REJECTD": "rejected",
}
# SMPP's command_status, as Kannel has it: NACK/0x0000000b/Invalid Destination Address.
_NACK_KINDS = {
    0x08: "gateway_down", 0x0A: "configuration", 0x0B: "bad_address", 0x0D: "credentials",
    0x0E: "credentials", 0x0F: "credentials", 0x14: "throttled", 0x33: "bad_address", 0x58: "throttled",
    0x61: "invalid", 0x62: "invalid", 0x64: "unreachable", 0xFE: "unreachable", 0xFF: "unknown",
}  # fmt: skip
SHORT_CODE = 7  # digits; a longer number without plus is one with its country code
_CHARSETS = {"UCS-2": "utf-16-be", "UTF-16": "utf-16-be", "UTF-16BE": "utf-16-be", "GSM": "utf-8"}


@dataclass(frozen=True, slots=True)
class Sendsms:
    """One call of sendsms. `dlr_url` may be empty; `validity_m` in minutes, 0 leaves it to the gateway."""

    username: str
    password: str
    sender: str
    to: str
    text: str
    encoding: str
    dlr_url: str = ""
    dlr_mask: int = DLR_MASK
    validity_m: int = 0

    def query(self) -> str:
        """As a GET's query. The charset is always said: Kannel's default changes with the coding."""
        fields = {
            "username": self.username,
            "password": self.password,
            "from": self.sender,
            "to": self.to,
            "charset": "UTF-8",
            "coding": self._coding(),
            "text": self.text,
        }
        if self.dlr_url:
            fields |= {"dlr-mask": str(self.dlr_mask), "dlr-url": self.dlr_url}
        if self.validity_m:
            fields["validity"] = str(self.validity_m)
        return urlencode(fields, quote_via=quote, safe="")

    def headers(self) -> dict[str, str]:
        """As a POST's headers, the words being its body in UTF-8: nothing stands in an address or a log."""
        fields = {
            "X-Kannel-Username": self.username,
            "X-Kannel-Password": self.password,
            "X-Kannel-From": self.sender,
            "X-Kannel-To": self.to,
            "X-Kannel-Coding": self._coding(),
            "Content-Type": 'text/plain; charset="UTF-8"',
        }
        if self.dlr_url:
            fields |= {"X-Kannel-DLR-Mask": str(self.dlr_mask), "X-Kannel-DLR-Url": self.dlr_url}
        if self.validity_m:
            fields["X-Kannel-Validity"] = str(self.validity_m)
        return fields

    def _coding(self) -> str:
        return "2" if self.encoding == "ucs2" else "0"


def validity_m(valid_s: int | None, longest_m: int) -> int:
    """Minutes a gateway may hold a message back: until nobody wants it, and no longer than `longest_m` (0: no
    limit of ours); 0 when neither is known. A message is worth a minute's try at least.
    """
    wanted = [
        minutes for minutes in (longest_m, None if valid_s is None else math.ceil(valid_s / 60)) if minutes
    ]
    return max(1, min(wanted)) if wanted else int(valid_s is not None)


def dlr_url(hook_url: str, reference: str, key: str) -> str:
    """The address Kannel calls per event, with its escapes: %d type, %A SMSC's answer, %F SMSC's id, %T
    epoch.

    A literal percent is doubled, or Kannel would take it for an escape of its own.
    """
    own = f"{hook_url}?ref={quote(reference, safe='')}&sig={signature(reference, key)}".replace("%", "%%")
    return f"{own}&d=%d&a=%A&f=%F&t=%T"


def signature(reference: str, key: str) -> str:
    """A keyed digest of a reference, so that a report about another message cannot be made up."""
    return hmac.new(key.encode(), reference.encode(), hashlib.sha256).hexdigest()[:32]


def read_answer(status: int, body: str, retry_after: str = "") -> None:
    """Return when the gateway took the message, raise what its refusal means.

    DeliveryError tells "no such number" (permanent) from a gateway in trouble (passing); AnswerUnreadable
    is for answers that do not say whether the message was taken: a proxy's 502 or 504, a page in place of
    Kannel's line.
    """
    if status == 202 and body.lstrip().startswith(ACCEPTED):
        return
    if status in (502, 504) or status < 300:
        raise AnswerUnreadable(str(status))
    kind, permanent = _refusal(status, body)
    wait_s = float(retry_after) if retry_after.isdigit() else None
    raise DeliveryError(permanent=permanent, kind=kind, retry_after_s=wait_s, detail=str(status))


def _refusal(status: int, body: str) -> tuple[str, bool]:
    if status in (408, 429):
        return "throttled", False
    if status >= 500:
        return "gateway_down", False
    if status < 400:
        return "configuration", False
    if status in (401, 403, 407) or _DENIED.search(body):
        return "credentials", False
    if _NO_SUCH_NUMBER.search(body):
        return "bad_address", True
    if status == 404:  # the path is not smsbox's: the message is as good as before
        return "configuration", False
    return "rejected", True


def is_report(query: Mapping[str, str]) -> bool:
    """Whether a call-back is a delivery report; else it is an incoming message."""
    return "ref" in query and "d" in query


def read_report(query: Mapping[str, str]) -> ReceiptEvent:
    """A delivery report as an event. Raise HookUnreadable for a type that is not Kannel's."""
    kind = query.get("d", "")
    state = _STATES.get(kind)
    if state is None:
        raise HookUnreadable("d is not a report type")
    reference = query["ref"]
    error = _report_error(kind, query.get("a", "")) if state == "failed" else ""
    key = f"{reference}:{kind}:{query.get('f', '')}"
    return ReceiptEvent(reference, reference, state, error, _at(query.get("t", "")), key)


def fields(request: RawRequest) -> dict[str, str]:
    """What a call-back says: a report or a message by get-url (all in the query), or a message by post-url
    (words in the body, numbers in X-Kannel-* headers). Words are decoded by the charset Kannel names.
    """
    raw = parse_qsl(urlsplit(request.url).query, keep_blank_values=True, encoding="latin-1")
    query = request.query()
    if request.method == "POST":
        head = Head()
        head["Content-Type"] = request.header("Content-Type") or "text/plain"
        query["text"] = decoded(request.body, head.get_content_charset("utf-8"))
        told = {"from": "X-Kannel-From", "to": "X-Kannel-To"}
        return {**query, **{name: request.header(key) for name, key in told.items() if request.header(key)}}
    words = [value.encode("latin-1") for name, value in raw if name == "text"]
    return {**query, "text": decoded(words[-1], query.get("charset", ""))} if words else query


def decoded(words: bytes, charset: str) -> str:
    """What a phone wrote: Arabic comes as UTF-16BE, whatever charset our own address is in. What Kannel calls
    8-BIT has no charset: UTF-8 where it is that, then UTF-16 where it looks so.
    """
    name = _CHARSETS.get(charset.upper(), charset.lower() or "utf-8")
    if name == "8-bit":
        name = "utf-8" if _is_utf8(words) else "utf-16-be" if len(words) % 2 == 0 else "latin-1"
    try:
        return words.decode(name, "replace")
    except LookupError:
        return words.decode("utf-8", "replace")


def international(number: str, home_prefix: str = "") -> str:
    """A sender as people are known by, in E.164: operators leave the plus out, some write 00, some the number
    as it is dialled at home (then `home_prefix`, "+212", says where that is). Short codes and names stay.
    """
    bare = number.strip().replace(" ", "")
    if not (bare.isascii() and bare.removeprefix("+").isdigit()) or bare.startswith("+"):
        return bare
    if bare.startswith("00"):
        return f"+{bare[2:]}"
    if bare.startswith("0"):
        return f"{home_prefix}{bare[1:]}" if home_prefix else bare
    return f"+{bare}" if len(bare) > SHORT_CODE else bare


def read_incoming(query: Mapping[str, str], home_prefix: str = "") -> Inbound:
    """An incoming message. Raise HookUnreadable."""
    if not query.get("from", "").strip() or "text" not in query:
        raise HookUnreadable("from or text is missing")
    text, sender, at = query["text"], international(query["from"], home_prefix), query.get("t", "")
    digest = hashlib.sha256(f"{sender}\0{query.get('to', '')}\0{at}\0{text}".encode()).hexdigest()
    # Gateways without an id: the same words in the same second are one message.
    key = query.get("id") or digest
    raw = {name: value for name, value in query.items() if name not in ("text", "from")}
    return Inbound("text", key, sender, text, _at(at), f"mo:{key}", query.get("to", ""), raw)


def _is_utf8(words: bytes) -> bool:
    try:
        return not any(ord(letter) < 32 and letter not in "\n\r\t" for letter in words.decode())
    except UnicodeDecodeError:
        return False


def _report_error(kind: str, answer: str) -> str:
    stat = _STAT.search(answer)
    if stat:
        return _STAT_KINDS.get(stat.group(1).upper(), "unreachable")
    if answer.upper().startswith("NACK/"):
        return _NACK_KINDS.get(_status(answer.split("/")[1]), "rejected")
    return "rejected" if kind == "16" else "unreachable"


def _status(number: str) -> int:
    try:
        return int(number, 0)  # gateways older than 1.4.5 write it in decimal
    except ValueError:
        return 0


def _at(epoch: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else None
    except (ValueError, OverflowError, OSError):
        return None
