"""Draw invented pictures and clips: streets, rooms, shores, faces, posters, and what is done to them on the
way."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import partial

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

SIZE = (960, 720)


def texture(chance: random.Random, size: tuple[int, int], roughness: float = 0.55) -> np.ndarray:
    """Return fractal noise between 0 and 1: clouds, sand, walls."""
    rng = np.random.default_rng(chance.randrange(2**32))
    total, weight = np.zeros((size[1], size[0])), 1.0
    for cells in (3, 6, 12, 24, 48, 96):
        small = Image.fromarray((rng.random((cells, cells)) * 255).astype(np.uint8))
        total += weight * np.asarray(small.resize(size, Image.Resampling.BICUBIC), dtype=float) / 255
        weight *= roughness
    return np.asarray((total - total.min()) / (np.ptp(total) or 1))


def tinted(noise: np.ndarray, low: tuple[int, int, int], high: tuple[int, int, int]) -> Image.Image:
    low_, high_ = np.array(low), np.array(high)
    return Image.fromarray((low_ + noise[..., None] * (high_ - low_)).astype(np.uint8))


def colour(chance: random.Random) -> tuple[int, int, int]:
    return (chance.randrange(30, 240), chance.randrange(30, 240), chance.randrange(30, 240))


def figure(draw: ImageDraw.ImageDraw, chance: random.Random, x: int, y: int, h: int) -> None:
    """Draw somebody standing with their feet at x, y."""
    coat, legs = colour(chance), colour(chance)
    draw.ellipse((x - h // 9, y - h, x + h // 9, y - h * 7 // 9), fill=(chance.randrange(90, 230), 150, 110))
    draw.rectangle((x - h // 7, y - h * 7 // 9, x + h // 7, y - h * 3 // 9), fill=coat)
    draw.rectangle((x - h // 9, y - h * 3 // 9, x - 2, y), fill=legs)
    draw.rectangle((x + 2, y - h * 3 // 9, x + h // 9, y), fill=legs)


def street(chance: random.Random) -> Image.Image:
    w, h = SIZE
    picture = tinted(texture(chance, SIZE, 0.4), (90, 130, 190), (210, 225, 240))
    draw = ImageDraw.Draw(picture)
    horizon, x = chance.randrange(h // 2, h * 2 // 3), 0
    while x < w:
        wide, tall = chance.randrange(90, 220), chance.randrange(150, horizon)
        wall = colour(chance)
        draw.rectangle((x, horizon - tall, x + wide, horizon), fill=wall)
        pane = tuple(max(0, c - 60) for c in wall)
        step_x, step_y = chance.randrange(28, 46), chance.randrange(34, 56)
        for wx in range(x + 10, x + wide - 20, step_x):
            for wy in range(horizon - tall + 12, horizon - 30, step_y):
                if chance.random() < 0.85:
                    draw.rectangle((wx, wy, wx + step_x // 2, wy + step_y // 2), fill=pane)
        x += wide + chance.randrange(0, 12)
    road = tinted(texture(chance, (w, h - horizon), 0.8), (70, 70, 72), (140, 135, 130))
    picture.paste(road, (0, horizon))
    for _ in range(chance.randrange(2, 7)):
        figure(
            draw,
            chance,
            chance.randrange(40, w - 40),
            chance.randrange(horizon + 60, h),
            chance.randrange(90, 260),
        )
    return picture


def room(chance: random.Random) -> Image.Image:
    w, h = SIZE
    picture = tinted(texture(chance, SIZE, 0.7), colour(chance), colour(chance))
    draw = ImageDraw.Draw(picture)
    for _ in range(chance.randrange(6, 16)):
        x, y = chance.randrange(w), chance.randrange(h)
        box = (x, y, x + chance.randrange(40, 300), y + chance.randrange(30, 240))
        [draw.rectangle, draw.ellipse][chance.randrange(2)](
            box, fill=colour(chance), outline=colour(chance), width=3
        )
    figure(draw, chance, chance.randrange(200, w - 200), h - 20, chance.randrange(250, 500))
    return picture


def shore(chance: random.Random) -> Image.Image:
    w, h = SIZE
    sky = tinted(texture(chance, SIZE, 0.5), (120, 160, 210), (240, 240, 240))
    sand = tinted(texture(chance, (w, h // 2), 0.85), (150, 120, 80), (235, 215, 170))
    sky.paste(sand, (0, h - h // 2 + chance.randrange(-80, 80)))
    draw = ImageDraw.Draw(sky)
    for _ in range(chance.randrange(1, 4)):
        figure(
            draw,
            chance,
            chance.randrange(60, w - 60),
            chance.randrange(h * 2 // 3, h),
            chance.randrange(80, 220),
        )
    return sky


def face(chance: random.Random) -> Image.Image:
    w, h = SIZE
    picture = tinted(texture(chance, SIZE, 0.3), colour(chance), colour(chance))
    draw = ImageDraw.Draw(picture)
    cx, cy, r = (
        w // 2 + chance.randrange(-90, 90),
        h // 2 + chance.randrange(-60, 60),
        chance.randrange(150, 240),
    )
    draw.ellipse(
        (cx - r * 1.1, cy - r * 1.35, cx + r * 1.1, cy + r * 0.9), fill=(40 + chance.randrange(50), 30, 25)
    )
    skin = (chance.randrange(120, 235), chance.randrange(90, 180), chance.randrange(70, 140))
    draw.ellipse((cx - r * 0.85, cy - r, cx + r * 0.85, cy + r), fill=skin)
    for side in (-1, 1):
        ex = cx + side * r * chance.uniform(0.3, 0.42)
        draw.ellipse((ex - 22, cy - 40, ex + 22, cy - 14), fill="white")
        draw.ellipse((ex - 9, cy - 38, ex + 9, cy - 18), fill=(30, 20, 10))
    draw.arc(
        (cx - 60, cy + 30, cx + 60, cy + chance.randrange(70, 130)), 20, 160, fill=(120, 40, 40), width=7
    )
    draw.rectangle((cx - r, cy + r * 0.95, cx + r, h), fill=colour(chance))
    grain = texture(chance, SIZE, 0.95)
    return Image.blend(picture, tinted(grain, (0, 0, 0), (255, 255, 255)), 0.06)


def night(chance: random.Random) -> Image.Image:
    """Few things to hold on to: lamps in the dark."""
    picture = tinted(texture(chance, SIZE, 0.5), (5, 5, 12), (40, 40, 55))
    draw = ImageDraw.Draw(picture)
    for _ in range(chance.randrange(5, 14)):
        x, y, r = chance.randrange(SIZE[0]), chance.randrange(SIZE[1]), chance.randrange(4, 26)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(250, 220, chance.randrange(90, 220)))
    figure(draw, chance, chance.randrange(200, 800), 700, chance.randrange(150, 300))
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def poster(chance: random.Random) -> Image.Image:
    """The frame is everybody's, face and lines are not: two of them are not one picture."""
    picture = Image.new("RGB", SIZE, (250, 250, 248))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 960, 110), fill=(180, 20, 20))
    draw.text((330, 20), "MISSING", fill="white", font_size=70)
    picture.paste(face(chance).resize((440, 330)), (40, 150))
    for line in range(7):
        words = "".join(chance.choice("abcdefghijklmnopqrstuvwxyz   ") for _ in range(26))
        draw.text((510, 150 + 44 * line), words, fill=(20, 20, 20), font_size=30)
    draw.rectangle((0, 610, 960, 720), fill=(20, 40, 120))
    draw.text((60, 630), "Call the police", fill="white", font_size=60)
    return picture


KINDS: dict[str, Callable[[random.Random], Image.Image]] = {
    "street": street,
    "room": room,
    "shore": shore,
    "face": face,
    "night": night,
    "poster": poster,
}


def pictures(count: int, seed: int = 1) -> list[tuple[str, Image.Image]]:
    kinds = list(KINDS)
    return [
        (f"{kinds[n % len(kinds)]}{n}", KINDS[kinds[n % len(kinds)]](random.Random(seed * 100003 + n)))
        for n in range(count)
    ]


# What is done to a picture on the way.


def jpeg(picture: Image.Image, quality: int) -> Image.Image:
    held = io.BytesIO()
    picture.convert("RGB").save(held, "JPEG", quality=quality)
    return Image.open(held).convert("RGB")


def smaller(picture: Image.Image, share: float) -> Image.Image:
    return picture.resize(
        (int(picture.width * share), int(picture.height * share)), Image.Resampling.BILINEAR
    )


def cropped(picture: Image.Image, share: float, chance: random.Random) -> Image.Image:
    """Take that share of width and of height away, anyhow split between the sides."""
    w, h = picture.size
    left, top = chance.random() * share * w, chance.random() * share * h
    return picture.crop((int(left), int(top), int(left + w * (1 - share)), int(top + h * (1 - share))))


def bordered(picture: Image.Image, share: float, chance: random.Random) -> Image.Image:
    w, h = picture.size
    return ImageOps.expand(
        picture,
        (int(w * share), int(h * share)),
        fill=chance.choice([(0, 0, 0), (255, 255, 255), (40, 80, 60)]),
    )


def letterboxed(picture: Image.Image) -> Image.Image:
    """A story of a telephone: upright, the picture in the middle."""
    tall = Image.new("RGB", (picture.width, picture.width * 16 // 9), "black")
    tall.paste(picture, (0, (tall.height - picture.height) // 2))
    return tall


def written(picture: Image.Image, chance: random.Random) -> Image.Image:
    out = picture.copy()
    draw = ImageDraw.Draw(out)
    w, h = out.size
    top = chance.choice([0.05, 0.4, 0.75])
    draw.rectangle((0, h * top, w, h * (top + 0.18)), fill=(255, 255, 255))
    draw.text(
        (w * 0.04, h * (top + 0.03)),
        "URGENT partagez !!! " + str(chance.randrange(10**6)),
        fill=(200, 0, 0),
        font_size=int(h * 0.09),
    )
    draw.text((w * 0.5, h * 0.92), "@someone", fill="yellow", font_size=int(h * 0.05))
    return out


def screen(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Photograph it from a screen: slanted, with a room around it, lines, a glow, dull colours, a soft
    lens."""
    w, h = picture.size
    room_ = tinted(texture(chance, (w, h), 0.6), (20, 20, 20), (90, 80, 70))
    far = 0.07
    corners = [
        (
            x * w + chance.uniform(-far, far) * w * 0.5 + (far * w if x == 0 else -far * w),
            y * h + chance.uniform(-far, far) * h * 0.5 + (far * h if y == 0 else -far * h),
        )
        for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]
    lines = np.asarray(picture, dtype=float)
    lines[::3] *= 0.9
    shown = Image.fromarray(lines.astype(np.uint8))
    source = [(0, 0), (w, 0), (w, h), (0, h)]
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    slant = np.linalg.solve(np.array(rows), np.array(right)).tolist()
    slanted = shown.transform((w, h), Image.Transform.PERSPECTIVE, slant, Image.Resampling.BILINEAR)
    mask = Image.new("L", (w, h), 255).transform(
        (w, h), Image.Transform.PERSPECTIVE, slant, Image.Resampling.BILINEAR
    )
    room_.paste(slanted, (0, 0), mask)
    glow = texture(chance, (w, h), 0.3)[..., None] * 50
    out = Image.fromarray(np.clip(np.asarray(room_, dtype=float) * 0.85 + glow, 0, 255).astype(np.uint8))
    return jpeg(out.filter(ImageFilter.GaussianBlur(1.2)), 70)


def ways(chance: random.Random) -> dict[str, Callable[[Image.Image], Image.Image]]:
    return {
        "jpeg_30": lambda p: jpeg(p, 30),
        "jpeg_10": lambda p: jpeg(p, 10),
        "half": lambda p: smaller(p, 0.5),
        "quarter": lambda p: smaller(p, 0.25),
        **{f"crop_{n}": partial(cropped, share=n / 100, chance=chance) for n in (5, 10, 15, 20, 25)},
        "border_5": lambda p: bordered(p, 0.05, chance),
        "border_15": lambda p: bordered(p, 0.15, chance),
        "letterbox": letterboxed,
        "text": lambda p: written(p, chance),
        "mirror": ImageOps.mirror,
        "screen": lambda p: screen(p, chance),
        "darker": lambda p: Image.fromarray((np.asarray(p) * 0.6).astype(np.uint8)),
        "crop_mirror": lambda p: ImageOps.mirror(cropped(p, 0.15, chance)),
        "text_crop_jpeg": lambda p: jpeg(written(cropped(p, 0.1, chance), chance), 40),
        "border_quarter_jpeg": lambda p: jpeg(smaller(bordered(p, 0.1, chance), 0.4), 40),
    }
