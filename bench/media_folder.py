"""Read somebody else's pictures and clips, and say which of them are known again.

DIR/known/<name>.jpg|png|mp4|webm   what was seen before
DIR/seen/<name>__<way>.jpg|mp4|...  what was made of it; a name that known/ lacks must find nothing
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps

from bench.media_figure import Figure
from bench.media_seen import Known, Tally
from tips.media import clip_bank, clips, video

PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
CLIPS = {".mp4", ".mov", ".3gp", ".webm", ".mkv", ".avi"}
STRANGER = -1


class BadFolder(ValueError):  # noqa: N818  (an answer to who typed it)
    """Say what the folder lacks."""


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the figures of a folder, way by way; raise BadFolder."""
    for part in ("known", "seen"):
        if not (folder / part).is_dir():
            raise BadFolder(f"{folder}: no folder {part}/ in it (bench/README.md says what belongs there)")
    yield from _pictures(folder)
    yield from _clips(folder)


def split(file: Path) -> tuple[str, str]:
    """Return name and way of a seen file: "town__crop_10.jpg" is town, crop_10."""
    name, _, way = file.stem.partition("__")
    return name, way or "as_it_is"


def _files(folder: Path, part: str, endings: set[str]) -> list[Path]:
    return sorted(file for file in (folder / part).iterdir() if file.suffix.lower() in endings)


def _opened(file: Path) -> Image.Image | None:
    try:
        with Image.open(file) as picture:
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        _say_unreadable(file, type(error).__name__)
        return None


def _watched(file: Path) -> video.Video | None:
    try:
        return video.watch(file.read_bytes(), wait_s=600)
    except video.VideoRefused as refused:
        _say_unreadable(file, refused.code)
        return None


def _say_unreadable(file: Path, why: str) -> None:
    """Say so: a known file is left out, a seen one is not found."""
    print(f"{file}: {why}", file=sys.stderr)


def _pictures(folder: Path) -> Iterator[Figure]:
    files = [(file.stem, _opened(file)) for file in _files(folder, "known", PICTURES)]
    readable = [(name, picture) for name, picture in files if picture is not None]
    if not readable:
        return
    known = Known.of(readable)
    by_way: dict[str, dict[str, Tally]] = {}
    for file in _files(folder, "seen", PICTURES):
        name, way = split(file)
        case = way if name in known.names else "strangers"
        tallies = by_way.setdefault(case, {"pdq": Tally(), "pdq_mirrored": Tally(), "ours": Tally()})
        right = known.names.index(name) if name in known.names else STRANGER
        picture = _opened(file)
        if picture is not None:
            known.tally(picture, right, tallies)
            continue
        for tally in tallies.values():
            tally.asked += 1
    for case, tallies in sorted(by_way.items()):
        for rival, tally in tallies.items():
            yield from tally.figures(case, rival)


def _clips(folder: Path) -> Iterator[Figure]:
    files = [(file.stem, _watched(file)) for file in _files(folder, "known", CLIPS)]
    readable = [(name, film) for name, film in files if film is not None]
    if not readable:
        return
    known = {number: clips.known(film) for number, (_name, film) in enumerate(readable)}
    names, held = [name for name, _film in readable], clip_bank.ClipBank()
    for number, clip in known.items():
        held.add(number, clip)
    by_way: dict[str, Tally] = {}
    for file in _files(folder, "seen", CLIPS):
        name, way = split(file)
        right = names.index(name) if name in names else STRANGER
        tally = by_way.setdefault(way if name in names else "strangers", Tally())
        tally.asked += 1
        film = _watched(file)
        for match in held.find(clips.ask(film), known.get) if film else ():
            is_same = match.shared.kind == "same"
            tally.found += match.number == right
            tally.same += match.number == right and is_same
            tally.false_same += match.number != right and is_same
            tally.false_part += match.number != right and not is_same
    for case, tally in sorted(by_way.items()):
        yield from tally.figures(f"clip_{case}", "ours")
