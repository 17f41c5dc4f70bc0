"""Who told the same of late: looked for while a call is typed, within the call-taker's scope, and logged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.statements import marks
from tips import neighbours
from tips.calls import likeness
from tips.calls.likeness import Telling
from tips.desk.doors import VIEW, page_url
from tips.models import Tip
from tips.naming import point_of
from trust import audit, clock, desk, keys
from trust.models import Officer

WITHIN = timedelta(hours=12)
MOST_READ = 200  # of the newest: some thirty milliseconds
SHOWN = 5
MOST_LETTERS = 160
SEALED = {"words": "words", "place": "tip_place", "link": "tip_link"}  # column: the name in its seal
REASONS: dict[str, Promise] = {
    "link": _("the same address"),
    "number": _("the same number"),
    "place": _("the same place"),
    "hour": _("about the same hour"),
    "words": _("the same words"),
}
READ = ("reference", "state", "door", "received_at", "seen_at", "words", "place", "link", "cluster")

audit.declare({"tip.joined_by_call": "A call-taker put a new tip with an earlier one"})


@dataclass(frozen=True)
class Line:
    """Hold one earlier telling as the call-taker sees it; words and url only for whoever may read tips."""

    number: int
    pk: UUID
    reference: str
    at: str
    place: str
    reasons: str
    state: str
    words: str
    url: str


def find(told: Telling, officer: Officer, alert_id: UUID | None = None) -> list[Line]:
    """Return up to five earlier tips of the officer's scope that tell the same, the likest first.

    Three queries, and the log's for what is shown. alert_id: what the caller speaks of; tips about another
    alert are left out then.
    """
    if told == Telling():
        return []
    now = clock.now()
    rows = Tip.objects.for_officer(officer).filter(received_at__gt=now - WITHIN, erased_at=None)
    if alert_id is not None:
        rows = rows.filter(Q(alert_id=alert_id) | Q(alert_id=None))
    read = list(rows.only(*READ).order_by("-received_at")[:MOST_READ])
    found = [(likeness.alike(told, other), tip) for tip, other in zip(read, _opened(read), strict=True)]
    best = sorted(((one, tip) for one, tip in found if one), key=lambda pair: -pair[0].score)[:SHOWN]
    for _one, tip in best:
        audit.viewed(officer, tip, "look-alike")
    zone = desk.zone_of(officer)
    return [_line(number, tip, one.by, officer, zone) for number, (one, tip) in enumerate(best, start=1)]


def join(tip: Tip, other: UUID, officer: Officer) -> bool:
    """Put a new tip with an earlier one of the officer's scope; say whether there is such a one."""
    first = Tip.objects.for_officer(officer).filter(pk=other).exclude(pk=tip.pk).first()
    if first is None:
        return False
    neighbours.put_with(tip, first)
    audit.record("tip.joined_by_call", tip, actor=officer)
    return True


def telling(words: str, place: dict[str, Any] | None, seen_at: datetime | None, link: str = "") -> Telling:
    """Return what is compared of a form that is being filled in."""
    found = [*marks.links(words), *marks.links(link)]
    return likeness.of(words, (place or {}).get("words", ""), point_of(place), seen_at, found)


def _opened(rows: Sequence[Tip]) -> list[Telling]:
    """Return what each tells, all keys asked for with one query; nothing of one whose key is gone."""
    sealed = [
        (row.pk, name, row.__dict__.get(column) or b"") for row in rows for column, name in SEALED.items()
    ]
    plain = iter(keys.open_many(told for told in sealed if told[2]))
    opened = [(next(plain) or b"").decode() if told[2] else "" for told in sealed]
    each = zip(*[iter(opened)] * len(SEALED), strict=True)
    return [
        telling(words, json.loads(place) if place else None, row.seen_at, link)
        for row, (words, place, link) in zip(rows, each, strict=True)
    ]


def _line(number: int, tip: Tip, by: Sequence[str], officer: Officer, zone: ZoneInfo) -> Line:
    may_read = officer.has_perm(VIEW)
    return Line(
        number,
        tip.pk,
        tip.reference,
        desk.moment(tip.seen_at or tip.received_at, zone),
        str((tip.place or {}).get("words", "")),
        " · ".join(str(REASONS[code]) for code in by),
        str(tip.get_state_display()),
        (tip.words or "")[:MOST_LETTERS] if may_read else "",
        page_url(tip) if may_read else "",
    )
