"""What a rumour is known by again: its links, and its words two by two. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from urllib.parse import parse_qsl, unquote, urlsplit

from alerts.lint.plain import plain
from alerts.lint.tokens import all_listed, forms
from cases.post_address import Address, AddressRefused, read
from geo.names import normalise
from trust.digits import western

MOST_LETTERS = 4000
MOST_PAIRS = 800
WITHIN = 3  # words that make pairs: each with the next two, so that one left out does not part them
LEAST_PAIRS = 3  # of a long text so many must be the same
LEAST_SHARE = 0.34  # and this part of the shorter one
_LINK = re.compile(
    r"(?:https?|hxxps?)\s?:\s?//\S+|www\.\S+|\b(?:[a-z0-9-]+\.)+[a-z]{2,24}/\S+", re.IGNORECASE
)
_NOT_OF_A_LINK = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200b\ufeff"
_AFTER_A_LINK = ".,;:!?…)]}>»”’\"'،؛؟*_。、"
_BLUNTED = re.compile(
    r"\[\s?(\.|:|://)\s?\]|\(\s?(\.)\s?\)"
)  # "facebook[.]com", as links are passed on unharmed
_WRAPPED = ("u", "url", "q", "target", "link")  # l.facebook.com and its like carry the address in these
_NUMBER = re.compile(r"(?<![0-9])[0-9]{9,}(?![0-9])")  # of a post, as networks count them
_NUMBERED = ("v", "story_fbid", "fbid", "video_id")
_LONG = re.compile(r"(.)\1{2,}")  # "viiiite" is said of what is said loudly
_WORD = re.compile(r"\w+")


def links(text: str) -> list[str]:
    """Return what each address in the text is compared by, in reading order; nothing is ever asked for."""
    return list(dict.fromkeys(mark for found in _LINK.findall(_seen(text)) for mark in _of_link(found)))


def pairs(text: str) -> set[str]:
    """Return the words of the text two by two as they are compared, without its links."""
    words = _words(_LINK.sub(" ", _seen(text[:MOST_LETTERS])))
    if len(words) == 1:
        return {words[0]}
    found = (
        " ".join(sorted(two))
        for at in range(len(words))
        for two in combinations(words[at : at + WITHIN], 2)
        if two[0] == words[at]
    )
    return set(list(dict.fromkeys(found))[:MOST_PAIRS])


def is_same(shared: int, asked: int, known: int) -> bool:
    """Say whether so many pairs in common make the two texts one rumour.

    shared: pairs in both; asked and known: pairs of each.
    """
    shorter = min(asked, known)
    if not shorter or shared < min(LEAST_PAIRS, shorter):
        return False
    return shared >= LEAST_SHARE * shorter


def _seen(text: str) -> str:
    told = western(text.translate(dict.fromkeys(map(ord, _NOT_OF_A_LINK))))
    return _BLUNTED.sub(lambda found: found[1] or found[2], told)


def _of_link(found: str) -> Iterator[str]:
    whole = re.sub(r"^hxxp", "http", re.sub(r"\s", "", found), flags=re.IGNORECASE)
    try:
        address = read(_unwrapped(whole.rstrip(_AFTER_A_LINK)))
    except (AddressRefused, ValueError):  # whatever strangers write, "http://[" too, is no link at worst
        return
    yield address.normal
    if number := _number_of(address):
        yield f"{address.network}:{number}"


def _unwrapped(address: str) -> str:
    """Return the address that another one only leads to."""
    told = dict(parse_qsl(urlsplit(address if "//" in address else f"//{address}").query))
    inner = next((told[name] for name in _WRAPPED if told.get(name, "").startswith("http")), "")
    return unquote(inner) if inner else address


def _number_of(address: Address) -> str:
    """Return the number that a network gives a post, whichever of its addresses was copied; "" for none."""
    if not address.network:
        return ""
    told = urlsplit(f"//{address.normal}")
    query = dict(parse_qsl(told.query))
    named = next((query[name] for name in _NUMBERED if _NUMBER.fullmatch(query.get(name, ""))), "")
    in_path = _NUMBER.findall(told.path)
    return named or (in_path[-1] if in_path else "")


def _words(text: str) -> list[str]:
    """Return the words that tell something, as compared: one spelling, no article joined to them."""
    small = all_listed("small")
    told = (normalise(_LONG.sub(r"\1", word)) for word in _WORD.findall(plain(text).words.replace("_", " ")))
    bare = ((forms(word)[1] if len(forms(word)) > 1 else word) for word in told)
    return [word for word in bare if len(word) > 1 and word not in small]
