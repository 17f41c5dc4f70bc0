"""Twilio's call-backs: the signature over the address as called, statuses, messages from the public.

The signature after twilio-python's request_validator.py.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

from notifier import incoming
from notifier.exceptions import HookUnreadable
from notifier.incoming import IncomingFile
from notifier.message import Inbound, RawRequest, ReceiptEvent, State
from notifier.protocols import media, twilio

STATES: dict[str, State] = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "partially_delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}

# What Twilio calls what notifier.incoming reads; a pin comes by channels other than SMS (U).
NAMES = {
    "Latitude": "latitude",
    "Longitude": "longitude",
    "Label": "place_name",
    "Address": "place_address",
    "OriginalRepliedMessageSid": "replies_to",
}


def status_callback(hook_url: str, reference: str) -> str:
    """The address Twilio calls about one message; its signature covers the reference in it."""
    return f"{hook_url}?ref={quote(reference, safe='')}"


def signature(auth_token: str, url: str, fields: Sequence[tuple[str, str]] = ()) -> str:
    """X-Twilio-Signature: over the URL and each POST field, sorted; a key's values sorted, once each."""
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def is_signed(auth_token: str, url: str, request: RawRequest) -> bool:
    """Whether Twilio signed this call to `url`, in constant time; without a token nothing is signed.

    A body that is no form is covered by its hash in the URL. The port is tried both ways: Twilio signs
    sometimes with the usual one, sometimes without.
    """
    fields: list[tuple[str, str]] = []
    if request.body and _is_form(request):
        fields = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    elif request.body and not _is_hashed(request):
        return False
    given = request.header("X-Twilio-Signature").encode()
    matches = [
        hmac.compare_digest(signature(auth_token, address, fields).encode(), given) for address in _ports(url)
    ]
    return bool(auth_token) and any(matches)


def as_called(url: str, hook_url: str) -> str:
    """The address Twilio was given, whatever a proxy made of scheme and host."""
    own, called = urlsplit(hook_url), urlsplit(url)
    return called._replace(scheme=own.scheme, netloc=own.netloc).geturl()


def read_hook(request: RawRequest) -> list[ReceiptEvent | Inbound]:
    """A status, or a message from the public. Raise HookUnreadable; Debugger events give nothing."""
    fields = _fields(request)
    sid = fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid", "")
    status = fields.get("MessageStatus") or fields.get("SmsStatus", "")
    if "PayloadType" in fields:
        return []
    if not sid or not (status or "Body" in fields):
        raise HookUnreadable("MessageSid or MessageStatus is missing")
    if "Body" in fields and "MessageStatus" not in fields:
        return [_incoming(sid, fields)]
    return _report(sid, status, request.query().get("ref", ""), fields)


def _report(sid: str, status: str, reference: str, fields: Mapping[str, str]) -> list[ReceiptEvent | Inbound]:
    state = STATES.get(status)
    if state is None:  # states are added without notice
        return []
    kind = _error_kind(status, twilio.as_number(fields.get("ErrorCode"))) if state == "failed" else ""
    # RawDlrDoneDate has no zone: no time is better than a wrong one.
    return [ReceiptEvent(sid, reference, state, kind, None, f"{sid}:{status}")]


def _error_kind(status: str, code: int) -> str:
    if status == "canceled":
        return "expired"
    return twilio.MEANINGS.get(code, ("unreachable" if status == "undelivered" else "rejected", True))[0]


def _incoming(sid: str, fields: Mapping[str, str]) -> Inbound:
    # Words a deployment gave Twilio for stopping may be in none of our lists: Twilio says what they mean.
    stops = fields.get("OptOutType", "").upper() == "STOP"
    raw = {name: value for name, value in fields.items() if stops or name != "Body"}
    said = "STOP" if stops else fields["Body"]
    raw |= {ours: fields[theirs] for theirs, ours in NAMES.items() if fields.get(theirs)}
    raw |= incoming.packed(_files(fields))
    return Inbound("text", sid, fields.get("From", ""), said, None, f"mo:{sid}", fields.get("To", ""), raw)


def _files(fields: Mapping[str, str]) -> Iterator[IncomingFile]:
    for number in range(min(twilio.as_number(fields.get("NumMedia")), incoming.MOST_FILES)):
        url = fields.get(f"MediaUrl{number}", "")
        if url:
            kind = media.plain_type(fields.get(f"MediaContentType{number}", ""))
            yield IncomingFile(url=url, media_type=kind)


def _fields(request: RawRequest) -> dict[str, str]:
    if request.method == "GET":
        return request.query()
    if _is_form(request):
        return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    data = twilio.as_object(request.body)
    if data is None:
        raise HookUnreadable("neither a form nor an object")
    return {str(name): str(value) for name, value in data.items() if value is not None}


def _is_form(request: RawRequest) -> bool:
    return request.header("Content-Type").lower().startswith("application/x-www-form-urlencoded")


def _is_hashed(request: RawRequest) -> bool:
    given = request.query().get("bodySHA256", "").lower().encode()
    return hmac.compare_digest(hashlib.sha256(request.body).hexdigest().encode(), given)


def _ports(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    host = parts.netloc.rpartition("@")[2]
    bare = host.removesuffix(f":{parts.port}") if parts.port else host
    with_port = f"{bare}:{parts.port or usual}"
    return tuple(dict.fromkeys((url, _at(parts, bare), _at(parts, with_port))))


def _at(parts: SplitResult, netloc: str) -> str:
    return parts._replace(netloc=netloc).geturl()
