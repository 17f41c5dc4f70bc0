"""A small copy of a photo that is clean already, for a page that must be light. Pure: no Django."""

from __future__ import annotations

import io

from PIL import Image

LIGHT = (320, 427)  # pixels; a page shows 176 across, 256 at most, a telephone one and a half times as fine
QUALITY = 65


def small(clean: bytes) -> bytes:
    """Return the JPEG fitted into LIGHT (some 20 kB, 20 ms); only for what cases.media made itself."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(clean), formats=["JPEG"]) as image:
        image.thumbnail(LIGHT, Image.Resampling.LANCZOS)
        image.convert("RGB").save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
