"""Pure reading of a message's words: its language, a stop word, the codes it names."""

import re
from collections.abc import Sequence

from geo.names import normalise
from trust.codes import CodeError, normalise_code

# sms.md §5: the words carriers require (en, fr) and their Arabic likes; a message is one of them whole.
STOP_WORDS = frozenset(
    map(
        normalise,
        (
            *(
                "STOP",
                "STOPALL",
                "UNSUBSCRIBE",
                "CANCEL",
                "END",
                "QUIT",
                "REVOKE",
                "OPTOUT",
                "OPT-OUT",
                "REMOVE",
                "TD",
            ),
            *("ARRET", "DESABONNER", "DESINSCRIRE", "ANNULER", "FIN"),
            *("توقف", "قف", "أوقف", "إيقاف", "إلغاء", "حذف"),
        ),
    )
)
ARABIC = re.compile(r"[\u0600-\u06ff]")
# Darija in Latin letters writes sounds as digits (3 for ع, 7 for ح, 9 for ق) inside words.
DARIJA = re.compile(r"(?i)\b(?=\w*[a-z])\w*[379]\w*\b|\b(weldi|bnti|rah|fin|dyal|hna|kayn|chft|cheft)\b")
FRENCH = re.compile(
    r"(?i)\b(le|la|les|un|une|est|vu|enfant|je|il|elle|dans|pr[eè]s|gar[cç]on|fille|bonjour)\b"
)
WORD = re.compile(r"[^\s,;:!?()«»\"'./]+")


def means_stop(text: str) -> bool:
    """Say whether the whole message is a stop word; a tip may hold "stop" among others."""
    return normalise(text).strip(" .!") in STOP_WORDS


def language_of(text: str, offered: Sequence[str]) -> str:
    """Return the offered language the words are in; Darija in either script is answered in Arabic."""
    guess = offered[0]
    if ARABIC.search(text):
        guess = "ar"
    elif len(FRENCH.findall(text)) >= 1:
        guess = "fr"
    elif DARIJA.search(text):
        guess = "ar"
    elif re.search(r"(?i)\b(the|child|saw|boy|girl|near|with|stop|help)\b", text):
        guess = "en"
    return guess if guess in offered else offered[0]


def codes_in(text: str) -> list[str]:
    """Return the alert codes the words hold, in reading order."""
    found = []
    for word in WORD.findall(text):
        try:
            found.append(normalise_code(word))
        except CodeError:
            continue
    return found
