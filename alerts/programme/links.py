"""The address at which Meta's team reads a dossier: a secret that only this deployment can make."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from alerts.models import Dossier
from trust import keys

LENGTH = 32  # hexadecimal digits: 128 bits


def secret(dossier: UUID) -> str:
    return keys.token("dossier link", str(dossier))[:LENGTH]


def digest(told: str) -> str:
    return keys.token("dossier link digest", told)


def url(dossier: UUID, language: str) -> str:
    return f"{settings.PUBLIC_URL}/{language}/programme/{secret(dossier)}/"


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
