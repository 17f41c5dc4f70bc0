"""What is known of a child, or of the case as a whole: by group, the newest value first, with its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cases.fields import FIELDS, GROUPS, Field
from cases.models import Amendment, Case, Child, VoiceNote
from cases.sheet import columns, sources, words
from cases.sheet.rows import Rows
from cases.sheet.sources import Reader, Said

SHOWN_ELSEWHERE = ("photo", "places", "reporter")  # each has a list of its own


@dataclass(frozen=True)
class Fact:
    """Hold one field as told; said is None where only a voice note answers it, or it was taken back."""

    name: str
    label: str
    mark: str  # the class: public, officers, restricted
    said: Said | None
    earlier: tuple[Said, ...] = ()
    voices: tuple[VoiceNote, ...] = ()


@dataclass(frozen=True)
class Group:
    """Hold the facts of a group; those whose source is the group's do not name it again."""

    name: str
    title: str
    facts: tuple[Fact, ...]
    source: str = ""


def of_child(rows: Rows, case: Case, child: Child, reader: Reader) -> list[Group]:
    return _groups(rows, case, child, reader)


def of_case(rows: Rows, case: Case, reader: Reader) -> list[Group]:
    return _groups(rows, case, None, reader)


def reporter_before(rows: Rows, case: Case, reader: Reader) -> tuple[Said, ...]:
    """Return what was told of who reported before it was corrected, newest first (restricted)."""
    return _of_columns(rows, case, None, FIELDS["reporter"], reader)[1:]


def voices_of(rows: Rows, case: Case, child: Child | None, field: str) -> tuple[VoiceNote, ...]:
    """Return the notes that answer the field; those of no child in a case of one child are the child's."""
    only = len(rows.children.get(case.pk, ())) == 1
    owners = {child.pk if child else None, *({None} if child and only else set())}
    return tuple(v for v in rows.voices.get(case.pk, ()) if v.field == field and v.child_id in owners)


def _groups(rows: Rows, case: Case, child: Child | None, reader: Reader) -> list[Group]:
    per = "child" if child else "case"
    facts: dict[str, list[Fact]] = {name: [] for name in GROUPS}
    for field in FIELDS.values():
        shown = field.per == per and field.name not in SHOWN_ELSEWHERE
        if shown and words.may_see(reader.officer, field.data_class):
            facts[field.group].extend(_fact(rows, case, child, field, reader))
    return [_group(name, tuple(found)) for name, found in facts.items() if found]


def _group(name: str, facts: tuple[Fact, ...]) -> Group:
    """Say once, for the group, the source that most of its facts have; the others name their own."""
    sources_said = Counter(fact.said.source for fact in facts if fact.said)
    most = sources_said.most_common(1)[0][0] if sources_said else ""
    plain = (
        replace(fact, said=replace(fact.said, source="")) if fact.said and fact.said.source == most else fact
        for fact in facts
    )
    return Group(name, str(words.GROUP_TITLES.get(name, name)), tuple(plain), most)


def _fact(rows: Rows, case: Case, child: Child | None, field: Field, reader: Reader) -> Iterator[Fact]:
    """Yield the fact, or nothing where nobody said anything."""
    voices = voices_of(rows, case, child, field.name)
    told = _of_columns(rows, case, child, field, reader) if field.columns else ()
    told = told or _of_document(rows, case, child, field, reader)
    if told or voices:
        said, *earlier = told or (None,)
        yield Fact(
            field.name, words.label(field.name), field.data_class, said, tuple(filter(None, earlier)), voices
        )


def _of_document(
    rows: Rows, case: Case, child: Child | None, field: Field, reader: Reader
) -> tuple[Said, ...]:
    entries = rows.entries.get(child.pk if child else case.pk, {}).get(field.name, [])
    return tuple(_entry(rows, case, field, entry, reader) for entry in reversed(entries))


def _entry(rows: Rows, case: Case, field: Field, entry: Mapping[str, Any], reader: Reader) -> Said:
    spoken = entry.get("language", "") if field.free_text and entry["value"] is not None else ""
    source = sources.of_entry(case, entry, rows.typists, reader)
    return Said(words.in_words(field, entry["value"]), source, spoken)


def _of_columns(
    rows: Rows, case: Case, child: Child | None, field: Field, reader: Reader
) -> tuple[Said, ...]:
    """Return the value of the columns, then what stood there before, newest first."""
    owner: UUID = child.pk if child else case.pk
    changes = [a for a in rows.amendments.get(owner, ()) if a.field == field.name]
    now = columns.current(field.name, child or case, case, reader)
    if not now and not changes:
        return ()
    return tuple(_history(case, field, now or _("taken back"), changes, reader))


def _history(case: Case, field: Field, now: str, changes: list[Amendment], reader: Reader) -> Iterator[Said]:
    """Yield each value with who said it: a change keeps the value before it and is the source of the next."""
    value = now
    for change in reversed(changes):
        yield Said(value, sources.of_amendment(change, reader))
        value = columns.in_words(field.name, change.before or {}, reader)
    if value:
        yield Said(value, sources.of_report(case, reader))
