"""Connections to public addresses alone: for addresses that strangers gave us (push subscriptions).

A name is looked up once, what it leads to is judged, and that very address is connected to: a second look-up
between the judgement and the connection (DNS rebinding) does not exist. The certificate is still the name's.
"""

import ipaddress
import socket
import time
from collections.abc import Callable
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from notifier.exceptions import ConnectFailed

LONGEST_EXCHANGE_S = 15.0

Lookup = Callable[..., list[tuple[Any, ...]]]
Judge = Callable[[str], bool]
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # NAT64: the last four bytes are an IPv4 address


class NotPublic(ConnectFailed):
    """The name leads to an address that is not the public's: private, loopback, link-local, metadata."""


def is_public(address: str) -> bool:
    """Say whether an address belongs to the public network, whatever IPv6 wraps it in."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _TRANSLATED:
            inner = ipaddress.IPv4Address(found.packed[-4:])
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not found.is_multicast


class PublicHosts(HTTPAdapter):
    """An adapter of `requests` that speaks HTTPS with public addresses and nothing else.

    `lookup` and `judge` are the resolver and the judgement; tests bring their own. An exchange is over after
    `exchange_s`, however a stranger spins it out.
    """

    def __init__(
        self,
        lookup: Lookup = socket.getaddrinfo,
        judge: Judge = is_public,
        exchange_s: float = LONGEST_EXCHANGE_S,
    ) -> None:
        self._pools = _pools(lookup, judge, exchange_s)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Give the pool our connections; plain HTTP has none."""
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"https": self._pools}

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Send, or raise NotPublic."""
        if not (request.url or "").startswith("https://"):
            raise NotPublic("not_https")
        return super().send(request, *args, **kwargs)


def _pools(lookup: Lookup, judge: Judge, exchange_s: float) -> type[HTTPSConnectionPool]:
    class Connection(HTTPSConnection):
        ends_at = 0.0

        def connect(self) -> None:
            super().connect()
            read = self.sock.recv_into

            def read_in_time(*args: Any, **kwargs: Any) -> int:
                # A timeout counts from byte to byte: one byte a second would hold a worker for hours.
                if time.monotonic() > self.ends_at:
                    raise TimeoutError("exchange")
                return read(*args, **kwargs)

            self.sock.recv_into = read_in_time  # type: ignore[method-assign]  # what its reader calls

        def request(self, *args: Any, **kwargs: Any) -> None:
            self.ends_at = time.monotonic() + exchange_s
            super().request(*args, **kwargs)

        def _new_conn(self) -> socket.socket:
            timeout_s = self.timeout if isinstance(self.timeout, int | float) else None
            try:
                return _connected(_judged(lookup, judge, self._dns_host, self.port or 443), timeout_s)
            except socket.gaierror as error:
                raise NameResolutionError(self.host, self, error) from error
            except TimeoutError as error:
                raise ConnectTimeoutError(self, "timed out") from error
            except OSError as error:
                raise NewConnectionError(self, type(error).__name__) from error

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool


def _judged(lookup: Lookup, judge: Judge, host: str, port: int) -> list[tuple[Any, ...]]:
    """Look a name up once. One bad address among good ones condemns it: an honest service has none."""
    found = lookup(host, port, type=socket.SOCK_STREAM)
    if not all(judge(sockaddr[0]) for *_, sockaddr in found):
        raise NotPublic("not_public")
    return found


def _connected(found: list[tuple[Any, ...]], timeout_s: float | None) -> socket.socket:
    """A socket to the first of these very addresses that answers."""
    refused = OSError("no address")
    for family, kind, protocol, _, sockaddr in found:
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(timeout_s)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.connect(sockaddr)
        except OSError as error:
            made.close()
            refused = error
        else:
            return made
    raise refused
