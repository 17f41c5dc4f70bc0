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
START_WORDS = frozenset(
    map(
        normalise,
        ("start", "unstop", "resume", "reprendre", "recommencer", "ابدأ", "ابدا", "بدء", "استئناف", "بدا"),
    )
)
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
LONGEST_STOP = 400  # characters with all signs and blanks; nobody asks for an end at such length
MOST_LETTERS = 60  # a stop is short; what is longer is read by a person
# Where the mail that is answered begins.
QUOTED = re.compile(
    r"(?im)^[^\S\n]*(>|-{2,}[^\S\n]*(original|message|forwarded|رسالة)|_{5,}|--[^\S\n]*$"
    r"|(on|le|em|في|بتاريخ)\b.{0,160}(wrote|écrit|ecrit|كتب)\b.{0,80}:[^\S\n]*$"
    # A sender's line alone may be a witness's "from: Rabat"; a mail's has an address, or the next heading.
    r"|(from|de|من)[^\S\n]*:.{0,120}(@|\n[^\S\n]*(sent|to|date|subject|envoyé|envoye|à|objet|إلى|التاريخ"
    r"|الموضوع|تم الإرسال)[^\S\n]*:)"
    r"|(sent from|envoyé? (de|depuis|à partir de)|envoye (de|depuis)|أرسلت من)\b)"
)
ARABIC = re.compile(r"[\u0600-\u06ff]")
# Darija in Latin letters writes sounds as digits (3 for ع, 7 for ح, 9 for ق, 2, 5 and 8 now and then) among
# letters; an hour ("17h30"), a rank ("7eme") or a road ("N9") is none of that.
CHAT_LETTERS = re.compile(
    r"(?i)\b(?=(?:\w*[a-z]){2})(?=\w*[379])(?!\d+(?:h|e|eme|ème|er|th|km|m|am|pm|ans?|min)\d*\b)\w+\b"
)
DARIJA = re.compile(
    r"(?i)\b(weld|weldi|wld|bnt|bnti|bent|rah|rani|fin|dyal|diali|dial|hna|hnaya|temma|kayn|kayna|kan|chft|cheft|chftha"
    r"|shuft|shoft|chouft|drari|dar|daba|khtfo|khtaf|mabanch|mcha|mchat|machi|walou|walo|bzaf|lyoum|lbare7|salam|slm"
    r"|khoya|khti|ebni|benti|wald|ibni|mesh|msh|fein|gamb|hena)\b"
)
FRENCH = re.compile(
    r"(?i)\b(le|la|les|un|une|des|est|était|vu|enfant|je|j|il|elle|dans|pr[eè]s|gar[cç]on|fille|bonjour|avec|sur|petite?"
    r"|chez|où|ici|nous|vous|mon|ma|disparue?|rue|gare|homme|femme|voiture)\b"
)
ENGLISH_WORDS = re.compile(
    r"(?i)\b(the|a|child|saw|seen|boy|girl|near|with|stop|help|is|was|in|at|my|missing|man|woman|car|here|street)\b"
)
READ_FOR_CODES = 10_000
READ_FOR_LANGUAGE = 2000  # letters; a language shows in the first lines
WORD = re.compile(r"[^\s,;:!?()«»\"'./]+")


def means_stop(text: str) -> bool:
    """Say whether the whole message asks for no more: a stop, repeated or with courtesies, nothing else.

    A tip may hold "stop" among others.
    """
    if len(text) > LONGEST_STOP:
        return False
    said = normalise(_bare(text))
    if not said or len(said) > MOST_LETTERS or (said in ASKS and re.search("[?؟]", text)):
        return False
    return _asks_for_no_more(said)


def means_start(text: str) -> bool:
    """Say whether the whole message takes a stop back."""
    return len(text) <= LONGEST_STOP and normalise(_bare(text)) in START_WORDS


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
    """Return the words without signs that are neither letters, digits nor spaces: emoji, quotes, brackets."""
    return "".join(
        sign if category(sign)[0] in "LMNZ" or sign in "\n\r\t-'’" or category(sign) == "Cf" else " "
        for sign in text
    )


def language_in(text: str, offered: Sequence[str]) -> str:
    """Return the offered language the words are in, "" where they do not show one or it is not offered.

    Darija, in either script, is answered in Arabic.
    """
    said = text[:READ_FOR_LANGUAGE]
    if ARABIC.search(said):
        return "ar" if "ar" in offered else ""
    counts = {
        "ar": 2 * len(CHAT_LETTERS.findall(said)) + len(DARIJA.findall(said)),
        "fr": len(FRENCH.findall(said)),
        "en": len(ENGLISH_WORDS.findall(said)),
    }
    guess = max(counts, key=lambda code: counts[code])
    return guess if counts[guess] and guess in offered else ""


def language_of(text: str, offered: Sequence[str]) -> str:
    """Return the offered language the words are in, else the first."""
    return language_in(text, offered) or offered[0]


def codes_in(text: str) -> list[str]:
    """Return the alert codes the first lines hold, in reading order."""
    found = []
    for word in WORD.findall(text[:READ_FOR_CODES]):
        try:
            found.append(normalise_code(word))
        except CodeError:
            continue
    return found
