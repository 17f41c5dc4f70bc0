"""An hour by the clock: "20h30", "vers 8h", "at 8 pm", "الساعة 3 ونص", "f 8 d lil". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tips.triage.spelling import Forms, western

_COLON = re.compile(
    r"(?<!\d)([01]?\d|2[0-3]) ?(?:[:hH]|h:) ?([0-5]\d)(?!\d)(?: ?([ap])\.?m\b)?", re.IGNORECASE
)
_STRONG = (
    "vers|aux environs de|around|الساعه|ساعه|علي الساعه|مع|حوالي|m3a|ma3a|m3 l|hwaly|hawaly|7wali|7awali|"
    "el sa3a|es sa3a|ssa3a|lsa3a|sa3a|m3a l"
)
_WEAK = (
    "a|at|about|by|since|depuis|في|ف|علي|من|f|fi|3la|la|mn|men|الي"  # an hour only where a day is told too
)
_HALF = (
    r"am|pm|a m|p m|du matin|du soir|صباحا|مساء|الصبح|ليلا|بالليل|العشيه|عشيه|العصر|الظهر|d ?l?lil|d ?s?ba7|"
    r"dl ?3chi\w*|d ?l3chi\w*|elsob7|bel+eil|bel+el|de l apres midi|de la nuit"
)
_HOUR = re.compile(
    rf"(?<!\w)(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK}))? ?(?P<hour>2[0-3]|[01]?\d)"
    r"(?P<h> ?(?:h|heures?|hrs?|o clock))?"
    r"(?: ?(?P<minutes>[0-5]\d|et demie?|و? ?نصف?|w ?ns?s?|و? ?ربع))?"
    rf"(?P<half> ?(?:{_HALF}))?(?!\w)"
)
_COUNTED = re.compile(  # "8 ans", "3 personnes": a number that counts
    r" ?(?:ans?|annees?|years?|yrs?|yo|mois|months?|سنه|سنين|سنوات|عام|اعوام|شهور|اشهر|m|km|kilos?|kg|"
    r"metres?|min\w*|دق\w*|d9\w*|da?2\w*|jours?|days?|يوم|ايام|dh|dirhams?|درهم|مليون|fcfa|francs?|personnes|"
    r"people|enfants|kids|snin|sna|3am|3wam|hommes|men|women|femmes|filles|garcons|girls|boys|اشخاص|رجال|دراري|"
    r"اولاد|بنات|ساعات|heures? (?:plus|avant)|eme|th|nd)(?!\w)"
)
_PM = re.compile(r"pm|p m|soir|مساء|ليلا|بالليل|عشي|عصر|ظهر|lil|3chi|leil|lel|apres midi")


@dataclass(frozen=True)
class Clock:
    """Hold an hour as told; is_24: it can mean nothing else; is_pm: None where it is not said."""

    hour: int
    minute: int
    is_24: bool
    is_pm: bool | None
    words: str


def find(text: str, forms: Forms, *, day_is_told: bool) -> Clock | None:
    """Return the first hour told. A bare number is one only after a word that leads to an hour."""
    if colon := _COLON.search(western(text)):
        half = (colon[3] or "").lower()
        hour = int(colon[1])
        is_24 = not half and (hour > 12 or hour == 0 or len(colon[1]) == 2)
        return Clock(hour, int(colon[2]), is_24, half == "p" if half else None, colon[0])
    for found in _HOUR.finditer(forms.plain):
        led = found["strong"] or found["h"] or found["half"] or (found["weak"] and day_is_told)
        if led and not _COUNTED.match(forms.plain, found.end("hour")):
            return _clock(found)
    return None


def _clock(found: re.Match[str]) -> Clock:
    hour, minutes, half = int(found["hour"]), found["minutes"] or "", found["half"] or ""
    minute = int(minutes) if minutes.isdigit() else 15 if "ربع" in minutes else 30 if minutes else 0
    is_24 = hour > 12 or hour == 0
    return Clock(hour, minute, is_24, bool(_PM.search(half)) if half else None, found[0].strip())
