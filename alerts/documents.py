"""CAP documents of a version: made and signed once, stored, served unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from alerts import cap, cap_keys, render
from alerts.models import Alert, Document, Version
from geo.shapes import Area

STATUS = {Alert.Kind.ACTUAL: "Actual", Alert.Kind.EXERCISE: "Exercise", Alert.Kind.TEST: "Test"}
SHORTEST_END = timedelta(hours=1)  # an all-clear must be valid for a while, however late it comes


def issue(version: Version, photo: bytes | None) -> Document | None:
    """Store the document of a version that was signed just now; None where nothing may be said on the web."""
    assert version.sent_at is not None
    resource = _resource(version, photo) if photo is not None else None
    infos = [render.cap_info(version, code, version.sent_at, resource) for code in render.version_languages()]
    kind = Document.Type.UPDATE if _earlier(version).exists() else Document.Type.ALERT
    return _store(version, infos, kind, version.identifier or "", version.sent_at)


def end(version: Version, outcome: str, at: datetime) -> Document | None:
    """Store the all-clear, or the cancel of what was issued in error; None once the case's key is gone."""
    infos = [render.cap_end_info(version, outcome, code) for code in render.version_languages()]
    kind = Document.Type.CANCEL if outcome == Alert.End.ERROR else Document.Type.UPDATE
    return _store(version, infos, kind, f"{version.identifier}-{outcome}", at, ends=True)


def sender(alert: Alert) -> str:
    """Return who speaks: the agency at our own domain; no person."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    return f"{alert.case.agency.code.lower()}@{host}".replace(" ", "-")


def _store(
    version: Version,
    infos: Sequence[cap.Info | None],
    kind: str,
    identifier: str,
    at: datetime,
    *,
    ends: bool = False,
) -> Document | None:
    said = [info for info in infos if info is not None]
    if not said:
        return None
    assert version.expires_at is not None
    expires_at = max(version.expires_at, at + SHORTEST_END) if ends else version.expires_at
    message = cap.CapMessage(
        identifier=identifier,
        sender=sender(version.alert),
        sent_at=at,
        expires_at=expires_at,
        zone=ZoneInfo(version.alert.case.agency.time_zone),
        status=STATUS[Alert.Kind(version.alert.kind)],
        type=kind,
        infos=said,
        area=Area.from_json(version.area),
        all_clear=ends,
        references=_references(version, at) if kind != Document.Type.ALERT else (),
    )
    xml, signed_with = cap_keys.signed(cap.render(message))
    return Document.objects.create(
        version=version,
        key_owner=version.key_owner,
        identifier=identifier,
        type=kind,
        ends_alert=ends,
        sent_at=at,
        expires_at=expires_at,
        xml=xml.decode(),
        signed_with=signed_with,
    )


def _earlier(version: Version) -> QuerySet[Document]:
    return Document.objects.filter(version__alert=version.alert_id).order_by("sent_at", "version__number")


def _references(version: Version, at: datetime) -> list[tuple[str, str, datetime]]:
    """Return all messages of the alert so far that have not expired, the last one always."""
    earlier = list(_earlier(version))
    kept = [row for row in earlier if row.expires_at > at or row is earlier[-1]]
    return [(sender(version.alert), row.identifier, row.sent_at) for row in kept]


def _resource(version: Version, photo: bytes) -> cap.Resource:
    return cap.Resource(
        description="Photo",
        mime_type="image/jpeg",
        uri=render.photo_url(version),
        size=len(photo),
        sha1=hashlib.sha1(photo, usedforsecurity=False).hexdigest(),  # the digest CAP 1.2 §3.2.3 asks for
    )
