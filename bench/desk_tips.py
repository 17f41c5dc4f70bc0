"""An hour of tips for the bench of the desk: many unread, many that tell the same, some with a photo."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction

from bench.desk_cases import seal, unique
from tips.models import Attachment, Tip
from trust import clock, keys
from trust.models import Unit

AT_ONCE = 1_000
OF_OURS = 0.9  # of the officer's own unit: the flood comes to one desk
IN_CLUSTERS = 0.6
CLUSTERS = 300
REASONS = [["danger_words", {"words": "خطفوه", "points": 40}], ["has_pin", {"points": 10}]]
STATES = (("new", 70), ("seen", 12), ("handed_over", 3), ("duplicate", 9), ("unrelated", 6))


def fill(count: int, units: Sequence[Unit]) -> str:
    """Write that many tips; return the reference of one of the first unit's."""
    chance, references = random.Random(count), iter(unique(count))
    heads: list[UUID] = []
    first = ""
    for start in range(0, count, AT_ONCE):
        rows = [
            _tip(chance, units, heads, next(references)) for _number in range(min(AT_ONCE, count - start))
        ]
        first = first or next(row.reference for row in rows if row.unit_id == units[0].pk)
        with transaction.atomic():
            keys.create_many((row.pk for row in rows), "tip")
            seal(rows)
            Tip.objects.bulk_create(rows, batch_size=AT_ONCE)
            along = [_photo(row) for row in rows if chance.random() < 0.2]
            Attachment.objects.bulk_create(along, batch_size=AT_ONCE)
    return first


def _tip(chance: random.Random, units: Sequence[Unit], heads: list[UUID], reference: str) -> Tip:
    at = clock.now() - timedelta(seconds=chance.random() * 3_600)
    state = chance.choices([name for name, _w in STATES], [weight for _n, weight in STATES])[0]
    row = Tip(
        id=uuid4(),
        reference=reference,
        state=state,
        state_at=at,
        door=chance.choice(("whatsapp", "sms", "web", "email", "phone")),
        language=chance.choice(("ar", "fr")),
        unit=units[0] if chance.random() < OF_OURS else chance.choice(units[1:]),
        guess=chance.choice(("sighting", "report", "rumour", "")),
        score=min(100, int(chance.expovariate(1 / 30))),
        look_due_at=at + timedelta(minutes=10),
        said_at=at,
        received_at=at,
    )
    row.words, row.reasons = "شفت طفلة بفستان أحمر حدا محطة القطار", REASONS
    if len(heads) < CLUSTERS:
        heads.append(row.pk)
        row.cluster = row.pk
    elif chance.random() < IN_CLUSTERS:
        row.cluster = heads[min(int(chance.paretovariate(0.8)) - 1, CLUSTERS - 1)]
    return row


def _photo(tip: Tip) -> Attachment:
    return Attachment(tip=tip, kind="photo", state="ready", media_type="image/jpeg")
