"""Languages as data: one file each in languages/, and nothing about any of them in Python. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from cases import vocabulary
from notifier.protocols import text as sms_text

BABY_MONTHS = 24  # below it an age is said in months
FOLDER = Path(__file__).parent / "languages"


@dataclass(frozen=True)
class Language:
    """Hold one language's sentences. Keys of a sentence's forms: girl, boy, child."""

    code: str
    data: Mapping[str, Any]

    @property
    def direction(self) -> str:
        return str(self.data["direction"])

    def say(self, section: str, key: str, **values: object) -> str:
        return str(self.data[section][key]).format(**values)

    def form(self, section: str, key: str, sex: str, **values: object) -> str:
        """Return the sentence in the form that agrees with the sex, "" being not known."""
        return str(self.data[section][key][sex or "child"]).format(**values)

    def missing(self, sex: str) -> str:
        return str(self.data["missing"][sex or "child"])

    def age(self, years: int, months: int | None = None) -> str:
        """Return the age in years; of a child under two in months, where they are known."""
        unit, count = ("age", years) if months is None or months >= BABY_MONTHS else ("months", months)
        rule = next(rule for rule in self.data[unit] if count <= rule["up_to"])
        return str(rule["text"]).format(n=count)

    def label(self, field: str, sex: str) -> str:
        forms = self.data["label_of"].get(field)
        return str(forms[sex or "child"] if forms else self.data["label"][field])

    def word(self, vocabulary_list: str, code: str) -> str:
        return vocabulary.label(vocabulary_list, code, self.code)

    def dressed(self, garment: str, colour: str) -> str:
        return vocabulary.dressed(garment, colour, self.code)

    def carried(self, thing: str, colour: str) -> str:
        return vocabulary.dressed(thing, colour, self.code, listed="carried")

    def join(self, words: list[str]) -> str:
        return str(self.data["list_separator"]).join(word for word in words if word)

    def sms(self, text: str) -> str:
        """Return the text as it is to be sent: brought into GSM-7 where the language reads its own loss."""
        plain = sms_text.normalise(text)
        return sms_text.transliterate(plain)[0] if self.data["sms"]["transliterate"] else plain

    def fits(self, text: str) -> bool:
        return sms_text.count(text).parts <= int(self.data["sms"]["max_parts"])


def lacking(data: Mapping[str, Any], model: Mapping[str, Any], path: str = "") -> list[str]:
    """Return the sentences that another language has and this one lacks, as "message.whatsapp"; forms by sex
    may be given or not.
    """
    found = []
    for key, sentence in model.items():
        name = f"{path}.{key}" if path else key
        if key not in data or isinstance(sentence, Mapping) != isinstance(data[key], Mapping):
            found.append(name)
        elif isinstance(sentence, Mapping) and name != "label_of":
            found += lacking(data[key], sentence, name)
    return found


def misspelt(data: Mapping[str, Any], model: Mapping[str, Any]) -> list[str]:
    """Return the values that a part's sentences name and the other language's do not, as "message {titel}".

    Braces that do not close are named "{?}". Two languages may order values, not invent them.
    """
    return [
        f"{part} {{{value}}}"
        for part in data
        if part in model
        for value in sorted(_values(data[part]) - _values(model[part]))
    ]


def _values(told: Any) -> set[str]:
    """Return the names of the values that are put into a sentence, or into all below."""
    if isinstance(told, str):
        try:
            return {name for _text, name, _spec, _how in Formatter().parse(told) if name is not None}
        except ValueError:
            return {"?"}
    below = told.values() if isinstance(told, Mapping) else told if isinstance(told, list) else ()
    return set().union(*(_values(one) for one in below))


@cache
def load(code: str) -> Language:
    """Return the language; raise KeyError(code) where there is no file for it."""
    path = FOLDER / f"{code}.toml"
    if not path.is_file():
        raise KeyError(code)
    with path.open("rb") as file:
        return Language(code, tomllib.load(file))


def available() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def parts(text: str) -> int:
    """Return how many SMS parts the text takes."""
    return sms_text.count(text).parts
