"""What an SMTP reply means (RFC 5321 codes, RFC 3463 enhanced codes)."""

import re

from notifier.exceptions import DeliveryError

ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
GREYLIST_WAIT_S = 75.0  # lists ask for one to five minutes; eight tries at this pace outlast them
MAX_REPLY = 65_536  # bytes of one reply, however many lines it claims

# By class.subject, or the whole code where one detail differs from its subject.
_PERMANENT = {
    "5.1": "bad_address",
    "5.1.7": "configuration",  # the sender's address is malformed: ours
    "5.1.8": "configuration",  # the sender's domain does not exist: ours
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
_WANTS_TLS = re.compile(r"\bSTARTTLS\b|\bTLS\b.*\b(?:required|first)\b", re.IGNORECASE)
_TOO_FAST = re.compile(
    r"\b(?:rate|limit\w*|slow\w*|throttl\w*|too (?:many|fast|much)|exceed\w*)\b", re.IGNORECASE
)


def meaning(code: int, text: str, *, at_recipient: bool) -> DeliveryError:
    """Turn a 4xx or 5xx reply into ours. `at_recipient` says that RCPT was answered, not DATA or the
    greeting.
    """
    if code in _CREDENTIALS:
        kind = "configuration" if code == 530 and _WANTS_TLS.search(text) else "credentials"
        return DeliveryError(permanent=False, kind=kind, detail=str(code))
    enhanced = ENHANCED.search(text)
    detail = f"{code} {enhanced.group(0)}" if enhanced else str(code)
    if at_recipient and _is_greylisted(code, enhanced, text):
        return DeliveryError(
            permanent=False, kind="unreachable", retry_after_s=GREYLIST_WAIT_S, detail=detail
        )
    kind = _kind(code, enhanced, at_recipient)
    # A fault of the account's that a person mends: the words wait for it.
    permanent = 500 <= code < 600 and kind != "configuration"
    return DeliveryError(permanent=permanent, kind=kind, detail=detail)


def _is_greylisted(code: int, enhanced: re.Match[str] | None, text: str) -> bool:
    """One recipient's server says "come back": nobody else waits for that."""
    if "greylist" in text.lower() or "graylist" in text.lower():
        return 400 <= code < 500
    policy = enhanced is not None and enhanced.group(0).startswith("4.7.")
    return code in (450, 451) and policy and not _TOO_FAST.search(text)


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
