"""Does a text name a person? By the names that people bear here, without any file. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from alerts.lint.model import Draft, Finding, Text, found_in, free
from alerts.lint.tokens import Token, all_listed, forms, tokens
from cases.names.known import names
from cases.names.parts import is_arabic, parts

BETWEEN = frozenset(
    {
        "el", "al", "ben", "bin", "ibn", "bent", "bint", "ould", "ait", "ou", "abd", "de", "da", "بن", "ابن",
        "بنت", "ولد", "ايت", "ابو", "عبد",
    }
)  # fmt: skip
MOST_BETWEEN = 2
# After one of these a name is that of a place: "avenue Mohammed V", "مستشفى ابن سينا".
OF_A_PLACE = frozenset(
    {
        "rue", "avenue", "av", "boulevard", "bd", "place", "quartier", "hay", "ecole", "lycee", "college",
        "hopital", "clinique", "mosquee", "universite", "stade", "aeroport", "gare", "port", "pont", "jardin",
        "residence", "cite", "complexe", "centre", "tribunal", "barrage", "route", "autoroute", "lac",
        "fondation", "street", "road", "square", "school", "hospital", "mosque", "university", "stadium",
        "airport", "station", "bridge", "park", "شارع", "زنقه", "درب", "ساحه", "حي", "مدرسه", "ثانويه",
        "اعداديه", "مستشفي", "مصحه", "مسجد", "جامع", "جامعه", "ملعب", "مطار", "محطه", "ميناء", "قنطره",
        "حديقه", "اقامه", "مركب", "مركز", "محكمه", "سد", "طريق", "ميدان", "مدينه", "موسسه", "كوبري", "معهد",
    }
)  # fmt: skip
REACH = 3  # so many words after a word for a place its name may stand
# After one of these whoever is meant is a person: "M. Bennani", "السيد كريم".
TITLES = frozenset(
    {
        "m", "mr", "mrs", "ms", "mme", "mlle", "monsieur", "madame", "mademoiselle", "sieur", "nomme",
        "nommee", "prenomme", "dr", "docteur", "doctor", "maitre", "si", "lalla", "السيد", "السيده",
        "الانسه", "المدعو", "المدعوه", "المسمي", "المسماه", "الاستاذ", "الاستاذه", "الدكتور", "الدكتوره",
        "الحاج", "الحاجه",
    }
)  # fmt: skip
_PARTING = re.compile(r"[,;:!?،؛؟()«»\n]|\.\s")  # what stands after it belongs to no place named before


def people(draft: Draft) -> Iterator[Finding]:
    """A given name with a family's beside it stops, so does a family's after an initial or a title; what may
    be one is asked about.

    Arabic has no capitals, and many given names are words of every day: there only a family's name stops. Nor
    does who types in haste: what is a name whole without a capital is asked about.
    """
    for text in free(draft):
        found = tokens(text.words)
        whole: list[str] = []
        doubtful: list[str] = []
        for at, one in enumerate(found):
            if _is_of_a_place(text, found, at):
                continue
            if _is_given(text, one):
                end, is_sure = _named(text, found, at)
                (whole if is_sure else doubtful).append(text.words[one.start : end])
            sure, asked = _beside(text, found, at)
            whole += sure
            doubtful += asked
        if whole:
            yield found_in(text, "person_named", "stop", whole)
        asked = [words for words in doubtful if words and not any(words in said for said in whole)]
        if asked:
            yield found_in(text, "like_person", "warn", asked)


def _named(text: Text, found: Sequence[Token], at: int) -> tuple[int, bool]:
    """Return where the name ends that begins here, and whether it surely is one; no end where it is none."""
    one, there = found[at], _after(found, at)
    if there is None or not _is_name(text, found[there], parted=there > at + 1):
        return (one.start, False) if is_arabic(one.said) else (one.end, False)
    other = found[there]
    is_sure = not is_arabic(one.said) or there > at + 1 or "s" in _kinds(text, other)
    return other.end, is_sure


def _beside(text: Text, found: Sequence[Token], at: int) -> tuple[list[str], list[str]]:
    """Return what surely names somebody by the word before this one, and what may: "K. Bennani"."""
    if not at:
        return [], []
    before, one = found[at - 1], found[at]
    said = text.words[before.start : one.end]
    between = text.words[before.end : one.start]
    if len(between.replace(".", "").strip()) or len(between) > 2:
        return [], []
    kinds, is_family = _kinds(text, one), "s" in _kinds(text, one)
    is_initial = len(before.said) == 1 and text.words[before.start].isupper() and not is_arabic(one.said)
    if before.said in TITLES or is_initial:
        return ([said], []) if is_family else ([], [said] if kinds or _is_written_as_name(text, one) else [])
    if is_arabic(one.said):
        return [], []
    if kinds & {"m", "f"} and "s" in _kinds(text, before):
        return [said], []
    is_typed_low = text.words[before.start : one.end].islower()
    if is_typed_low and _borne(before) & {"m", "f"} and "s" in _borne(one):
        return [], [said]
    return [], []


def _is_written_as_name(text: Text, token: Token) -> bool:
    """Say whether a word of Latin letters has its capital; Arabic, which has none, is any word."""
    return not token.number and (is_arabic(token.said) or text.words[token.start].isupper())


def _after(found: Sequence[Token], at: int) -> int | None:
    """Return where the next word of the name stands, "ben" and the like passed over."""
    there = at + 1
    while there < len(found) and there <= at + MOST_BETWEEN and found[there].said in BETWEEN:
        there += 1
    return there if there < len(found) else None


def _is_given(text: Text, token: Token) -> bool:
    return bool(_kinds(text, token) & {"m", "f"})


def _is_name(text: Text, token: Token, *, parted: bool) -> bool:
    """Say whether the word can be the second of a name; after "ben" any word written as a name is one."""
    if parted and (is_arabic(token.said) or text.words[token.start].isupper()):
        return True
    return bool(_kinds(text, token))


def _kinds(text: Text, token: Token) -> frozenset[str]:
    """Return as what the word is borne: given to boys (m), to girls (f), by families (s)."""
    if not is_arabic(token.said) and not text.words[token.start].isupper():
        return frozenset()
    return _borne(token)


def _borne(token: Token) -> frozenset[str]:
    """Return the same, however it is written."""
    if token.number or len(token.said) < 3 or token.said in BETWEEN | all_listed("small"):
        return frozenset()
    known = names()
    return known.kinds(known.spelt.get(" ".join(parts(token.said)), frozenset()))


def _is_of_a_place(text: Text, found: Sequence[Token], at: int) -> bool:
    """Say whether a word for a place stands shortly before, in the same breath."""
    for one in reversed(found[max(0, at - REACH) : at]):
        if _PARTING.search(text.words[one.end : found[at].start]):
            return False
        if set(forms(one.said)) & OF_A_PLACE:
            return True
    return False
