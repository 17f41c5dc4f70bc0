"""The one declaration of what a case file asks, read from fields.toml: form, paper, desk, consent, export,
retention and erasure read it here.

Pure: no Django. Columns and documents hold values under these names; `keep` names the clock that blanks them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from cases import vocabulary

DataClass = Literal["public", "officers", "restricted", "internal"]
Kind = Literal["text", "code", "codes", "number", "clothing", "rows", "date", "moment", "place", "photo"]
Per = Literal["child", "case"]
FILE = Path(__file__).with_name("fields.toml")
MAX_TEXT = 4000
MAX_ENTRIES = 40
MAX_ROWS = 12
_NO_WORDS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Field:
    """Declare one thing that may be known. Where columns is empty it lives in the document of its group."""

    name: str
    group: str
    data_class: DataClass
    kind: Kind
    label: Mapping[str, str]
    per: Per = "child"
    screen: str = ""  # where the form asks it; "" is the first minute
    vocabulary: str = ""
    columns: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)  # of rows: name -> text, code:<list>, codes:<list>
    max_rows: int = MAX_ROWS
    low: int = 0
    high: int = 0
    unit: str = ""
    free_text: bool = False  # marked with its language, never public untranslated; may be said instead
    help: Mapping[str, str] = field(default_factory=dict)
    keep: str = "case"


class FieldError(ValueError):
    """Name the field and what is wrong: unknown_field, unknown_code, out_of_range, malformed, too_long."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"{name}: {code}")
        self.field, self.code = name, code


def _load() -> tuple[Mapping[str, Field], Mapping[str, Mapping[str, str]]]:
    """Return the fields by name and the words of the parts. Raise ValueError for a wrong declaration."""
    with FILE.open("rb") as file:
        declared = tomllib.load(file)
    parts = declared.pop("_parts")
    return {name: _field(name, told) for name, told in declared.items()}, parts


def _field(name: str, told: dict[str, Any]) -> Field:
    data_class, kind, per = told.pop("class"), told.pop("kind"), told.pop("per")
    if data_class not in get_args(DataClass) or kind not in get_args(Kind) or per not in get_args(Per):
        raise ValueError(f"{FILE.name}: {name} has no known class, kind or per")
    if kind in ("date", "moment", "place", "photo") and "columns" not in told:
        raise ValueError(f"{FILE.name}: {name} is a {kind} and names no columns")
    columns = tuple(told.pop("columns", ()))
    return Field(name, data_class=data_class, kind=kind, per=per, columns=columns, **told)


FIELDS, _PARTS = _load()
PUBLIC_FIELDS: tuple[str, ...] = tuple(f.name for f in FIELDS.values() if f.data_class == "public")
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(f.group for f in FIELDS.values()))


def document_fields(group: str) -> tuple[Field, ...]:
    return tuple(f for f in FIELDS.values() if f.group == group and not f.columns)


def on_screen(screen: str) -> tuple[Field, ...]:
    """Return what a screen of the form asks, in the order of the file."""
    return tuple(f for f in FIELDS.values() if f.screen == screen)


def part_label(part: str, language: str) -> str:
    words = _PARTS.get(part, _NO_WORDS)
    return words.get(language) or words.get("en", part)


def check_value(name: str, value: Any) -> None:
    """Raise FieldError unless value fits the declaration of the document field; None takes a value back."""
    declared = FIELDS.get(name)
    if declared is None or declared.columns:
        raise FieldError(name, "unknown_field")
    if value is not None:
        _CHECKS[declared.kind](declared, value)


def check_document(group: str, entries: Mapping[str, Any]) -> None:
    """Raise FieldError unless entries is {field: [entry, …]} of the group; see entry()."""
    allowed = {declared.name for declared in document_fields(group)}
    for name, rows in entries.items():
        if name not in allowed:
            raise FieldError(name, "unknown_field")
        if not isinstance(rows, list) or len(rows) > MAX_ENTRIES:
            raise FieldError(name, "malformed")
        for row in rows:
            if not isinstance(row, dict) or not set(row) <= _ENTRY or "value" not in row:
                raise FieldError(name, "malformed")
            check_value(name, row["value"])


_ENTRY = frozenset({"value", "source", "certainty", "at", "entered_at", "language"})


def entry(
    value: Any, *, source: str, at: str, language: str = "", certainty: str = "sure", entered_at: str = ""
) -> dict[str, Any]:
    """Return one entry of a document: what was said, by whom, when, and when it was typed in if later.

    at, entered_at: ISO 8601 UTC. source: a key of cases.telling.SOURCES.
    """
    told = {"value": value, "source": source, "certainty": certainty, "at": at, "language": language}
    return {**told, "entered_at": entered_at} if entered_at else told


def _text(declared: Field, value: Any) -> None:
    if not isinstance(value, str):
        raise FieldError(declared.name, "malformed")
    if len(value) > MAX_TEXT:
        raise FieldError(declared.name, "too_long")


def _code(declared: Field, value: Any) -> None:
    _is_code(declared, declared.vocabulary, value)


def _codes(declared: Field, value: Any) -> None:
    _are_codes(declared, declared.vocabulary, value)


def _is_code(declared: Field, listed: str, value: Any) -> None:
    if not isinstance(value, str) or not vocabulary.has(listed, value):
        raise FieldError(declared.name, "unknown_code")


def _are_codes(declared: Field, listed: str, value: Any) -> None:
    if not isinstance(value, list):
        raise FieldError(declared.name, "malformed")
    for code in value:
        _is_code(declared, listed, code)


def _number(declared: Field, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise FieldError(declared.name, "malformed")
    if not declared.low <= value <= declared.high:
        raise FieldError(declared.name, "out_of_range")


def _clothing(declared: Field, value: Any) -> None:
    """Expect [{"garment": code of the field's list, "colour": code or ""}]."""
    if not isinstance(value, list) or len(value) > MAX_ENTRIES:
        raise FieldError(declared.name, "malformed")
    for item in value:
        if not isinstance(item, dict) or set(item) != {"garment", "colour"}:
            raise FieldError(declared.name, "malformed")
        _is_code(declared, declared.vocabulary, item["garment"])
        if item["colour"]:
            _is_code(declared, "colour", item["colour"])


def _rows(declared: Field, value: Any) -> None:
    """Expect [{part: its value}] with the parts of the declaration; a part that was left empty may lack."""
    if not isinstance(value, list) or len(value) > declared.max_rows:
        raise FieldError(declared.name, "malformed")
    for row in value:
        if not isinstance(row, dict) or not row or not set(row) <= set(declared.parts):
            raise FieldError(declared.name, "malformed")
        for part, said in row.items():
            _part(declared, declared.parts[part], said)


def _part(declared: Field, kind: str, said: Any) -> None:
    what, _bar, listed = kind.partition(":")
    if what == "text":
        _text(declared, said)
    elif what == "code":
        _is_code(declared, listed, said)
    else:
        _are_codes(declared, listed, said)


def _column_only(declared: Field, value: Any) -> None:
    raise FieldError(declared.name, "unknown_field")


_CHECKS = {
    "text": _text, "code": _code, "codes": _codes, "number": _number, "clothing": _clothing, "rows": _rows,
    "date": _column_only, "moment": _column_only, "place": _column_only, "photo": _column_only,
}  # fmt: skip
