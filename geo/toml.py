"""Reading a TOML file value by value, so that an error names the file and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class PackError(ValueError):
    """Name the file and the key that is missing or wrong."""


class Table:
    """Give the values of one TOML table, checked for their kind; raise PackError("file: key: reason")."""

    def __init__(self, file: str, path: str, data: dict[str, Any]) -> None:
        self._file = file
        self._path = path
        self._data = data

    @classmethod
    def read(cls, path: Path) -> Table:
        try:
            return cls(path.name, "", tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise PackError(f"{path.name}: cannot be read") from error
        except tomllib.TOMLDecodeError as error:
            raise PackError(f"{path.name}: {error}") from error

    def refuse(self, key: str, reason: str) -> PackError:
        return PackError(f"{self._file}: {self._path}{key}: {reason}")

    def text(self, key: str) -> str:
        value = self._value(key)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, "is no text")
        return value

    def number(self, key: str, *, low: float, high: float) -> float:
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.refuse(key, f"is no number from {low:g} to {high:g}")
        return float(value)

    def whole(self, key: str, *, low: int, high: int) -> int:
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.refuse(key, f"is no whole number from {low} to {high}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, which may be empty."""
        value = self._value(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.refuse(key, "is no list of texts")
        return tuple(value)

    def numbers(self, key: str, *, low: float, high: float) -> tuple[float, ...]:
        """Return an ascending list of numbers within low and high."""
        value = self._value(key)
        kinds = isinstance(value, list) and all(type(item) in (int, float) for item in value)
        if not kinds or any(not low <= item <= high for item in value) or sorted(set(value)) != value:
            raise self.refuse(key, f"is no ascending list of numbers from {low:g} to {high:g}")
        return tuple(float(item) for item in value)

    def words(self, key: str, languages: tuple[str, ...]) -> dict[str, str]:
        """Return a text for each language."""
        table = self.table(key)
        return {language: table.text(language) for language in languages}

    def table(self, key: str) -> Table:
        value = self._value(key)
        if not isinstance(value, dict):
            raise self.refuse(key, "is no table")
        return Table(self._file, f"{self._path}{key}.", value)

    def tables(self, key: str) -> list[Table]:
        value = self._value(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refuse(key, "is no list of tables")
        return [Table(self._file, f"{self._path}{key}[{n}].", item) for n, item in enumerate(value)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def only(self, *known: str) -> None:
        """Raise PackError for a key that nobody reads: mostly a misspelt one."""
        for key in self._data:
            if key not in known:
                raise self.refuse(key, "is not known")

    def _value(self, key: str) -> Any:
        if key not in self._data:
            raise self.refuse(key, "is missing")
        return self._data[key]
