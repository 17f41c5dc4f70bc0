"""Does a text name a person? By the names that people bear here, without any file. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alerts.lint.model import Draft, Finding, Text, found_in, free
from alerts.lint.tokens import Token, forms, tokens
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


def people(draft: Draft) -> Iterator[Finding]:
    """A given name with another name after it stops; one given name alone is asked about."""
    for text in free(draft):
        found = tokens(text.words)
        whole = [text.words[one.start : other.end] for one, other in _pairs(text, found)]
        if whole:
            yield found_in(text, "person_named", "stop", whole)
        alone = [
            text.words[one.start : one.end]
            for at, one in enumerate(found)
            if _is_given(text, one) and not is_arabic(one.said) and not _is_of_a_place(found, at)
            if not any(text.words[one.start : one.end] in words for words in whole)
        ]
        if alone:
            yield found_in(text, "like_person", "warn", alone)


def _pairs(text: Text, found: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    for at, one in enumerate(found):
        if not _is_given(text, one) or _is_of_a_place(found, at):
            continue
        there = _after(found, at)
        if there is not None and _is_name(text, found[there], parted=there > at + 1):
            yield one, found[there]


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
    if token.number or len(token.said) < 3 or token.said in BETWEEN:
        return frozenset()
    if not is_arabic(token.said) and not text.words[token.start].isupper():
        return frozenset()
    known = names()
    return known.kinds(known.spelt.get(" ".join(parts(token.said)), frozenset()))


def _is_of_a_place(found: Sequence[Token], at: int) -> bool:
    before = found[max(0, at - REACH) : at]
    return any(set(forms(one.said)) & OF_A_PLACE for one in before)
