"""What stands in a tip as codes, in the officer's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from tips import reasons as reasons_in_words
from tips.models import Attachment

DOORS: Mapping[str, Promise] = {
    "sms": gettext_lazy("SMS"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "comment": gettext_lazy("Comment under a post"),
    "facebook": gettext_lazy("Facebook page"),
    "messenger": gettext_lazy("Messenger"),
    "instagram": gettext_lazy("Instagram"),
    "email": gettext_lazy("E-mail"),
    "web": gettext_lazy("Web form"),
    "phone": gettext_lazy("Telephone"),
    "call": gettext_lazy("Telephone"),
    "officer": gettext_lazy("Found by an officer"),
    "find": gettext_lazy("Found by an officer"),
    "desk": gettext_lazy("Typed at the desk"),
}
ALONG: Mapping[str, Promise] = {
    Attachment.Kind.PHOTO: gettext_lazy("photo"),
    Attachment.Kind.VIDEO: gettext_lazy("video"),
    Attachment.Kind.AUDIO: gettext_lazy("voice"),
    Attachment.Kind.DOCUMENT: gettext_lazy("document"),
    Attachment.Kind.OTHER: gettext_lazy("file"),
}

HOW: Mapping[str, Promise] = {
    "pin": gettext_lazy("a pin that was sent"),
    "words": gettext_lazy("found by its name in the words"),
    "file": gettext_lazy("written in the file"),
    "map": gettext_lazy("tapped on the map"),
}


def door(code: str) -> str:
    """Return the door in words; one without words shows itself."""
    return str(DOORS.get(code, code))


def spoken(code: str) -> str:
    """Return a language's name in the officer's language; the code where it has none."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def reasons(told: Iterable[Any] | None) -> list[str]:
    """Return what the score is made of as sentences, the weightiest first."""
    return [reasons_in_words.reason(code, values) for code, values in told or ()]


def along(media: Iterable[tuple[str, str]]) -> list[str]:
    """Return what came along, each kind once with its number: "photo × 3"."""
    counted: dict[str, int] = {}
    for kind, state in media:
        word = _("frozen") if state == Attachment.State.FROZEN else str(ALONG.get(kind, kind))
        counted[word] = counted.get(word, 0) + 1
    return [word if many == 1 else f"{word} × {many}" for word, many in counted.items()]
