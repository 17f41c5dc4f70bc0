"""What an alert says, made from codes, in one language, for each way of saying it. Pure.

Every function returns Said: the words, and the fields of cases.fields they show. Nothing is said that is
not in Known, and Known holds public facts alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from alerts.known import Frame, Known
from alerts.language import Language

ENDS = ("found", "ended", "expired", "error")
# Left-to-right isolates: a phone number or an address inside Arabic would turn round otherwise.
LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"
ARABIC = re.compile("[\u0600-\u06ff]")


@dataclass(frozen=True)
class Said:
    """Hold words by part ("subject", "body", …) and the fields they show."""

    words: dict[str, Any]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """Hold one fact as a labelled line, and the fields it shows."""

    key: str
    label: str
    text: str
    fields: tuple[str, ...]

    def plain(self, language: Language) -> str:
        return language.say("say", "line", label=self.label, text=self.text)


def page(frame: Frame, known: Known, language: Language) -> Said:
    """Return titles (the first whose fields are all still allowed is shown), lines and what to do."""
    lines = [*fact_lines(frame, known, language), *more_lines(frame, known, language)]
    words = {
        "kind": language.say("kind", frame.kind).strip(),
        "titles": title_choices(known, language),
        "lines": [{"key": x.key, "label": x.label, "text": x.text, "fields": list(x.fields)} for x in lines],
        "todo": _todo(frame, language),
        "number": frame.number,
        "number_shown": frame.number_shown,
        "photo_alts": photo_alts(known, language),
    }
    titles = [title["fields"] for title in title_choices(known, language)]
    shown = chain(*titles, *(line.fields for line in lines), ["photo"] if known.has_photo else [])
    return Said(words, once(shown))


def sms(frame: Frame, known: Known, language: Language) -> Said:
    """Return the short text: who, where, when, clothes and more as they fit, whom to call, the page."""
    worn = [language.dressed(garment, colour) for garment, colour in known.clothing]
    for count, more in _choices(len(worn), _addition(frame, language)):
        text = language.sms(_short(frame, known, language, worn[:count], more))
        if language.fits(text):
            break
    shown = [*_who_fields(known), *_seen_fields(known), *(["clothing"] if worn[:count] else [])]
    return Said({"short": text}, once(shown))


def email(frame: Frame, known: Known, language: Language) -> Said:
    """Return subject and body; the HTML is made from the body when it is sent."""
    lines = [*fact_lines(frame, known, language), *more_lines(frame, known, language)]
    title = title_choices(known, language)[0]
    words = {
        "subject": language.say("message", "email_subject", kind=mark(frame, language), title=title["text"]),
        "body": whole_body(frame, title["text"], lines, language),
        "photo_alt": photo_alts(known, language)[0]["text"],
    }
    return Said(words, once(chain(title["fields"], *(line.fields for line in lines), photo_field(known))))


def facebook(frame: Frame, known: Known, language: Language) -> Said:
    """Return the caption of the photo."""
    lines = [*fact_lines(frame, known, language), *more_lines(frame, known, language)]
    title = title_choices(known, language)[0]
    head = language.say("message", "facebook", kind=mark(frame, language), title=title["text"])
    words = {
        "body": whole_body(frame, head, lines, language),
        "photo_alt": photo_alts(known, language)[0]["text"],
    }
    return Said(words, once(chain(title["fields"], *(line.fields for line in lines), photo_field(known))))


def cap(frame: Frame, known: Known, language: Language) -> Said:
    """Return headline, description and instruction of a CAP info."""
    lines = [*fact_lines(frame, known, language), *more_lines(frame, known, language)]
    title = title_choices(known, language)[0]
    words = {
        "event": language.say("say", "event"),
        "headline": _kind(frame, language) + title["text"],
        "description": "\n".join(line.plain(language) for line in merged(lines, language)) or title["text"],
        "instruction": "\n".join(_todo(frame, language)),
        "area": known.place.get(language.code) or language.say("say", "area"),
        "photo_alt": language.say("say", "photo"),
    }
    return Said(words, once(chain(title["fields"], *(line.fields for line in lines), photo_field(known))))


def end(frame: Frame, outcome: str, language: Language) -> Said:
    """Return what is said once it is over, to those told, on pages and in feeds: nothing of the child."""
    section = language.data["end"][outcome]
    status, title = _kind(frame, language) + section["status"], section["title"]
    sentence = section["sentence"].format(code=frame.code)
    words = {
        "title": title,
        "sentence": sentence,
        "request": section["request"],
        "short": language.sms(_kind(frame, language) + section["sms"].format(code=frame.code)),
        "subject": f"{status} {title}",
        "body": f"{sentence}\n\n{section['request']}",
        "event": language.say("say", "event"),
        "area": language.say("say", "area"),
    }
    return Said(words)


def moment(at: datetime, zone: ZoneInfo, language: Language, *, short: bool = False) -> str:
    """Return the time as people of the zone read it, with its distance from UTC."""
    local = at.astimezone(zone)
    calendar = language.data["calendar"]
    return language.say(
        "say",
        "when_short" if short else "when",
        weekday=calendar["weekdays"][local.weekday()],
        month=calendar["months"][local.month - 1],
        month_number=local.month,
        day=local.day,
        year=local.year,
        hour=local.hour,
        minute=local.minute,
        zone=isolated(_offset(local), language),
    )


def merged(lines: Sequence[Line], language: Language) -> list[Line]:
    """Return the lines with those of one key made one."""
    found: dict[str, Line] = {}
    for line in lines:
        earlier = found.get(line.key)
        text = language.join([earlier.text, line.text]) if earlier else line.text
        found[line.key] = replace(line, text=text)
    return list(found.values())


def confirmation(code: str, minutes: int, language: Language) -> Said:
    """Return the message that carries a subscriber's code."""
    section = language.data["subscribe"]
    return Said(
        {part: section[part].format(code=code, minutes=minutes) for part in ("subject", "body", "short")}
    )


def fact_lines(frame: Frame, known: Known, language: Language) -> Iterator[Line]:
    for key, text, fields in _facts(frame, known, language):
        if text:
            yield Line(key, language.label(key, known.sex), text, fields)


def more_lines(frame: Frame, known: Known, language: Language) -> Iterator[Line]:
    """Yield the officer's sentence: it shows no field, and the lint keeps names out of it."""
    text = _addition(frame, language)
    if text:
        yield Line("addition", language.label("addition", known.sex), text, ())


def _addition(frame: Frame, language: Language) -> str:
    return frame.addition.get(language.code, "")


def _facts(frame: Frame, known: Known, language: Language) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    when = moment(known.seen_at, frame.zone, language) if known.seen_at else ""
    yield "name", known.name.get(language.code, ""), ("name",)
    yield "age", _age(known, language), ("age",)
    yield "clothing", language.join([language.dressed(*worn) for worn in known.clothing]), ("clothing",)
    yield "carried", language.join([language.carried(*thing) for thing in known.carried]), ("carried",)
    yield "last_seen_place", where_seen(known, language), ("last_seen_place",)
    yield "last_seen_at", when, ("last_seen_at", "sex") if known.sex else ("last_seen_at",)
    yield from (("looks", text, (field,)) for field, text in _looks(known, language))
    yield "marks", language.join([language.word("mark", code) for code in known.marks]), ("marks",)


def _looks(known: Known, language: Language) -> Iterator[tuple[str, str]]:
    yield "height", "" if known.height is None else language.say("say", "height", n=known.height)
    yield "weight", "" if known.weight is None else language.say("say", "weight", n=known.weight)
    yield "build", language.word("build", known.build)
    yield "hair", language.word("hair", known.hair)
    yield "eyes", language.word("eyes", known.eyes)
    yield "glasses", "" if known.glasses == "none" else language.word("glasses", known.glasses)


def title_choices(known: Known, language: Language) -> list[dict[str, Any]]:
    """Return titles from the fullest to one that shows no field at all."""
    found: list[dict[str, Any]] = []
    for fields in (("sex", "name", "age"), ("sex", "age"), ("sex",), ()):
        text = _title(known.only(frozenset(fields)), language)
        if all(text != earlier["text"] for earlier in found):
            found.append({"text": text, "fields": [f for f in fields if has(known, f)]})
    return found


def _title(known: Known, language: Language) -> str:
    missing, who = language.missing(known.sex), _who(known, language)
    return language.say("say", "title", missing=missing, who=who) if who else missing


def _who(known: Known, language: Language) -> str:
    return language.join([_foreign(known.name.get(language.code, ""), language), _age(known, language)])


def _age(known: Known, language: Language) -> str:
    return "" if known.age is None else language.age(known.age, known.months)


def _foreign(name: str, language: Language) -> str:
    """Return the name, isolated where its script runs against the sentence and would pull digits across."""
    runs_left = bool(ARABIC.search(name))
    return f"{FSI}{name}{PDI}" if name and runs_left != (language.direction == "rtl") else name


def where_seen(known: Known, language: Language) -> str:
    place = _foreign(known.place.get(language.code, ""), language)
    return language.say("say", "near", place=place) if place and known.is_near_place else place


def _todo(frame: Frame, language: Language) -> list[str]:
    number = isolated(frame.number_shown, language)
    return [
        language.say("say", "dont"),
        language.say("say", "call", number=number),
        language.say("say", "share"),
    ]


def photo_alts(known: Known, language: Language) -> list[dict[str, Any]]:
    name = _foreign(known.name.get(language.code, ""), language)
    named = [{"text": language.say("say", "photo_of", name=name), "fields": ["name"]}] if name else []
    return [*named, {"text": language.say("say", "photo"), "fields": []}]


def whole_body(frame: Frame, head: str, lines: list[Line], language: Language) -> str:
    """Return paragraphs; the address stands on a line of its own, where no direction mark touches it."""
    told = "\n".join(line.plain(language) for line in merged(lines, language))
    check = language.say("say", "check", url=frame.url)
    return "\n\n".join(part for part in (head, told, "\n".join(_todo(frame, language)), check) if part)


def _choices(worn: int, more: str) -> Iterator[tuple[int, str]]:
    """Yield what an SMS may hold, the fullest first: an officer's sentence goes before any garment does."""
    if more:
        yield worn, more
    yield from ((count, "") for count in range(worn, -1, -1))


def _short(frame: Frame, known: Known, language: Language, worn: list[str], more: str) -> str:
    who = _who(known, language)
    missing = language.missing(known.sex)
    head = language.say("message", "sms", kind=mark(frame, language), missing=missing, who=who)
    when = moment(known.seen_at, frame.zone, language, short=True) if known.seen_at else ""
    seen = language.join([where_seen(known, language), when])
    sentences = [
        head if who else head.replace(": .", "."),
        language.form("message", "sms_seen", known.sex, seen=seen) if seen else "",
        language.say("message", "sms_clothing", clothing=language.join(worn)) if worn else "",
        more,
        language.say("message", "sms_call", number=frame.number_shown),
    ]
    return " ".join(sentence for sentence in sentences if sentence) + f"\n{frame.url}"


def _kind(frame: Frame, language: Language) -> str:
    return language.say("kind", frame.kind)


def mark(frame: Frame, language: Language) -> str:
    """Return what stands before a message: that it is an exercise, that it follows an earlier one."""
    return _kind(frame, language) + (language.say("message", "update") if frame.is_update else "")


def _offset(local: datetime) -> str:
    text = local.strftime("%z")
    sign, hours, minutes = text[0], int(text[1:3]), text[3:5]
    if minutes != "00":
        return f"UTC{sign}{hours}:{minutes}"
    return f"UTC{sign}{hours}" if hours else "UTC"


def isolated(text: str, language: Language) -> str:
    return f"{LRI}{text}{PDI}" if language.direction == "rtl" else text


def has(known: Known, field: str) -> bool:
    value = getattr(known, field)
    return value is not None and bool(value != "" and value != {})


def _who_fields(known: Known) -> list[str]:
    return [field for field in ("sex", "name", "age") if has(known, field)]


def _seen_fields(known: Known) -> list[str]:
    seen = ["last_seen_at"] if known.seen_at else []
    return [*seen, "last_seen_place"] if known.place else seen


def photo_field(known: Known) -> list[str]:
    return ["photo"] if known.has_photo else []


def once(fields: Iterator[str] | list[str] | chain[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fields))
