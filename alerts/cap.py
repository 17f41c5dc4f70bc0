"""CAP 1.2 documents (OASIS), as bytes that are stored and served unchanged.

Pure: no Django. Element order and the rules that the schema leaves to the text follow the standard, §3.2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from lxml import etree

from geo.shapes import Area, cap_circle, cap_polygon

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
EVENT_CODE_NAME = "urn:najda:alert-event"
HEADLINE_MAX = 140  # Google's limit; the standard's text says 160

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_IN_IDENTIFIERS = re.compile(r"[\s,<&]")
_LINE_ENDS = re.compile(r"\r\n?")


class CapError(ValueError):
    """Name the element that CAP does not allow as it is."""


@dataclass(frozen=True)
class Resource:
    """Describe a file: what it shows, where it lies, its bytes' size and SHA-1 (the standard's digest)."""

    description: str
    mime_type: str
    uri: str
    size: int
    sha1: str


@dataclass(frozen=True)
class Info:
    """Hold what is said in one language."""

    language: str
    event: str
    sender_name: str
    headline: str
    description: str
    instruction: str
    web: str
    contact: str
    area_name: str
    resource: Resource | None = None


@dataclass(frozen=True)
class CapMessage:
    """Hold one message; `references` are (sender, identifier, sent) of those it replaces."""

    identifier: str
    sender: str
    sent_at: datetime
    expires_at: datetime
    zone: tzinfo
    status: str  # Actual, Exercise, Test
    type: str  # Alert, Update, Cancel
    infos: Sequence[Info]
    area: Area
    all_clear: bool = False
    references: Sequence[tuple[str, str, datetime]] = ()
    note: str = ""


def render(message: CapMessage) -> bytes:
    """Return the document in UTF-8; raise CapError where the standard's text would be broken."""
    _check(message)
    spaces: dict[str | None, str] = {None: NAMESPACE}
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap=spaces)  # type: ignore[arg-type]  # stubs know no default
    _add(root, "identifier", message.identifier)
    _add(root, "sender", message.sender)
    _add(root, "sent", stamp(message.sent_at, message.zone))
    _add(root, "status", message.status)
    _add(root, "msgType", message.type)
    _add(root, "scope", "Public")
    _add(root, "note", message.note)
    _add(root, "references", _references(message))
    for info in message.infos:
        _add_info(root, message, info)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def stamp(at: datetime, zone: tzinfo) -> str:
    """Return YYYY-MM-DDThh:mm:ss±hh:mm: no fractions, no Z; UTC is written -00:00 (§3.3.2)."""
    text = at.astimezone(zone).replace(microsecond=0).isoformat()
    return f"{text[:-6]}-00:00" if text.endswith("+00:00") else text


def plain(text: str) -> str:
    """Return text that XML 1.0 can hold and old receivers can show: no controls, no direction marks."""
    return _DIRECTION_MARKS.sub("", _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))).strip()


def _check(message: CapMessage) -> None:
    for name, value in (("identifier", message.identifier), ("sender", message.sender)):
        if not value or _NOT_IN_IDENTIFIERS.search(value):
            raise CapError(f"{name}: empty, or holds a space, a comma, < or &")
    if message.expires_at <= message.sent_at:
        raise CapError("expires: not after sent")
    if message.type == "Alert" and message.references:
        raise CapError("references: an Alert replaces nothing")
    if message.type in {"Update", "Cancel"} and not message.references:
        raise CapError("references: an Update or a Cancel names what it replaces")
    for _sender, identifier, sent_at in message.references:
        if identifier == message.identifier or sent_at > message.sent_at:
            raise CapError("references: itself, or something later")
    if not message.infos:
        raise CapError("info: no language")
    if not message.area.shapes:
        raise CapError("area: empty")


def _references(message: CapMessage) -> str:
    return " ".join(
        f"{sender},{identifier},{stamp(sent_at, message.zone)}"
        for sender, identifier, sent_at in message.references
    )


def _add_info(root: etree._Element, message: CapMessage, info: Info) -> None:
    if not info.web.startswith(("https://", "http://")):
        raise CapError("web: not an absolute address")
    element = etree.SubElement(root, f"{{{NAMESPACE}}}info")
    _add(element, "language", info.language)
    _add(element, "category", "Rescue")
    _add(element, "event", info.event)
    _add(element, "responseType", "AllClear" if message.all_clear else "Monitor")
    _add(element, "urgency", "Past" if message.all_clear else "Immediate")
    _add(element, "severity", "Minor" if message.all_clear else "Severe")
    _add(element, "certainty", "Observed" if message.all_clear else "Likely")
    _add_pair(element, "eventCode", EVENT_CODE_NAME, "child-disappearance")
    _add_pair(element, "eventCode", "SAME", "CAE")
    _add(element, "effective", stamp(message.sent_at, message.zone))
    _add(element, "expires", stamp(message.expires_at, message.zone))
    _add(element, "senderName", info.sender_name)
    _add(element, "headline", _short(plain(info.headline)))
    _add(element, "description", info.description)
    _add(element, "instruction", info.instruction)
    _add(element, "web", info.web)
    _add(element, "contact", info.contact)
    if info.resource is not None:
        _add_resource(element, info.resource)
    _add_area(element, message.area, info.area_name)


def _add_resource(info: etree._Element, resource: Resource) -> None:
    element = etree.SubElement(info, f"{{{NAMESPACE}}}resource")
    _add(element, "resourceDesc", resource.description)
    _add(element, "mimeType", resource.mime_type)
    _add(element, "size", str(resource.size))
    _add(element, "uri", resource.uri)
    _add(element, "digest", resource.sha1)


def _add_area(info: etree._Element, area: Area, name: str) -> None:
    element = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(element, "areaDesc", name)
    for polygon in area.polygons:
        _add(element, "polygon", cap_polygon(polygon))
    for circle in area.circles:
        _add(element, "circle", cap_circle(circle))


def _add_pair(parent: etree._Element, tag: str, name: str, value: str) -> None:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    _add(element, "valueName", name)
    _add(element, "value", value)


def _add(parent: etree._Element, tag: str, text: str) -> None:
    """Add an element; an empty one is left out, as the standard's text forbids it."""
    cleaned = plain(text)
    if cleaned:
        etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}").text = cleaned


def _short(headline: str) -> str:
    return headline if len(headline) <= HEADLINE_MAX else headline[: HEADLINE_MAX - 1].rstrip() + "…"
