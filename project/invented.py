"""What demo, drill and browser tests invent and look for, without Django."""

import io
import re

from PIL import Image, ImageDraw

PASSWORD = "najda demo najda demo"  # noqa: S105  of invented officers, refused where PUBLIC_SENDING is on
SECRET = re.compile(r"\b\d{4}(?:[ \u00a0]\d{4}){4}\b")
REFERENCE = re.compile(r"\bNJ-[0-9A-Z]{4}-[0-9A-Z]{2,4}\b")


def drawn_face(seed: int = 0) -> bytes:
    """Return a drawn face as JPEG: nobody's."""
    picture = Image.new("RGB", (600, 800), (214, 226, 232))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((150, 180, 450, 580), fill=(226, 178 - seed % 40, 140))
    pen.pieslice((140, 150, 460, 480), 180, 360, fill=(52, 36, 28))
    for left in (225, 335):
        pen.ellipse((left, 350, left + 40, 380), fill=(40, 30, 26))
    pen.arc((240, 430, 360, 510), 20, 160, fill=(150, 60, 60), width=8)
    pen.rectangle((100, 600, 500, 800), fill=(190, 40, 50))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
