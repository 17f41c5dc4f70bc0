"""The little words round a place: near, behind, in; streets; the country's own name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from geo.names import normalise
from geo.placefile import barred

PARTS = re.compile(r"[,;،؛/\n]+|\s[-–—]\s")

_NEAR = barred(
    "près|tout près|proche|à côté|juste à côté|devant|derrière|en face|face|aux alentours|autour|"
    "non loin|"
    "pas loin|aux environs|environs|du côté|au niveau|à proximité|côté|"
    "near|near to|next to|behind|in front of|opposite|by|close to|around|beside|across from|not far from|"
    "حدا|حداء|حدى|بحدا|قرب|بقرب|بالقرب|بالقرب من|قريب من|قريبا من|بجانب|إلى جانب|جانب|جنب|جمب|بجنب|"
    "بجوار|جوار|"
    "قدام|قدام من|أمام|وراء|ورا|خلف|مقابل|قبالة|قبال|عند|حول|مور|من وراء|"
    "hda|7da|7daa|9dam|9oddam|qoddam|qeddam|kdam|oddam|odam|2odam|2oddam|mor|mour|mora|ura|wra|wara|"
    "9rib|9rib mn|"
    "qrib mn|qrib men|9bala|9balt|qbalt|ganb|gamb|janb|7dah"
)
_IN = barred(
    "dans|dans le|dans la|dans les|dans l|au|aux|à|à la|à l|de|du|des|d|le|la|les|l|en|sur|le quartier|"
    "le quartier de|le quartier du|quartier|quartier de|la ville de|ville de|ville|la commune de|"
    "in|at|the|in the|on|the quarter of|the city of|city of|"
    "في|ف|ب|مدينة|بمدينة|منطقة|بمنطقة|حي|بحي|فحي|جماعة|"
    "f|fi|fe|fel|b|dial|dyal|d l|f l"
)
_STREETS = barred(
    "rue|avenue|av|ave|boulevard|bd|blvd|bvd|route|ruelle|impasse|allée|street|st|road|lane|zanqat|"
    "zan9a|zanka|"
    "شارع|زنقة|زقاق|طريق|نهج|ممر|عمارة|immeuble|imm|résidence|apt|appartement|numéro|no|n|رقم|شقة"
)
_COUNTRIES = (
    "maroc|morocco|المغرب|gabon|الغابون|الجابون|égypte|egypt|مصر|جمهورية مصر العربية|royaume du maroc"
)


def _phrases(near: Iterable[str], inside: Iterable[str]) -> dict[tuple[str, ...], bool]:
    told = {tuple(normalise(phrase).split()): False for phrase in inside}
    return told | {tuple(normalise(phrase).split()): True for phrase in near}


_LEADS = _phrases(_NEAR, _IN)  # phrase: whether it widens
_LONGEST = max(len(phrase) for phrase in _LEADS)
_STREET_WORDS = frozenset(normalise(word) for word in _STREETS)
COUNTRIES = frozenset(normalise(name) for name in _COUNTRIES.split("|"))
LITTLE = frozenset(word for phrase in _LEADS for word in phrase) | _STREET_WORDS
_GLUED = re.compile(r"^[بفل](?=\w{3})")  # بالرباط فسلا: "in", written onto the name
_MOST_LEADS = 6


def parts(words: str) -> list[str]:
    """Return what stands between commas, normalised, without the country's own name."""
    found = [normalise(part) for part in PARTS.split(words)]
    kept = [part for part in found if part and part not in COUNTRIES]
    return kept or [part for part in found if part]


def bare(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the normalised text, then less and less of what leads to the name, and whether it says "near".

    "a cote de la gare" gives itself, then "de la gare" (near), "la gare" (near), "gare" (near). A street's
    word is never taken off: a street called after a quarter stands in another.
    """
    tokens, is_near = text.split(), False
    yield text, is_near
    for _ in range(_MOST_LEADS):
        taken = _lead(tokens)
        if not taken:
            break
        is_near = is_near or _LEADS[tuple(tokens[:taken])]
        tokens = tokens[taken:]
        yield " ".join(tokens), is_near
    if tokens and _GLUED.match(tokens[0]):
        rest = tokens[0][1:]
        yield " ".join([f"ا{rest}" if tokens[0].startswith("لل") else rest, *tokens[1:]]), is_near


def _lead(tokens: list[str]) -> int:
    """Return how many tokens the longest leading phrase has, 0 for none or where nothing would be left."""
    for size in range(min(_LONGEST, len(tokens) - 1), 0, -1):
        if tuple(tokens[:size]) in _LEADS:
            return size
    return 0
