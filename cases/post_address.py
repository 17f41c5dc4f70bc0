"""The address of a post, so that the same post is known again however it was copied. Pure: no Django.

An address is text: it is kept, compared and shown, and never asked for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

MAX_LENGTH = 2000
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d{1,5}\Z)", re.IGNORECASE)  # and no host with its port
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_DOORS = ("www.", "m.", "mobile.", "web.", "touch.", "mbasic.", "fr-fr.", "ar-ar.", "en-gb.")
_SAME_HOST = {
    "fb.com": "facebook.com", "instagr.am": "instagram.com", "twitter.com": "x.com", "telegram.me": "t.me",
    "youtube-nocookie.com": "youtube.com",
}  # fmt: skip
_NETWORKS = {
    "facebook.com": "facebook", "fb.watch": "facebook", "fb.me": "facebook", "instagram.com": "instagram",
    "tiktok.com": "tiktok", "youtube.com": "youtube", "t.me": "telegram", "snapchat.com": "snapchat",
    "x.com": "x", "whatsapp.com": "whatsapp", "wa.me": "whatsapp",
}  # fmt: skip
# What a network or an app adds when an address is shared: it names who shared it, not the post.
_ADDED = frozenset(
    {
        "fbclid", "igsh", "igshid", "img_index", "si", "feature", "mibextid", "rdid", "share_id", "share_url",
        "ref", "ref_src", "ref_url", "refsrc", "refid", "paipv", "eav", "_rdr", "_rdc", "_ft_", "hl",
        "lang", "locale", "locale2", "is_from_webapp", "sender_device", "sender_web_id", "_r", "_t", "app",
        "is_copy_url", "web_id", "gclid", "fs", "__tn__", "pp",
    }
)  # fmt: skip
_ADDED_BY = {"x.com": frozenset("st"), "youtube.com": frozenset("t"), "youtu.be": frozenset("t")}


class AddressRefused(ValueError):  # noqa: N818  (an answer to the officer, not a fault)
    """Name why: not_an_address, not_web, too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Address:
    """Hold an address as it was copied, what it is compared by, and a code of Network, "" if none."""

    text: str
    normal: str
    network: str


def read(text: str) -> Address:
    """Return the address; raise AddressRefused. Only http and https are addresses of posts."""
    bare = "".join(c for c in text if not unicodedata.category(c).startswith("C")).strip()
    if len(bare) > MAX_LENGTH:
        raise AddressRefused("too_long")
    whole = bare if "://" in bare or _SCHEME.match(bare.partition("/")[0]) else f"https://{bare}"
    try:
        told = urlsplit(whole)
        host = (told.hostname or "").encode("idna").decode().lower().rstrip(".")
        port = told.port
    except (ValueError, UnicodeError):
        raise AddressRefused("not_an_address") from None
    if told.scheme.lower() not in ("http", "https"):
        raise AddressRefused("not_web")
    if not _HOST.fullmatch(host) or any(c.isspace() for c in whole):
        raise AddressRefused("not_an_address")
    host = _plain_host(host)
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    return Address(bare, _normal(host, where, told.path, told.query), _network(host))


def _plain_host(host: str) -> str:
    for door in _DOORS:
        if host.startswith(door) and host.count(".") > 1:
            host = host.removeprefix(door)
            break
    return _SAME_HOST.get(host, host)


def _normal(host: str, where: str, path: str, query: str) -> str:
    told = [(k, v) for k, v in parse_qsl(query) if not _is_added(host, k)]
    path = quote(unquote(re.sub(r"/+", "/", path)), safe="/@:+,;=!~*'()$&").rstrip("/")
    if host == "youtu.be" and path:
        where, told, path = "youtube.com", [("v", path[1:])], "/watch"
    if host == "youtube.com" and path.startswith(("/shorts/", "/embed/", "/live/")):
        told, path = [("v", path.split("/")[2])], "/watch"
    if host == "instagram.com":
        path = re.sub(r"\A/(?:[^/]+/)?(?:p|reel|reels|tv)/", "/p/", path + "/").rstrip("/")
    return f"{where}{path}?{urlencode(sorted(told))}".rstrip("?")


def _is_added(host: str, name: str) -> bool:
    low = name.lower()
    return low in _ADDED or low in _ADDED_BY.get(host, ()) or low.startswith(("utm_", "__cft__", "mc_"))


def _network(host: str) -> str:
    """Return the network of a host or of one under it (vm.tiktok.com)."""
    if host == "youtu.be":
        return "youtube"
    return next((code for known, code in _NETWORKS.items() if f".{host}".endswith(f".{known}")), "")
