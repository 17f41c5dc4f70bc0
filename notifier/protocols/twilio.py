"""Twilio's Messages API as several gateways imitate it: answers and errors by meaning, messages found again.

Parameters after Twilio's OpenAPI document (2010-04-01), codes after twilio.com/docs/api/errors.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from notifier.exceptions import AnswerUnreadable, DeliveryError
from notifier.message import Accepted, Problem

VERSION = "2010-04-01"
MAX_CHARACTERS = 1600
SHORTEST_S, LONGEST_S = 5, 36_000  # of ValidityPeriod; under five seconds is advised against
DAY_LIMIT_PAUSE_S = 3600.0  # a day's budget frees with time, not with tries

# code: (kind, permanent). The account's faults are passing: the words wait, the operators are paged.
MEANINGS: dict[int, tuple[str, bool]] = {
    10001: ("policy", False),  # account not active
    11200: ("configuration", False),  # our own address did not answer Twilio
    11205: ("configuration", False),
    20003: ("credentials", False),
    20005: ("policy", False),  # account suspended
    20403: ("permission", False),
    20404: ("configuration", False),  # no such account
    20429: ("throttled", False),
    20500: ("gateway_down", False),
    20503: ("gateway_down", False),
    21211: ("bad_address", True),
    21212: ("configuration", False),  # bad From
    21219: ("permission", False),  # a trial account and an unverified number
    21265: ("bad_address", True),  # a short code
    21266: ("bad_address", True),  # To is From
    21408: ("permission", False),  # the region is not enabled for this account
    21602: ("invalid", True),  # no Body
    21603: ("configuration", False),  # no From
    21604: ("bad_address", True),  # no To
    21606: ("configuration", False),  # From cannot send SMS
    21608: ("permission", False),  # a trial account and an unverified number
    21609: ("configuration", False),  # bad StatusCallback
    21610: ("opted_out", True),
    21611: ("throttled", False),  # the sender's queue is full
    21612: ("unreachable", True),  # not routable from this sender
    21614: ("bad_address", True),  # not a mobile number
    21617: ("too_long", True),
    21701: ("configuration", False),  # no such messaging service
    21703: ("configuration", False),  # a messaging service without senders
    21705: ("configuration", False),
    30001: ("throttled", False),  # queue overflow
    30002: ("policy", False),  # account suspended
    30003: ("unreachable", False),
    30004: ("filtered", True),  # blocked
    30005: ("bad_address", True),  # unknown destination
    30006: ("bad_address", True),  # landline or a carrier out of reach
    30007: ("filtered", True),
    30008: ("unknown", False),
    30009: ("unreachable", False),  # a segment is missing
    30010: ("configuration", False),  # dearer than MaxPrice
    30022: ("throttled", False),
    30023: ("throttled", False),
    30034: ("configuration", False),  # the sender is not registered
    30036: ("expired", True),
    30410: ("gateway_down", False),
    30500: ("gateway_down", False),
    63016: ("policy", True),  # WhatsApp's window is closed
    63038: ("throttled", False),  # the account's messages of the day
}
DAY_LIMITS = frozenset({30023, 63038})
REGION_DISABLED = "21408"

_BY_STATUS: dict[int, tuple[str, bool]] = {
    401: ("credentials", False),
    403: ("permission", False),
    404: ("configuration", False),
    408: ("gateway_down", False),
    429: ("throttled", False),
}


def validity_s(valid_s: int | None) -> int | None:
    """ValidityPeriod as Twilio takes it, None when a message is wanted without end."""
    return None if valid_s is None else min(max(valid_s, SHORTEST_S), LONGEST_S)


def basic(user: str, password: str) -> str:
    """The Authorization header's value."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def read_answer(status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """A successful answer's object. Raise DeliveryError by the table, AnswerUnreadable for an answer that
    does not say whether Twilio acted: a proxy's 502 or 504, a page in place of JSON.
    """
    data = as_object(body)
    if status >= 300 and (data is not None or status not in (502, 504)):
        raise meaning(as_number((data or {}).get("code")), status, headers)
    if data is None or status >= 300:
        raise AnswerUnreadable(str(status))
    return data


def meaning(code: int, status: int, headers: Mapping[str, str]) -> DeliveryError:
    """What a refusal means; `code` 0 when none was said. Header names in lower case."""
    by_status = ("gateway_down", False) if status >= 500 else _BY_STATUS.get(status)
    if by_status is None:
        by_status = ("configuration", False) if 300 <= status < 400 else ("unknown", True)
    kind, permanent = MEANINGS.get(code, by_status)
    wait = headers.get("retry-after", "")
    wait_s = float(wait) if wait.isdecimal() else DAY_LIMIT_PAUSE_S if code in DAY_LIMITS else None
    return DeliveryError(permanent=permanent, kind=kind, retry_after_s=wait_s, detail=str(code or status))


def account_faults(account: Mapping[str, Any]) -> list[Problem]:
    """What an account that answers may still lack: it is suspended or closed, or sends to nobody but
    verified numbers.
    """
    if account.get("status", "active") != "active":
        return [Problem("policy", str(account["status"]))]
    return [Problem("permission", "trial", serious=False)] if account.get("type") == "Trial" else []


def accepted(message: Mapping[str, Any], parts: int) -> Accepted:
    """What a created or found message says. Raise AnswerUnreadable without an id, DeliveryError for one that
    was made and has failed already.
    """
    if not message.get("sid"):
        raise AnswerUnreadable("no sid")
    if message.get("status") in ("failed", "undelivered"):
        raise meaning(as_number(message.get("error_code")), 400, {})
    return Accepted(str(message["sid"]), parts=as_number(message.get("num_segments")) or parts)


def find(
    messages: Iterable[Mapping[str, Any]], words: str, told_at: str, within: timedelta
) -> Mapping[str, Any] | None:
    """The latest of our own messages that says `words` and was made within so long of `told_at`.

    `told_at` is the answer's Date header: Twilio's clock against Twilio's, so that ours may be wrong. What
    has no date is taken for recent. Listing by DateSent would leave out what is still queued.
    """
    now = _moment(told_at)
    for message in messages:
        made_at = _moment(str(message.get("date_created") or ""))
        is_old = now is not None and made_at is not None and now - made_at > within
        is_ours = str(message.get("direction") or "outbound").startswith("outbound")
        if is_ours and not is_old and _same_words(str(message.get("body") or ""), words):
            return message
    return None


def _same_words(one: str, other: str) -> bool:
    return " ".join(one.split()) == " ".join(other.split())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    return moment if moment.tzinfo else None


def as_object(body: bytes) -> dict[str, Any] | None:
    """A JSON object, None for anything else."""
    try:
        data = json.loads(body)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def as_number(value: object) -> int:
    """A whole number however it is written, 0 for anything else."""
    text = str(value or "")
    return int(text) if text.isdecimal() else 0
