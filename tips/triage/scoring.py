"""A score that orders the queue, and a danger apart, each point with its reason. Pure.

All points are a judgement. They order what people read first; none of them closes, hides or answers a tip.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tips.triage.model import Circumstances, Read, Reason, Scored, Spot
from tips.triage.reach import reached

BASE = 25  # a tip about which nothing speaks
GUESSED: Mapping[str, int] = {
    "report": 45, "threat": 35, "sighting": 15, "offence": 5, "rumour": -10, "": 0,
}  # fmt: skip
DANGER_OF: Mapping[str, int] = {"report": 60, "threat": 60}  # nobody closes such a tip alone
_DANGER_SHARE = 0.3  # of the danger, in the score
_PIN, _EXACT, _ROUGH, _EXACT_M, _ROUGH_M = 10, 8, 4, 1_000.0, 5_000.0
_HOUR, _FRESH, _FRESH_MIN, _STALE, _STALE_MIN = 5, 10, 30.0, -10, 24 * 60.0
_MEDIA: Mapping[str, int] = {"photo": 8, "video": 8, "audio": 3}
_FILES: Mapping[str, int] = {
    "old_footage": -30, "taken_before": -15, "taken_elsewhere_km": -12, "edited_by": -8, "taken_after": -5,
}  # fmt: skip
_NEAR_M, _NEAR_MIN = 2_000.0, 180.0  # of another place: this near and this soon, they speak for each other
_REACHED, _REACHED_NEAR, _UNREACHED = 5, 10, -25
_AGREES, _MOST_AGREEING = 6, 5
_NAMED, _BY_OFFICER, _COPY, _EMPTY = 8, 5, -15, -10
_OF_DANGER = "danger_"
_WITNESS_DANGER = 5  # of each further witness of the same thing, where there is danger


def score(told: Read, around: Circumstances) -> Scored:
    """Return the order of a tip (0-100) and its danger (0-100); every point has its reason."""
    dangers = list(_danger(told, around))
    danger = _within(sum(reason.points for reason in dangers))
    reasons = [*_said(told, danger), *_where(told, around), *_when(around), *_files(around), *_others(around)]
    total = BASE + sum(reason.points for reason in reasons)
    return Scored(_within(total), danger, (*reasons, *dangers))


def totals(reasons: Sequence[Sequence[Any]]) -> tuple[int, int]:
    """Return (score, danger) of reasons as they are kept."""
    points = [(str(code), int(values.get("points", 0))) for code, values in reasons]
    danger = _within(sum(count for code, count in points if code.startswith(_OF_DANGER)))
    return _within(BASE + sum(count for code, count in points if not code.startswith(_OF_DANGER))), danger


def with_witnesses(reasons: Sequence[Sequence[Any]], witnesses: int) -> list[list[Any]]:
    """Return kept reasons as they stand beside so many further witnesses: a later one raises an earlier."""
    others = [list(reason) for reason in reasons if reason[0] not in ("agrees", "danger_agrees")]
    danger = any(str(code).startswith(_OF_DANGER) and values.get("points", 0) > 0 for code, values in others)
    told = list(_agreeing(witnesses, is_dangerous=danger))
    found = [*others, *(reason.as_json for reason in told)]
    share = round(totals(found)[1] * _DANGER_SHARE)
    return [
        [code, {**values, "points": share, "danger": totals(found)[1]}]
        if code == "is_dangerous"
        else [code, values]
        for code, values in found
    ]


def _agreeing(witnesses: int, *, is_dangerous: bool) -> Iterator[Reason]:
    count = min(witnesses, _MOST_AGREEING)
    if not count:
        return
    yield Reason("agrees", _AGREES * count, {"witnesses": witnesses})
    if is_dangerous:
        yield Reason("danger_agrees", _WITNESS_DANGER * count, {"witnesses": witnesses})


def _danger(told: Read, around: Circumstances) -> Iterator[Reason]:
    yield from told.danger
    if own := DANGER_OF.get(told.guess, 0):
        yield Reason(f"danger_{told.guess}", own)
    is_dangerous = bool(told.danger) or told.guess in DANGER_OF
    yield from (r for r in _agreeing(around.witnesses, is_dangerous=is_dangerous) if r.code != "agrees")


def _said(told: Read, danger: int) -> Iterator[Reason]:
    for reason in told.why:
        yield Reason(reason.code, GUESSED[told.guess], reason.values)
    if danger:
        yield Reason("is_dangerous", round(danger * _DANGER_SHARE), {"danger": danger})


def _where(told: Read, around: Circumstances) -> Iterator[Reason]:
    spot = around.spot
    if around.has_pin:
        yield Reason("has_pin", _PIN)
    elif spot and spot.error_m <= _ROUGH_M:
        exact = spot.error_m <= _EXACT_M
        yield Reason("names_place", _EXACT if exact else _ROUGH, {"metres": round(spot.error_m)})
    if spot is None:
        return
    if around.last_seen:
        yield _reach("last", spot, around.last_seen, around.transport)
    nearest = [_reach("sighting", spot, other, around.transport) for other in around.sightings]
    if nearest:
        yield min(nearest, key=lambda reason: reason.points)


def _reach(of: str, spot: Spot, known: Spot, transport: str) -> Reason:
    found = reached(spot, known, transport)
    near = found.minutes is not None and abs(found.minutes) <= _NEAR_MIN and found.distance_m <= _NEAR_M
    points = {"yes": _REACHED_NEAR if near else _REACHED, "no": _UNREACHED}.get(found.answer, 0)
    values = {
        "km": round(found.distance_m / 1000, 1),
        "minutes": None if found.minutes is None else round(found.minutes),
        "transport": found.transport,
        "answer": found.answer,
    }
    return Reason(f"reach_{of}", points, values)


def _when(around: Circumstances) -> Iterator[Reason]:
    if around.lag_min is None:
        return
    yield Reason("tells_hour", _HOUR)
    if around.lag_min <= _FRESH_MIN:
        yield Reason("is_fresh", _FRESH, {"minutes": round(around.lag_min)})
    elif around.lag_min > _STALE_MIN:
        yield Reason("is_stale", _STALE, {"hours": round(around.lag_min / 60)})


def _files(around: Circumstances) -> Iterator[Reason]:
    best = max(around.media, key=lambda kind: _MEDIA.get(kind, 0), default="")
    if points := _MEDIA.get(best, 0):
        yield Reason(f"has_{best}", points)
    for code in sorted(set(around.files) & set(_FILES)):
        yield Reason(code, _FILES[code])


def _others(around: Circumstances) -> Iterator[Reason]:
    yield from _agreeing(around.witnesses, is_dangerous=False)
    if around.is_copy:
        yield Reason("is_copy", _COPY)
    if around.is_empty:
        yield Reason("is_empty", _EMPTY)
    if around.names_alert:
        yield Reason("names_alert", _NAMED)
    if around.by_officer:
        yield Reason("by_officer", _BY_OFFICER)


def _within(points: float) -> int:
    return round(min(max(points, 0), 100))
