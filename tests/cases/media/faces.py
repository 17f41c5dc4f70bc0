"""Drawn faces, nobody's: nearer to a photo than flat colours, with hair, lashes, cloth and a shaded cheek."""

import io
import random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (600, 800)


def face(size=SIZE) -> Image.Image:
    image, dice = Image.new("RGB", (1200, 1600), (180, 190, 180)), random.Random(5)
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        x, y, side = dice.randrange(1200), dice.randrange(1600), dice.randrange(20, 200)
        pen.rectangle((x, y, x + side, y + side), fill=(dice.randrange(90, 220),) * 3)
    image = image.filter(ImageFilter.GaussianBlur(12))
    pen = ImageDraw.Draw(image)
    pen.ellipse((300, 360, 900, 1160), fill=(206, 158, 120))
    shade = Image.new("L", image.size)
    ImageDraw.Draw(shade).ellipse((300, 360, 660, 1200), fill=60)
    image.paste((90, 60, 45), mask=shade.filter(ImageFilter.GaussianBlur(80)))
    _features(ImageDraw.Draw(image), dice)
    return image.resize(size, Image.Resampling.LANCZOS)


def _features(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    pen.pieslice((280, 300, 920, 960), 180, 360, fill=(42, 30, 24))
    for _ in range(400):
        x, light = dice.uniform(280, 920), dice.uniform(0.6, 1.8)
        hair = (x, dice.uniform(320, 500), x + dice.uniform(-40, 40), dice.uniform(560, 680))
        pen.line(hair, fill=tuple(int(part * light) for part in (42, 30, 24)), width=2)
    for left in (450, 670):
        pen.ellipse((left, 700, left + 100, 760), fill=(235, 230, 225))
        pen.ellipse((left + 28, 700, left + 80, 760), fill=(50, 32, 22))
        for lash in range(12):
            pen.line((left + lash * 8, 700, left + lash * 8 - 6, 676), fill=(30, 20, 15), width=2)
        pen.arc((left - 16, 640, left + 116, 720), 200, 340, fill=(40, 28, 20), width=12)
    pen.arc((480, 860, 720, 1020), 20, 160, fill=(150, 70, 70), width=16)
    pen.rectangle((200, 1200, 1000, 1600), fill=(60, 70, 120))
    for row in range(1200, 1600, 8):
        pen.line((200, row, 1000, row), fill=(70, 84, 140), width=2)


def jpeg(image: Image.Image, quality: int = 85, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


def blurred(image: Image.Image, part_of_width: int) -> Image.Image:
    """Return it out of focus, by a radius of this part of its width."""
    return image.filter(ImageFilter.GaussianBlur(image.width / part_of_width))


def shaken(image: Image.Image) -> Image.Image:
    """Return it moved sideways by a thirtieth of its width while it was taken."""
    return image.filter(ImageFilter.BoxBlur((image.width / 60, 0)))


def dim(image: Image.Image, light: float) -> Image.Image:
    return image.point(lambda level: level * light)


def grainy(image: Image.Image) -> Image.Image:
    """Return it with the noise of a sensor in little light."""
    noise = Image.merge("RGB", [Image.effect_noise(image.size, 14) for _ in range(3)])
    return Image.blend(image, noise, 0.3)


def before_a_soft_background(image: Image.Image) -> Image.Image:
    mask = Image.new("L", image.size)
    width = image.width
    ImageDraw.Draw(mask).ellipse((width // 4, width // 4, width * 3 // 4, width), fill=255)
    return Image.composite(image, blurred(image, 60), mask)
