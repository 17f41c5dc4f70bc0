"""Feeds of what is being said, as real aggregators read them: Atom, RSS and JSON.

An entry's id is the address of its CAP document. An alert that ended is replaced by its all-clear until the
alert's own expiry; exercises and tests never appear.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from lxml import etree

from alerts import cap, render
from alerts.models import Alert, Document

ATOM = "http://www.w3.org/2005/Atom"
FEED_LANGUAGE = settings.LANGUAGE_CODE
TITLE = "CAP"


@dataclass(frozen=True)
class Entry:
    """Hold one message: its document's address, and a headline in the deployment's first language."""

    url: str
    identifier: str
    title: str
    page: str
    sent_at: datetime
    expires_at: datetime
    ends_alert: bool


@dataclass(frozen=True)
class Feed:
    """Hold the bytes of a feed, and the tag they are known by."""

    body: bytes
    media_type: str

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


def entries(at: datetime) -> list[Entry]:
    """Return what is current, newest first (a query, and two an entry for its consents)."""
    current = Document.objects.filter(
        expires_at__gt=at, version__alert__kind=Alert.Kind.ACTUAL
    ).select_related("version__alert__case__agency", "version__child")
    shown = [row for row in current.order_by("-sent_at") if row.ends_alert != row.version.alert.is_live]
    found = [_entry(row, at) for row in shown]
    return [entry for entry in found if entry is not None]


def atom(found: Sequence[Entry], at: datetime) -> Feed:
    """Return the Atom feed (RFC 4287); `updated` is the newest entry's, so equal content has equal bytes."""
    spaces: dict[str | None, str] = {None: ATOM}
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=spaces)  # type: ignore[arg-type]  # stubs know no default
    url = f"{settings.PUBLIC_URL}/feeds/cap.atom"
    _atom_add(root, "id", url)
    _atom_add(root, "title", f"{settings.SITE_NAME} {TITLE}")
    _atom_add(root, "updated", _newest(found, at).isoformat())
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _atom_add(author, "name", settings.SITE_NAME)
    etree.SubElement(root, f"{{{ATOM}}}link", rel="self", type="application/atom+xml", href=url)
    for entry in found:
        element = etree.SubElement(root, f"{{{ATOM}}}entry")
        _atom_add(element, "id", entry.url)
        _atom_add(element, "title", cap.plain(entry.title))
        _atom_add(element, "updated", entry.sent_at.isoformat())
        etree.SubElement(element, f"{{{ATOM}}}link", rel="alternate", type=cap.MEDIA_TYPE, href=entry.url)
        etree.SubElement(element, f"{{{ATOM}}}link", rel="related", type="text/html", href=entry.page)
    return Feed(_bytes(root), "application/atom+xml; charset=utf-8")


def rss(found: Sequence[Entry], at: datetime) -> Feed:
    """Return the RSS 2.0 feed: guid is the CAP identifier, link the document."""
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", f"{settings.SITE_NAME} {TITLE}")
    _add(channel, "link", f"{settings.PUBLIC_URL}/")
    _add(channel, "description", settings.SITE_NAME)
    _add(channel, "pubDate", format_datetime(_newest(found, at)))
    for entry in found:
        item = etree.SubElement(channel, "item")
        _add(item, "title", cap.plain(entry.title))
        _add(item, "link", entry.url)
        etree.SubElement(item, "guid", isPermaLink="false").text = entry.identifier
        _add(item, "pubDate", format_datetime(entry.sent_at))
    return Feed(_bytes(root), "application/rss+xml; charset=utf-8")


def as_json(found: Sequence[Entry], at: datetime) -> Feed:
    """Return {"updated", "alerts": [{id, identifier, title, page, sent, expires, over}]}."""
    content: dict[str, Any] = {
        "updated": _newest(found, at).isoformat(),
        "alerts": [
            {
                "id": entry.url,
                "identifier": entry.identifier,
                "title": entry.title,
                "page": entry.page,
                "sent": entry.sent_at.isoformat(),
                "expires": entry.expires_at.isoformat(),
                "over": entry.ends_alert,
            }
            for entry in found
        ],
    }
    return Feed(json.dumps(content, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def document_url(document: Document) -> str:
    return f"{settings.PUBLIC_URL}/a/{document.version.alert.code}/cap/{document.identifier}.xml"


def _entry(document: Document, at: datetime) -> Entry | None:
    title = _title(document, at)
    if title is None or render.document(document, at) is None:  # what would answer 410 is not announced
        return None
    return Entry(
        url=document_url(document),
        identifier=document.identifier,
        title=title,
        page=render.page_url(document.version),
        sent_at=document.sent_at,
        expires_at=document.expires_at,
        ends_alert=document.ends_alert,
    )


def _title(document: Document, at: datetime) -> str | None:
    version = document.version
    if document.ends_alert:
        over = render.end_page(version, version.alert.ended_as, FEED_LANGUAGE)
        return over.title if over else None
    page = render.page(version, FEED_LANGUAGE, at)
    return page.title if page else None


def _newest(found: Sequence[Entry], at: datetime) -> datetime:
    """Return when the feed last changed; an empty one changes with the hour, so that readers see it lives."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return max((entry.sent_at for entry in found), default=hour).replace(microsecond=0)


def _atom_add(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{tag}").text = text


def _add(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
