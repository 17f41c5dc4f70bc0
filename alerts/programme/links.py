"""The address at which Meta's team reads a dossier."""

from __future__ import annotations

from uuid import UUID

from alerts.models import Dossier
from alerts.secret_link import SecretLink

_LINK = SecretLink("dossier", "programme")
secret, digest, url = _LINK.secret, _LINK.digest, _LINK.url


def find(told: str) -> Dossier | None:
    """Return the newest dossier of the alert that this secret was given out for (two queries)."""
    known = Dossier.objects.filter(link=digest(told)).first()
    return newest(known.alert_id) if known else None


def newest(alert_id: UUID) -> Dossier | None:
    """Return the alert's last dossier, with what its contents are made from (one query)."""
    wanted = Dossier.objects.filter(alert=alert_id).select_related(
        "alert__case__agency", "alert__case__unit", "alert__case__owner", "version__child", "version__photo"
    )
    found = wanted.order_by("-version__number").first()
    if found is not None:
        found.version.alert = found.alert
    return found
