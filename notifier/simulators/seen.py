"""What the public has before its eyes, made of what the gateways accepted: folded, grouped, in their order.

Pure: no Django. A post's edits and its deletion are folded into it; what many people were sent in the same
words is shown once, with how many they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Literal
from xml.etree import ElementTree

from notifier.simulators.record import Line, Recorder, Said

Kind = Literal["sms", "whatsapp", "messenger", "push", "facebook", "instagram", "email", "cap", "staff"]
ON_A_PHONE = frozenset({"sms", "whatsapp", "messenger", "push"})
FEEDS = frozenset({"facebook", "instagram"})
SHOWN = 12
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")
_CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway: what it stands for, what it kept, and where its pictures are served."""

    kind: Kind
    recorder: Recorder
    pictures_at: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as its readers have it; `people` got these same words."""

    kind: Kind
    to: str
    title: str
    text: str
    at: datetime
    people: int = 1
    picture: str = ""

    @property
    def is_arabic(self) -> bool:
        return is_arabic(self.title + self.text)


@dataclass(frozen=True, slots=True)
class Post:
    """One post in a feed: as it stands now, what it said before, when it was taken back."""

    kind: Kind
    account: str
    text: str
    at: datetime
    picture: str = ""
    earlier: tuple[str, ...] = ()
    edited_at: datetime | None = None
    gone_at: datetime | None = None

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """Return its paragraphs, each with whether it is Arabic: one post speaks all languages."""
        return [(part, is_arabic(part)) for part in re.split(r"\n{2,}", self.text.strip()) if part]


@dataclass(frozen=True, slots=True)
class Notice:
    """One CAP document at a partner. `stands`: "", replaced or over, by what came after it."""

    partner: str
    identifier: str
    kind: str  # Alert, Update, AllClear, Cancel
    headlines: tuple[tuple[str, bool], ...]
    area: str
    at: datetime
    is_signed: bool
    xml: str
    stands: str = ""


def is_arabic(text: str) -> bool:
    """Say whether most of its letters are Arabic."""
    return len(_ARABIC.findall(text)) > len(_LATIN.findall(text))


def messages(gateways: Iterable[Gateway], kinds: Iterable[str], who: str, zone: tzinfo) -> list[Message]:
    """Return the latest messages, the newest first: one person's, or everybody's grouped by their words."""
    wanted, found = set(kinds), list[Message]()
    for gateway in gateways:
        if gateway.kind not in wanted:
            continue
        said = gateway.recorder.heard_by(who) if who else gateway.recorder.said
        found += [_message(gateway, one, zone) for one in said if one.line.event == "message"]
    return _newest_first(found)


def posts(gateways: Iterable[Gateway], zone: tzinfo) -> list[Post]:
    """Return the latest posts of the feeds, the newest first."""
    found = [one for gateway in gateways if gateway.kind in FEEDS for one in _posts(gateway, zone)]
    return _newest_first(found)


def notices(gateways: Iterable[Gateway], who: str, zone: tzinfo) -> list[Notice]:
    """Return the latest documents at the partners, the newest first."""
    lines = [line for one in gateways if one.kind == "cap" for line in one.recorder.latest]
    found = [_notice(line, zone) for line in lines if line.to == who or not who]
    after: dict[tuple[str, str], str] = {}
    for notice, references in reversed(found):
        stands = after.get((notice.partner, notice.identifier), "")
        found[found.index((notice, references))] = replace(notice, stands=stands), references
        word = "over" if notice.kind in ("AllClear", "Cancel") else "replaced"
        for earlier in references:
            after.setdefault((notice.partner, earlier), word)
    return [notice for notice, _references in reversed(found)][:SHOWN]


def people(gateways: Iterable[Gateway]) -> list[str]:
    """Return some who were told, the latest first: the phones, then the mailboxes, then the partners."""
    found: dict[str, None] = {}
    for gateway in gateways:
        if gateway.kind not in FEEDS | {"staff", "push"}:
            found |= dict.fromkeys(gateway.recorder.latest_people(3))
    return list(found)


def _newest_first(found: list[Any]) -> list[Any]:
    """Return the latest few; of those of one moment the one that came last goes first."""
    found.reverse()
    found.sort(key=lambda one: one.at, reverse=True)
    return found[:SHOWN]


def _message(gateway: Gateway, said: Said, zone: tzinfo) -> Message:
    line = said.line
    picture = f"{gateway.pictures_at}{line.picture_url}" if line.picture_url else ""
    text = line.text.removeprefix(line.subject).lstrip("\n") if line.subject else line.text
    return Message(gateway.kind, line.to, line.subject, text, _at(line, zone), said.people, picture)


def _posts(gateway: Gateway, zone: tzinfo) -> Iterator[Post]:
    found: dict[str, Post] = {}
    for line in gateway.recorder.latest:
        at = _at(line, zone)
        if line.event == "post":
            picture = f"{gateway.pictures_at}{line.picture_url}" if line.picture_url else ""
            found[line.id] = Post(gateway.kind, line.to, line.text, at, picture)
        elif line.id in found and line.event == "edit":
            post = found[line.id]
            found[line.id] = replace(post, text=line.text, earlier=(post.text, *post.earlier), edited_at=at)
        elif line.id in found and line.event == "delete":
            found[line.id] = replace(found[line.id], gone_at=at, picture="")
    yield from found.values()


def _notice(line: Line, zone: tzinfo) -> tuple[Notice, list[str]]:
    root = ElementTree.fromstring(line.text)  # noqa: S314  fed by our own backend
    clear = any(one.text == "AllClear" for one in root.iter(f"{_CAP}responseType"))
    kind = root.findtext(f"{_CAP}msgType", "")
    headlines = [one.text or "" for one in root.iter(f"{_CAP}headline")]
    references = [one.split(",")[1] for one in root.findtext(f"{_CAP}references", "").split()]
    notice = Notice(
        partner=line.to,
        identifier=line.id,
        kind="AllClear" if clear and kind == "Update" else kind,
        headlines=tuple((text, is_arabic(text)) for text in headlines),
        area=next((one.text or "" for one in root.iter(f"{_CAP}areaDesc")), ""),
        at=_at(line, zone),
        is_signed=root.find(_SIGNATURE) is not None,
        xml=line.text,
    )
    return notice, references


def _at(line: Line, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(line.at).astimezone(zone)
