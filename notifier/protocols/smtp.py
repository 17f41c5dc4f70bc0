"""What an SMTP reply means (RFC 5321 codes, RFC 3463 enhanced codes)."""

import re

from notifier.exceptions import DeliveryError

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")

# By class.subject, or the whole code where one detail differs from its subject.
_PERMANENT = {
    "5.1": "bad_address",
    "5.2.1": "bad_address",
    "5.2.2": "unreachable",
    "5.2.3": "too_long",
    "5.3.4": "too_long",
    "5.4": "unreachable",
    "5.7": "policy",  # our domain, our key, our reputation: the address is good
}
_PASSING = {"4.2": "unreachable", "4.7": "throttled"}
_CREDENTIALS = {454, 530, 534, 535, 538}
_BARE = {551: "bad_address", 553: "bad_address", 552: "too_long", 554: "rejected", 450: "unreachable"}


def meaning(code: int, text: str, *, at_recipient: bool) -> DeliveryError:
    """Turn a 4xx or 5xx reply into ours. `at_recipient` says that RCPT was answered, not DATA or the
    greeting.
    """
    if code in _CREDENTIALS:
        return DeliveryError(permanent=False, kind="credentials", detail=str(code))
    permanent = 500 <= code < 600
    enhanced = _ENHANCED.search(text)
    detail = f"{code} {enhanced.group(0)}" if enhanced else str(code)
    return DeliveryError(permanent=permanent, kind=_kind(code, enhanced, at_recipient), detail=detail)


def _kind(code: int, enhanced: re.Match[str] | None, at_recipient: bool) -> str:  # noqa: FBT001  private
    table = _PERMANENT if code >= 500 else _PASSING
    if enhanced:
        whole, subject = enhanced.group(0), f"{enhanced.group(1)}.{enhanced.group(2)}"
        found = table.get(whole) or table.get(subject)
        if found:
            return found
    if code in _BARE:
        return _BARE[code]
    if code >= 500:
        return "bad_address" if at_recipient else "rejected"
    return "gateway_down"
