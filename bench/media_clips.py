"""Film invented clips, and do to them what is done to clips on the way."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image, ImageDraw, ImageOps

from bench import media_pictures

SIZE = (400, 304)
RATE = 10  # frames a second: enough to move, quick to make
Step = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True)
class Shot:
    """Hold a scene that a camera goes over for some seconds, with somebody who walks through it."""

    scene: Image.Image
    seconds: float
    start: tuple[float, float]
    end: tuple[float, float]
    coat: tuple[int, int, int]

    def at(self, share: float) -> Image.Image:
        """Return the picture after that share of the shot."""
        room = self.scene.width - SIZE[0], self.scene.height - SIZE[1]
        x, y = (round(room[n] * (self.start[n] + (self.end[n] - self.start[n]) * share)) for n in (0, 1))
        shown = self.scene.crop((x, y, x + SIZE[0], y + SIZE[1]))
        draw, foot = ImageDraw.Draw(shown), round(SIZE[0] * (0.1 + 0.8 * share))
        draw.ellipse((foot - 9, 150, foot + 9, 170), fill=(200, 150, 110))
        draw.rectangle((foot - 13, 170, foot + 13, 225), fill=self.coat)
        draw.rectangle((foot - 9, 225, foot + 9, 280), fill=(40, 40, 60))
        return shown


def shots(seed: int, seconds: float) -> list[Shot]:
    """Return one to five scenes; every third clip is a single one by a camera that stands nearly still."""
    chance = random.Random(seed * 7919)
    kinds = [kind for kind in media_pictures.KINDS if kind != "poster"]
    count = 1 if seed % 3 == 0 else chance.randrange(2, 6)
    made = []
    for _ in range(count):
        scene = media_pictures.KINDS[chance.choice(kinds)](chance)
        scene = scene.resize((720, 540))
        start = (chance.random(), chance.random())
        far = 0.05 if count == 1 else 0.8
        end = tuple(min(1.0, max(0.0, one + chance.uniform(-far, far))) for one in start)
        made.append(Shot(scene, seconds / count, start, (end[0], end[1]), media_pictures.colour(chance)))
    return made


def filmed(seed: int, seconds: float = 60.0) -> Iterator[Image.Image]:
    """Yield the frames of an invented clip, RATE a second."""
    for shot in shots(seed, seconds):
        count = max(1, round(shot.seconds * RATE))
        for number in range(count):
            yield shot.at(number / count)


def encoded(
    frames: Iterator[Image.Image], *, rate: int = RATE, bits_per_s: int = 400_000, codec: str = "libx264",
    container: str = "mp4", told: dict[str, str] | None = None,
) -> bytes:  # fmt: skip
    """Return the frames as a file."""
    out = io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if told and container in ("mp4", "mov") else {}
    with av.open(out, "w", format=container, options=options) as file:
        file.metadata.update(told or {})
        stream: VideoStream | None = None
        for number, picture in enumerate(frames):
            if stream is None:
                stream = cast(VideoStream, file.add_stream(codec, rate=rate))
                stream.width, stream.height = picture.width // 2 * 2, picture.height // 2 * 2
                stream.pix_fmt, stream.bit_rate = "yuv420p", bits_per_s
                if codec == "libx264":
                    stream.options = {"preset": "ultrafast"}
            whole = picture.crop((0, 0, stream.width, stream.height))
            frame = av.VideoFrame.from_image(whole)  # type: ignore[no-untyped-call]  # PyAV
            frame.pts, frame.time_base = number, Fraction(1, rate)
            file.mux(stream.encode(frame))
        assert stream is not None, "a clip without frames"
        file.mux(stream.encode(None))
    return out.getvalue()


def decoded(clip: bytes) -> list[Image.Image]:
    """Return all frames of a clip made here."""
    with cast(InputContainer, av.open(io.BytesIO(clip))) as file:
        return [frame.to_image() for frame in file.decode(video=0)]  # type: ignore[no-untyped-call]  # PyAV


def changed(clip: bytes, step: Step, **how: int) -> bytes:
    """Return the clip with each frame changed, written anew."""
    return encoded((step(frame) for frame in decoded(clip)), **how)  # type: ignore[arg-type]  # rates are whole


def part(clip: bytes, start_s: float, seconds: float, **how: int) -> bytes:
    """Return some seconds of the clip, written anew."""
    frames = decoded(clip)[round(start_s * RATE) : round((start_s + seconds) * RATE)]
    return encoded(iter(frames), **how)  # type: ignore[arg-type]  # rates are whole


def as_it_is(picture: Image.Image) -> Image.Image:
    return picture


def captioned(picture: Image.Image) -> Image.Image:
    out = picture.copy()
    draw = ImageDraw.Draw(out)
    draw.rectangle((0, out.height * 0.72, out.width, out.height * 0.9), fill="white")
    draw.text((12, out.height * 0.75), "URGENT, partagez !", fill=(200, 0, 0), font_size=out.height // 10)
    return out


def cropped(picture: Image.Image) -> Image.Image:
    w, h = picture.size
    return picture.crop((w // 10, h // 20, w * 19 // 20, h * 9 // 10))


def half_rate(clip: bytes) -> bytes:
    return encoded(iter(decoded(clip)[::2]), rate=RATE // 2)


def ways(seed: int, seconds: float) -> dict[str, tuple[Callable[[bytes], bytes], float]]:
    """Return what is done to a clip, by its name, and where in the clip the outcome starts, in seconds."""
    start_s = random.Random(seed).uniform(0, max(0.0, seconds - 5))
    return {
        "rate_400k": (lambda clip: changed(clip, as_it_is, bits_per_s=400_000), 0),
        "rate_120k": (lambda clip: changed(clip, as_it_is, bits_per_s=120_000), 0),
        "rate_40k": (lambda clip: changed(clip, as_it_is, bits_per_s=40_000), 0),
        "half_the_frames": (half_rate, 0),
        "part_5s": (lambda clip: part(clip, start_s, 5), start_s),
        "part_5s_120k": (lambda clip: part(clip, start_s, 5, bits_per_s=120_000), start_s),
        "half": (lambda clip: changed(clip, lambda p: media_pictures.smaller(p, 0.5)), 0),
        "crop_15": (lambda clip: changed(clip, cropped), 0),
        "mirror": (lambda clip: changed(clip, ImageOps.mirror), 0),
        "border": (lambda clip: changed(clip, lambda p: ImageOps.expand(p, 40, fill="black")), 0),
        "letterbox": (lambda clip: changed(clip, media_pictures.letterboxed), 0),
        "text": (lambda clip: changed(clip, captioned), 0),
        "part_mirror_border": (
            lambda clip: changed(
                part(clip, start_s, 5), lambda p: ImageOps.expand(ImageOps.mirror(p), 30, fill="white")
            ),
            start_s,
        ),
    }
