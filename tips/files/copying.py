"""The copy of an original that is looked at or listened to, and what is read from the original beside it.

Only readers in processes of their own touch a stranger's bytes; what they refuse stays sealed, with a code.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from cases.media import apart, decode, small, voice
from tips.media import bank, clips, exif, film, kinds, pages, video
from tips.media.origin import Origin, of_video

JPEG = "image/jpeg"
PASSING = "timed_out"  # the one refusal that another try may turn: the machine was busy


@dataclass(frozen=True)
class Made:
    """Hold what was made of an original; without a copy `trouble` says why.

    shown: what is to be said of it (seconds, width, height, pages, advice); looks: its prints, as it is and
    mirrored, of a picture or of a clip.
    """

    copy: bytes | None = None
    copy_type: str = ""
    still: bytes | None = None
    origin: Origin = field(default_factory=Origin)
    shown: Mapping[str, Any] = field(default_factory=dict)
    looks: bank.Asked | clips.AskedClip | None = None
    trouble: str = ""


def make(kind: str, data: bytes) -> Made:
    """Return the copy of an original of a kind of tips.media.kinds. Never raises for what is in the bytes.

    Costs one to three processes: a second for a photo, up to four minutes of a core for a long video.
    """
    if not data:
        return Made(trouble="empty")
    maker = MAKERS.get(kind)
    return maker(data) if maker else Made(trouble="never_opened")


def make_looks(kind: str, data: bytes) -> Made:
    """Return prints and still alone of a picture or a clip that is only to be recognised."""
    if kind == kinds.PHOTO:
        return _photo(data)
    if kind != kinds.VIDEO:
        return Made(trouble="never_opened")
    try:
        seen = video.watch(data)
    except video.VideoRefused as refused:
        return Made(trouble=refused.code)
    return Made(still=_still(seen), looks=clips.ask(seen))


def make_still(kind: str, data: bytes) -> bytes | None:
    """Return one small JPEG of an original, and nothing else of it; None where it shows nothing."""
    try:
        if kind == kinds.PHOTO:
            return decode.decode(data).jpeg
        if kind == kinds.VIDEO:
            return _still(video.watch(data))
    except (decode.PictureRefused, video.VideoRefused):
        return None
    return make(kind, data).still


def _photo(data: bytes) -> Made:
    try:
        picture = decode.decode(data)
    except decode.PictureRefused as refused:
        return Made(trouble=refused.code)
    shown = {"width": picture.width, "height": picture.height, "advice": list(picture.advice)}
    with Image.open(io.BytesIO(picture.jpeg), formats=["JPEG"]) as clean:
        looks = bank.asked(clean)
    return Made(picture.jpeg, JPEG, small.small(picture.jpeg), _told_by_photo(data), shown, looks)


def _told_by_photo(data: bytes) -> Origin:
    try:
        return exif.read(data)
    except apart.OutOfTimeError:  # then it tells nothing, and the photo is shown all the same
        return Origin()


def _video(data: bytes) -> Made:
    try:
        seen = video.watch(data)
    except video.VideoRefused as refused:
        return _sound(data) if refused.code == "sound_only" else Made(trouble=refused.code)
    still = _still(seen)
    shown: dict[str, Any] = {"seconds": seen.seconds, "width": seen.width, "height": seen.height}
    origin, looks = of_video(seen.told), clips.ask(seen)
    try:
        copy = film.copied(data)
    except film.FilmRefused as refused:
        shown["advice"] = list(seen.advice)
        return Made(None, "", still, origin, shown, looks, refused.code)
    shown["advice"] = list(dict.fromkeys([*copy.advice, *seen.advice]))
    return Made(copy.webm, film.CONTENT_TYPE, still, origin, shown, looks)


def _still(seen: video.Video) -> bytes:
    """Return the frame with the most to see, small."""
    return small.small(max(seen.frames, key=lambda frame: len(frame.jpeg)).jpeg)


def _sound(data: bytes) -> Made:
    try:
        heard = voice.listen(data)
    except voice.VoiceRefused as refused:
        return _long_sound(data) if refused.code in ("too_long", "too_large") else Made(trouble=refused.code)
    shown = {"seconds": heard.seconds, "advice": list(heard.advice)}
    return Made(heard.mp3, voice.CONTENT_TYPE, shown=shown)


def _long_sound(data: bytes) -> Made:
    try:
        copy = film.copied(data)
    except film.FilmRefused as refused:
        return Made(trouble=refused.code)
    shown = {"seconds": copy.seconds, "advice": list(copy.advice)}
    return Made(copy.webm, film.SOUND_TYPE, shown=shown)


def _document(data: bytes) -> Made:
    if not kinds.is_pdf(data):
        return Made(trouble="not_pages")
    try:
        drawn = pages.drawn(data)
    except pages.PagesRefused as refused:
        return Made(trouble=refused.code)
    shown = {"pages": drawn.count, "advice": list(drawn.advice)}
    return Made(drawn.jpeg, JPEG, small.small(drawn.jpeg), shown=shown)


MAKERS: Mapping[str, Callable[[bytes], Made]] = {
    kinds.PHOTO: _photo,
    kinds.VIDEO: _video,
    kinds.AUDIO: _sound,
    kinds.DOCUMENT: _document,
}
