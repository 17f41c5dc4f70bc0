"""One short screen of the form, made from the declaration; every screen with more than that builds on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import fields, receiving, same_child
from cases.fields import Field
from cases.forms import declared
from cases.forms.folds import FIRST, FOLDED
from cases.forms.voice import PREFIX, VoiceField, close_when_full
from cases.models import Case, Child, Facts, VoiceNote
from cases.reported import ReportedVoice
from cases.telling import Told, tell
from trust import clock, keys

ROWS_SHOWN = 2
TROUBLE = _("Something went wrong on our side. Nothing is saved yet, and what you typed is still here.")


@dataclass(frozen=True)
class Block:
    """Hold what stands together on the page: a field and its recorder, or the rows of one field."""

    name: str
    field: forms.BoundField | None = None
    voice: forms.BoundField | None = None
    kept: int = 0  # voice notes that are there
    label: str = ""
    rows: Sequence[Sequence[forms.BoundField]] = ()
    more_rows: Sequence[Sequence[forms.BoundField]] = ()


@dataclass(frozen=True)
class Part:
    """Hold a part of the page; one with a label is folded until something stands in it."""

    label: str | Promise
    blocks: Sequence[Block]
    is_open: bool


class ScreenForm(forms.Form):
    """Show what was told, take what is told now. A field left as it was shown is not told again.

    After is_valid(), save() writes all in one transaction. keep_files() keeps what was recorded or
    photographed even where a word beside it is wrong; both may run twice.
    """

    template_name = "cases/screens/fields.html"
    use_required_attribute = False
    is_optional = True  # so no field says so by itself
    asks_point = False

    def __init__(
        self,
        screen: str,
        case: Case,
        child: Child | None,
        data: Any = None,
        files: Any = None,
        *,
        told: Told,
        title: str | Promise = "",
    ) -> None:
        self.screen, self.case, self.child, self.told, self.title = screen, case, child, told, title
        self.declared = tuple(one for one in fields.on_screen(screen) if not one.columns)
        self.shown = self._told_before()
        initial: dict[str, Any] = dict(self.columns())
        for one in self.declared:
            initial.update(declared.initial(one, self.shown.get(one.name)))
        super().__init__(data, files, initial=initial)
        for one in self.declared:
            self.fields.update(declared.form_fields(one))
            if one.free_text:
                self.fields[PREFIX + one.name] = VoiceField(one.name, label=declared.label(one))
        if told.officer is None:
            close_when_full(self, case)
        self._kept_notes = self._count_notes()

    # ---- what a screen with more than declared fields overrides

    def columns(self) -> Mapping[str, Any]:
        """Return what stands in the fields that live in columns or rows of their own."""
        return {}

    def save_columns(self) -> None:
        """Write those fields; within save()'s transaction."""

    @property
    def stays(self) -> bool:
        """Say whether the page is shown once more after save(): it has something to say."""
        return bool(self.advice)

    @property
    def advice(self) -> Sequence[Promise | str]:
        """Return what to tell kindly of files that are kept."""
        voices = [field for field in self.fields.values() if isinstance(field, VoiceField)]
        return list(dict.fromkeys(words for field in voices for words in field.advice))

    # ---- what pages call

    def save(self) -> None:
        self.keep_files()
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=self.case.pk)
            self.save_columns()
            tell(self.case, self.child, self.changed_facts(), self.told)
            if self.screen in same_child.COMPARED:
                same_child.look_safely(self.case)

    def keep_files(self) -> None:
        """Keep every voice note that can be played, once."""
        for name, note in getattr(self, "cleaned_data", {}).items():
            if isinstance(note, ReportedVoice) and not self._has_note(note):
                receiving.add_voice(
                    self.case, self.child, note, clock.now(), language=self.told.language,
                    source=self.told.source,
                )  # fmt: skip
                key = name.removeprefix(PREFIX)
                self._kept_notes[key] = self._kept_notes.get(key, 0) + 1

    @property
    def has_recorder(self) -> bool:
        return any(isinstance(field, VoiceField) for field in self.fields.values())

    def is_answered(self) -> bool:
        """Say whether anything was told, beyond what was shown."""
        return bool(self.changed_data)

    def changed_facts(self) -> dict[str, Any]:
        now = {one.name: declared.value(one, self.cleaned_data) for one in self.declared}
        changed = {name: said for name, said in now.items() if said != self.shown.get(name)}
        return {name: said for name, said in changed.items() if not self.is_untouched(name, said)}

    @property
    def stood(self) -> str:
        """Return digests of what stands on the page as it is made, for its hidden field of this name."""
        if self.is_bound:
            return str(self.data.get("stood", ""))
        marks = ((name, self._mark(said)) for name, said in {**self.shown, **self.columns()}.items())
        return " ".join(f"{name}:{mark}" for name, mark in marks)

    def is_untouched(self, name: str, said: Any) -> bool:
        """Say whether the field was left as this page showed it, whatever another page saved meanwhile."""
        if "stood" not in self.data:
            return False
        then = dict(mark.split(":", 1) for mark in self.data["stood"].split() if ":" in mark)
        return bool(then.get(name, self._mark(None)) == self._mark(said))

    def _mark(self, said: Any) -> str:
        return keys.token("stood", f"{self.case.pk} {json.dumps(said or None, default=str)}")[:12]

    def parts(self) -> Iterator[Part]:
        """Yield the page's parts, the unfolded one first (see cases.forms.folds)."""
        folded = FOLDED.get(self.screen, ())
        away = {name for _label, names in folded for name in names}
        first = FIRST.get(self.screen, ())
        others = [one.name for one in self.declared if one.name not in (*first, *away)]
        yield Part("", [self.block(fields.FIELDS[name]) for name in (*first, *others)], is_open=True)
        for label, names in folded:
            blocks = [self.block(fields.FIELDS[name]) for name in names]
            yield Part(label, blocks, is_open=any(self._speaks(block) for block in blocks))

    def block(self, one: Field) -> Block:
        if one.kind == "rows":
            return self._rows(one)
        voice = self[PREFIX + one.name] if PREFIX + one.name in self.fields else None
        return Block(one.name, self[one.name], voice, self._kept_notes.get(one.name, 0))

    # ---- within

    def _rows(self, one: Field) -> Block:
        rows = [
            [self[declared.part_name(one, row, part)] for part in one.parts] for row in range(one.max_rows)
        ]
        used = [row for row, cells in enumerate(rows) if any(cell.value() or cell.errors for cell in cells)]
        shown = max(ROWS_SHOWN, max(used, default=-1) + 1)
        label = declared.label(one)
        return Block(one.name, label=label, rows=rows[:shown], more_rows=rows[shown:])

    def _speaks(self, block: Block) -> bool:
        cells = [block.field, block.voice, *(cell for row in block.rows for cell in row)]
        return bool(block.kept) or any(cell is not None and (cell.value() or cell.errors) for cell in cells)

    def _told_before(self) -> dict[str, Any]:
        """Return the newest values; to a family never what an officer added: it may not be theirs to read."""
        groups = {one.group for one in self.declared}
        found: dict[str, Any] = {}
        for sheet in Facts.objects.filter(case=self.case, child=self.child, group__in=groups):
            for name, rows in (sheet.entries or {}).items():
                seen = [row for row in rows if self.told.officer or row["source"] != "officer"]
                if seen and seen[-1]["value"] is not None:
                    found[name] = seen[-1]["value"]
        return found

    def _count_notes(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        notes = VoiceNote.objects.filter(case=self.case, child=self.child).values_list("field", flat=True)
        for name in notes:
            counts[name] = counts.get(name, 0) + 1
        return counts

    def _has_note(self, note: ReportedVoice) -> bool:
        digest = hashlib.sha256(note.original).hexdigest()
        same = VoiceNote.objects.filter(case=self.case, child=self.child, field=note.field)
        return same.filter(original_sha256=digest).exists()
