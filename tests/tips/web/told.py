"""What a witness sends, and what is read off the pages that answer."""

import re
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile

TIP = "/fr/tip/"
FOLLOW = "/fr/tip/follow/"
NOTED = "/fr/tip/noted/"
WORDS = "Une fille en robe rouge est montée dans un taxi blanc"


def text(response) -> str:
    return unescape(response.content.decode())


def hidden(response, name: str) -> str:
    """Return the value of the page's hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no field {name}"
    return unescape(found.group(1))


def form(client, **changes):
    """Return what a witness sends: the token of a page just opened, words, and changes."""
    values = {"submission": hidden(client.get(TIP), "submission"), "act": "send", "words": WORDS}
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def sends(client, **changes):
    return client.post(TIP, form(client, **changes))


def _first(pattern: str, response) -> str:
    found = re.search(pattern, text(response))
    assert found, pattern
    return found.group(1)


def reference(response) -> str:
    return _first(r"(NJ-\w{4}-\w{2})", response)


def words(response) -> str:
    return _first(r'secret words">([^<]+)<', response)


def opens(client, response):
    """Return the thread of the receipt in this answer."""
    return client.post(FOLLOW, {"reference": reference(response), "secret": words(response)})


def file(data: bytes, name: str = "video.mp4", kind: str = "video/mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)
