"""A found child in the words an officer reads, alone and beside the child of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import vocabulary
from cases.fields import FIELDS
from cases.found.likeness import AGAINST
from cases.models import Child, FoundChild, FoundMatch
from cases.sheet import facts, words
from cases.sheet.columns import BABY_MONTHS
from cases.sheet.compare import Cell, Line
from cases.sheet.rows import Rows
from cases.sheet.sources import Reader, Said

REASONS: Mapping[str, Promise] = {
    "same_name": gettext_lazy("the same name"),
    "name_sounds_alike": gettext_lazy("a name that sounds alike, or is written in the other script"),
    "same_first_name": gettext_lazy("the same first name or pet name"),
    "same_sex": gettext_lazy("both a girl, or both a boy"),
    "age_fits": gettext_lazy("the age fits the guess"),
    "age_close": gettext_lazy("the age is within a year of the guess"),
    "near_and_soon": gettext_lazy("found near the place last seen, within two days"),
    "near": gettext_lazy("found near the place last seen"),
    "same_region": gettext_lazy("found within a week, less than 50 km away"),
    "soon": gettext_lazy("found within two days"),
    "same_hair": gettext_lazy("hair of the same colour"),
    "same_eyes": gettext_lazy("the same eyes"),
    "same_rare_mark": gettext_lazy("a mark that few children have"),
    "same_mark": gettext_lazy("the same common mark"),
    "same_clothes": gettext_lazy("a garment of the same kind and colour"),
    "same_language": gettext_lazy("the same less common language"),
    "same_speech": gettext_lazy("speaks in the same unusual way"),
    "same_height": gettext_lazy("about the same height"),
    "other_sex": gettext_lazy("one is a girl, the other a boy"),
    "age_off": gettext_lazy("the age is more than a year off the guess"),
    "age_far": gettext_lazy("an age far apart"),
    "other_name": gettext_lazy("another name"),
    "found_before": gettext_lazy("found before the family last saw the child"),
    "too_far": gettext_lazy("too far away for the time"),
    "mark_missing": gettext_lazy("a mark nobody overlooks is on one side only"),
    "other_hair": gettext_lazy("hair of another colour"),
    "other_eyes": gettext_lazy("other eyes"),
    "other_language": gettext_lazy("no language in common"),
    "other_speech": gettext_lazy("one speaks, the other does not"),
    "other_height": gettext_lazy("a height far apart"),
    "long_after": gettext_lazy("found more than a year later"),
}
# Asked with the words and pictures of the family's form, so that both can be compared.
LOOKS = (
    "languages_spoken", "speech", "height", "build", "hair", "eyes", "glasses", "marks", "marks_note",
    "clothing", "carried", "clothing_note",
)  # fmt: skip
ALWAYS = ("name", "sex", "age", "marks")


@dataclass(frozen=True)
class FoundLine:
    label: str
    words: str
    restricted: bool = False


def age(found: FoundChild) -> str:
    """Return the guess: "8-10", in months of a baby; "" where nobody made one."""
    low, high = found.age_low_months, found.age_high_months
    if low is None or high is None:
        return ""
    if high < BABY_MONTHS:
        return _("%(months)s months") % {"months": _span(low, high)}
    return _span(low // 12, high // 12)


def sex(found: FoundChild) -> str:
    return vocabulary.label("sex", found.sex, words.language())


def lines(found: FoundChild, reader: Reader) -> list[FoundLine]:
    """Return what this officer may read of the child, in the order of a description."""
    told = _told(found, reader)
    shown = [
        FoundLine(_("Found"), reader.hour(found.found_at)),
        FoundLine(_("Where"), found.place_words or ""),
        FoundLine(_("Name the child says"), words.isolated(found.name_said or "")),
        *(FoundLine(words.label(name), told[name]) for name in ("sex", "age", *LOOKS) if name in told),
    ]
    if reader.officer.has_perm(words.RESTRICTED):
        shown += [FoundLine(label, said, restricted=True) for label, said in _restricted(found)]
    return [line for line in shown if line.words]


def reasons(match: FoundMatch) -> tuple[list[str], list[str]]:
    """Return what speaks for one child and what against, in words."""
    known = [code for code in match.reasons if code in REASONS]
    return (
        [str(REASONS[code]) for code in known if code not in AGAINST],
        [str(REASONS[code]) for code in known if code in AGAINST],
    )


def topics(codes: Iterable[str]) -> str:
    """Return what to ask about, as the fields are called."""
    return words.listed(words.label("last_seen_place" if code == "place" else code) for code in codes)


def beside(found: FoundChild, child: Child | None, file: Rows, reader: Reader) -> list[Line]:
    """Return found child and reported child line by line (no query beyond the rows)."""
    case = file.cases[0]
    groups = facts.of_child(file, case, child, reader) if child else []
    theirs = {
        fact.name: fact for group in [*groups, *facts.of_case(file, case, reader)] for fact in group.facts
    }
    mine = {
        "name": found.name_said or "",
        "last_seen_at": reader.hour(found.found_at),
        **_told(found, reader),
    }
    mine["last_seen_place"] = found.place_words or ""
    labels = {"last_seen_at": _("Found; last seen"), "last_seen_place": _("Where found; where last seen")}
    names = ("name", "nickname", "sex", "age", *LOOKS, "last_seen_at", "last_seen_place")
    shown = ((name, _cells(mine.get(name, ""), theirs.get(name))) for name in names)
    return [
        Line(labels.get(name, words.label(name)), cells)
        for name, cells in shown
        if name in ALWAYS or any(cell.is_told for cell in cells)
    ]


def _cells(mine: str, fact: facts.Fact | None) -> tuple[Cell, Cell]:
    own = Cell(Said(mine, "")) if mine else Cell()
    return own, Cell(fact.said, bool(fact.voices) and not fact.said) if fact else Cell()


def _told(found: FoundChild, reader: Reader) -> dict[str, str]:
    told: Mapping[str, Any] = found.facts or {}
    said = {
        name: words.in_words(FIELDS[name], told[name])
        for name in LOOKS
        if name in told and words.may_see_field(reader.officer, name)
    }
    return {**said, "sex": sex(found), "age": age(found)}


def _restricted(found: FoundChild) -> Iterator[tuple[str, str]]:
    yield _("What the child says about family"), found.says_family or ""
    yield _("What the child says about home, school, places"), found.says_place or ""
    yield _("Where the child is now"), found.where_now or ""
    yield _("Taken in by"), found.taken_in_by or ""
    yield _("Why it was closed or reopened"), found.reason or ""


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"
