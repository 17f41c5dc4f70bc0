"""CAP documents to partners over HTTPS: our own small format, for want of a standard one.

Out: POST the document as it is (application/cap+xml) with Idempotency-Key (its identifier), X-Najda-Reference
and, where a secret is shared, X-Najda-Signature "t=<epoch seconds>,v1=<hex>", the HMAC-SHA256 of
"cap.<t>.<body>". Back: a 2xx whose JSON repeats the identifier; anything else is no acknowledgement.
A refusal is a 4xx, and may say why to a person: {"reason"}, 200 letters of plain text.
Later: the partner may POST {"reference", "state": received|published|refused, "at", "reason"} to our hook,
signed the same way over "ack.<t>.<body>". The time is the partner's to judge: ours decides by the signature
alone, and a repeated acknowledgement changes nothing, so a clock that is off does no harm.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lxml import etree

from notifier.exceptions import CannotCarry, DeliveryError, HookUnreadable
from notifier.message import ReceiptEvent, State

MEDIA_TYPE = "application/cap+xml"
SIGNATURE = "X-Najda-Signature"
REFERENCE = "X-Najda-Reference"
PARTNER = "X-Najda-Partner"
_CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
_IDENTIFIER = re.compile(r"[!-~]{1,255}")  # it travels in a header
_SIGNED = re.compile(r"t=(?P<at>[0-9]{1,12}),v1=(?P<digest>[0-9a-f]{64})")
MOST_WORDS = 200
# Controls, direction marks, halves of surrogate pairs.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_STATES: dict[str, tuple[State, str]] = {
    "received": ("accepted", ""),
    "published": ("delivered", ""),
    "refused": ("failed", "rejected"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What of a document its carrier must know."""

    identifier: str
    msg_type: str
    references: str


def read_notice(document: str) -> Notice:
    """Read a CAP 1.2 document's head. Raise CannotCarry (invalid): what is no CAP never leaves."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise CannotCarry(kind="invalid", detail="not_xml") from None
    if root.tag != f"{_CAP}alert" or "<!DOCTYPE" in document:
        raise CannotCarry(kind="invalid", detail="not_cap")
    found = {name: root.findtext(f"{_CAP}{name}") or "" for name in ("identifier", "msgType", "references")}
    if not _IDENTIFIER.fullmatch(found["identifier"]):
        raise CannotCarry(kind="invalid", detail="identifier")
    return Notice(found["identifier"], found["msgType"], found["references"])


def sign(secret: str, purpose: Literal["cap", "ack"], at: int, body: bytes) -> str:
    """The value of X-Najda-Signature for a body sent at `at` (epoch seconds)."""
    return f"t={at},v1={_digest(secret, purpose, str(at), body)}"


def is_signed(secret: str, purpose: Literal["cap", "ack"], header: str, body: bytes) -> bool:
    """Whether the holder of the secret signed these bytes, in constant time."""
    found = _SIGNED.fullmatch(header)
    if not secret or not found:
        return False
    return hmac.compare_digest(found["digest"], _digest(secret, purpose, found["at"], body))


def _digest(secret: str, purpose: str, at: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{purpose}.{at}.".encode() + body, hashlib.sha256).hexdigest()


def headers(notice: Notice, reference: str, signature: str) -> dict[str, str]:
    """The headers of one document; a re-sent one carries the same key and is taken once."""
    given = {
        "Content-Type": f"{MEDIA_TYPE}; charset=utf-8",
        "Accept": "application/json",
        "Idempotency-Key": notice.identifier,
        REFERENCE: reference,
    }
    return {**given, SIGNATURE: signature} if signature else given


def read_answer(status: int, given: Mapping[str, str], body: bytes, notice: Notice) -> None:
    """Return when the partner acknowledged this very document, else raise what its answer means.

    Repeating is harmless here (the key), so an answer that says nothing is passing and tried until expiry.
    """
    said = _object(body)
    repeats = said.get("identifier") == notice.identifier
    if repeats and (200 <= status < 300 or status == 409):  # 409: it has the document already
        return
    kind, permanent = _meaning(status, str(said.get("error", "")))
    after = given.get("retry-after", "")
    wait_s = float(after) if after.isascii() and after.isdigit() and len(after) < 6 else None
    detail = f"{status} {_looks_like(given, said)}" if status < 300 else str(status)
    refusal = DeliveryError(permanent=permanent, kind=kind, retry_after_s=wait_s, detail=detail)
    refusal.words = _words(said)
    raise refusal


def _meaning(status: int, error: str) -> tuple[str, bool]:
    if status < 300 or status >= 500:
        return "gateway_down", False
    if status in (408, 429):
        return "throttled", False
    if status in (401, 403):
        return "credentials", False
    if status < 400 or status in (404, 405, 415):  # a redirect is not followed: where to is ours to set
        return "configuration", False
    if status == 409 and error == "unknown_reference":  # what it follows has not been taken in yet
        return "missing", False
    kinds = {400: "invalid", 410: "bad_address", 413: "too_long", 422: "invalid"}
    return kinds.get(status, "rejected"), True


def _looks_like(given: Mapping[str, str], said: Mapping[str, object]) -> str:
    if "html" in given.get("content-type", ""):
        return "html"
    return "other_identifier" if "identifier" in said else "no_identifier"


def _object(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def read_acknowledgement(body: bytes) -> ReceiptEvent:
    """A partner's call-back as an event. Raise HookUnreadable."""
    said = _object(body)
    reference, word = said.get("reference"), said.get("state")
    if not isinstance(reference, str) or not reference or str(word) not in _STATES:
        raise HookUnreadable("reference or state")
    state, error_kind = _STATES[str(word)]
    key = f"{reference}:{word}"
    return ReceiptEvent(reference, reference, state, error_kind, _at(said.get("at")), key, _words(said))


def _words(said: Mapping[str, object]) -> str:
    """What the partner says to a person: one line of plain text, cut."""
    reason = said.get("reason")
    words = " ".join(_UNSEEN.sub(" ", reason).split()) if isinstance(reason, str) else ""
    return words[:MOST_WORDS]


def _at(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def secret_of(partners: Mapping[str, Mapping[str, str]], name: str) -> str:
    """The secret of the partner a call-back names; the only partner need not name itself."""
    named: Iterable[str] = [name] if name or len(partners) != 1 else partners
    return next((partners[one].get("secret", "") for one in named if one in partners), "")
