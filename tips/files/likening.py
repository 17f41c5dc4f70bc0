"""Where a picture or a clip was seen before: among all tips, the photos of missing children, known footage.

Each process holds the bands of all prints in memory (tips.media.bank); the prints themselves stay sealed in
the database and are opened one by one to be compared, so that an erased one is found no more.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from cases.models import CaseState, Photo
from tips.media.bank import Asked, Bank
from tips.media.clip_bank import ClipBank
from tips.media.clips import AskedClip, Clip
from tips.media.likeness import Likeness, compare
from tips.media.prints import PDQ_NEAR
from tips.media.prints import Print as Looks
from tips.models import Attachment, Print
from trust import keys

LATE_ROWS = 2_000  # numbers below the highest that may still be committed after it
AT_ONCE = 200  # prints opened with one query for their keys
CROWD = 24  # who is as good as equal to so many others adds nothing to the bank
MOST_KEPT = 12  # likenesses written down
MOST_FRAMES = 6  # of clips that a picture is compared with, as it is and again turned over
SAME_FILE = 100
SOUGHT = (CaseState.RECEIVED, CaseState.REVIEW, CaseState.OPEN)


@dataclass
class Known:
    """Hold what this process has in memory of all prints; one question at a time."""

    pictures: Bank = field(default_factory=Bank)
    clips: ClipBank = field(default_factory=ClipBank)
    seen: set[int] = field(default_factory=set)
    highest: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def catch_up(self) -> None:
        """Take in what was added since the last question (a query; 2 ms a new picture, 0.1 s a new clip)."""
        later = Print.objects.filter(pk__gt=self.highest - LATE_ROWS).values_list("pk", flat=True)
        news = [number for number in later.order_by("pk") if number not in self.seen]
        for start in range(0, len(news), AT_ONCE):
            some = news[start : start + AT_ONCE]
            for row, packed in _opened(Print.objects.filter(pk__in=some).order_by("pk")):
                self._add(row, packed)
        self.seen.update(news)
        self.highest = max([self.highest, *news])

    def _add(self, row: Print, packed: bytes) -> None:
        if row.kind == Print.Of.CLIP:
            self.clips.add(row.pk, Clip.unpacked(packed))
        elif not self._is_crowded(looks := Looks.unpacked(packed)):
            self.pictures.add(row.pk, looks)

    def _is_crowded(self, looks: Looks) -> bool:
        """Say whether many that look the same are known: five hundred would cost each the other's time."""
        near = {number for pdq in looks.hashes for number, _apart in self.pictures.hashes.near(pdq)}
        return len(near) >= CROWD


_known = Known()


def forget() -> None:
    """Drop what this process has in memory; the next question fills it anew."""
    global _known
    _known = Known()


def find(attachment: Attachment, looks: Asked | AskedClip) -> list[dict[str, Any]]:
    """Return what shares something with it, the likest first: what Attachment.likenesses holds.

    {"attachment" | "photo" | "footage": id, "kind": "same" | "part", "how": "straight" | "mirrored",
    "strength": 0-100, "at_s": where its start lies in the known clip}. Costs 2 to 10 ms a candidate picture,
    up to 4 s for a clip.
    """
    with _known.lock:
        _known.catch_up()
        found = _of_clip(looks) if isinstance(looks, AskedClip) else _of_picture(looks)
    allowed = _allowed(attachment, [number for number, _about in found])
    return [{**allowed[number], **about} for number, about in found if number in allowed][:MOST_KEPT]


def keep(attachment: Attachment, looks: Asked | AskedClip) -> Print:
    """Seal the print of an attachment under its tip's key, for the bank of every process."""
    return seal(looks, attachment.tip_id, attachment=attachment)


def seal(looks: Asked | AskedClip, owner: UUID, **of: Any) -> Print:
    """Write down a print under the owner's key: of an attachment, a photo_id or a footage."""
    kind = Print.Of.CLIP if isinstance(looks, AskedClip) else Print.Of.PICTURE
    row = Print(kind=kind, owner=owner, **of)
    row.packed = base64.b64encode(looks.straight.packed()).decode()
    row.save(force_insert=True)
    return row


def _of_picture(looks: Asked) -> list[tuple[int, dict[str, Any]]]:
    matches = _known.pictures.find(looks, _open_picture)
    found = [(match.number, _about(match.likeness)) for match in matches]
    return [*found, *_in_clips(looks)]


def _in_clips(looks: Asked) -> list[tuple[int, dict[str, Any]]]:
    """Return the clips that a picture was taken out of: one frame of each, the likeliest few alone."""
    best: dict[int, tuple[Likeness, float]] = {}
    for looked, is_turned in ((looks.straight, False), (looks.turned, True)):
        for frame in _known.clips.frames.candidates(looked, MOST_FRAMES)[:MOST_FRAMES]:
            number = _known.clips.owners[frame]
            clip = _open_clip(number)
            if clip is None:
                continue
            shown = clip.frames[frame - _known.clips.owners.index(number)]
            likeness = replace(compare(looked, shown.looks), mirrored=is_turned)
            if likeness.is_found and (number not in best or likeness.weight > best[number][0].weight):
                best[number] = likeness, shown.at_s
    return [(number, {**_about(like), "kind": "part", "at_s": at_s}) for number, (like, at_s) in best.items()]


def _of_clip(looks: AskedClip) -> list[tuple[int, dict[str, Any]]]:
    found = []
    for match in _known.clips.find(looks, _open_clip):
        shared = match.shared
        about = {
            "kind": str(shared.kind), "how": "mirrored" if shared.mirrored else "straight",
            "strength": round(100 * shared.share), "at_s": shared.offset_s,
        }  # fmt: skip
        found.append((match.number, about))
    return found


def _about(likeness: Likeness) -> dict[str, Any]:
    strength = max(likeness.agreement, 0.9 if likeness.pdq <= PDQ_NEAR else 0.0)
    how = "mirrored" if likeness.mirrored else "straight"
    return {"kind": str(likeness.kind), "how": how, "strength": round(100 * strength)}


def _allowed(attachment: Attachment, numbers: list[int]) -> dict[int, dict[str, str]]:
    """Return what each print is of: not the asking one, no photo of a case of another agency or one over."""
    rows = Print.objects.filter(pk__in=numbers).exclude(attachment=attachment)
    unit = attachment.tip.unit
    photos = _photos(unit.agency_id if unit else None, [row.photo_id for row in rows if row.photo_id])
    named: dict[int, dict[str, str]] = {}
    for row in rows:
        if row.attachment_id:
            named[row.pk] = {"attachment": str(row.attachment_id)}
        elif row.footage_id:
            named[row.pk] = {"footage": str(row.footage_id)}
        elif row.photo_id in photos:
            named[row.pk] = {"photo": str(row.photo_id)}
    return named


def _photos(agency_id: UUID | None, wanted: list[UUID]) -> set[UUID]:
    """Return which of the photos are of a case that this agency works on (a query, none for none)."""
    sought = Photo.objects.filter(
        pk__in=wanted, child__case__state__in=SOUGHT, child__case__unit__agency=agency_id
    )
    return set(sought.values_list("pk", flat=True)) if wanted else set()


def _open_picture(number: int) -> Looks | None:
    packed = _packed(number)
    return Looks.unpacked(packed) if packed else None


def _open_clip(number: int) -> Clip | None:
    packed = _packed(number)
    return Clip.unpacked(packed) if packed else None


def _packed(number: int) -> bytes | None:
    row = Print.objects.filter(pk=number).first()
    return base64.b64decode(row.packed) if row and row.packed else None


def _opened(rows: Iterable[Print]) -> Iterator[tuple[Print, bytes]]:
    """Yield each print with its bytes; those whose key is destroyed are left out (two queries)."""
    held = [(row, bytes(row.__dict__["packed"])) for row in rows if row.__dict__["packed"] is not None]
    opened = keys.open_many((row.owner, "print_packed", sealed) for row, sealed in held)
    for (row, _sealed), packed in zip(held, opened, strict=True):
        if packed is not None:
            yield row, base64.b64decode(packed)
