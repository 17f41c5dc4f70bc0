"""What the dossier says in one language: the post's words as lines, and those of a CAP info. Pure."""

from __future__ import annotations

from alerts import wording
from alerts.known import Frame, Known
from alerts.language import Language
from alerts.wording import Said


def meta_programme(frame: Frame, known: Known, language: Language) -> Said:
    """Return title, lines, the CAP info's parts and the number to call; `body` is all of it to be read."""
    post, page = wording.facebook(frame, known, language), wording.page(frame, known, language)
    machine = wording.cap(frame, known, language)
    words = {
        **machine.words,
        "title": page.words["titles"][0]["text"],
        "lines": page.words["lines"],
        "todo": page.words["todo"],
        "number": frame.number,
        "number_shown": frame.number_shown,
        "photo_alt": post.words["photo_alt"],
        "body": post.words["body"],
    }
    return Said(words, tuple(dict.fromkeys((*post.fields, *machine.fields))))
