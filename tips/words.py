"""Pure reading of a message's words: its language, a stop word, the codes it names."""

import re
from collections.abc import Sequence
from unicodedata import category

from geo.names import normalise
from trust.codes import CodeError, normalise_code

# The words carriers require (en, fr), their Arabic likes, and what people in Morocco, Egypt and Gabon write.
ENGLISH = (
    "stop", "stopall", "stop all", "unsubscribe", "unsubscribe me",
    "cancel", "end", "quit", "revoke", "optout",
    "opt out", "remove", "remove me", "td", "stop it", "stop sms", "stop alerts", "stop messages",
    "no more messages", "leave me alone",
)  # fmt: skip
FRENCH_WORDS = (
    "arret", "arrets", "arreter", "arretez", "arrete", "desabonner", "desabonnez", "desabonnez moi",
    "desabonne moi", "me desabonner", "desabonnement",
    "desinscrire", "desinscription", "desinscrivez moi",
    "me desinscrire", "annuler", "annulation", "resilier",
    "fin", "stop alertes", "stop alerte", "stop messages",
    "plus de messages", "plus de message", "plus de sms", "je veux arreter", "je veux me desabonner",
    "je me desabonne", "ne m envoyez plus rien", "ne m ecrivez plus",
)  # fmt: skip
ARABIC_WORDS = (
    "توقف", "توقفوا", "قف", "قفوا", "أوقف",
    "أوقفوا", "إيقاف", "ايقاف", "إلغاء", "إلغاء الاشتراك", "الغاء الاشتراك",
    "ألغوا اشتراكي", "ألغ اشتراكي", "حذف", "احذفوني",
    "أوقفوا الرسائل", "وقف الرسائل", "كفى", "ستوب", "سطوب",
    "لا أريد رسائل", "لا ترسلوا لي", "لا تراسلوني",
)  # fmt: skip
DARIJA_WORDS = (
    "وقف", "وقفو", "وقفوا", "حبس", "حبسو", "حبسوا",
    "باراكا", "بركا", "بلاش رسائل", "بطلوا", "بطل", "كفاية",
    "ما تصيفطوش ليا", "ماتصيفطوش ليا", "مابقيتش باغي",
    "wa9ef", "wa9af", "wa9fo", "wa9fou", "waqef", "we9ef",
    "we9fo", "w9ef", "w9fo", "hbess", "7bess", "7bes", "7bsso",
    "7bso", "7abes", "baraka", "barka", "stopp", "stoop", "batel", "batlo", "kefaya", "kfaya",
    "ma tsifto lia walo", "matsiftouch liya", "ma b9itch baghi", "mab9itch baghi",
)  # fmt: skip
STOP_WORDS = frozenset(map(normalise, (*ENGLISH, *FRENCH_WORDS, *ARABIC_WORDS, *DARIJA_WORDS)))
# What a stop is said with, before or after it, without being part of it.
COURTESY = frozenset(
    map(
        normalise,
        (
            "stp", "svp", "s il vous plait", "s il te plait", "merci",
            "please", "pls", "plz", "thanks", "thank you",
            "bonjour", "salut", "hello", "salam",
            "merci beaucoup", "now", "maintenant", "tout de suite",
            "من فضلك", "من فضلكم", "لو سمحت", "لو سمحتم", "شكرا",
            "رجاء", "سلام", "السلام عليكم", "عافاك", "عافاكم",
            "الله يخليك", "الآن", "دابا", "خلاص", "3afak",
            "3afakom", "afak", "chokran", "shukran", "allah ykhalik",
            "daba", "khlas", "safi",
        ),
    )
)  # fmt: skip
ASKS = frozenset({"fin"})  # "where?" in Darija, where it asks
MOST_LETTERS = 60  # a stop is short; what is longer is read by a person
# Where the mail that is answered begins.
QUOTED = re.compile(
    r"(?im)^\s*(>|-{2,}\s*(original|message|forwarded|رسالة)|_{5,}|(on|le|em|في|بتاريخ)\b.{0,120}(wrote|écrit|ecrit|كتب)"
    r"|(from|de|من)\s*:|(sent from|envoyé|envoye|أرسلت من)\b|--\s*$)"
)
ARABIC = re.compile(r"[\u0600-\u06ff]")
# Darija in Latin letters writes sounds as digits (3 for ع, 7 for ح, 9 for ق) inside words.
DARIJA = re.compile(r"(?i)\b(?=\w*[a-z])\w*[379]\w*\b|\b(weldi|bnti|rah|fin|dyal|hna|kayn|chft|cheft)\b")
FRENCH = re.compile(
    r"(?i)\b(le|la|les|un|une|est|vu|enfant|je|il|elle|dans|pr[eè]s|gar[cç]on|fille|bonjour)\b"
)
WORD = re.compile(r"[^\s,;:!?()«»\"'./]+")


def means_stop(text: str) -> bool:
    """Say whether the whole message asks for no more: a stop, repeated or with courtesies, nothing else.

    A tip may hold "stop" among others.
    """
    said = normalise(_bare(text))
    if not said or len(said) > MOST_LETTERS or (said in ASKS and re.search("[?؟]", text)):
        return False
    return _asks_for_no_more(said)


def without_quote(text: str) -> str:
    """Return what a mail says itself: not the mail it answers, nor what a telephone adds below."""
    quoted = QUOTED.search(text)
    return (text[: quoted.start()] if quoted else text).strip()


def _asks_for_no_more(said: str) -> bool:
    """Say whether the words are stops and courtesies, a stop at least once."""
    if said in STOP_WORDS:
        return True
    words, stops, at = said.split(" "), 0, 0
    while at < len(words):
        for length in range(min(5, len(words) - at), 0, -1):
            part = " ".join(words[at : at + length])
            if part in STOP_WORDS or part in COURTESY:
                stops += part in STOP_WORDS
                at += length
                break
        else:
            return False
    return stops > 0


def _bare(text: str) -> str:
    ""
    "Return the words without signs that are neither letters, digits nor spaces: emoji, quotes, brackets."
    return "".join(
        sign if category(sign)[0] in "LMNZ" or sign in "\n\r\t-'’" or category(sign) == "Cf" else " "
        for sign in text
    )


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
