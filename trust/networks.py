"""Where many reports come from at once, without a list of who: a crowded network works harder and is flagged.

Whole mobile operators share an address, so it never refuses (trust.work has the example). What is kept for an
hour is a keyed digest of the network (/24, /48) and a number.
"""

import threading
import time
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from trust import clock, keys, throttle
from trust.models.throttle import ThrottleHit

SCOPE = "network"
PERIOD_S = 3600
PREFIX = {4: 24, 6: 48}  # bits: a block of one customer, or of a small piece of an operator
PAUSE_S = 1.0
PAUSED_AT_ONCE = 2  # of the four threads that a web process answers with

_pauses = threading.BoundedSemaphore(PAUSED_AT_ONCE)


def crowded(request: HttpRequest) -> bool:
    """Say whether the client's network has sent its CROWDED_REPORTS of this hour; False when it is unknown.

    A POST is counted (2-4 queries), a GET only looks (2). Not within a transaction that may be rolled back.
    """
    network = client_network(request)
    if network is None:
        return False
    limit = settings.CROWDED_REPORTS
    if request.method == "POST":
        return not throttle.hit(SCOPE, str(network), limit=limit, period_s=PERIOD_S)
    window = int(clock.now().timestamp()) // PERIOD_S
    token = keys.token(f"throttle {SCOPE}", str(network))  # as throttle.hit makes it
    full = ThrottleHit.objects.filter(scope=SCOPE, key=token, window=window, count__gte=limit)
    return full.exists()


def client_network(request: HttpRequest) -> IPv4Network | IPv6Network | None:
    """Return the network of the nearest address that is no proxy of ours; None for none, or this machine."""
    address = client_address(request)
    if address is None or address.is_loopback:
        return None
    return ip_network((address, PREFIX[address.version]), strict=False)


def client_address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """Return the nearest address that is no proxy of ours; None where there is none, as behind a socket.

    X-Forwarded-For is read as far as TRUSTED_PROXIES vouch for it: from the right, which nobody can forge.
    """
    address = _address(request.META.get("REMOTE_ADDR", ""))
    trusted = settings.TRUSTED_PROXIES
    forwarded = request.headers.get("X-Forwarded-For", "").split(",") if trusted else []
    while address and forwarded and any(address in proxy for proxy in trusted):
        address = _address(forwarded.pop())
    return address


def pause_unproved() -> bool:
    """Delay this request by PAUSE_S, unless as many are delayed already; return whether it was.

    So a flood waits for itself, and half of the threads stay free for everybody else.
    """
    if not _pauses.acquire(blocking=False):
        return False
    try:
        time.sleep(PAUSE_S)
    finally:
        _pauses.release()
    return True


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:  # a socket's path, or what a stranger wrote into the header
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
