"""The address of a relay's sheet: a secret that only this deployment can make, kept as a digest."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from alerts.models import RelayNotice
from trust import keys

LENGTH = 32  # hexadecimal digits: 128 bits


def secret(notice: UUID) -> str:
    return keys.token("relay link", str(notice))[:LENGTH]


def digest(told: str) -> str:
    return keys.token("relay link digest", told)


def url(notice: UUID, language: str) -> str:
    return f"{settings.PUBLIC_URL}/{language}/relay/{secret(notice)}/"


def find(told: str) -> RelayNotice | None:
    """Return the newest notice to the relay that was given this secret, about the same alert (two queries).

    An older link shows what is said now: an update replaces the sheet, not the address in somebody's inbox.
    """
    known = RelayNotice.objects.filter(link=digest(told)).first()
    if known is None:
        return None
    rows = RelayNotice.objects.filter(relay=known.relay_id, alert=known.alert_id)
    wanted = rows.select_related("relay", "alert__case__agency", "version__child", "version__alert")
    found = wanted.order_by("-version__number").first()
    if found is not None:
        found.version.alert = found.alert
    return found
