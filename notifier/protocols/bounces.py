"""What comes back by mail: delivery reports (RFC 3464), complaints (RFC 5965), and mails to the way out.

Whoever can write to a mailbox wrote it, so nothing here is believed for its own sake: a mail counts only
by the reference it names, which is ours and cannot be made up, and of its words only codes are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message as Mail
from email.parser import BytesHeaderParser

from notifier.exceptions import HookUnreadable
from notifier.message import State
from notifier.protocols import smtp

_REFERENCE = r"(?P<reference>[0-9a-z]{1,13}-[0-9a-f]{6,32})"
_TO = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To")
_ARRIVED = {"delivered": "delivered", "relayed": "accepted", "expanded": "accepted"}
_NOBODY = re.compile(
    r"(?:user|recipient|mailbox|account|address)\W+(?:\w+\W+){0,4}?"
    r"(?:unknown|not (?:exist|found|known)|invalid|disabled|inactive|unavailable)"
    r"|no such (?:user|recipient|mailbox|person|address)"
    r"|(?:unknown|invalid) (?:user|recipient|mailbox|address)"
    r"|does(?:n't| not) exist",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b([45]\d\d)\b")
_OUR_SEAL = re.compile(r"5\.7\.(?:2[0-9]|30|509|515)\b")  # SPF, DKIM, DMARC: nothing of ours gets through
# What is said of a message that was tried for days is final, whatever passes on another day.
_FINAL = {"gateway_down": "expired", "throttled": "expired", "credentials": "rejected"}
MOST_WORDS = 20_000  # of a bounce in prose that are looked through
MOST_PARTS = 50
MOST_BYTES = 1_000_000  # what is larger is no report: ours are small, and a report holds one of ours


@dataclass(frozen=True, slots=True)
class Returned:
    """What one mail says of one message of ours.

    kind: a key of ERROR_KINDS; "opted_out" for a complaint or a mail to the way out. detail: codes alone.
    is_ours: the fault is our domain's or key's, so that everything is refused.
    """

    reference: str
    state: State
    kind: str
    detail: str
    what: str = "bounce"
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """Where mail of ours comes back to; templates may hold {reference}, `domain` ends our Message-IDs."""

    domain: str
    bounces: str = ""
    leaving: str = ""


def read(body: bytes, boxes: Mailboxes, envelope_to: str = "") -> Returned | None:
    """What a mail says; None for what says nothing about a message (a holiday note, a delay, junk).

    `envelope_to` is the address it was delivered to, where the mail server tells. Raise HookUnreadable
    for a report that names no message of ours or cannot be read.
    """
    try:
        mail = message_from_bytes(body)
        told = [envelope_to, *(value for name in _TO for value in map(str, mail.get_all(name, [])))]
        return _read(mail, boxes, told)
    except (MessageError, ValueError, LookupError, RecursionError, TypeError, AttributeError) as error:
        raise HookUnreadable(f"not a mail: {type(error).__name__}") from None


def is_returned(body: bytes, boxes: Mailboxes, envelope_to: str = "") -> bool:
    """Whether a mail that says nothing of a message was not written to us by a person all the same: it came
    to where mail of ours comes back to, or from a mail server. Its head alone is read.
    """
    try:
        head = BytesHeaderParser().parsebytes(body)
        told = [envelope_to, *(str(value) for name in _TO for value in head.get_all(name, []))]
        is_ours = bool(_named(boxes.leaving, told) or _named(boxes.bounces, told))
        return is_ours or head.get_content_type() == "multipart/report" or _is_bounce(head)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        return False


def _read(mail: Mail, boxes: Mailboxes, told: list[str]) -> Returned | None:
    leaving = _named(boxes.leaving, told)
    if leaving:
        return Returned(leaving, "delivered", "opted_out", "mail", "leave")
    reference = _named(boxes.bounces, told) or _of_original(mail, boxes.domain)
    kind = str(mail.get_param("report-type", "")).lower()
    if mail.get_content_type() == "multipart/report" and kind in ("delivery-status", "feedback-report"):
        if not reference:
            raise HookUnreadable("a report about no message of ours")
        return _reported(mail, reference) if kind == "delivery-status" else _complained(mail, reference)
    return _in_prose(mail, reference) if reference and _is_bounce(mail) else None


def _named(template: str, told: list[str]) -> str:
    """The reference an address holds that is made by a template; empty when none is."""
    if "{reference}" not in template:
        return ""
    before, _, after = template.partition("{reference}")
    pattern = re.compile(rf"(?<![\w.+-]){re.escape(before)}{_REFERENCE}{re.escape(after)}(?![\w.-])", re.I)
    found = next(filter(None, map(pattern.search, told)), None)
    return found["reference"].lower() if found else ""


def _of_original(mail: Mail, domain: str) -> str:
    """The reference in the Message-ID of the mail that is returned, whole or its head alone."""
    pattern = re.compile(rf"<{_REFERENCE}@{re.escape(domain)}>", re.IGNORECASE)
    for part in _parts(mail):
        if part is mail:
            continue
        words = str(part.get("Message-ID", ""))
        if part.get_content_type() == "text/rfc822-headers":
            words = _words(part)
        found = pattern.search(words)
        if found:
            return found["reference"].lower()
    return ""


def _reported(mail: Mail, reference: str) -> Returned | None:
    """The first recipient's lot: each of our mails has one."""
    for part in _parts(mail):
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            for block in part.get_payload():
                if isinstance(block, Mail) and block.get("Action"):
                    return _lot(block, reference)
    raise HookUnreadable("a report without an action")


def _lot(block: Mail, reference: str) -> Returned | None:
    action = str(block["Action"]).strip().lower()
    status = smtp.ENHANCED.search(str(block.get("Status", "")))
    code = status.group(0) if status else ""
    if action in _ARRIVED:
        state: State = "delivered" if action == "delivered" else "accepted"
        return Returned(reference, state, "", code)
    if action != "failed":  # delayed: it is still tried
        return None
    return _failed(reference, code, str(block.get("Diagnostic-Code", "")))


def _failed(reference: str, status: str, said: str) -> Returned:
    specific = "" if status.endswith(".0.0") else status
    found = smtp.ENHANCED.search(said)
    enhanced = specific or (found.group(0) if found else status)
    number = _CODE.search(said)
    code = int(number[1]) if number else 550 if not enhanced.startswith("4") else 450
    kind = smtp.meaning(code, enhanced, at_recipient=False).kind
    if kind == "rejected" and _NOBODY.search(said):
        kind = "bad_address"
    kind = _FINAL.get(kind, kind)
    detail = f"{code} {enhanced}".strip()
    return Returned(reference, "failed", kind, detail, is_ours=bool(_OUR_SEAL.search(enhanced)))


def _complained(mail: Mail, reference: str) -> Returned | None:
    """A person's "this is junk" (ARF): it arrived, and they want no more."""
    for part in _parts(mail):
        if part.get_content_type() == "message/feedback-report":
            inner = part.get_payload()
            blocks = inner if isinstance(inner, list) else [message_from_bytes(str(inner).encode())]
            kinds = [_feedback(block) for block in blocks if isinstance(block, Mail)]
            if any(kind and kind != "not-spam" for kind in kinds):
                return Returned(reference, "delivered", "opted_out", next(filter(None, kinds)), "complaint")
            return None
    raise HookUnreadable("a complaint without a type")


def _feedback(block: Mail) -> str:
    return str(block.get("Feedback-Type", "")).strip().lower()


def _is_bounce(mail: Mail) -> bool:
    """Whether a mail server wrote it; what a person's mailbox answers by itself says nothing."""
    answered = str(mail.get("Auto-Submitted", "")).lower().startswith("auto-replied")
    answered = answered or bool(mail.get("X-Autoreply") or mail.get("X-Autorespond"))
    sender = f"{mail.get('From', '')} {mail.get('Return-Path', '')}".lower()
    by_server = any(name in sender for name in ("mailer-daemon", "postmaster", "<>"))
    return by_server and not answered


def _in_prose(mail: Mail, reference: str) -> Returned | None:
    """A bounce that is no report (qmail's, an appliance's): by the codes in its words."""
    words = "\n".join(_words(part) for part in _parts(mail) if part.get_content_maintype() == "text")
    words = words[:MOST_WORDS]
    found = smtp.ENHANCED.search(words)
    if (found is None or found.group(1) != "5") and not _NOBODY.search(words):
        return None
    return _failed(reference, found.group(0) if found and found.group(1) == "5" else "5.0.0", words)


def _parts(mail: Mail) -> Iterator[Mail]:
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _words(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    charset = part.get_content_charset() or "utf-8"
    try:
        return payload.decode(charset, "replace") if isinstance(payload, bytes) else ""
    except LookupError:
        return payload.decode("latin-1") if isinstance(payload, bytes) else ""
