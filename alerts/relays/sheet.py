"""The press sheet: what a relay may read now, through the gate; nothing once the alert is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts import language as languages
from alerts import render, wording
from alerts.models import RelayNotice, Version
from alerts.relays import spoken
from alerts.wording import Line
from notifier.hand_channels import RELAYS


@dataclass(frozen=True)
class Sheet:
    """Hold a press sheet in one language. `seconds` is how long `script` takes, `rate` in words a second."""

    code: str
    language: str
    direction: str
    kind: str
    title: str
    lines: tuple[Line, ...]
    todo: tuple[str, ...]
    number: str
    number_shown: str
    script: str
    seconds: float
    rate: float
    source: str
    until: str
    issued: str
    agency: str
    url: str
    body: str


@render.public_renderer("relay_sheet")
def sheet(version: Version, language: str, at: datetime) -> Sheet | None:
    """Return what the version says to relays; None where consent, key or state allow no word any more."""
    is_over = not version.alert.is_live or not version.in_force or not version.expires_at
    if is_over or version.expires_at is None or version.sent_at is None or version.expires_at <= at:
        return None
    found = render.facts(version, RELAYS, language, at)
    if found is None:
        return None
    said, spoken_language, voice = found.words, languages.load(language), spoken.load(language)
    zone = ZoneInfo(version.alert.case.agency.time_zone)
    lines = [Line(one["key"], one["label"], one["text"], tuple(one["fields"])) for one in said["lines"]]
    return Sheet(
        code=version.alert.code,
        language=language,
        direction=spoken_language.direction,
        kind=spoken_language.say("kind", version.alert.kind).strip(),
        title=said["title"],
        lines=tuple(wording.merged(lines, spoken_language)),
        todo=tuple(said["todo"]),
        number=said["number"],
        number_shown=said["number_shown"],
        script=said["script"],
        seconds=voice.seconds(said["script"]),
        rate=voice.words_per_second,
        source=voice.data["source"],
        until=wording.moment(version.expires_at, zone, spoken_language),
        issued=wording.moment(version.sent_at, zone, spoken_language),
        agency=str(version.alert.case.agency),
        url=render.page_url(version),
        body=said["body"],
    )


def of_notice(notice: RelayNotice, language: str, at: datetime) -> Sheet | None:
    """Return the sheet behind a relay's link: that of the version in force, while nobody took it back."""
    if notice.take_back_from or notice.state not in {
        RelayNotice.State.TOLD,
        RelayNotice.State.ACKNOWLEDGED,
    }:
        return None
    return sheet(notice.version, language, at)
