"""Tips about one thing find each other as they come, and a new one opens again what was closed too early.

A cluster has the name of its first tip. Marks are keyed digests: no tip is opened to find its neighbours.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection

from alerts.models import Alert
from tips import clusters, reopening
from tips.models import Attachment, Mark, Tip
from tips.triage import Read
from trust import keys

MOST_REOPENED = 20  # closed tips of one cluster that one new tip opens again
MOST_READ = 200  # tips of a cluster in which further witnesses are looked for
MOST_ALERTS = 3  # live ones whose spots a tip without an alert is compared with
MOST_LIKE = 8  # likenesses of one picture that are followed
# A sighting and a case are worked on; of a tip handed over its own clock asks.
REOPENS = (Tip.State.RUMOUR, Tip.State.OLD, Tip.State.FALSE, Tip.State.DUPLICATE, Tip.State.UNRELATED)
OFFENCES = "offence:"  # before the event of a spot where an offence is told of
JUDGED = (Tip.State.OLD, Tip.State.FALSE, Tip.State.RUMOUR)  # closed for what they hold, which a copy repeats
Key = tuple[str, str]  # kind of Mark, token
_FIRST = "(SELECT id FROM tips_mark WHERE kind = %s AND token = %s AND tip_id <> %s ORDER BY id LIMIT 1)"
_HOLDERS = (
    "SELECT m.id, m.kind, m.token, m.tip_id, t.cluster AS joined FROM tips_mark m"
    " JOIN tips_tip t ON t.id = m.tip_id WHERE m.id IN"
)


@dataclass(frozen=True)
class Joined:
    """Hold what a tip was found to share: its cluster, and whether it only passes something on."""

    cluster: UUID
    is_copy: bool
    is_mere_copy: bool  # of a file, or of a text that goes round
    meets_others: bool  # whom it had not met before


def join(tip: Tip, told: Read, along: Sequence[Attachment] = ()) -> Joined:
    """Put the tip into the cluster of its neighbours, its own where it has none; write down its marks.

    In the caller's transaction; about eight queries, however many neighbours there are.
    """
    if tip.cluster is not None:  # another may have joined it to an earlier one meanwhile
        tip.cluster = Tip.objects.filter(pk=tip.pk).values_list("cluster", flat=True).first()
    strong, spots = _marks(tip, told, along), _spots(tip, told)
    _hold([*strong, *spots.own])
    found = _holders(tip, strong)
    joined = _joined_by(strong, found)
    alike = _alike(tip, along)
    near = _meeting(tip, spots.round) if spots.round else []
    # A car seen all over the town must not make one cluster of all who were seen where it passed.
    meeting = [] if joined or alike else near
    roots = {cluster for _key, _tip, cluster in joined} | set(alike) | set(meeting)
    meets_others = bool(roots - {tip.cluster, tip.pk})
    cluster = _united(tip, roots)
    _write(tip, [*strong, *(spots.own if not near else [])])
    kinds = {kind for (kind, _token), _tip, _cluster in joined}
    copies_file = Mark.Kind.FILE in kinds or bool(alike)
    is_copy = copies_file or Mark.Kind.WORDS in kinds
    is_mere = copies_file or (is_copy and told.guess == Tip.Guess.RUMOUR)
    return Joined(cluster, is_copy, is_mere, meets_others)


def put_with(tip: Tip, other: Tip) -> None:
    """Put a tip with one that a person finds the same, each with its cluster; open what is closed there."""
    tip.cluster = _united(tip, {other.cluster or other.pk})
    tip.save(update_fields=["cluster"])
    Tip.objects.filter(pk=other.pk).update(cluster=tip.cluster)
    reopen_closed(tip, is_mere_copy=False)


def further_witnesses(tip: Tip) -> int:
    """Return how many others tell of the same by themselves: neither copies nor hearsay (one query)."""
    rows = Tip.objects.filter(cluster=tip.cluster, is_copy=False).exclude(pk=tip.pk)
    rows = rows.exclude(guess=Tip.Guess.RUMOUR).exclude(state__in=(Tip.State.FALSE, Tip.State.UNRELATED))
    witnesses = list(rows.order_by().values_list("witness", flat=True)[:MOST_READ])
    return clusters.further(witnesses, tip.witness_id)


def reopen_closed(tip: Tip, *, is_mere_copy: bool) -> int:
    """Open the closed tips of the cluster again and tell who closed them; return how many.

    A mere copy opens nothing that was judged for what it holds: the five hundredth copy of an old video is
    no news. A duplicate is opened only where nothing else of its cluster is: its first tip speaks for it.
    """
    closed = Tip.objects.filter(cluster=tip.cluster, state__in=REOPENS).exclude(pk=tip.pk)
    if is_mere_copy:
        closed = closed.exclude(state__in=JUDGED)
    rows = list(closed.order_by("-state_at")[:MOST_REOPENED])
    wanted = [row for row in rows if row.state != Tip.State.DUPLICATE] or rows[:1]
    if wanted and wanted[0].state == Tip.State.DUPLICATE and _has_open(tip):
        return 0
    return sum(reopening.reopen(row, because=tip) for row in wanted)


def _has_open(tip: Tip) -> bool:
    others = Tip.objects.filter(cluster=tip.cluster, state__in=(Tip.State.NEW, Tip.State.SEEN))
    return others.exclude(pk=tip.pk).exists()


@dataclass(frozen=True)
class _Spots:
    own: list[Key]
    round: list[str]


def _marks(tip: Tip, told: Read, along: Sequence[Attachment]) -> list[Key]:
    """Return what others may share, except what everybody has: our own pages and numbers."""
    own_host = urlsplit(settings.PUBLIC_URL).hostname or ""
    numbers = {_tail(settings.TIP_NUMBER), _tail(settings.EMERGENCY_NUMBER)}
    files = ((row.original_sha256, row.said_sha256) for row in along)
    values: list[tuple[str, str]] = [
        *((Mark.Kind.PLATE, plate) for plate in told.plates),
        *((Mark.Kind.LINK, link) for link in told.links if not own_host or not link.startswith(own_host)),
        *((Mark.Kind.PHONE, phone) for phone in told.phones if phone not in numbers),
        *((Mark.Kind.WORDS, run) for run in clusters.runs(tip.words or "")),
        *((Mark.Kind.FILE, sha or said) for sha, said in files if sha or said),
    ]
    return [(kind, _token(kind, value)) for kind, value in dict.fromkeys(values)]


def _spots(tip: Tip, told: Read) -> _Spots:
    """Return where and when it says, for others to meet: a theft and a child seen there are two things."""
    error_m = float((tip.place or {}).get("error_m") or 0)
    if tip.cell is None or tip.seen_at is None or not clusters.meets(error_m, tip.seen_error_min or 0):
        return _Spots([], [])
    own, events = str(tip.alert_id or ""), []
    if told.guess == Tip.Guess.OFFENCE:
        own = f"{OFFENCES}{own}"
    else:
        events = [""] if own else _live_alerts()
    round_ = clusters.spots_round([own, *events], tip.cell, tip.seen_at)
    mine = clusters.spot(own, tip.cell, tip.seen_at)
    return _Spots([(Mark.Kind.SPOT, _token("spot", mine))], [_token("spot", one) for one in round_])


def _live_alerts() -> list[str]:
    live = Alert.objects.live().order_by("-live_at").values_list("pk", flat=True)[:MOST_ALERTS]
    return [str(pk) for pk in live]


def _token(kind: str, value: str) -> str:
    return keys.token(f"tip mark {kind}", value)


def _tail(number: str) -> str:
    return "".join(filter(str.isdigit, number))[-8:]


def _hold(marks: Sequence[Key]) -> None:
    """Let two tips of one mark come one after the other; SQLite has one writer anyway."""
    if connection.vendor != "postgresql" or not marks:
        return
    locks = sorted({struct.unpack(">q", bytes.fromhex(token[:16]))[0] for _kind, token in marks})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [locks])


def _holders(tip: Tip, marks: Sequence[Key]) -> list[tuple[Key, UUID, UUID]]:
    """Return (mark, tip, its cluster) of the first who holds each mark (one query, by hand: it is hot)."""
    if not marks:
        return []
    own = Tip._meta.pk.get_db_prep_value(tip.pk, connection)
    firsts = ", ".join([_FIRST] * len(marks))
    params = [value for kind, token in marks for value in (str(kind), token, own)]
    rows: Any = Mark.objects.raw(f"{_HOLDERS} ({firsts})", params)  # nothing typed is part of it
    return [((row.kind, row.token), row.tip_id, _uuid(row.joined) or row.tip_id) for row in rows]


def _uuid(value: object) -> UUID | None:
    """Return what either database gives for a UUID that Django does not read."""
    return value if isinstance(value, UUID) else UUID(str(value)) if value else None


def _joined_by(marks: Sequence[Key], found: Sequence[tuple[Key, UUID, UUID]]) -> list[tuple[Key, UUID, UUID]]:
    """Keep what joins: every mark but a run of words, of which most must be shared with one cluster."""
    own = sum(kind == Mark.Kind.WORDS for kind, _token in marks)
    words = [one for one in found if one[0][0] == Mark.Kind.WORDS]
    same = {cluster for _k, _t, cluster in words if clusters.same_text(_shared(words, cluster), own)}
    return [one for one in found if one[0][0] != Mark.Kind.WORDS or one[2] in same]


def _shared(words: Sequence[tuple[Key, UUID, UUID]], cluster: UUID) -> int:
    return sum(other == cluster for _key, _tip, other in words)


def _alike(tip: Tip, along: Sequence[Attachment]) -> list[UUID]:
    """Return the clusters of tips whose pictures or clips are like this one's (a query, none without)."""
    named = [
        str(like["attachment"])
        for row in along
        for like in (row.likenesses or [])[:MOST_LIKE]
        if like.get("attachment")
    ]
    if not named:
        return []
    told = Attachment.objects.filter(pk__in=named).exclude(tip=tip).values_list("tip", "tip__cluster")
    return [cluster or holder for holder, cluster in told]


def _meeting(tip: Tip, tokens: Sequence[str]) -> list[UUID]:
    """Return the clusters that hold a spot round this one; a spot has one holder, or few."""
    told = Mark.objects.filter(kind=Mark.Kind.SPOT, token__in=tokens).exclude(tip=tip)
    return [c or t for t, c in told.order_by("id").values_list("tip", "tip__cluster")[:1]]


def _united(tip: Tip, roots: Iterable[UUID]) -> UUID:
    """Return the one cluster that all of these are from now on: that of the earliest first tip."""
    named = {*roots, *([tip.cluster] if tip.cluster else [])}
    if not named:
        return tip.pk
    if len(named) == 1:
        return named.pop()
    told = list(Tip.objects.filter(pk__in=named).values_list("received_at", "pk"))
    kept = clusters.first(told) if told else min(named)
    Tip.objects.filter(cluster__in=named - {kept}).update(cluster=kept)
    return kept


def _write(tip: Tip, marks: Sequence[Key]) -> None:
    rows = [Mark(tip=tip, kind=kind, token=token) for kind, token in marks]
    if rows:
        Mark.objects.bulk_create(rows, ignore_conflicts=True)
