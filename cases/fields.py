"""The one declaration of what a case file asks: form, desk, consent, export and erasure read it.

Pure: no Django. Columns and documents hold values under these names; `keep` names the clock that blanks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cases import vocabulary

DataClass = Literal["public", "officers", "restricted", "internal"]
Kind = Literal["text", "code", "codes", "number", "clothing", "date", "moment", "place", "photo"]
MAX_TEXT = 4000
MAX_ENTRIES = 40


@dataclass(frozen=True)
class Field:
    """Declare one thing that may be known. Where columns is empty it lives in the document of its group."""

    name: str
    group: str
    data_class: DataClass
    kind: Kind
    label: Mapping[str, str]
    vocabulary: str = ""
    columns: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    unit: str = ""
    translated: bool = False  # free words: marked with their language, never public untranslated
    keep: str = "case"


class FieldError(ValueError):
    """Name the field and what is wrong: unknown_field, unknown_code, out_of_range, malformed, too_long."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


def _f(name: str, group: str, data_class: DataClass, kind: Kind, labels: str, **more: Any) -> Field:
    """Declare a field; labels are Arabic, French and English words parted by bars."""
    words = dict(zip(("ar", "fr", "en"), labels.split("|"), strict=True))
    return Field(name, group, data_class, kind, words, **more)


_ALL = (
    _f("name", "identity", "public", "text", "الاسم|nom|name",
       columns=("given_name", "family_name", "name_latin", "name_arabic")),
    _f("sex", "identity", "public", "code", "الجنس|sexe|sex", vocabulary="sex", columns=("sex",)),
    _f("age", "identity", "public", "number", "العمر|âge|age", columns=("age_years",), high=17, unit="y"),
    _f("birth_date", "identity", "restricted", "date", "تاريخ الميلاد|date de naissance|birth date",
       columns=("birth_date_iso",)),
    _f("nickname", "identity", "officers", "text", "اللقب المألوف|surnom|nickname", translated=True),
    _f("photo", "photo", "public", "photo", "الصورة|photo|photo", columns=("photos",)),
    _f("height", "looks", "public", "number", "الطول|taille|height", low=30, high=230, unit="cm"),
    _f("build", "looks", "public", "code", "البنية|corpulence|build", vocabulary="build"),
    _f("hair", "looks", "public", "code", "الشعر|cheveux|hair", vocabulary="hair"),
    _f("eyes", "looks", "public", "code", "العينان|yeux|eyes", vocabulary="eyes"),
    _f("marks", "looks", "public", "codes", "علامات مميزة|signes particuliers|marks", vocabulary="mark"),
    _f("clothing", "clothing", "public", "clothing", "الملابس|vêtements|clothing"),
    _f("last_seen_at", "last_seen", "public", "moment",
       "وقت آخر مشاهدة|heure de la dernière vue|time last seen", columns=("last_seen_at",)),
    _f("last_seen_place", "last_seen", "public", "place",
       "مكان آخر مشاهدة|dernier lieu connu|place last seen",
       columns=("last_seen_place", "last_seen_words", "last_seen_error_m", "last_seen_region")),
    _f("transport", "last_seen", "officers", "code", "وسيلة النقل|moyen de transport|transport",
       vocabulary="transport"),
    _f("category", "circumstances", "officers", "code", "الصنف|catégorie|category",
       vocabulary="category", columns=("category",)),
    _f("circumstances", "circumstances", "officers", "text", "الظروف|circonstances|circumstances",
       translated=True),
    _f("health", "health", "restricted", "text", "الصحة|santé|health", translated=True),
    _f("places", "places", "restricted", "place",
       "أماكن يتردد عليها|lieux fréquentés|places the child goes to",
       columns=("places",)),
    _f("reporter", "contact", "restricted", "text", "المبلّغ|déclarant|person who reported",
       columns=("reporter",)),
)  # fmt: skip

FIELDS: Mapping[str, Field] = {field.name: field for field in _ALL}
PUBLIC_FIELDS: tuple[str, ...] = tuple(field.name for field in _ALL if field.data_class == "public")
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(field.group for field in _ALL))


def document_fields(group: str) -> tuple[Field, ...]:
    return tuple(field for field in _ALL if field.group == group and not field.columns)


def check_value(name: str, value: Any) -> None:
    """Raise FieldError unless value fits the declaration of the document field."""
    field = FIELDS.get(name)
    if field is None or field.columns:
        raise FieldError(name, "unknown_field")
    _CHECKS[field.kind](field, value)


def check_document(group: str, entries: Mapping[str, Any]) -> None:
    """Raise FieldError unless entries is {field: [{value, source, certainty, at, language}]} of the group."""
    allowed = {field.name for field in document_fields(group)}
    for name, rows in entries.items():
        if name not in allowed:
            raise FieldError(name, "unknown_field")
        if not isinstance(rows, list) or len(rows) > MAX_ENTRIES:
            raise FieldError(name, "malformed")
        for row in rows:
            if not isinstance(row, dict) or not set(row) <= _ENTRY or "value" not in row:
                raise FieldError(name, "malformed")
            check_value(name, row["value"])


_ENTRY = frozenset({"value", "source", "certainty", "at", "language"})


def entry(value: Any, *, source: str, at: str, language: str = "", certainty: str = "sure") -> dict[str, Any]:
    """Return one entry of a document; at is ISO 8601 UTC."""
    return {"value": value, "source": source, "certainty": certainty, "at": at, "language": language}


def _text(field: Field, value: Any) -> None:
    if not isinstance(value, str):
        raise FieldError(field.name, "malformed")
    if len(value) > MAX_TEXT:
        raise FieldError(field.name, "too_long")


def _code(field: Field, value: Any) -> None:
    if not isinstance(value, str) or not vocabulary.has(field.vocabulary, value):
        raise FieldError(field.name, "unknown_code")


def _codes(field: Field, value: Any) -> None:
    if not isinstance(value, list):
        raise FieldError(field.name, "malformed")
    for code in value:
        _code(field, code)


def _number(field: Field, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise FieldError(field.name, "malformed")
    if not field.low <= value <= field.high:
        raise FieldError(field.name, "out_of_range")


def _clothing(field: Field, value: Any) -> None:
    """Expect [{"garment": code, "colour": code or ""}]."""
    if not isinstance(value, list) or len(value) > MAX_ENTRIES:
        raise FieldError(field.name, "malformed")
    for item in value:
        if not isinstance(item, dict) or set(item) != {"garment", "colour"}:
            raise FieldError(field.name, "malformed")
        if not vocabulary.has("garment", item["garment"]):
            raise FieldError(field.name, "unknown_code")
        if item["colour"] and not vocabulary.has("colour", item["colour"]):
            raise FieldError(field.name, "unknown_code")


def _column_only(field: Field, value: Any) -> None:
    raise FieldError(field.name, "unknown_field")


_CHECKS = {
    "text": _text, "code": _code, "codes": _codes, "number": _number, "clothing": _clothing,
    "date": _column_only, "moment": _column_only, "place": _column_only, "photo": _column_only,
}  # fmt: skip
