"""A message's words as HTML, escaped, each line in its own direction. Pure."""

from __future__ import annotations

from html import escape

from alerts import language as languages
from alerts.wording import LRI, PDI


def html(body: str, language: str, photo: str, alt: str) -> str:
    """Return the body as HTML that shows the photo from our own address: what is linked can be taken back."""
    direction = languages.load(language).direction
    blocks = [f"<p>{_marked(block)}</p>" for block in body.split("\n\n")]
    if photo:
        picture = f'<p><img src="{escape(photo)}" alt="{escape(alt)}" width="320"></p>'
        blocks.insert(1, picture)
    inner = "\n".join(blocks)
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}"><head><meta charset="utf-8"></head>\n'
        f'<body dir="{direction}" lang="{language}">\n{inner}\n</body></html>\n'
    )


def _marked(block: str) -> str:
    lines = []
    for line in block.split("\n"):
        text = escape(line).replace(LRI, '<bdi dir="ltr">').replace(PDI, "</bdi>")
        lines.append(
            f'<a dir="ltr" href="{text}">{text}</a>' if line.startswith(("https://", "http://")) else text
        )
    return "<br>\n".join(lines)
