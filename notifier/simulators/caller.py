"""How gateways call us back: few kept connections, retries, disorder and doubles on demand."""

import asyncio
import random
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 8
TRIES = 9  # with doubling pauses: about two minutes
FIRST_PAUSE_S = 0.25
ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call-back; `url` is absolute."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""
    tries: int = 0


class Caller:
    """A queue of call-backs and its connections. A call answered with 2xx, 403 or 404 is done."""

    def __init__(self, *, duplicates: bool = False, disorder: bool = False, seed: int = 1) -> None:
        self.duplicates = duplicates
        self.disorder = disorder
        self.done = 0
        self.given_up = 0
        self._pausing = 0
        self._busy = 0
        self._calls: deque[Call] = deque()
        self._wake = asyncio.Event()
        self._random = random.Random(seed)  # noqa: S311  a simulator's dice
        self._workers: list[asyncio.Task[None]] = []

    @property
    def waiting(self) -> int:
        """Calls not yet answered."""
        return len(self._calls) + self._busy + self._pausing

    def call(self, method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Queue one call-back; twice when duplicates are on, anywhere when disorder is."""
        for _ in range(2 if self.duplicates else 1):
            call = Call(method, url, headers or {}, body)
            if self.disorder and self._calls:
                self._calls.insert(self._random.randrange(len(self._calls) + 1), call)
            else:
                self._calls.append(call)
        self._wake.set()

    def start(self) -> None:
        """Begin working."""
        self._workers = [asyncio.ensure_future(self._work()) for _ in range(CONNECTIONS)]

    async def stop(self) -> None:
        """End at once; what waits is dropped, as when a gateway loses power."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _work(self) -> None:
        line = _Line()
        try:
            while True:
                while not self._calls:
                    self._wake.clear()
                    await self._wake.wait()
                call = self._calls.popleft()
                self._busy += 1
                try:
                    status = await line.ask(call)
                finally:
                    self._busy -= 1
                self._judge(call, status)
        finally:
            line.close()

    def _judge(self, call: Call, status: int) -> None:
        if 200 <= status < 300 or status in (403, 404):
            self.done += 1
        elif call.tries + 1 >= TRIES:
            self.given_up += 1
        else:
            again = Call(call.method, call.url, call.headers, call.body, call.tries + 1)
            self._pausing += 1
            asyncio.get_running_loop().call_later(FIRST_PAUSE_S * 2**call.tries, self._again, again)

    def _again(self, call: Call) -> None:
        self._pausing -= 1
        self._calls.append(call)
        self._wake.set()


class _Line:
    """One kept connection to one host at a time."""

    def __init__(self) -> None:
        self._host = ""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, call: Call) -> int:
        """The status our side answered, 0 when it did not."""
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._exchange(call)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, TimeoutError):
            self.close()
            return 0

    def close(self) -> None:
        """Drop the connection."""
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None

    async def _exchange(self, call: Call) -> int:
        where = urlsplit(call.url)
        if self._writer is None or self._writer.is_closing() or self._host != where.netloc:
            self.close()
            secure = where.scheme == "https"
            port = where.port or (443 if secure else 80)
            self._reader, self._writer = await asyncio.open_connection(
                where.hostname, port, ssl=secure or None
            )
            self._host = where.netloc
        assert self._reader is not None
        self._writer.write(_request(call, where.netloc, where.path, where.query))
        return await self._status(self._reader)

    async def _status(self, reader: asyncio.StreamReader) -> int:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(":", 1) for line in head[1:] if ":" in line)
        await reader.readexactly(int(headers.get("content-length", "0")))
        if "transfer-encoding" in headers or headers.get("connection", "").strip() == "close":
            self.close()
        return int(head[0].split(" ")[1])


def _request(call: Call, host: str, path: str, query: str) -> bytes:
    target = f"{path or '/'}?{query}" if query else path or "/"
    lines = [f"{call.method} {target} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(call.body)}"]
    lines += [f"{name}: {value}" for name, value in call.headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + call.body
