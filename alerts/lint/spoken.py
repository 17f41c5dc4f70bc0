"""Is each language spoken in that language, plainly, and without anybody else's links? Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from alerts.lint.model import ADDITION, MOST_LETTERS, Draft, Finding, Severity, Text, every, found_in, free
from alerts.lint.plain import plain, urls, without_urls
from alerts.lint.tokens import listed, tokens, words_of
from cases import vocabulary
from geo.names import normalise

_WORD = re.compile(r"[^\W\d_]{2,}")
_MARKUP = re.compile(r"<\s*[a-zA-Z/!][^>]*>?|&(?:#\w+|[a-zA-Z]{2,8});|\{\{|\{%|\[/?(?:url|b|img)\b")
_HOST = re.compile(
    r"(?<![\w@.])(?:[\w-]+\.)+(?:com|net|org|info|me|ly|io|fr|ma|eg|ga|app|gl|link|be|tv)(?:/\S*)?(?!\w)",
    re.IGNORECASE,
)
# Sites that people name without an address, and addresses taken apart so that no filter sees them.
_NAMED = re.compile(
    r"\b(?:facebook|fb|insta(?:gram)?|tiktok|snap(?:chat)?|telegram|twitter|youtube)\s*(?:(?:[.,]|dot|point)\s*(?:com|fr|net|ma)\b|/\s*\w+)"
    r"|\b[a-z]{2,6}://\S+|(?<!\w)\w{1,64}\s*(?:\(at\)|\[at\]|\barobase\b)\s*\w+",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|(?<!\w)@\w{3,}")
ANYWHERE = frozenset({"utc", "gmt", "sms", "gps", "tv", "wc", "id", "ok"})
SAME_WORDS = 3  # a shorter sentence may be the same in two languages: "Sac Nike"
SHOUTED_WORDS, SHOUTED_LETTERS = 2, 12


def additions_whole(draft: Draft) -> Iterator[Finding]:
    """An officer's sentence is there in every language or in none, and short."""
    told = free(draft)
    if told:
        for language in draft.languages:
            if not draft.additions.get(language, "").strip():
                yield Finding("addition_missing", "stop", "", (ADDITION,), detail=language)
    for text in told:
        if len(text.words) > MOST_LETTERS:
            yield found_in(text, "addition_long", "stop", ())


def untranslated(draft: Draft) -> Iterator[Finding]:
    """No language holds words of another: no Latin in Arabic but names, no Arabic elsewhere, no copy."""
    known = words_of(*draft.names, *draft.places, *draft.known_words) | ANYWHERE
    brands = _brands(draft)
    for text in every(draft):
        view = plain(without_urls(_MAIL.sub(lambda found: " " * len(found[0]), text.words)))
        may = known | brands if text.language == "ar" else known
        found = [
            view.of(m)
            for m in _WORD.finditer(view.words)
            if _is_foreign(m[0], text.language)
            and not set(words_of(m[0])) & may
            and normalise(m[0]) not in may
        ]
        if text.is_free:
            found += _of_the_other(text)
            found += _copied(text, draft)
        if found:
            yield found_in(text, "untranslated", "stop", found)


def _is_foreign(word: str, language: str) -> bool:
    """Say whether a letter of the word is of another script than the language's."""
    own = "ARABIC" if language == "ar" else "LATIN"
    letters = (letter for letter in word if unicodedata.category(letter) != "Lm")
    return not all(unicodedata.name(letter, own).startswith(own) for letter in letters)


def _brands(draft: Draft) -> frozenset[str]:
    """Return words that both Latin languages write alike with a capital: a brand has no translation."""
    capital = [
        {normalise(m[0]) for m in _WORD.finditer(words) if m[0][0].isupper()}
        for language, words in draft.additions.items()
        if language != "ar"
    ]
    return frozenset(set.intersection(*capital)) if len(capital) > 1 else frozenset()


def _of_the_other(text: Text) -> list[str]:
    """Return the small words by which a French text betrays itself in English, and the other way."""
    other = {"fr": "en", "en": "fr"}.get(text.language)
    if other is None:
        return []
    own = [t for t in tokens(text.words) if t.said in listed("tell", text.language)]
    theirs = [t for t in tokens(text.words) if t.said in listed("tell", other)]
    if len(theirs) < 2 or len(theirs) <= len(own):
        return []
    return [text.words[t.start : t.end] for t in theirs]


def _copied(text: Text, draft: Draft) -> list[str]:
    same = any(
        normalise(words) == normalise(text.words)
        for language, words in draft.additions.items()
        if language != text.language and words
    )
    return [text.words] if same and len(tokens(text.words)) >= SAME_WORDS else []


def garments(draft: Draft) -> Iterator[Finding]:
    """A garment or colour in the words of another language of the same script."""
    public = words_of(*draft.names, *draft.places, *draft.known_words)
    for text in every(draft):
        foreign = _foreign_garments(text.language) - public
        found = [text.words[t.start : t.end] for t in tokens(without_urls(text.words)) if t.said in foreign]
        if found:
            yield found_in(text, "garment", "stop", found)


@cache
def _foreign_garments(language: str) -> frozenset[str]:
    other = {"fr": "en", "en": "fr"}.get(language)
    if other is None:
        return frozenset()  # in Arabic any Latin word is found already
    return _worn(other) - _worn(language) - _described(language) - set(listed("shared", language))


@cache
def _worn(language: str) -> frozenset[str]:
    """Return the telling words of garments, things carried and colours, with a plain plural."""
    said = {
        token.said
        for name in ("garment", "carried", "colour")
        for code in vocabulary.codes(name)
        for key, words in vocabulary.lists()[name][code].items()
        if key == language or (key.startswith(f"{language}_") and not key.endswith("_form"))
        for token in tokens(words)
        if len(token.said) > 2
    }
    return frozenset(said | {f"{word}s" for word in said})


@cache
def _described(language: str) -> frozenset[str]:
    """Return every other word with which the language describes a child."""
    return frozenset(
        token.said
        for name in ("hair", "eyes", "build", "glasses", "mark")
        for code in vocabulary.codes(name)
        for token in tokens(vocabulary.label(name, code, language))
    )


def markup(draft: Draft) -> Iterator[Finding]:
    """Tags and entities, and characters that nobody sees but that turn or break a text."""
    for text in every(draft):
        view = plain(text.words)
        found = [view.of(m) for m in _MARKUP.finditer(view.words)]
        hidden = [c for c in text.words if _is_control(c, is_free=text.is_free)]
        if found or hidden:
            detail = "hidden" if hidden and not found else ""
            yield found_in(text, "markup", _severity(text), found, detail=detail)


def _severity(text: Text) -> Severity:
    """Stop what an officer typed; warn of a name or a place of the file: no alert waits for it."""
    return "stop" if text.is_free else "warn"


def _is_control(character: str, *, is_free: bool) -> bool:
    kind = unicodedata.category(character)
    if kind in {"Cc", "Cs", "Co"}:
        return character != "\n" or is_free
    return kind == "Cf" and is_free and character not in "\u200c\u200d"


def links(draft: Draft) -> Iterator[Finding]:
    """Only our own pages can be taken back: no other address of a page, a mailbox or an account."""
    for text in every(draft):
        found = [url for url in urls(text.words) if _host(url) not in draft.hosts]
        view = plain(without_urls(text.words))
        rest = _MAIL.sub(lambda mail: " " * len(mail[0]), view.words)
        found += [view.of(m) for m in _MAIL.finditer(view.words)]
        found += [view.of(m) for m in _NAMED.finditer(view.words)] if text.is_free else []
        found += [
            view.of(m) for m in _HOST.finditer(rest) if m[0].split("/")[0].casefold() not in draft.hosts
        ]
        if found:
            yield found_in(text, "foreign_link", _severity(text), found)


def _host(url: str) -> str:
    try:
        return (urlsplit(url if "//" in url else f"//{url}").netloc).casefold()
    except ValueError:
        return ""


def shouting(draft: Draft) -> Iterator[Finding]:
    for text in free(draft):
        found = [
            text.words[t.start : t.end]
            for t in tokens(text.words)
            if len(t.said) > 3 and text.words[t.start : t.end].isupper()
        ]
        if len(found) >= SHOUTED_WORDS and sum(map(len, found)) >= SHOUTED_LETTERS:
            yield found_in(text, "shouting", "warn", found)
        elif marks := re.findall(r"[!؟?]{2,}", text.words):
            yield found_in(text, "shouting", "warn", marks)
