"""The form on paper, made from the same declaration: boxes to tick, lines to write on, a place to sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases import consent_text, fields, vocabulary
from cases.fields import FIELDS, Field
from cases.forms.pictures import picture_url
from cases.forms.screens import PER_CHILD, SCREENS, TITLES
from cases.forms.words import spoken

TABLE_ROWS = {"places": 5, "routine": 3}
FEW_BOXES = 5
FEW_ROWS = 2
FEW_CODES = 8  # of a list that stands in the heading of a table as words
LONG, SHORT = 2, 1  # lines to write on
NEED_ROOM = ("circumstances", "health", "worry_note", "companion_note")


@dataclass(frozen=True)
class Box:
    label: str
    picture: str = ""


@dataclass(frozen=True)
class Column:
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """Hold one question: boxes to tick, lines to write on, or a table of rows by columns."""

    label: str
    boxes: tuple[Box, ...] = ()
    lines: int = 0
    columns: tuple[Column, ...] = ()
    rows: int = 0
    asks_colour: bool = False
    is_restricted: bool = False

    @property
    def is_few(self) -> bool:
        """Say whether the boxes stand in one line with the question, and beside another one."""
        return 0 < len(self.boxes) <= FEW_BOXES

    @property
    def blank_rows(self) -> range:
        return range(self.rows)


@dataclass(frozen=True)
class Section:
    title: str
    questions: tuple[Question, ...]
    is_per_child: bool


@dataclass(frozen=True)
class Paper:
    sections: tuple[Section, ...]
    consent_text: str
    consent_version: str
    consent_fields: tuple[str, ...]
    consent_channels: tuple[str, ...]
    consent_until: tuple[str, ...]
    authorities: tuple[Box, ...]


def form() -> Paper:
    """Return the form in the active language."""
    asked = [screen for screen in SCREENS if screen != "consent"]
    return Paper(
        tuple(Section(str(TITLES[s]), tuple(_questions(s)), s in PER_CHILD) for s in asked),
        consent_text.text(),
        consent_text.VERSION,
        tuple(label for _name, label in consent_text.field_choices()),
        tuple(channel.label for channel in consent_text.channels()),
        tuple(str(words) for words in consent_text.UNTIL.values()),
        _boxes("authority"),
    )


def _questions(screen: str) -> Iterator[Question]:
    yield from _first(screen)
    for declared in fields.on_screen(screen):
        if not declared.columns:
            yield _question(declared)


def _first(screen: str) -> Iterator[Question]:
    """Yield what lives in columns: each has a shape of its own."""
    if screen == "child":
        yield Question(_("First name and family name"), lines=SHORT)
        yield Question(_("The name in the other script"), lines=SHORT)
        yield Question(
            _("Date of birth (day, month, year), or age in years, of a baby in months"), lines=SHORT
        )
        yield Question(_label(FIELDS["sex"]), boxes=_boxes("sex"))
    elif screen == "photos":
        yield Question(_("Add photos that show the face. Write on the back of each when it was taken."))
    elif screen == "last_seen":
        yield Question(_("Day and hour the child was last seen"), lines=SHORT)
        yield Question(_("Where: quarter, street, shop, school, what is near"), lines=SHORT)
    elif screen == "places":
        yield _places()
    elif screen == "you":
        yield from _who()


def _places() -> Question:
    kinds = ", ".join(
        vocabulary.label("place_kind", code, spoken()) for code in vocabulary.offered("place_kind")
    )
    columns = (
        Column(_("What place"), kinds),
        Column(_("Where exactly")),
        Column(_("Who is there, telephone")),
        Column(_("When, how often, with whom")),
        Column(_("Found there before?")),
    )
    label = _label(FIELDS["places"])
    return Question(label, columns=columns, rows=TABLE_ROWS["places"], is_restricted=True)


def _who() -> Iterator[Question]:
    yield Question(_("Your name"), lines=SHORT)
    yield Question(_("Who are you to the child?"), boxes=_boxes("relation"))
    yield Question(_("Your phone, and e-mail if you have one"), lines=SHORT)
    yield Question(_("Identity document: kind and number"), lines=SHORT)


def _question(declared: Field) -> Question:
    restricted = declared.data_class == "restricted"
    label = _label(declared)
    if declared.kind in ("code", "codes"):
        return Question(label, boxes=_boxes(declared.vocabulary), is_restricted=restricted)
    if declared.kind == "clothing":
        return Question(label, boxes=_boxes(declared.vocabulary), asks_colour=True, is_restricted=restricted)
    if declared.kind == "rows":
        columns = tuple(_column(part, kind) for part, kind in declared.parts.items())
        rows = TABLE_ROWS.get(declared.name, FEW_ROWS)
        return Question(label, columns=columns, rows=rows, is_restricted=restricted)
    unit = f" ({declared.unit})" if declared.unit else ""
    return Question(
        f"{label}{unit}", lines=LONG if declared.name in NEED_ROOM else SHORT, is_restricted=restricted
    )


def _column(part: str, kind: str) -> Column:
    _what, _bar, listed = kind.partition(":")
    codes = vocabulary.offered(listed) if listed else ()
    words = ", ".join(vocabulary.label(listed, code, spoken()) for code in codes)
    label = str(capfirst(fields.part_label(part, spoken())))
    return Column(label, words if len(codes) <= FEW_CODES else "")


def _boxes(listed: str) -> tuple[Box, ...]:
    return tuple(
        Box(vocabulary.label(listed, code, spoken()), picture_url(listed, code))
        for code in vocabulary.offered(listed)
    )


def _label(declared: Field) -> str:
    words = declared.label
    return str(capfirst(words.get(spoken()) or words["en"]))
