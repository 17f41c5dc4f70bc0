"""The address of a relay's sheet."""

from __future__ import annotations

from alerts.models import RelayNotice
from alerts.secret_link import SecretLink

_LINK = SecretLink("relay", "relay")
secret, digest, url = _LINK.secret, _LINK.digest, _LINK.url


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
