"""How the programme stands: on the alert's page, in the ledger, and the next act of a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

from alerts import hands, ledger, owed
from alerts.hands import Hand, Panel
from alerts.ledger.line import Line
from alerts.models import Alert, Dossier
from alerts.programme import links, sending
from notifier.hand_channels import PROGRAMME
from trust import desk
from trust.models import Officer

State = Dossier.State
NEXT = {
    State.PREPARED: "send",
    State.SENT: "confirm",
    State.TAKE_DOWN_ASKED: "take_down",
}


def dossier_url(dossier: Dossier) -> str:
    return reverse("admin:alerts_alert_dossier", args=[dossier.pk])


def panel(alert: Alert, officer: Officer) -> Panel | None:
    """Return the dossier's state and the next act; never that it is shown before Meta confirmed it."""
    dossier = links.newest(alert.pk)
    if dossier is None:
        return None
    return Panel("admin/alerts/programme_panel.html", context_of(dossier, officer))


def context_of(dossier: Dossier, officer: Officer) -> dict[str, object]:
    zone = desk.zone_of(officer)
    times = (
        ("prepared", dossier.prepared_at),
        ("sent", dossier.sent_at),
        ("confirmed", dossier.confirmed_at),
        ("take_down_asked", dossier.take_down_asked_at),
        ("taken_down", dossier.taken_down_at),
    )
    return {
        "dossier": dossier,
        "times": {name: desk.moment(at, zone) for name, at in times if at},
        "radius_km": settings.META_PROGRAMME_RADIUS_KM,
        "next": NEXT.get(State(dossier.state), ""),
        "has_contact": bool(settings.META_PROGRAMME_CONTACT),
        "url": dossier_url(dossier) if officer.has_perm(owed.RIGHT) else "",
        "is_shown": dossier.state == State.CONFIRMED,
        "earlier_shown": _earlier_shown(dossier),
    }


def _earlier_shown(dossier: Dossier) -> bool:
    """Say whether Meta confirmed an earlier version and may still show it while this one waits."""
    if dossier.state not in (State.PREPARED, State.SENT):
        return False
    earlier = Dossier.objects.filter(alert=dossier.alert_id, confirmed_at__isnull=False)
    return earlier.exclude(pk=dossier.pk).exists()


def lines(alert: Alert) -> Iterator[Line]:
    """Yield the line of the alert's last dossier (two queries)."""
    dossier = links.newest(alert.pk)
    if dossier is None:
        return
    dropped = dossier.state == State.DROPPED
    yield Line(
        PROGRAMME, "", "programme",
        asked_at=dossier.take_down_asked_at or dossier.take_back_from,
        done_at=dossier.take_back_from if dropped else dossier.taken_down_at,
        task=owed.open_tasks([dossier.pk]).get(dossier.pk), never_out=dropped, subject=dossier.pk,
        by_hand=dossier.taken_down_at is not None,
    )  # fmt: skip


hands.HANDS.append(
    Hand(
        PROGRAMME,
        tell=sending.tell,
        silence=sending.silence,
        take_back=sending.take_back,
        unfinished=sending.unfinished,
        watch=sending.watch,
        panel=panel,
    )
)
ledger.SOURCES.append(lines)
