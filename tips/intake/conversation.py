"""Which messages of one sender belong together.

Several messages that one sender writes within a short time are ONE tip with words and files added, and not
several tips that point at each other. People send a voice note, then the pin, then "she wore red": each alone
is worth nothing, and whoever reads must have them at once, on one page, with one clock, answered by one
receipt. Every message stays apart in the tip's thread, with its own hour, so that nothing of what was said
when is lost by adding it up.

A new tip begins where the matter is probably another one: it names another alert, it has a pin far from the
first, the tip was decided meanwhile, it is full, or there was silence for a quarter of an hour (for a day,
where we asked something or they answer our own message by the reply button).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from cases.models import ThreadEntry
from geo.geodesic import distance_m
from notifier.models import Batch, InboundEvent
from tips import naming
from tips.answering import COMMENT
from tips.files import attaching
from tips.intake.arrival import Arrival
from tips.models import Tip, Witness
from tips.naming import Answered
from trust import clock

SILENCE = timedelta(minutes=15)
ASKED = timedelta(hours=24)  # as long as the shortest window in which an answer can come back
FAR_M = 2_000.0  # two pins so far apart are two places
MOST_MESSAGES = 30  # of one tip: what is longer nobody reads


def former(witness: Witness | None, arrival: Arrival, said: Answered | None) -> Tip | None:
    """Return the tip that this message adds to, None where it begins one (at most four queries).

    The witness's row is locked by the caller: two workers never both begin one.
    """
    now = clock.now()
    tip = _corrected(arrival)
    if tip is None and witness is not None:
        tip = _answered_tip(witness, said) or _latest(witness, now)
    if tip is None or tip.state in Tip.DECIDED or tip.erased_at is not None:
        return None
    if _is_full(tip, arrival) or _names_another(tip, arrival, said):
        return None
    if _is_elsewhere(tip.place, arrival.told.place):
        return None
    return tip


def heard_last(tip: Tip) -> datetime:
    return tip.heard_at or tip.received_at


def _corrected(arrival: Arrival) -> Tip | None:
    """Return the tip that holds what is said anew; its provider vouches that it is the same sender."""
    if not arrival.corrects:
        return None
    events = InboundEvent.objects.filter(alias=arrival.alias, provider_id=arrival.corrects)
    entries = ThreadEntry.objects.filter(pk__in=list(events.values_list("pk", flat=True)))
    return Tip.objects.filter(pk__in=list(entries.values_list("subject", flat=True))).first()


def _answered_tip(witness: Witness, said: Answered | None) -> Tip | None:
    if said is None or said.batch.kind != Batch.Kind.ANSWER:
        return None
    own = Q(witness=witness) | Q(door=COMMENT)  # who commented has another name in private
    return Tip.objects.filter(own, pk=said.batch.key_owner).first()


def _latest(witness: Witness, now: datetime) -> Tip | None:
    """Return what this sender wrote last, while it goes on."""
    tip = (
        Tip.objects.filter(witness=witness, received_at__gt=now - 3 * ASKED).order_by("-received_at").first()
    )
    if tip is None:
        return None
    silence = now - heard_last(tip)
    return tip if silence <= SILENCE or (silence <= ASKED and _was_asked(tip)) else None


def _was_asked(tip: Tip) -> bool:
    """Say whether the last word was the police's: what comes now answers it."""
    spoken = ThreadEntry.objects.filter(subject=tip.pk).exclude(author=ThreadEntry.Author.SYSTEM)
    last = spoken.order_by("-at").first()
    return last is not None and last.author == ThreadEntry.Author.POLICE


def _is_full(tip: Tip, arrival: Arrival) -> bool:
    told = ThreadEntry.objects.filter(subject=tip.pk, author=ThreadEntry.Author.FAMILY).count()
    if told >= MOST_MESSAGES:
        return True
    files = len(arrival.incoming)
    return bool(files) and tip.attachments.count() + files > attaching.MOST_FILES


def _names_another(tip: Tip, arrival: Arrival, said: Answered | None) -> bool:
    if tip.alert_id is None:
        return False
    named = (naming.by_words(arrival.told.words), naming.by_reply(said))
    return any(one.alert is not None and one.alert.pk != tip.alert_id for one in named)


def _is_elsewhere(first: Mapping[str, Any] | None, second: Mapping[str, Any] | None) -> bool:
    here, there = naming.point_of(first), naming.point_of(second)
    if here is None or there is None or not first or first.get("how") != "pin":
        return False
    return distance_m(here, there) > FAR_M
