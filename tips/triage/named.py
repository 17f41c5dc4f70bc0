"""What a message names that another may name too: plates, links, numbers to call, as compared. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from alerts.lint.numbers import phone_numbers
from alerts.lint.plain import folded, plain, without_urls
from alerts.lint.plates import PLATES

MOST = 6  # of each kind; a list of fifty links is no tip about fifty things
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'»«]+", re.IGNORECASE)
_BARE = re.compile(r"[^0-9a-zء-ي]")
_MOROCCAN = re.compile(r"(\d{1,5})([a-z])(\d{1,5})")
# One letter for those that a plate shows in two scripts (Egypt's pairs; Morocco's six are among them).
_LATIN = str.maketrans("ابجدرسصطعفقلمنهويحت", "abgdrsctefklmnhwyht")
_FOLLOWS = re.compile(
    r"^(?:utm_\w+|fbclid|igsh\w*|igshid|si|s|t|mibextid|rdid|share\w*|ref\w*|_\w+|locale|lang|hl)$"
)
_HOSTS = {"m": "", "www": "", "mobile": "", "web": "", "l": "", "ar-ar": "", "fr-fr": ""}
_SIGNIFICANT = 8  # last digits of a number, the same with and without the country's code
_LEAST_LETTERS, _LEAST_DIGITS = 4, 3


def plates(text: str) -> tuple[str, ...]:
    """Return plates of Morocco, Egypt and Gabon, Latin letters and digits alone."""
    bare = without_urls(text)
    view = plain(bare)
    found = (view.of(match) for pattern in PLATES for match in pattern.finditer(view.words))
    return _once(key for words in found if _is_plate(key := _compact(words)))


def links(text: str) -> tuple[str, ...]:
    """Return addresses without scheme, mobile host, or what only follows readers."""
    return _once(link for found in _LINK.findall(text) if (link := link_key(found)))


def link_key(address: str) -> str:
    """Return what two ways of writing one address have in common, "" for a page that is no post."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        host = parts.hostname or ""
    except ValueError:
        return ""
    first, _, rest = host.partition(".")
    host = rest if first in _HOSTS and "." in rest else host
    asked = [(name, value) for name, value in parse_qsl(parts.query) if not _FOLLOWS.match(name)]
    path = parts.path.rstrip("/).,;،")
    return f"{host}{path}?{urlencode(sorted(asked))}".rstrip("?") if path or asked else ""


def phones(text: str) -> tuple[str, ...]:
    """Return the last eight digits of every number that may be dialled."""
    return _once(
        digits[-_SIGNIFICANT:] for _words, digits in phone_numbers(text) if len(digits) >= _SIGNIFICANT
    )


def _is_plate(key: str) -> bool:
    """Say whether it is long enough to be one car's: "12 d 3" is not."""
    return len(key) > _LEAST_LETTERS and sum(sign.isdigit() for sign in key) >= _LEAST_DIGITS


def _compact(words: str) -> str:
    """Return the plate in Latin letters, a Moroccan one with its longer number first."""
    key = _BARE.sub("", folded(words).words).translate(_LATIN)
    parts = _MOROCCAN.fullmatch(key)
    if parts and len(parts[1]) < len(parts[3]):
        return f"{parts[3]}{parts[2]}{parts[1]}"
    return key


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:MOST]
