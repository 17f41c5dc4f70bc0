"""What the machine makes of one tip, written onto it: again whenever something was added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from alerts.models import Alert
from cases.models import Case, Sighting
from geo.points import Point
from tips import clocks, clusters, neighbours, triage
from tips.models import Attachment, Tip
from tips.triage import Circumstances, Read, Spot

MOST_SIGHTINGS = 10
MOST_RESCORED = 12  # earlier tips of a cluster that a further witness raises
OPEN = (Tip.State.NEW, Tip.State.SEEN)
WRITTEN = (
    "place", "cell", "seen_at", "seen_error_min", "guess", "score", "danger", "reasons", "cluster", "is_copy",
    "look_due_at",
)  # fmt: skip


def assess(tip: Tip) -> None:
    """Read, place, cluster and score the tip within the caller's transaction; safe to call again.

    Sets place and cell where no pin did, seen_at, guess, score, danger, reasons, cluster, look_due_at, and
    the marks that neighbours are found by; opens again what was closed of its cluster. The tip must be saved.
    About fifteen queries and five milliseconds, as many beside five hundred copies as beside none.
    """
    case = _case_of(tip)
    told = triage.read(
        tip.words or "",
        written_at=tip.said_at,
        zone=ZoneInfo(settings.COUNTRY.time_zone),
        gazetteer=settings.COUNTRY.gazetteer,
        near=case.last_seen_point if case else None,
    )
    _place(tip, told)
    along = list(Attachment.objects.filter(tip=tip).defer("name", "source", "verdict_why"))
    joined = neighbours.join(tip, told, along)
    tip.cluster, tip.is_copy = joined.cluster, joined.is_copy
    around = _around(tip, told, case, along)
    found = triage.score(told, around)
    tip.guess, tip.score, tip.reasons = told.guess, found.score, found.as_json
    tip.danger = max(tip.danger, found.danger)  # what is added, or closed beside it, takes no danger away
    tip.look_due_at = clocks.look_due(tip)
    tip.save(update_fields=list(WRITTEN))
    if joined.meets_others:
        neighbours.reopen_closed(tip, is_mere_copy=joined.is_mere_copy)
        if around.witnesses and not tip.is_copy and tip.guess != Tip.Guess.RUMOUR:
            _raise_others(tip)


def _case_of(tip: Tip) -> Case | None:
    """Return the case the tip is about (a query, none where it names nothing)."""
    if tip.alert_id:
        alert = Alert.objects.select_related("case").filter(pk=tip.alert_id).first()
        return alert.case.standing if alert else None
    return Case.objects.filter(pk=tip.case_id).first() if tip.case_id else None


def _place(tip: Tip, told: Read) -> None:
    """Fill in place and hour from the words where nobody gave them."""
    place = tip.place or {}
    if place.get("lat") is None and told.places:
        said = told.places[0]
        tip.place = {
            "words": place.get("words") or said.words, "lat": said.point.lat, "lon": said.point.lon,
            "error_m": round(said.error_m), "how": "words",
        }  # fmt: skip
    point = _point(tip)
    tip.cell = clusters.place_cell(point) if point else None
    if tip.seen_at is None and told.when:
        tip.seen_at, tip.seen_error_min = told.when.at, told.when.error_min


def _point(tip: Tip) -> Point | None:
    place = tip.place or {}
    lat, lon = place.get("lat"), place.get("lon")
    if lat is None or lon is None or abs(float(lat)) > 90 or abs(float(lon)) > 180:
        return None
    return Point(float(lat), float(lon))


def _spot(tip: Tip) -> Spot | None:
    point = _point(tip)
    if point is None:
        return None
    error_m = float((tip.place or {}).get("error_m") or 0)
    return Spot(point, error_m, tip.seen_at, tip.seen_error_min or 0)


def _around(tip: Tip, told: Read, case: Case | None, rows: Sequence[Attachment]) -> Circumstances:
    pinned = (tip.place or {}).get("how") in ("pin", "map")
    return Circumstances(
        spot=_spot(tip),
        last_seen=_last_seen(case),
        sightings=tuple(_sightings(case, tip)),
        witnesses=0 if tip.is_copy else neighbours.further_witnesses(tip),
        has_pin=pinned,
        media=tuple(row.kind for row in rows),
        files=tuple(_against(rows)),
        is_copy=tip.is_copy,
        names_alert=tip.alert_id is not None,
        by_officer=tip.entered_by_id is not None,
        is_empty=told.is_empty and not rows and not pinned,
        lag_min=_minutes(tip.said_at - tip.seen_at) if tip.seen_at else None,
    )


def _against(rows: Sequence[Attachment]) -> list[str]:
    """Return what speaks against what came along: a person's verdict, known footage, the file's own words."""
    found = [str(doubt[0]) for row in rows for doubt in (row.facts or {}).get("against", ())]
    judged = {row.verdict for row in rows}
    known = any(like.get("footage") for row in rows for like in row.likenesses or ())
    if judged & {Attachment.Verdict.OLD, Attachment.Verdict.FALSE} or known:
        found.append("old_footage")
    return found


def _last_seen(case: Case | None) -> Spot | None:
    point = case.last_seen_point if case else None
    return Spot(point, case.last_seen_error_m or 0, case.last_seen_at) if case and point else None


def _sightings(case: Case | None, tip: Tip) -> list[Spot]:
    if case is None:
        return []
    rows = Sighting.objects.standing().filter(case=case).exclude(tip_id=tip.pk)[:MOST_SIGHTINGS]
    return [
        Spot(row.point, row.error_m or 0, row.seen_at, row.seen_error_min or 0) for row in rows if row.point
    ]


def _minutes(length: timedelta) -> float:
    return max(0.0, length.total_seconds() / 60)


def _raise_others(tip: Tip) -> None:
    """Let a further witness raise the earlier tips of the cluster that wait or are worked on."""
    waiting = Tip.objects.filter(
        cluster=tip.cluster, state__in=(Tip.State.NEW, Tip.State.SEEN), is_copy=False
    )
    for other in waiting.exclude(pk=tip.pk).exclude(guess=Tip.Guess.RUMOUR)[:MOST_RESCORED]:
        count = neighbours.further_witnesses(other)
        reasons = triage.with_witnesses(other.reasons or [], count)
        if reasons != other.reasons:
            other.reasons = reasons
            other.score, other.danger = triage.totals(reasons)
            other.save(update_fields=["reasons", "score", "danger"])
