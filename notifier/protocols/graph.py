"""Meta's Graph API as a Page uses it: errors by meaning, usage headers, signatures.

Codes after the error-handling and rate-limiting pages of developers.facebook.com; `error.code` decides,
never the HTTP status.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from notifier.exceptions import AnswerUnreadable, DeliveryError

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
