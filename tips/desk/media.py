"""What came along with a tip, as the page shows it: the copy, what its file says, and what it is like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cases.admin.doors import page_url as case_url
from cases.models import Case, Photo
from tips.desk.doors import page_url, url
from tips.files import facts as file_facts
from tips.models import Attachment, Footage, Tip
from trust import desk
from trust.models import Officer

STRONG, FAIR = 80, 55  # of a likeness, 0 to 100


@dataclass(frozen=True)
class Alike:
    """Hold one thing known before that this is like, and what stands beside it."""

    whose: str
    said: str
    strength: str
    level: str
    url: str = ""  # of the page it belongs to
    picture: str = ""  # "" where the officer may not see it
    clip: str = ""  # the known clip itself, from where ours begins in it (a media fragment)
    moment: str = ""  # the same, as a player shows it


@dataclass(frozen=True)
class Along:
    """Hold one attachment in words."""

    row: Attachment
    number: int
    kind: str
    state: str
    name: str
    src: str
    still: str
    facts: tuple[tuple[str, str], ...]
    said: tuple[str, ...]
    alike: tuple[Alike, ...]
    verdict: str
    verdict_why: str
    verdict_by: str

    @property
    def is_shown(self) -> bool:
        return bool(self.src)


def along(tip: Tip, officer: Officer, zone: ZoneInfo) -> list[Along]:
    """Return what came along, in order (four queries at most, whatever it is like)."""
    rows = list(tip.attachments.select_related("verdict_by").order_by("position"))
    known = _Known.of(rows, officer)
    return [_line(tip, row, number, known, zone) for number, row in enumerate(rows, 1)]


def _line(tip: Tip, row: Attachment, number: int, known: _Known, zone: ZoneInfo) -> Along:
    facts = row.facts or {}
    is_frozen = row.state == Attachment.State.FROZEN
    src = url("copy", tip.pk, row.pk) if row.copy_key and not is_frozen else ""
    still = url("still", tip.pk, row.pk) if row.still_key and not is_frozen else ""
    return Along(
        row=row,
        number=number,
        kind=str(row.get_kind_display()),
        state=str(row.get_state_display()),
        name=row.name or "",
        src=src,
        still=still,
        facts=tuple(_facts(row, facts, zone)),
        said=tuple(file_facts.words(row)),
        alike=() if is_frozen else tuple(known.like(tip, row)),
        verdict=str(row.get_verdict_display()) if row.verdict else "",
        verdict_why=row.verdict_why or "",
        verdict_by=str(row.verdict_by or ""),
    )


def _facts(row: Attachment, facts: Mapping[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Yield what the original says of itself."""
    taken = parse_datetime(str(facts.get("taken_at") or ""))
    if taken:
        yield _("Taken at"), desk.moment(taken, zone)
    if facts.get("lat") is not None and facts.get("lon") is not None:
        yield _("Taken where"), f"{facts['lat']:.5f}, {facts['lon']:.5f}"
    if facts.get("device"):
        yield _("Device"), str(facts["device"])
    if facts.get("program"):
        yield _("Program"), str(facts["program"])
    if facts.get("pages"):
        yield _("Pages"), str(facts["pages"])
    if facts.get("seconds"):
        yield _("Length"), clock_of(float(facts["seconds"]))
    if facts.get("width") and facts.get("height"):
        yield _("Size of the picture"), f"{facts['width']} × {facts['height']}"
    if row.size:
        yield _("Size of the original"), str(filesizeformat(row.size))
    if row.original_sha256:
        yield "SHA-256", row.original_sha256


def clock_of(seconds: float) -> str:
    """Return a place in a clip as a player shows it: "1:05"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _how(like: Mapping[str, Any]) -> Iterator[str]:
    """Yield how one thing is like another."""
    yield _("a part of it") if like.get("kind") == "part" else _("the same")
    if like.get("how") == "mirrored":
        yield _("mirrored")


@dataclass(frozen=True)
class _Known:
    """Hold what the likenesses of a tip name, as far as the officer may see it."""

    attachments: Mapping[UUID, Attachment]
    photos: Mapping[UUID, Photo]
    footage: Mapping[UUID, Footage]
    tips: frozenset[UUID]  # in the officer's scope
    cases: frozenset[UUID]

    @classmethod
    def of(cls, rows: Iterable[Attachment], officer: Officer) -> _Known:
        told = [like for row in rows for like in row.likenesses or ()]
        keys = {
            kind: [like[kind] for like in told if like.get(kind)]
            for kind in ("attachment", "photo", "footage")
        }
        found = Attachment.objects.select_related("tip__unit").in_bulk(keys["attachment"])
        photos = Photo.objects.select_related("child__case").in_bulk(keys["photo"])
        footage = Footage.objects.in_bulk(keys["footage"]) if officer.has_perm("tips.view_footage") else {}
        tips = {row.tip_id for row in found.values()}
        cases = {photo.child.case_id for photo in photos.values()}
        return cls(
            found,
            photos,
            footage,
            frozenset(
                Tip.objects.readable_by(officer).filter(pk__in=tips).values_list("pk", flat=True)
                if tips
                else ()
            ),
            frozenset(
                Case.objects.for_officer(officer).filter(pk__in=cases).values_list("pk", flat=True)
                if cases
                else ()
            ),
        )

    def like(self, tip: Tip, row: Attachment) -> Iterator[Alike]:
        for number, like in enumerate(row.likenesses or ()):
            found = self._of(like)
            if found is None:
                continue
            whose, page, seen = found
            strength, at_s = int(like.get("strength") or 0), like.get("at_s")
            address = url("like", tip.pk, row.pk, number)
            yield Alike(
                whose=whose,
                said=", ".join(_how(like)),
                strength=f"{min(strength, 100)} %",
                level="danger" if strength >= STRONG else "warning" if strength >= FAIR else "",
                url=page,
                picture=address if seen else "",
                clip=f"{address}?clip=1#t={float(at_s or 0):.1f}" if seen and self._is_clip(like) else "",
                moment=clock_of(float(at_s)) if at_s is not None else "",
            )

    def _is_clip(self, like: Mapping[str, Any]) -> bool:
        other = self.attachments.get(_uuid(like.get("attachment")) or UUID(int=0))
        return other is not None and other.copy_type.startswith("video/")

    def _of(self, like: Mapping[str, Any]) -> tuple[str, str, bool] | None:
        """Return whose it is in words, its page, and whether the officer may see it."""
        if key := _uuid(like.get("footage")):
            known = self.footage.get(key)
            words = (
                _("Known footage: {title}").format(title=known.title or "—") if known else _("Known footage")
            )
            return words, "", known is not None
        if key := _uuid(like.get("photo")):
            photo = self.photos.get(key)
            if photo is None:
                return None
            seen = photo.child.case_id in self.cases
            case = photo.child.case
            words = (
                _("Photo of case {reference}").format(reference=case.reference)
                if seen
                else _("Photo of a case of another unit")
            )
            return words, case_url(case) if seen else "", seen
        other = self.attachments.get(_uuid(like.get("attachment")) or UUID(int=0))
        if other is None:
            return None
        seen = other.tip_id in self.tips and other.state != Attachment.State.FROZEN
        words = (
            _("Earlier tip {reference}").format(reference=other.tip.reference)
            if seen
            else _("A tip of another unit")
        )
        return words, page_url(other.tip) if seen else "", seen


def _uuid(told: Any) -> UUID | None:
    try:
        return UUID(str(told)) if told else None
    except ValueError:
        return None
