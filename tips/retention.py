"""How long what the public told is kept, field by field, and the act that forgets it."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from tips.models import Tip
from trust import clock, keys
from trust.declared import Declared

TIP_DAYS = 30  # tips that led nowhere; the country pack may say otherwise (retention.tip)

DECLARED: dict[str, dict[str, Declared]] = {
    "Tip": {
        "id": Declared("internal", "for ever"),
        "reference": Declared("internal", "for ever"),
        "secret_hash": Declared("restricted", "tip"),
        "state": Declared("officers", "for ever"),
        "state_at": Declared("internal", "for ever"),
        "door": Declared("officers", "for ever"),
        "language": Declared("officers", "for ever"),
        "unit": Declared("internal", "for ever"),
        "alert_id": Declared("internal", "for ever"),
        "event_id": Declared("internal", "for ever"),
        "words": Declared("restricted", "tip"),
        "sender": Declared("restricted", "tip"),
        "said_at": Declared("officers", "for ever"),
        "received_at": Declared("officers", "for ever"),
        "decided_reason": Declared("restricted", "tip"),
        "handed_to": Declared("internal", "for ever"),
        "acknowledged_at": Declared("internal", "for ever"),
        "erased_at": Declared("internal", "for ever"),
    }
}
LED_NOWHERE = ("rumour", "old", "false", "duplicate", "unrelated")


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Forget tips that led nowhere after their term: key destroyed, sealed words blanked, the shell kept."""
    days = settings.COUNTRY.retention_days.get("tip", TIP_DAYS)
    due = Tip.objects.filter(
        Q(state__in=LED_NOWHERE, state_at__lt=clock.now() - timedelta(days=days)), erased_at=None
    )
    if dry_run:
        return {"tips": due.count()}
    ids = list(due.values_list("pk", flat=True)[:5000])
    for owner in ids:
        keys.destroy(owner)
    Tip.objects.filter(pk__in=ids).update(
        words=None, sender=None, decided_reason=None, secret_hash="", erased_at=clock.now()
    )
    return {"tips": len(ids)}
