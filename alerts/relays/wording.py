"""What a relay is given: the facts as lines, and a script to be read in 20 seconds. Pure; never the photo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from alerts import wording
from alerts.known import Frame, Known
from alerts.language import Language
from alerts.relays import spoken
from alerts.relays.spoken import Voice
from alerts.wording import Said

LONGEST_S = 20.0


@dataclass(frozen=True)
class Choice:
    """Say what a script holds: how many garments, the hour, an officer's sentence."""

    worn: int
    hour: bool = True
    more: bool = False


def relays(frame: Frame, known: Known, language: Language) -> Said:
    """Return title, lines, what to do, the number to call, the script; `body` is all of it to be read."""
    seen = replace(known, has_photo=False)
    post, page = wording.facebook(frame, seen, language), wording.page(frame, seen, language)
    voice = spoken.load(language.code)
    text = script(frame, seen, language, voice)
    words = {
        "title": page.words["titles"][0]["text"],
        "lines": page.words["lines"],
        "todo": page.words["todo"],
        "number": frame.number,
        "number_shown": frame.number_shown,
        "script": text,
        "body": f"{post.words['body']}\n\n{voice.part('heading')}\n{text}",
    }
    return Said(words, post.fields)


def script(frame: Frame, known: Known, language: Language, voice: Voice) -> str:
    """Return the fullest script of LONGEST_S, else the shortest there is. Numbers are in words."""
    text = ""
    for choice in _choices(len(known.clothing), bool(frame.addition.get(language.code))):
        text = _script(frame, known, language, voice, choice)
        if voice.seconds(text) <= LONGEST_S:
            break
    return text


def _choices(worn: int, more: bool) -> Iterator[Choice]:  # noqa: FBT001  private, one caller
    """Yield the fullest first; what the child wears goes before the hour does, but for one garment."""
    if more:
        yield Choice(worn, more=True)
    yield from (Choice(count) for count in range(worn, 0, -1))
    if more:
        yield Choice(0, more=True)
    yield from (Choice(count, hour=False) for count in range(min(worn, 1), -1, -1))


def _script(frame: Frame, known: Known, language: Language, voice: Voice, choice: Choice) -> str:
    age = voice.age(known.age, known.months if (known.age or 0) < 2 else None)
    who = language.join([known.name.get(language.code, ""), age])
    seen = language.join([_where(known, language), _when(frame, known, language, voice, hour=choice.hour)])
    worn = [language.dressed(*one) for one in known.clothing[: choice.worn]]
    sentences = [
        voice.part(
            "head", known.sex, kind=_mark(frame, language), who=voice.part("who", who=who) if who else ""
        ),
        voice.part("seen", known.sex, seen=seen) if seen else "",
        voice.part("worn", known.sex, worn=language.join(worn)) if worn else "",
        frame.addition.get(language.code, "") if choice.more else "",
        voice.part("call", number=voice.digits(frame.number_shown)),
    ]
    return voice.say(" ".join(sentence for sentence in sentences if sentence))


def _where(known: Known, language: Language) -> str:
    place = known.place.get(language.code, "")
    return language.say("say", "near", place=place) if place and known.is_near_place else place


def _when(frame: Frame, known: Known, language: Language, voice: Voice, *, hour: bool) -> str:
    if known.seen_at is None:
        return ""
    local = known.seen_at.astimezone(frame.zone)
    date = voice.day(local, language.data["calendar"]["weekdays"][local.weekday()])
    return voice.part("hour", date=date, **voice.clock(local.hour, local.minute)).strip() if hour else date


def _mark(frame: Frame, language: Language) -> str:
    """Return "Exercice. " before what is none, and that it follows an earlier script."""
    kind = language.say("kind", frame.kind).strip(" []")
    update = language.say("message", "update") if frame.is_update else ""
    return (f"{kind}. " if kind else "") + update
