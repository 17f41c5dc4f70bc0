"""Number plates of three countries, however they are typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alerts.lint.model import Draft, Finding, found_in, free
from alerts.lint.plain import View, folded, plain, without_urls
from alerts.lint.tokens import all_listed, forms, tokens

_SEP = r"[\s.|/:-]*"
_MARK = r"\s*[.|/-]\s*"  # what stands between the parts of a plate and not between words
# Morocco: number | letter | province (Arrêté 2711-10 of 2010 (U)), also typed from the other end. "12 و 30"
# is an hour: with blanks alone, a short number stands beside the letter و in no plate.
_MOROCCO = re.compile(
    rf"(?<!\w)(?:\d{{1,5}}(?:{_MARK}[ء-ي]{_MARK}|\s*[ء-نهي]\s*)\d{{1,2}}|\d{{3,5}}\s*و\s*\d{{1,2}}"
    rf"|\d{{1,2}}(?:{_MARK}[ء-ي]{_MARK}|\s*[ء-نهي]\s*)\d{{1,5}})(?!\w)"
)
_MOROCCO_LATIN = re.compile(
    rf"(?<!\w)(?:\d{{3,5}}{_MARK}[A-Za-z]{_MARK}\d{{1,2}}|\d{{3,5}} [A-Z] \d{{1,2}}"
    rf"|\d{{1,2}}{_MARK}[A-Za-z]{_MARK}\d{{3,5}}"
    r"|W[W\s-]*\d{2}\s\d{5,6}|WW\s*[-|]?\s*\d{3,6})(?!\w)"
)
# Gabon: AB-123-CD, and before it 1234 G 1 or 123 A1 G (U).
_GABON = re.compile(
    rf"(?<!\w)(?:[A-Z]{{2}}{_SEP}\d{{3}}{_SEP}[A-Z]{{2}}|[A-Za-z]{{2}}{_MARK}\d{{3}}{_MARK}[A-Za-z]{{2}}"
    r"|\d{3,4}[\s-]?[A-Z]\d?[\s-]?[A-Z]\d?)(?!\w)"
)
# Egypt since 2008: two or three letters, three or four digits (U); in Latin letters as cameras write them.
_LETTERS = r"(?:[ء-ي][\s.-]+){1,2}[ء-ي]"
_EGYPT = re.compile(rf"(?<!\w){_LETTERS}[\s.|-]+\d{{3,4}}(?!\w)|(?<!\w)\d{{3,4}}[\s.|-]+{_LETTERS}(?!\w)")
_EGYPT_LATIN = re.compile(r"(?<!\w)(?!UTC|GMT|SMS)[A-Z]{3}[\s-]\d{3,4}(?!\w)")
PLATES = (_MOROCCO, _MOROCCO_LATIN, _GABON, _EGYPT, _EGYPT_LATIN)
# Folded: small letters, no accents. Letters typed together are a plate only beside a vehicle.
_SAYS_PLATE = re.compile(
    r"(?:لوحه|لوحتها|اللوحه|نمره|ترقيم|الترقيم|plaque|immatricul\w*|matricule|\bplate|registration)"
    r"[^\d\n]{0,30}(\d[\w\s|-]{1,12}\w)"
)
_OF_A_VEHICLE = re.compile(
    r"(?:سيارتها|سياره|السياره|شاحنه|دراجه)\s+(?:\w+\s+){0,2}?"
    r"(?!(?:عام|سنه|رقم|نوع|خط|باب|حي)\b)([ء-ي]{2,3}\s?\d{3,4}|\d{3,4}\s?[ء-ي]{2,3})(?!\w)"
)
_DICTATED = 3  # so many numbers in words after "plate" are its digits


def plates(draft: Draft) -> Iterator[Finding]:
    """What looks like a plate, a number beside the word for one, and the plates that the file knows."""
    known = {bare for note in draft.secrets.plates for bare in _known(note) if len(bare) > 3}
    for text in free(draft):
        bare = without_urls(text.words)
        words = _widest(text.words, [*_spans(plain(bare), folded(bare)), *_dictated(bare)])
        if not words and any(plate in _compact(bare) for plate in known):
            words = [m[0] for m in re.finditer(r"\S*\d\S*", text.words)]
        if words:
            yield found_in(text, "plate", "stop", words)


def _spans(shown: View, small: View) -> Iterator[tuple[int, int]]:
    for pattern in PLATES:
        yield from (shown.span(*found.span()) for found in pattern.finditer(shown.words))
    for pattern in (_SAYS_PLATE, _OF_A_VEHICLE):
        yield from (small.span(*found.span(1)) for found in pattern.finditer(small.words))


def _known(note: str) -> Iterator[str]:
    """Yield the plates in what the file says of a vehicle, and the whole of it."""
    yield _compact(note)
    yield from (_compact(note[start:end]) for start, end in _spans(plain(note), folded(note)))


def _dictated(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a plate is told in words: its word, and numbers in words soon after it."""
    found = tokens(text)
    for at, token in enumerate(found):
        if not set(forms(token.said)) & all_listed("plate"):
            continue
        after = [one for one in found[at + 1 : at + 10] if set(forms(one.said)) & all_listed("dictated")]
        if len(after) >= _DICTATED:
            yield token.start, after[-1].end


def _widest(text: str, spans: list[tuple[int, int]]) -> list[str]:
    kept = [s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]
    return list(dict.fromkeys(text[start:end].strip() for start, end in kept))


def _compact(text: str) -> str:
    """Return letters and digits alone, as they are compared."""
    return re.sub(r"[^0-9a-zء-ي]", "", folded(text).words)
