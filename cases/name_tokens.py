"""Words and sounds of a name, so that one child typed in two scripts can be found. Pure: no Django.

Coarse on purpose: only what shares a token is compared (cases.names.likeness), so two names called the
same must nearly always share one. How often they do is measured by bench.names.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cases.names.known import Names, names
from cases.names.parts import parts
from cases.names.sounds import skeletons, sounds

WORD, SOUND = "word", "sound"  # 8 letters at most: NameToken.kind
NONE: frozenset[int] = frozenset()


def tokens(*whole: str) -> set[tuple[str, str]]:
    """Return {("word", …), ("sound", …)} of all the names given (1 ms)."""
    known = names()
    return {token for name in whole for token in _tokens(parts(name), known)}


def _tokens(words: tuple[str, ...], known: Names) -> Iterator[tuple[str, str]]:
    for word in words:
        yield WORD, word
        yield from _sounds(word)
    for pair in pairwise(words):  # Jeanpierre and Jean Pierre
        yield from _sounds("".join(pair))
    for reading in (*words, *map(" ".join, pairwise(words))):
        for meant in known.find(reading) | known.short.get(reading, NONE):  # Simo stands among the Mohameds
            yield from _sounds("".join(parts(known.entries[meant].arabic[0])))


def _sounds(word: str) -> Iterator[tuple[str, str]]:
    for sound in sounds(word):
        yield from ((SOUND, row) for row in skeletons(sound))
