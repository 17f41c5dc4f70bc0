"""Meta's Graph API as a Page uses it: errors by meaning, usage headers, signatures, the feed's changes.

Codes after the error-handling and rate-limiting pages of developers.facebook.com; `error.code` decides,
never the HTTP status.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from notifier.exceptions import AnswerUnreadable, DeliveryError, HookUnreadable
from notifier.message import Inbound, ReceiptEvent

OBJECT_MISSING = (100, 33)
DUPLICATE = 506
MAX_CAPTION = 63_206

# code: (kind, permanent)
MEANINGS: dict[int, tuple[str, bool]] = {
    1: ("gateway_down", False),
    2: ("gateway_down", False),
    3: ("permission", True),
    4: ("throttled", False),
    9: ("throttled", False),
    10: ("permission", True),
    17: ("throttled", False),
    32: ("throttled", False),
    100: ("invalid", True),
    102: ("credentials", False),  # the words wait for a new token; the operators are paged
    190: ("credentials", False),
    341: ("throttled", False),
    368: ("policy", True),
    506: ("duplicate", True),
    551: ("unreachable", True),
    613: ("throttled", False),
    80001: ("throttled", False),
    80002: ("throttled", False),
    80006: ("throttled", False),
    80007: ("throttled", False),
    80008: ("throttled", False),
    1609005: ("invalid", False),  # the link's preview failed: try again, without it
}


def read_answer(status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """A successful answer's object. Raise DeliveryError by the table, AnswerUnreadable for what is not
    JSON.
    """
    data = as_object(status, body)
    if isinstance(data.get("error"), dict):
        raise meaning(data["error"], headers)
    if status >= 300:
        raise AnswerUnreadable(str(status))
    return data


def as_object(status: int, body: bytes) -> dict[str, Any]:
    """An answer's JSON object. Raise DeliveryError for what is not Meta's and says that nothing was done (a
    redirect, a page of somebody in between), AnswerUnreadable for what may have been a yes.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return data
    if 300 <= status < 500:
        kind = "throttled" if status in (408, 429) else "gateway_down"
        kind = "configuration" if status < 400 or status == 404 else kind
        raise DeliveryError(permanent=False, kind=kind, detail=f"{status} not json")
    raise AnswerUnreadable(f"{status} not {'json' if data is None else 'an object'}")


def meaning(error: Mapping[str, Any], headers: Mapping[str, str]) -> DeliveryError:
    """What an error object means; header names in lower case."""
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    if 200 <= code <= 299:
        kind, permanent = "permission", True
    elif (code, subcode) == OBJECT_MISSING:
        kind, permanent = "missing", True
    else:
        kind, permanent = MEANINGS.get(code, ("unknown", error.get("is_transient") is not True))
    wait_s = regain_s(headers) if kind == "throttled" else None
    detail = f"{code}/{subcode}" if subcode else str(code)
    return DeliveryError(permanent=permanent, kind=kind, retry_after_s=wait_s, detail=detail)


def regain_s(headers: Mapping[str, str]) -> float | None:
    """Seconds until the account may call again, from X-Business-Use-Case-Usage (which says minutes)."""
    minutes = [_number(line.get("estimated_time_to_regain_access")) for line in _business_lines(headers)]
    return max(minutes) * 60.0 if any(minutes) else None


def usage_percent(headers: Mapping[str, str]) -> int:
    """The fullest of all budgets named in the usage headers, 0 when none is."""
    lines = [*_business_lines(headers), _object(headers.get("x-app-usage", ""))]
    names = ("call_count", "total_cputime", "total_time")
    return max((_number(line.get(name)) for line in lines for name in names), default=0)


def proof(app_secret: str, access_token: str) -> str:
    """`appsecret_proof`: shows that the caller holds the app's secret, not only a stolen token."""
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def signature(app_secret: str, body: bytes) -> str:
    """X-Hub-Signature-256 over the bytes as they travel (Meta signs its escaped-unicode form)."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(app_secret: str, body: bytes, given: str) -> bool:
    """Compare in constant time; without a secret nothing is signed."""
    return bool(app_secret) and hmac.compare_digest(signature(app_secret, body).encode(), given.encode())


def same_words(ours: str, theirs: str) -> bool:
    """Whether a post read back is the one asked for; the Page trims and squeezes white space."""
    return " ".join(ours.split()) == " ".join(theirs.split())


def read_changes(body: bytes) -> list[ReceiptEvent | Inbound]:
    """The events of one call-back; it may carry several entries and changes, and fields of no interest
    here.
    """
    try:
        entries = json.loads(body)["entry"]
        return [event for entry in entries for event in _events(entry)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HookUnreadable(f"not a page call-back: {type(error).__name__}") from None


def _events(entry: Mapping[str, Any]) -> Iterator[ReceiptEvent | Inbound]:
    page = str(entry["id"])
    for event in entry.get("messaging", ()):
        yield from _message(page, event)
    for change in entry.get("changes", ()):
        value = change["value"]
        if change["field"] == "feed" and value.get("verb") == "add":
            yield from _feed_added(page, value)
        elif change["field"] == "mention" and value.get("verb") == "add":
            yield _said("mention", page, value, str(value.get("sender_id", "")))


def _feed_added(page: str, value: Mapping[str, Any]) -> Iterator[ReceiptEvent | Inbound]:
    sender = str(value.get("from", {}).get("id", ""))  # may be absent: privacy
    if value.get("item") == "comment":
        if sender != page:  # our own words come back as an echo
            yield _said("comment", page, value, sender)
    elif value.get("item") in ("post", "photo", "status") and sender == page:
        post, at = str(value["post_id"]), value.get("created_time")
        yield ReceiptEvent(post, "", "delivered", "", _at(at), f"{post}:add:{at}")


def _message(page: str, event: Mapping[str, Any]) -> Iterator[Inbound]:
    """What somebody wrote to the Page by Messenger, or the button they pressed. A sender's id is the Page's
    own name for them; links to what was attached die soon.
    """
    sender = str((event.get("sender") or {}).get("id", ""))
    told = event.get("message") or event.get("postback") or {}
    mid = str(told.get("mid") or "")
    if not mid or not sender or sender == page or told.get("is_echo") or told.get("is_deleted"):
        return
    links = [str((part.get("payload") or {}).get("url", "")) for part in told.get("attachments") or ()]
    raw = {f"attachment_{number}": link for number, link in enumerate(links) if link}
    known = {"replies_to": (told.get("reply_to") or {}).get("mid"), "payload": told.get("payload")}
    known["payload"] = known["payload"] or (told.get("quick_reply") or {}).get("payload")
    raw |= {name: str(value) for name, value in known.items() if value}
    text, at = str(told.get("text") or told.get("title") or ""), _number(event.get("timestamp"))
    yield Inbound("message", mid, sender, text, _at(at // 1000) if at else None, f"message:{mid}", page, raw)


def _said(kind: Any, page: str, value: Mapping[str, Any], sender: str) -> Inbound:
    identity = str(value.get("comment_id") or value["post_id"])
    key = f"{identity}:{value['verb']}:{value.get('created_time')}"
    raw = {
        name: str(value[name])
        for name in ("post_id", "parent_id", "permalink_url", "photo")
        if value.get(name)
    }
    text = str(value.get("message", ""))
    return Inbound(kind, identity, sender, text, _at(value.get("created_time")), key, page, raw)


def _at(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _business_lines(headers: Mapping[str, str]) -> list[dict[str, Any]]:
    lists = _object(headers.get("x-business-use-case-usage", "")).values()
    return [line for lines in lists if isinstance(lines, list) for line in lines if isinstance(line, dict)]


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text) if text else {}
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _number(value: object) -> int:
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return 0
