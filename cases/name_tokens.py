"""Words and sounds of a name, so that one child typed in two scripts can be found. Pure: no Django.

Coarse on purpose: what shares a token is only then compared (cases.names.likeness), so that two names called the
same must nearly always share one; how often they do is measured by bench.names.
"""

from __future__ import annotations

from collections.abc import Iterator

from cases.names.known import Names, names
from cases.names.parts import parts
from cases.names.sounds import skeletons, sounds

WORD, SOUND = "word", "sound"  # 8 letters at most: NameToken.kind


def tokens(*whole: str) -> set[tuple[str, str]]:
    """Return {("word", …), ("sound", …)} of all the names given (1 ms)."""
    known = names()
    return {token for name in whole for token in _tokens(parts(name), known)}


def _tokens(words: tuple[str, ...], known: Names) -> Iterator[tuple[str, str]]:
    for word in words:
        yield WORD, word
        yield from _sounds(word)
    for reading in (*words, *(" ".join(words[at : at + 2]) for at in range(len(words) - 1))):
        for long_form in known.short.get(reading, ()):  # Simo is looked for among the Mohameds
            yield from _sounds(*parts(known.entries[long_form].arabic[0]))
    if len(words) > 1:  # Jeanpierre and Jean Pierre
        yield from _sounds(*("".join(words[at : at + 2]) for at in range(len(words) - 1)))


def _sounds(*words: str) -> Iterator[tuple[str, str]]:
    for word in words:
        for sound in sounds(word):
            yield from ((SOUND, row) for row in skeletons(sound))
