"""Somebody who was with the child or took it: words for people, and beside words for being with. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from alerts.lint.model import Text
from alerts.lint.plain import folded, without_urls
from alerts.lint.tokens import Token, all_listed, forms, is_word, listed, tokens

REACH = 4  # so many words after "with" or "taken" the person may stand: "avec un grand homme"
_PERSON_ALONE = re.compile(
    r"\b(?:une?|deux|trois)\s+(?:(?:jeune|vieil|grand|petit|certain)e?s?\s+)?"
    r"(?:homme|femme|inconnu|individu|monsieur|mec|gars|adulte|ravisseur)e?s?\b(?!.{0,2}araignee)"
    r"|\bune?\s+(?:type(?!\s+d)|jeune(?=\s*(?:[.,;]|$|en|barbu|homme|qui)))\b"
    r"|\b(?:an?|some|one|two|three|another|unknown|older|old|young|strange)\s+"
    r"(?:(?!spider|super|iron|bat|pac|snow)\w+\s+)?"
    r"(?:man|men|guys?|woman|women|strangers?|gentleman)\b(?!\s*[’']s)"
    r"|(?<!\w)(?:(?:واحد|شي)\s+(?:ال)?(?:راجل|سيد|شخص|مراه)|شخص مجهول|مجهولين?|مجهولون)(?!\w)"
    r"|(?<!\w)و?(?:ال)?(?:راجل|رجل|رجلا|رجلين|رجلان|رجال)(?!\w)"
    r"(?!\s+(?:ال)?(?:امن|شرطه|اطفاء|مطافي|درك|عنكبوت|ثلج))"
)


def companions(text: Text) -> Iterator[str]:
    """Yield the stretches that tell of one, as they were typed."""
    view = folded(without_urls(text.words))
    yield from (view.of(found) for found in _PERSON_ALONE.finditer(view.words))
    yield from _beside(text)


def _beside(text: Text) -> Iterator[str]:
    """Yield "with her uncle", "emmenée par un voisin": a person soon after a word for being with or taken."""
    found = tokens(text.words)
    for at, token in enumerate(found):
        if not any(is_word(token.said, word) for word in listed("beside", text.language)):
            continue
        for there in range(at + 1, min(at + 1 + REACH, len(found))):
            if _is_person(found, there, text.language):
                yield text.words[token.start : found[there].end]
                break


def _is_person(found: Sequence[Token], at: int, language: str) -> bool:
    """Say whether the word is for a person; a hero of the screen on a shirt is none."""
    around = {form for token in found[max(at - 1, 0) : at + 2] for form in forms(token.said)}
    return bool(set(forms(found[at].said)) & _people(language)) and not around & all_listed("hero")


@cache
def _people(language: str) -> frozenset[str]:
    return frozenset(listed("person", language))
