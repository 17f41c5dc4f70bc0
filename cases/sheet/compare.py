"""Two reports beside each other, line by line, for the officer who decides whether they are of one child."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.models import Case, Child, Photo
from cases.sheet import facts, lines, sources, words
from cases.sheet.facts import Group
from cases.sheet.rows import Rows
from cases.sheet.sources import Reader, Said

ALWAYS = ("name", "sex", "age")  # said to be missing where one side did not tell it
OF_CHILD = (
    *ALWAYS, "birth_date", "nickname", "languages_spoken", "height", "build", "hair", "eyes", "glasses",
    "marks", "marks_note", "clothing", "carried", "clothing_note",
)  # fmt: skip
OF_CASE = ("last_seen_at", "last_seen_place", "circumstances")


@dataclass(frozen=True)
class Cell:
    """Hold what one side says: spoken is set where a voice note answers and nobody has typed it."""

    said: Said | None = None
    spoken: bool = False
    phone: str = ""

    @property
    def is_told(self) -> bool:
        return bool(self.said or self.spoken or self.phone)


@dataclass(frozen=True)
class Line:
    label: str
    cells: tuple[Cell, Cell]


@dataclass(frozen=True)
class Pair:
    """Hold two children who may be one; one of them is None where the other report has nobody like that."""

    names: tuple[str, str]
    photos: tuple[tuple[Case, tuple[Photo, ...]], tuple[Case, tuple[Photo, ...]]]
    lines: tuple[Line, ...]

    @property
    def has_photo(self) -> bool:
        return any(photos for _case, photos in self.photos)


@dataclass(frozen=True)
class Comparison:
    cases: tuple[Case, Case]
    reports: tuple[Line, ...]  # unit, state, who reported
    seen: tuple[Line, ...]  # where and when last seen
    pairs: tuple[Pair, ...]


def side_by_side(
    found: Rows, reader: Reader, pairs: Iterable[tuple[Child | None, Child | None]]
) -> Comparison:
    """Return the first two cases of the rows as this officer may see them (no query beyond the rows)."""
    one, other = found.cases[:2]
    cases = (one, other)
    return Comparison(
        cases,
        tuple(_reports(cases, reader)),
        tuple(_lines(OF_CASE, OF_CASE[:2], [facts.of_case(found, case, reader) for case in cases])),
        tuple(_pair(found, reader, cases, children) for children in pairs),
    )


def _pair(
    found: Rows, reader: Reader, cases: tuple[Case, Case], children: tuple[Child | None, Child | None]
) -> Pair:
    told = [
        facts.of_child(found, case, child, reader) if child else []
        for case, child in zip(cases, children, strict=True)
    ]
    first, second = (tuple(found.photos.get(child.pk, ())) if child else () for child in children)
    names = [child.name(words.language()) if child else "" for child in children]
    return Pair(
        (names[0], names[1]),
        ((cases[0], first), (cases[1], second)),
        tuple(_lines(OF_CHILD, ALWAYS, told)),
    )


def _lines(names: Iterable[str], always: Sequence[str], told: Sequence[list[Group]]) -> Iterator[Line]:
    """Yield a line for each name that one side told, and for those that always stand there."""
    known = [{fact.name: fact for group in groups for fact in group.facts} for groups in told]
    for name in names:
        sides = [side.get(name) for side in known]
        cells = [Cell(fact.said, bool(fact.voices) and not fact.said) if fact else Cell() for fact in sides]
        if name in always or any(cell.is_told for cell in cells):
            yield Line(words.label(name), (cells[0], cells[1]))


def _reports(cases: tuple[Case, Case], reader: Reader) -> Iterator[Line]:
    yield _line(_("Reported"), (sources.of_report(case, reader) for case in cases))
    yield _line(_("Unit"), (str(case.unit) for case in cases))
    yield _line(_("State"), (case.get_state_display() for case in cases))
    if not reader.officer.has_perm(words.RESTRICTED):
        return
    contacts = [{line.label: line for line in lines.contacts(case)} for case in cases]
    asked = {
        _("Who reported"): _("Name"),
        _("Relation to the child"): _("Relation to the child"),
        _("Phone"): _("Phone"),
    }
    for label, contact in asked.items():
        found = [side.get(contact) for side in contacts]
        cells = [_contact(line) if line else Cell() for line in found]
        yield Line(label, (cells[0], cells[1]))


def _contact(line: lines.Contact) -> Cell:
    return Cell(phone=line.words) if line.phone else Cell(Said(line.words, ""))


def _line(label: str, told: Iterable[str]) -> Line:
    first, second = (Cell(Said(words_said, "")) if words_said else Cell() for words_said in told)
    return Line(label, (first, second))
