"""Kannel's `sendsms`, its delivery reports and its incoming messages (Kannel user guide).

Kannel signs nothing. What stands in: an unguessable path, and a digest of the reference in each dlr-url.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from notifier.exceptions import AnswerUnreadable, DeliveryError, HookUnreadable
from notifier.message import Inbound, ReceiptEvent, State

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
_STAT_KINDS = {"EXPIRED": "expired", "UNDELIV": "unreachable", "REJECTD": "rejected", "DELETED": "rejected"}
_NACK_KINDS = {"11": "bad_address", "20": "throttled", "88": "throttled"}  # SMPP 0x0B, 0x14, 0x58 in decimal


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


def sendsms_query(
    *,
    username: str,
    password: str,
    sender: str,
    to: str,
    text: str,
    encoding: str,
    dlr_url: str,
    dlr_mask: int = DLR_MASK,
    validity_m: int = 0,
) -> str:
    """The query of one sendsms call. The charset is always said: Kannel's default changes with the coding."""
    fields = {
        "username": username,
        "password": password,
        "from": sender,
        "to": to,
        "charset": "UTF-8",
        "coding": "2" if encoding == "ucs2" else "0",
        "text": text,
        "dlr-mask": str(dlr_mask),
        "dlr-url": dlr_url,
    }
    if validity_m:
        fields["validity"] = str(validity_m)
    return urlencode(fields, quote_via=quote, safe="")


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


def read_incoming(query: Mapping[str, str]) -> Inbound:
    """An incoming message, from get-url "…?from=%p&to=%P&text=%b&t=%T&id=%I&charset=%C". Raise
    HookUnreadable.
    """
    if not query.get("from") or "text" not in query:
        raise HookUnreadable("from or text is missing")
    text, sender, at = query["text"], query["from"], query.get("t", "")
    digest = hashlib.sha256(f"{sender}\0{query.get('to', '')}\0{at}\0{text}".encode()).hexdigest()
    key = (
        query.get("id") or digest
    )  # gateways without an id: the same words in the same second are one message
    raw = {name: value for name, value in query.items() if name != "text"}
    return Inbound("text", key, sender, text, _at(at), f"mo:{key}", query.get("to", ""), raw)


def _report_error(kind: str, answer: str) -> str:
    stat = _STAT.search(answer)
    if stat:
        return _STAT_KINDS.get(stat.group(1).upper(), "unreachable")
    if answer.upper().startswith("NACK/"):
        return _NACK_KINDS.get(answer.split("/")[1], "rejected")
    return "rejected" if kind == "16" else "unreachable"


def _at(epoch: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else None
    except (ValueError, OverflowError, OSError):
        return None
