"""What an alert says in the apps of a phone: WhatsApp, Instagram, a browser's notice. Pure.

As in alerts.wording: Said from Known, in one language, and the fields that are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from alerts import wording
from alerts.known import Frame, Known
from alerts.language import Language
from alerts.wording import Line, Said

# A template's value, letters: with the longest template shipped and an address it stays below Meta's 1,024.
MOST_DETAILS = 600
# One language's share of Instagram's 2,200, where three are told in one caption.
MOST_CAPTION = 700
# What is said first where room is short: who looks for a child needs where, when and in which clothes.
FIRST = ("last_seen_place", "last_seen_at", "clothing", "marks", "looks", "carried", "addition")
# A notice lies open on a locked screen and cannot be taken back: it names nobody.
NAMELESS = frozenset({"sex", "age", "last_seen_place", "last_seen_at"})


def whatsapp(frame: Frame, known: Known, language: Language) -> Said:
    """Return `short`, one line and the address for a template; `body`, free words for who just wrote."""
    lines, title = _lines(frame, known, language), wording.title_choices(known, language)[0]
    head = language.say("message", "whatsapp", kind=wording.mark(frame, language), title=title["text"])
    call = language.say("message", "whatsapp_call", number=_number(frame, language))
    words = {
        "short": f"{_fitted(head, lines, call, MOST_DETAILS, language)}\n{frame.url}",
        "body": wording.whole_body(frame, head, lines, language),
        "photo_alt": wording.photo_alts(known, language)[0]["text"],
    }
    return Said(words, _shown(title["fields"], lines, known))


def instagram(frame: Frame, known: Known, language: Language) -> Said:
    """Return `subject` and `body` of the caption, and `short` for where all languages would be too long."""
    lines, title = _lines(frame, known, language), wording.title_choices(known, language)[0]
    head = language.say("message", "instagram", kind=wording.mark(frame, language), title=title["text"])
    tags = language.say("message", "instagram_tags")
    call = language.say("message", "instagram_call", number=_number(frame, language))
    rest = f"\n{frame.url}\n{tags}"
    words = {
        "subject": head,
        "body": f"{wording.whole_body(frame, '', lines, language)}\n\n{tags}",
        "short": _fitted(f"{head}.", lines, call, MOST_CAPTION - len(rest), language) + rest,
        "photo_alt": wording.photo_alts(known, language)[0]["text"],
    }
    return Said(words, _shown(title["fields"], lines, known))


def webpush(frame: Frame, known: Known, language: Language) -> Said:
    """Return `subject` and `short` of a notice: no name and no photo, whatever consent covers."""
    bare = known.only(NAMELESS)
    title = wording.title_choices(bare, language)[0]
    when = wording.moment(bare.seen_at, frame.zone, language, short=True) if bare.seen_at else ""
    seen = language.join([wording.where_seen(bare, language), when])
    told = language.form("message", "webpush_seen", bare.sex, seen=seen) if seen else ""
    call = language.say("message", "webpush_call", number=_number(frame, language))
    words = {
        "subject": language.say(
            "message", "webpush", kind=wording.mark(frame, language), title=title["text"]
        ),
        "short": f"{told} {call}".strip() + f"\n{frame.url}",
    }
    fields = [field for field in NAMELESS if wording.has(bare, _HELD[field])]
    return Said(words, tuple(sorted(fields)))


_HELD = {"sex": "sex", "age": "age", "last_seen_place": "place", "last_seen_at": "seen_at"}


def _lines(frame: Frame, known: Known, language: Language) -> list[Line]:
    return [*wording.fact_lines(frame, known, language), *wording.more_lines(frame, known, language)]


def _fitted(head: str, lines: list[Line], call: str, most: int, language: Language) -> str:
    """Return head, as many facts as fit, and whom to call, in one line; name and age stand in the head."""
    room, told = most - len(head) - len(call) - 1, []
    merged = {line.key: line for line in wording.merged(lines, language)}
    for key in FIRST:
        if key not in merged:
            continue
        sentence = merged[key].plain(language).rstrip(".") + "."
        if len(sentence) < room:
            told.append(sentence)
            room -= len(sentence) + 1
    return " ".join([head, *told, call])


def _shown(title: Iterable[str], lines: list[Line], known: Known) -> tuple[str, ...]:
    shown = chain(title, *(line.fields for line in lines), wording.photo_field(known))
    return wording.once(shown)


def _number(frame: Frame, language: Language) -> str:
    return wording.isolated(frame.number_shown, language)
