"""What a careful reader of CAP 1.2 finds wrong with a document: the rules that the schema leaves to the text.

Written anew from the standard and from what public validators complain of most; it shares nothing with the
writer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_NAME = re.compile(r"[^\s,<&]+")
_MARKUP = re.compile(r"<[a-zA-Z/][^>]*>|&(?:amp|lt|gt|nbsp|#\d+);")
_NUMBER = r"-?\d+(?:\.\d+)?"
_PAIR = re.compile(rf"{_NUMBER},{_NUMBER}")
_CIRCLE = re.compile(rf"{_NUMBER},{_NUMBER} \d+(?:\.\d+)?")
ORDER = (
    "identifier", "sender", "sent", "status", "msgType", "source", "scope", "restriction", "addresses",
    "code", "note", "references", "incidents", "info",
)  # fmt: skip
SAME_IN_ALL = ("category", "eventCode", "urgency", "severity", "certainty")
LONGEST_HEADLINE = 160
WIDEST_KM = 2_000.0  # a radius in metres by mistake


def fault(root: Element, body: bytes) -> str:
    """Return the first thing that is wrong, in a few words for a person; "" where nothing is."""
    return next((said for look in LOOKS for said in look(root, body)), "")


def _form(root: Element, body: bytes) -> Iterator[str]:
    if b"<!DOCTYPE" in body:
        yield "a DOCTYPE"
    order = [ORDER.index(name) for one in root if (name := one.tag.removeprefix(CAP)) in ORDER]
    if order != sorted(order):
        yield "elements in another order"
    for one in root.iter():
        if one.tag.startswith(CAP) and not len(one) and not (one.text or "").strip():
            yield f"{one.tag.removeprefix(CAP)} is empty"


def _head(root: Element, body: bytes) -> Iterator[str]:
    for name in ("identifier", "sender"):
        if not _NAME.fullmatch(_text(root, name)):
            yield f"{name} holds a space, a comma, < or &"
    for name in ("sent", "effective", "onset", "expires"):
        for one in root.iter(f"{CAP}{name}"):
            if not _TIME.fullmatch(one.text or ""):
                yield f"{name} is no time with an offset"
    if _text(root, "msgType") in ("Update", "Cancel") and not _text(root, "references"):
        yield "nothing is referred to"
    if _text(root, "identifier") in _text(root, "references").replace(" ", ",").split(","):
        yield "refers to itself"


def _words(root: Element, body: bytes) -> Iterator[str]:
    infos = root.findall(f"{CAP}info")
    for info in infos:
        if not _text(info, "language"):
            yield "a language is missing"
        if len(_text(info, "headline")) > LONGEST_HEADLINE:
            yield "the headline is too long"
        if _text(info, "web") and not _text(info, "web").startswith(("https://", "http://")):
            yield "web is no absolute address"
        for name in ("headline", "description", "instruction"):
            if _MARKUP.search(_text(info, name)):
                yield f"{name} holds markup"
    for name in SAME_IN_ALL:
        if len({tuple("".join(one.itertext()) for one in info.iter(f"{CAP}{name}")) for info in infos}) > 1:
            yield f"{name} differs between languages"


def _places(root: Element, body: bytes) -> Iterator[str]:
    for polygon in root.iter(f"{CAP}polygon"):
        pairs = (polygon.text or "").split()
        if len(pairs) < 4 or pairs[0] != pairs[-1] or not all(map(_PAIR.fullmatch, pairs)):
            yield "a polygon is not closed"
        elif any(abs(float(pair.split(",")[0])) > 90 for pair in pairs):
            yield "longitude comes before latitude"
    for circle in root.iter(f"{CAP}circle"):
        text = circle.text or ""
        if not _CIRCLE.fullmatch(text) or not 0 < float(text.split(" ")[1]) <= WIDEST_KM:
            yield "a circle is not latitude, longitude and kilometres"
    for resource in root.iter(f"{CAP}resource"):
        if _text(resource, "mimeType").count("/") != 1:
            yield "a resource’s type has no slash"


def _text(parent: Element, name: str) -> str:
    return parent.findtext(f"{CAP}{name}") or ""


LOOKS: tuple[Callable[[Element, bytes], Iterator[str]], ...] = (_form, _head, _words, _places)
