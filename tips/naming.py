"""Which alert a tip is about: said by a code, shown by a button or by what it answers, or found by its place.

What is found by the place is found only where exactly one live alert fits; how an alert was named stays with
the tip (`Tip.named_by`), for whoever doubts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from alerts.models import Alert, Version
from cases import receiving
from geo.points import Point
from geo.shapes import Area
from notifier import references
from notifier.models import Batch, Delivery, Post
from tips.models import Tip, unit_for_tips
from tips.words import codes_in
from trust.models import Unit

CODE, BUTTON, REPLY, EARLIER, PLACE = "code", "button", "reply", "earlier", "place"
LATE = timedelta(minutes=30)  # by so much an hour may be off with which a child was last seen
MOST_CODES = 10


@dataclass(frozen=True, slots=True)
class Named:
    """Hold the alert a tip is about and how it was named (a word from above); neither where it is open."""

    alert: Alert | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Hold what a message answers: what we said (an alert's batch, a tip's answer) and in which language."""

    batch: Batch
    language: str = ""


def by_words(words: str) -> Named:
    """Return the alert whose code stands in the words, a live one before one that ended (two queries)."""
    codes = codes_in(words)[:MOST_CODES]
    if not codes:
        return Named()
    told = Alert.objects.select_related("case").filter(code__in=codes).exclude(state=Alert.State.DRAFT)
    found = sorted(told, key=lambda alert: (not alert.is_live, codes.index(alert.code)))
    return Named(found[0], CODE) if found else Named()


def by_button(alert_id: UUID | None) -> Named:
    """Return the alert whose page the form was opened from; a draft is nobody's."""
    if alert_id is None:
        return Named()
    told = Alert.objects.select_related("case").filter(pk=alert_id).exclude(state=Alert.State.DRAFT)
    alert = told.first()
    return Named(alert, BUTTON) if alert else Named()


def answered(replies_to: str) -> Answered | None:
    """Return what of ours a message answers: by the provider's id of a delivery or of a post, or by the
    reference in a Message-ID (three queries at most).
    """
    if not replies_to:
        return None
    told = Delivery.objects.select_related("batch").filter(provider_id=replies_to)
    delivery = told.order_by("-pk").first() or _by_reference(replies_to)
    if delivery is not None:
        return Answered(delivery.batch, delivery.language)
    post = Post.objects.select_related("batch").filter(external_id=replies_to).order_by("-asked_at").first()
    return Answered(post.batch) if post else None


def by_reply(said: Answered | None) -> Named:
    """Return the alert of what a message answers: of its first sending, an update, an end, or of a tip."""
    if said is None:
        return Named()
    subject, owner = said.batch.subject, said.batch.key_owner
    alerts = Alert.objects.select_related("case").exclude(state=Alert.State.DRAFT)
    alert = alerts.filter(Q(pk=subject) | Q(versions__pk=subject)).first()
    if alert is None and said.batch.kind in (Batch.Kind.ALERT, Batch.Kind.UPDATE, Batch.Kind.END):
        alert = alerts.filter(case=owner).order_by("-created_at").first()  # an end's subject is its text's
    return Named(alert, REPLY) if alert else Named()


def by_place(place: Mapping[str, Any] | None, seen_at: datetime) -> Named:
    """Return the one live alert in whose area the place lies, told of an hour after the child was last seen.

    None where two fit (one query, areas read once a process).
    """
    point = point_of(place)
    if point is None:
        return Named()
    rows = Version.objects.in_force().filter(
        alert__state=Alert.State.LIVE, alert__case__last_seen_at__lte=seen_at + LATE
    )
    fitting = {
        alert
        for pk, alert in rows.values_list("pk", "alert")
        if (area := _area(pk)) is not None and area.contains(point)
    }
    if len(fitting) != 1:
        return Named()
    return Named(Alert.objects.select_related("case").get(pk=fitting.pop()), PLACE)


def point_of(place: Mapping[str, Any] | None) -> Point | None:
    """Return the point of a tip's place, None where it has words alone."""
    if not place or place.get("lat") is None or place.get("lon") is None:
        return None
    return Point(float(place["lat"]), float(place["lon"]))


def unit_of(named: Named, place: Mapping[str, Any] | None) -> UUID | None:
    """Return the unit whose desk takes it: its alert's case's, else that of the place's region, else the
    first with somebody on duty.
    """
    if named.alert is not None:
        return named.alert.case.unit_id
    point = point_of(place)
    region = receiving.region_code(point) if point else ""
    if region and Unit.objects.filter(code__iexact=region).exists():
        return receiving.unit_for(region).pk
    return unit_for_tips()


def rename(tip: Tip, named: Named) -> None:
    """Give a tip the alert it turned out to be about, and the unit that works on it; the row is saved."""
    if named.alert is None or tip.alert_id is not None:
        return
    tip.alert_id, tip.named_by, tip.unit_id = named.alert.pk, named.by, named.alert.case.unit_id
    tip.save(update_fields=["alert_id", "named_by", "unit"])


def _by_reference(message_id: str) -> Delivery | None:
    local = message_id.strip().strip("<>").partition("@")[0]
    try:
        found = references.delivery_id(local)
    except ValueError:
        return None
    return Delivery.objects.select_related("batch").filter(pk=found).first() if found else None


@lru_cache(maxsize=512)
def _area(version_id: UUID) -> Area | None:
    """Return a version's area: frozen when it was proposed, so that it is read once."""
    data = Version.objects.filter(pk=version_id).values_list("area", flat=True).first()
    return Area.from_json(data) if data else None
