"""The one seam through which this project speaks HTTP outwards: a Transport takes a Request, gives a
Response.

Foreign errors are mapped here, once. They are not chained ("from None"): their texts hold the whole URL,
which for some gateways carries a password, a phone number and the message.
"""

import logging
import os
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3
from requests import exceptions as foreign
from requests.hooks import default_hooks
from requests.structures import CaseInsensitiveDict

from notifier.exceptions import (
    AnswerLost,
    AnswerUnreadable,
    ConnectFailed,
    DeliveryError,
    TransportError,
)
from notifier.message import Problem
from notifier.public_hosts import LONGEST_EXCHANGE_S, PublicHosts

CONNECT_S = 3.05
READ_S = 10.0
MAX_ANSWER = 1_000_000
PIECE = 64 * 1024
USER_AGENT = "najda"

# At DEBUG urllib3 writes every path with its query: credentials and messages in the log.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `query` is already URL-encoded; `files` makes the body multipart with `fields`.

    `content` is a whole body and comes alone (its Content-Type stands in `headers`). `certificate` names the
    PEM files of a client certificate and its key; `authorities` a bundle that replaces the system's.
    `most_bytes` is the longest answer read, `whole_s` the longest all of it may take (None: each pause has
    `read_s`). `public_only` is for addresses that strangers gave us: HTTPS to public addresses, or NotPublic.
    """

    method: str
    url: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] | None = None
    files: Mapping[str, tuple[str, bytes, str]] | None = None  # field: (file name, bytes, media type)
    content: bytes | None = None
    certificate: tuple[str, str] | None = None
    authorities: str = ""
    read_s: float = READ_S
    most_bytes: int = MAX_ANSWER
    whole_s: float | None = None
    public_only: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer of at most `most_bytes`. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8, what does not decode replaced."""
        return self.body.decode("utf-8", "replace")


Transport = Callable[[Request], Response]

# What an address in our own settings is when nobody can be asked by it.
_MISWRITTEN = frozenset({"InvalidURL", "InvalidSchema", "MissingSchema"})

# OpenSSL's X509_V_ERR_*: what a person at the other side has to mend.
_FAULTS = {9: "not_yet_valid", 10: "expired", 18: "unknown", 19: "unknown", 20: "unknown", 62: "other_host",
           64: "other_host"}  # fmt: skip

_kept = threading.local()


def send(request: Request) -> Response:
    """Make one call on a kept connection; redirects are not followed.

    Raise ConnectFailed when nothing was sent, AnswerLost when the other side may have acted,
    AnswerUnreadable when its answer is over `most_bytes` or breaks off.
    """
    url = f"{request.url}?{request.query}" if request.query else request.url
    try:
        session = _session()
        prepared = _prepared(session, request, url)
        times = (CONNECT_S, request.read_s)
        # The adapter and not the session: no redirects, no cookies, half the time.
        adapter = _public_hosts(request.whole_s) if request.public_only else session.get_adapter(url)
        trusted = request.authorities or True
        with adapter.send(
            prepared, stream=True, timeout=times, cert=request.certificate, verify=trusted
        ) as answer:
            return _whole(answer, request.most_bytes, request.whole_s)
    except (
        foreign.ConnectTimeout,
        foreign.InvalidURL,
        foreign.InvalidSchema,
        foreign.MissingSchema,
    ) as error:
        raise ConnectFailed(type(error).__name__) from None
    except foreign.SSLError as error:
        raise ConnectFailed(_fault_of_certificate(error)) from None
    except foreign.ReadTimeout:
        raise AnswerLost("timed_out") from None
    except foreign.ConnectionError as error:
        raise _broken(error) from None
    except (foreign.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise AnswerUnreadable(type(error).__name__) from None


def refusal(error: TransportError) -> DeliveryError:
    """A broken exchange as the refusal of a message that did not leave, or does no harm when repeated: a port
    that is shut needs time, a certificate that does not hold and an address that is none need a person.
    """
    code = str(error)
    kind = "certificate" if code.startswith("certificate") else "connection"
    kind = "credentials" if code == "certificate_refused" else kind
    kind = "configuration" if code in _MISWRITTEN else kind
    return DeliveryError(permanent=False, kind=kind, detail=code)


def problem(error: TransportError | DeliveryError) -> Problem:
    """The same as check() tells it; a gateway that is only slowed down is no trouble."""
    found = error if isinstance(error, DeliveryError) else refusal(error)
    return Problem(found.kind, found.detail, serious=found.kind != "throttled")


def fault_of_certificate(code: object) -> str:
    """OpenSSL's verdict on a certificate (X509_V_ERR_*) as ours: "certificate" or "certificate_expired", …"""
    return f"certificate_{_FAULTS[code]}" if isinstance(code, int) and code in _FAULTS else "certificate"


def clock_error_s() -> float | None:
    """How far this machine's clock is ahead of the last answer's Date header, in seconds (a second is its
    grain); None when no answer came since the last question. Asked once, it forgets.
    """
    told: float | None = getattr(_kept, "ahead_s", None)
    _kept.ahead_s = None
    return told


def _session() -> requests.Session:
    # A session belongs to one thread of one process: a forked worker must not share its parent's sockets.
    if getattr(_kept, "pid", None) != os.getpid():
        _kept.pid = os.getpid()
        _kept.session = requests.Session()
        _kept.session.trust_env = False  # ~/.netrc and proxy variables must not decide where alerts go
    session: requests.Session = _kept.session
    return session


def _public_hosts(whole_s: float | None) -> PublicHosts:
    exchange_s = whole_s or LONGEST_EXCHANGE_S
    if getattr(_kept, "public_pid", None) != os.getpid():
        _kept.public_pid = os.getpid()
        _kept.public = {}
    adapters: dict[float, PublicHosts] = _kept.public
    if exchange_s not in adapters:
        adapters[exchange_s] = PublicHosts(exchange_s=exchange_s)
    return adapters[exchange_s]


def _prepared(session: requests.Session, request: Request, url: str) -> requests.PreparedRequest:
    if request.content is not None:
        whole = requests.Request(request.method, url, dict(request.headers), data=request.content)
        return session.prepare_request(whole)
    if request.fields is not None or request.files:
        form = requests.Request(request.method, url, dict(request.headers), request.files, request.fields)
        return session.prepare_request(form)
    prepared = requests.PreparedRequest()  # thousands of sendsms calls: the URL is encoded, there is no body
    prepared.method, prepared.url, prepared.hooks = request.method, url, default_hooks()
    prepared.headers = CaseInsensitiveDict({"User-Agent": USER_AGENT, **request.headers})
    return prepared


def _whole(answer: requests.Response, most_bytes: int, whole_s: float | None) -> Response:
    announced = answer.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > most_bytes:
        raise AnswerUnreadable("too_big")
    body = _streamed(answer, most_bytes, whole_s) if whole_s else _at_once(answer, most_bytes)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    _kept.ahead_s = _ahead_s(headers.get("date", ""))
    return Response(answer.status_code, headers, body)


def _at_once(answer: requests.Response, most_bytes: int) -> bytes:
    body: bytes = answer.raw.read(most_bytes + 1, decode_content=True)
    if len(body) > most_bytes:
        raise AnswerUnreadable("too_big")
    answer.raw.read(1)  # the end: an answer that broke off shows only here
    return body


def _streamed(answer: requests.Response, most_bytes: int, whole_s: float) -> bytes:
    """Read as it comes: neither an endless body nor one that drips may hold a worker, or fill its memory."""
    body, ends_at = bytearray(), time.monotonic() + whole_s
    while piece := answer.raw.read1(PIECE, decode_content=True):
        body += piece
        if len(body) > most_bytes:
            raise AnswerUnreadable("too_big")
        if time.monotonic() > ends_at:
            raise AnswerLost("too_slow")
    return bytes(body)


def _ahead_s(date: str) -> float | None:
    try:
        told = parsedate_to_datetime(date)
    except (ValueError, IndexError):
        return None
    return (datetime.now(UTC) - told).total_seconds() if told.tzinfo else None


def _fault_of_certificate(error: foreign.SSLError) -> str:
    """Say "certificate", or its fault: expired, not yet valid, another host's, of no known authority; refused
    when it is ours that the other side will not have; "closed" when it hung up before all was written.
    """
    inner: Any = error.args[0] if error.args else None
    cause = getattr(inner, "reason", inner)
    cause = cause.args[0] if isinstance(cause, urllib3.exceptions.SSLError) and cause.args else cause
    code = getattr(cause, "verify_code", None)
    if isinstance(cause, ssl.SSLEOFError):
        return "closed"
    if "ALERT" in str(getattr(cause, "reason", "")):  # OpenSSL's word for what the peer said
        return "certificate_refused"
    return fault_of_certificate(code)


def _broken(error: foreign.ConnectionError) -> ConnectFailed | AnswerLost:
    inner: Any = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    if isinstance(reason, urllib3.exceptions.NewConnectionError):  # refused, no route, unknown host
        return ConnectFailed("refused")
    return AnswerLost("closed")
