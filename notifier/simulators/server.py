"""A small HTTP/1.1 server on asyncio: kept connections, whole bodies, and the faults gateways have.

http.server and its threads answer a few hundred requests a second; a country's alert is thousands.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_to_bytes

MAX_HEAD = 64 * 1024
MAX_BODY = 20_000_000


class Fault(Enum):
    """What a handler gives in place of an answer."""

    CLOSE = auto()  # the connection ends without a word
    HANG = auto()  # nothing more ever comes


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. Header names are lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    def fields(self) -> dict[str, str]:
        """Query and urlencoded body together."""
        pairs = parse_qsl(self.query, keep_blank_values=True)
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            pairs += parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return dict(pairs)

    def raw_field(self, name: str) -> bytes:
        """A query value's bytes, before any charset is believed."""
        for pair in self.query.split("&"):
            key, _, value = pair.partition("=")
            if key == name:
                return unquote_to_bytes(value.replace("+", " "))
        return b""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Asked], Answered | Fault]


class HttpProtocol(asyncio.Protocol):
    """One connection; requests are answered in the order they come."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.buffer = b""
        self.hung = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request in the buffer."""
        self.buffer += data
        while not self.hung and self.transport is not None and not self.transport.is_closing():
            asked = self._next()
            if asked is None:
                return
            self._answer(asked, self.handler(asked))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go."""
        self.transport = None

    def _next(self) -> Asked | None:
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            self._refuse_above(len(self.buffer), MAX_HEAD)
            return None
        lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
        }
        length = int(headers.get("content-length") or 0)
        self._refuse_above(length, MAX_BODY)
        if len(rest) < length:
            return None
        self.buffer = rest[length:]
        method, target, _ = (lines[0] + "  ").split(" ", 2)
        path, _, query = target.partition("?")
        return Asked(method, path, query, headers, rest[:length])

    def _refuse_above(self, size: int, most: int) -> None:
        if size > most and self.transport is not None:
            self.transport.abort()

    def _answer(self, asked: Asked, answered: Answered | Fault) -> None:
        assert self.transport is not None
        if answered is Fault.HANG:
            self.hung = True
        elif isinstance(answered, Answered):
            self.transport.write(_bytes(answered))
            if asked.headers.get("connection", "").lower() == "close":
                self.transport.close()
        else:
            self.transport.close()


def _bytes(answered: Answered) -> bytes:
    lines = [
        f"HTTP/1.1 {answered.status} {HTTPStatus(answered.status).phrase}",
        f"Content-Type: {answered.content_type}",
        f"Content-Length: {len(answered.body)}",
        *(f"{name}: {value}" for name, value in answered.headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + answered.body
