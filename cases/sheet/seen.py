"""Where the child was seen, in the words of the page of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from cases import sightings as known
from cases import vocabulary
from cases.checking import SEEN
from cases.models import Sighting
from cases.sheet.lines import PlaceLine
from cases.sheet.sources import Reader
from cases.sheet.words import isolated, language
from trust import desk


@dataclass(frozen=True)
class SightingLine:
    """Hold one sighting; number: its sign on the map, 0 without one; gone: why it was taken back, or ""."""

    pk: UUID
    number: int
    place: PlaceLine
    said: str
    hour: str
    by: str
    gone: str


def sightings(rows: Iterable[Sighting], reader: Reader) -> list[SightingLine]:
    """Return the sightings, the newest first."""
    told = list(rows)
    numbers = signs(told)
    return [_line(row, numbers.get(row.pk, 0), reader) for row in told]


def signs(rows: Iterable[Sighting]) -> dict[UUID, int]:
    """Return the number each has on the map; those without a point have none."""
    return {row.pk: number for number, (row, _point) in enumerate(known.numbered(rows), 1)}


def place_kind(code: str) -> str:
    """Return the word for a kind of place to check, that of a sighting among them."""
    return _("where the child was seen") if code == SEEN else vocabulary.label("place_kind", code, language())


def place(row: Sighting, reader: Reader) -> PlaceLine:
    """Return the sighting as a place to check."""
    notes = (
        _("about %(name)s") % {"name": isolated(row.child.name(language()))} if row.child else "",
        _accuracy(row),
        row.note or "",
    )
    return PlaceLine(
        place_kind(SEEN), row.words or "", tuple(filter(None, notes)), "", reader.hour(row.seen_at)
    )


def said(row: Sighting, reader: Reader) -> str:
    """Return the reason to look there: "seen here 14 minutes ago, by a witness: likely"."""
    ago = desk.age(row.seen_at, reader.now)
    told = {"ago": ago, "who": row.get_source_class_display(), "sure": row.get_certainty_display()}
    if (reader.now - row.seen_at).total_seconds() < 60:
        return _("seen here just now, by %(who)s: %(sure)s") % told
    words = _("seen here %(ago)s ago, by %(who)s: %(sure)s") % told
    if not row.seen_error_min:
        return words
    return f"{words} {_('(give or take %(minutes)s min)') % {'minutes': row.seen_error_min}}"


def _accuracy(row: Sighting) -> str:
    if row.point is None:
        return _("words only, no point on the map")
    return _("within %(metres)s m") % {"metres": row.error_m} if row.error_m else ""


def _line(row: Sighting, number: int, reader: Reader) -> SightingLine:
    return SightingLine(
        row.pk, number, place(row, reader), said(row, reader), reader.hour(row.seen_at), str(row.added_by),
        _gone(row, reader),
    )  # fmt: skip


def _gone(row: Sighting, reader: Reader) -> str:
    if row.withdrawn_at is None:
        return ""
    told = {
        "why": row.get_withdrawn_why_display(),
        "who": row.withdrawn_by,
        "at": reader.hour(row.withdrawn_at),
    }
    words = _("taken back: %(why)s (%(who)s, %(at)s)") % told
    return f"{words}. {row.withdrawn_words}" if row.withdrawn_words else words
