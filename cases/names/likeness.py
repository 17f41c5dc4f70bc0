"""How alike two whole names are, whatever script, spelling or order they were typed in.

Words are paired by likeness. Names that each keep a word the other has nothing for are of two people (a
brother, a cousin); words missing on one side only are forgiven, unless what is missing is the given name.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from cases.names.known import Names, names
from cases.names.parts import parts
from cases.names.words import Word, alike, word

IDENTICAL = 0.97  # one name, letter by letter or sound by sound
SAME = 0.8  # likeness from which two names are called the same: tuned by bench.names
DIFFERENT = 0.55  # below it another name is meant, not another spelling

PAIRED = 0.62  # two words less alike are not each other's
JOINED = 0.85  # two words are one typed apart when together they are so like a word of the other side
CONFLICT = 0.5  # of the likeness, when each side keeps a word of its own
PART_MISSING = 0.95  # of the likeness, when one side leaves a word out
GIVEN_ALONE = 0.88  # of the likeness, when one side is a given name only
GIVEN_MISSING = 0.75  # of the likeness, when the given name is what one side leaves out: a father, a brother
TURNED = 0.99  # of the likeness, when the order differs

_FIRST_OF_TWO = frozenset(("mohamed", "محمد", "fatima", "فاطمه", "marie", "jean"))  # often left out

Name = tuple[Word, ...]


def likeness(a: str, b: str, *, known: Names | None = None) -> float:
    """Return 0..1: 1 for one name in one spelling, SAME and more where two are called the same (1 ms).

    known is the list of common names; the one that comes with this package if none is given.
    """
    left, right = parts(a), parts(b)
    if not left or not right:
        return 0.0
    if sorted(left) == sorted(right):
        return 1.0 if left == right else TURNED
    known = known or names()
    both = product(_readings(left, known), _readings(right, known))
    return max(_compared(one, other, known) for one, other in both)


def _readings(name: tuple[str, ...], known: Names) -> Iterator[Name]:
    """Yield the words one by one and, where two or three are one known name, as that name."""
    yield tuple(word(text, known) for text in name)
    for size in (2, 3):
        for start in range(len(name) - size + 1):
            if " ".join(name[start : start + size]) in known.spelt:
                yield tuple(word(text, known) for text in _merged(name, start, size, " "))


def _merged(name: tuple[str, ...], start: int, size: int, glue: str) -> tuple[str, ...]:
    return (*name[:start], glue.join(name[start : start + size]), *name[start + size :])


def _compared(a: Name, b: Name, known: Names) -> float:
    if len(a) > len(b):
        a, b = b, a
    best = _paired(a, b, known)
    if len(a) < len(b) and best < IDENTICAL:
        best = max([best, *(_paired(a, joined, known) for joined in _joined(a, b, known))])
    return best


def _joined(a: Name, b: Name, known: Names) -> Iterator[Name]:
    """Yield b with two neighbours typed as one, where that is like a word of a."""
    for start in range(len(b) - 1):
        both = word(b[start].text + b[start + 1].text, known)
        if any(alike(both, one, known) >= JOINED for one in a):
            yield (*b[:start], both, *b[start + 2 :])


def _paired(a: Name, b: Name, known: Names) -> float:
    """Return the likeness of two rows of words, a the shorter, by its best pairs."""
    scores = {(i, j): alike(one, other, known) for i, one in enumerate(a) for j, other in enumerate(b)}
    pairs: dict[int, int] = {}
    for i, j in sorted(scores, key=lambda pair: (-scores[pair], abs(pair[0] - pair[1]))):
        if i not in pairs and j not in pairs.values() and scores[i, j] >= PAIRED:
            pairs[i] = j
    if len(pairs) < len(a):
        best = max(scores.values())
        return best if len(scores) == 1 else CONFLICT * best
    kept = [scores[pair] for pair in pairs.items()]
    likeness = (min(kept) + sum(kept) / len(kept)) / 2
    order = [pairs[i] for i in range(len(a))]
    turned = TURNED if order != sorted(order) else 1.0
    if any(_is_another_second(a[i], b, set(pairs.values())) for i in pairs):
        return CONFLICT * likeness
    return likeness * turned * _missing(a, b, set(pairs.values()))


def _is_another_second(one: Word, b: Name, paired: set[int]) -> bool:
    """Return whether b has a second given name of its own where one is double: Fatima Zahra, Fatima Ikram."""
    return " " in one.text and any(other.is_given for at, other in enumerate(b) if at not in paired)


def _missing(a: Name, b: Name, paired: set[int]) -> float:
    """Return what is left of the likeness for the words of b that a lacks."""
    if len(a) == len(b):
        return 1.0
    given = next((at for at, one in enumerate(b) if not one.is_family), 0)
    if given in paired:
        return GIVEN_ALONE if len(a) == 1 else PART_MISSING
    second = b[given].text in _FIRST_OF_TWO and given + 1 in paired
    return PART_MISSING * GIVEN_ALONE if second else GIVEN_MISSING
