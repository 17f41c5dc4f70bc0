"""The places to check and the calls back, in the words of the page of a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import checking, likely, vocabulary
from cases.models import CallBack, Case, PlaceCheck, VerificationOverride
from cases.sheet import seen
from cases.sheet.lines import PlaceLine, place_line
from cases.sheet.rows import Rows
from cases.sheet.sources import Reader
from cases.sheet.words import isolated, language, listed
from cases.spots import Spot
from trust.models import Task

BANDS: Mapping[str, Promise] = {
    "first": gettext_lazy("check first"),
    "likely": gettext_lazy("likely"),
    "possible": gettext_lazy("possible"),
    "unlikely": gettext_lazy("unlikely"),
}
LOUD: Mapping[str, str] = {"first": "danger", "likely": "warning"}
# With the study's share of finds, for a child of the ages it studied (Gibb & Woolnough 2007).
SHARES: Mapping[str, Promise] = {
    "home": gettext_lazy("%(share)s %% of missing 12-14-year-olds are found at home"),
    "friend": gettext_lazy("%(share)s %% of missing 12-14-year-olds are found at friends’ homes"),
    "relative": gettext_lazy("%(share)s %% of missing 12-14-year-olds are found at relatives’ homes"),
    "outside": gettext_lazy("%(share)s %% of missing 12-14-year-olds are found in streets and parks"),
    "leisure": gettext_lazy(
        "%(share)s %% of missing 12-14-year-olds are found in shops and places of leisure"
    ),
    "police": gettext_lazy("%(share)s %% of missing 12-14-year-olds are found at a police station"),
    "station": gettext_lazy("%(share)s %% of missing 12-14-year-olds are found at stations"),
}
REASONS: Mapping[str, Promise] = {
    "home": gettext_lazy("a child is often found at home: look into every room, even where the family did"),
    "friend": gettext_lazy("children are often found at friends’ homes"),
    "relative": gettext_lazy("children are often found at relatives’ homes"),
    "outside": gettext_lazy("children are often found in streets and parks"),
    "found_before": gettext_lazy("the child was found there before"),
    "often_every_day": gettext_lazy("the child goes there every day"),
    "often_each_week": gettext_lazy("the child goes there each week"),
    "fits_hour": gettext_lazy("the child is often there at this time of day"),
    "fits_day": gettext_lazy("the child is often there on this day"),
    "fits_habit": gettext_lazy("it fits a hobby"),
    "fits_worry": gettext_lazy("it fits what worried the child"),
    "category_family_abduction": gettext_lazy("it fits an abduction by a relative"),
    "category_lost": gettext_lazy("it fits a child who lost the way"),
    "category_runaway": gettext_lazy("it fits a child who ran away"),
    "seen_there": gettext_lazy("the child was seen there"),
    "was_not_there": gettext_lazy("lower: it was checked"),
    "was_nobody": gettext_lazy("nobody answered: try again"),
    "was_refused": gettext_lazy("they refused: nothing is known yet"),
}
VERDICTS: Mapping[str, tuple[str, Promise]] = {
    "confirmed": ("success", gettext_lazy("verified")),
    "face_to_face": ("success", gettext_lazy("verified at the desk")),
    "overridden": ("danger", gettext_lazy("not verified: overridden")),
    "contradicted": ("danger", gettext_lazy("contradicted")),
    "child_home": ("danger", gettext_lazy("the child is said to be home")),
    "nobody": ("warning", gettext_lazy("not verified")),
}
DONE_HOW: Mapping[str, Promise] = {
    "called": gettext_lazy("called"),
    "visited": gettext_lazy("visited"),
    "asked": gettext_lazy("somebody went there"),
}
RESULT_LEVELS: Mapping[str, str] = {
    "confirmed": "success", "contradicted": "danger", "child_home": "danger", "not_reached": "warning",
    "child_found": "success", "seen_there": "danger", "nobody": "warning", "refused": "warning",
}  # fmt: skip


@dataclass(frozen=True)
class CheckLine:
    """Hold one check that was made."""

    hour: str
    by: str
    result: str
    level: str
    details: str
    words: str


@dataclass(frozen=True)
class SpotLine:
    """Hold one place of the list with all that may be done there."""

    key: str
    place: PlaceLine
    band: str
    band_word: str
    level: str
    sign: int  # its number on the map, 0 without one
    reasons: str
    done: tuple[CheckLine, ...]
    waits: str  # who is to check it and until when; "" where nobody is
    how: str  # how it is to be checked: a code
    late: bool


@dataclass(frozen=True)
class AttemptLine:
    """Hold one call back; who, the number and the words are empty for who may not read them."""

    hour: str
    officer: str
    how: str
    number: str
    is_other: bool
    details: str
    result: str
    level: str
    words: str


@dataclass(frozen=True)
class OverrideLine:
    hour: str
    officer: str
    ground_word: str
    words: str


def spots(spots: Iterable[Spot], owed: Mapping[str, Task], reader: Reader) -> list[SpotLine]:
    """Return the list; owed: the open tasks of checks by the key of the check."""
    told = list(spots)
    signs = seen.signs(one.sighting for one in told if one.sighting)
    return [_spot(one, signs.get(one.sighting.pk, 0) if one.sighting else 0, owed, reader) for one in told]


def owed_checks(case: Case) -> dict[str, Task]:
    """Return the open tasks of the case's checks by check (one query)."""
    tasks = Task.objects.still_open().filter(kind=checking.KIND, subject=case.pk).select_related("owner")
    return {task.detail_code: task for task in tasks}


def told(rows: Rows) -> dict[str, set[str]]:
    """Return the newest hobbies and worries of all children of the case."""
    found: dict[str, set[str]] = {"hobby": set(), "worry": set()}
    for case in rows.cases:
        for child in rows.children.get(case.pk, ()):
            for name, codes in found.items():
                entries = rows.entries.get(child.pk, {}).get(name, [])
                codes.update((entries[-1]["value"] or ()) if entries else ())
    return found


def attempt(row: CallBack, reader: Reader, *, reads: bool) -> AttemptLine:
    said = (row.told or {}) if reads else {}
    relation = vocabulary.label("relation", said.get("relation", ""), language())
    proof, seen = said.get("proof", ""), said.get("seen", "")
    proven = str(CallBack.Proof(proof).label) if proof else ""
    if proof not in ("", CallBack.Proof.NONE) and seen:
        proven = f"{proven} ({CallBack.Seen(seen).label})"
    details = (
        _("spoke with: %(relation)s") % {"relation": relation} if relation else "",
        _("proof: %(proof)s") % {"proof": proven} if proven else "",
    )
    return AttemptLine(
        reader.hour(row.at),
        str(row.officer),
        row.get_how_display(),
        said.get("number", ""),
        bool(said.get("number")) and not said.get("of_the_case"),
        " · ".join(filter(None, details)),
        row.get_result_display(),
        RESULT_LEVELS.get(row.result, ""),
        said.get("words", ""),
    )


def override(row: VerificationOverride, reader: Reader, *, reads: bool) -> OverrideLine:
    words = (row.words or "") if reads else ""
    return OverrideLine(reader.hour(row.at), str(row.officer), row.ground_word, words)


def _spot(one: Spot, sign: int, owed: Mapping[str, Task], reader: Reader) -> SpotLine:
    task = owed.get(str(one.open.pk)) if one.open else None
    return SpotLine(
        one.key,
        _where(one, reader),
        one.ranked.band,
        str(BANDS[one.ranked.band]),
        LOUD.get(one.ranked.band, "") if not one.done else "",
        sign,
        _reasons(one, reader),
        tuple(_done(row, reader) for row in one.done),
        _waits(one.open, task, reader) if one.open else "",
        one.open.how if one.open else PlaceCheck.How.VISITED,
        one.open is not None and one.open.due_at <= reader.now,
    )


def _where(one: Spot, reader: Reader) -> PlaceLine:
    if one.sighting:
        return seen.place(one.sighting, reader)
    return place_line(one.place, reader) if one.place else _home()


def _home() -> PlaceLine:
    kind = vocabulary.label("place_kind", "home", language())
    return PlaceLine(kind, _("where the child lives"), (), "", "")


def _reasons(one: Spot, reader: Reader) -> str:
    said = [_reason(code, one.ranked) for code in one.ranked.reasons]
    first = seen.said(one.sighting, reader) if one.sighting else _named_by(one)
    return "; ".join(filter(None, [first, *said]))


def _named_by(one: Spot) -> str:
    if one.place is None:
        return ""
    return _("named by an officer") if one.place.source == "officer" else _("named by the family")


def _reason(code: str, ranked: likely.Ranked) -> str:
    if code in SHARES and ranked.share is not None:
        return str(SHARES[code]) % {"share": ranked.share}
    return str(REASONS.get(code, ""))


def _done(row: PlaceCheck, reader: Reader) -> CheckLine:
    told = row.told or {}
    details = (
        str(DONE_HOW.get(row.how, "")),
        isolated(told.get("to", "")),
        row.get_thoroughness_display() if row.thoroughness else "",
        _("%(minutes)s min") % {"minutes": row.minutes} if row.minutes else "",
    )
    return CheckLine(
        reader.hour(row.done_at) if row.done_at else "",
        str(row.done_by or row.officer),
        row.get_result_display(),
        RESULT_LEVELS.get(row.result, ""),
        listed(details),
        told.get("words", ""),
    )


def _waits(check: PlaceCheck, task: Task | None, reader: Reader) -> str:
    owner = task.owner if task and task.owner else check.officer
    to = (check.told or {}).get("to", "")
    who = _("%(who)s, asked by %(officer)s") if to else "%(officer)s"
    said = who % {"who": isolated(to), "officer": isolated(str(owner))}
    until = reader.hour(check.due_at)
    return _("%(how)s: %(who)s, until %(hour)s") % {
        "how": check.get_how_display(), "who": said, "hour": until,
    }  # fmt: skip
