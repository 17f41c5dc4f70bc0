import pytest

from tests.cases.media import recordings
from tests.tips.media import scenes
from tips.media import kinds


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(12), "photo"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "photo"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "photo"),
        (b"RIFF\0\0\0\0AVI LIST", "video"),
        (b"%PDF-1.7\n1 0 obj ", "document"),
        (b"PK\x03\x04" + bytes(12), "other"),
        (b"<svg xmlns='http:", "other"),
        (b"", "other"),
    ],
)
def test_the_first_bytes_tell_what_it_is(start, kind):
    assert kinds.of_bytes(start) == kind


@pytest.mark.parametrize(
    "by", ["whatsapp", "old android", "iphone", "recorder", "dictation", "mac", "lossless"]
)
def test_what_recorders_write_is_sound(by):
    assert kinds.of_bytes(recordings.recorded(by)[:16]) == "audio"


def test_a_film_is_a_film():
    assert kinds.of_bytes(scenes.film()[:16]) == "video"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("image/jpeg", "photo"), ("VIDEO/mp4", "video"), ("audio/ogg; codecs=opus", "audio"),
        ("application/pdf", "document"), ("", "other"), ("nonsense", "other"),
    ],
)  # fmt: skip
def test_a_promise_is_believed_until_the_bytes_are_here(said, kind):
    assert kinds.of_media_type(said) == kind
