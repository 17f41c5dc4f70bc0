import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.multipartparser import MultiPartParserError
from django.test import RequestFactory

from cases.media import decode, voice
from cases.upload import MAX_HELD, MAX_PHOTOS, CappedUpload
from tests.cases import pictures
from tests.cases.media import recordings

BOUNDARY = "a-line-nobody-writes"
PHOTO = pictures.picture(size=(1200, 900))
VOICE = recordings.recorded()


def taken(data, **extra):
    request = RequestFactory().post("/en/report/", data, **extra)
    request.upload_handlers = [CappedUpload(request)]
    return request


def photo(content: bytes = PHOTO, name: str = "IMG_2024_at_home.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_several_photos_and_a_voice_for_each_text_are_held_whole():
    sent = {
        "photos": [photo(), photo(PHOTO + b"2")],
        "voice_story": photo(VOICE),
        "voice_marks": photo(VOICE),
    }
    files = taken(sent).FILES
    assert [file.read() for file in files.getlist("photos")] == [PHOTO, PHOTO + b"2"]
    assert files["voice_story"].read() == files["voice_marks"].read() == VOICE
    assert {file.refused for _name, some in files.lists() for file in some} == {""}


def test_the_name_a_phone_gave_a_file_is_dropped():
    assert taken({"photos": photo()}).FILES["photos"].name == "photos"


def test_the_words_of_the_form_arrive_beside_its_files():
    assert taken({"photos": photo(), "story": "قالت إنها ستعود"}).POST["story"] == "قالت إنها ستعود"


def test_a_file_of_another_field_is_not_held():
    files = taken({"avatar": photo(), "photos_": photo(), "photos": photo()}).FILES
    assert list(files) == ["photos"]


def test_a_seventh_photo_is_not_held_and_said_to_be_one_too_many():
    files = taken({"photos": [photo()] * (MAX_PHOTOS + 2)}).FILES.getlist("photos")
    assert [file.refused for file in files] == [""] * MAX_PHOTOS + ["too_many"] * 2
    assert files[-1].size == 0


def test_a_second_voice_in_one_field_is_not_held():
    files = taken({"voice_story": [photo(VOICE), photo(VOICE + b"2")]}).FILES
    assert [file.read() for file in files.getlist("voice_story")] == [VOICE]


@pytest.mark.parametrize(
    ("field", "cap"),
    [("photos", decode.MAX_BYTES), ("photo", decode.MAX_BYTES), ("voice_story", voice.MAX_BYTES)],
)
def test_of_a_file_too_large_one_byte_too_many_is_held(field, cap):
    whole = taken({field: photo(bytes(cap))}).FILES[field]
    assert (whole.size, whole.refused) == (cap, "")
    cut = taken({field: photo(bytes(cap + 70_000))}).FILES[field]
    assert (cut.size, cut.refused) == (cap + 1, "too_large")


def test_all_together_are_held_up_to_sixty_megabytes():
    large = bytes(decode.MAX_BYTES)
    sent = [photo(large), photo(large), photo(large[:-1000]), photo(PHOTO[:1000]), photo()]
    files = taken({"photos": sent, "voice_story": photo(VOICE)}).FILES
    assert [file.refused for file in files.getlist("photos")] == ["", "", "", "", "no_room"]
    assert files["voice_story"].refused == "no_room"
    assert sum(file.size for _name, some in files.lists() for file in some) <= MAX_HELD


def test_the_form_of_one_photo_keeps_the_first():
    files = taken({"photo": [photo(), photo(b"x")]}).FILES
    assert [file.read() for file in files.getlist("photo")] == [PHOTO]


def part(name: str, content: bytes, filename: str = "") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    head += f'; filename="{filename}"\r\nContent-Type: image/jpeg' if filename else ""
    return f"{head}\r\n\r\n".encode() + content + b"\r\n"


def body() -> bytes:
    """Return the form with its files last: when they are cut, all words are there already."""
    words = {"given_name": "Yasmine", "age_years": "9", "last_seen_words": "Rabat", "phone": "0661000001"}
    text = b"".join(part(name, value.encode()) for name, value in words.items())
    files = (
        part("voice_start", VOICE, "note.webm")
        + part("photos", PHOTO, "a.jpg")
        + part("photo", PHOTO, "b.jpg")
    )
    return text + files + f"--{BOUNDARY}--\r\n".encode()


CUTS = [0.02, 0.3, 0.6, 0.999]


@pytest.mark.parametrize("cut", CUTS)
def test_a_body_that_ends_too_early_is_not_taken_for_a_form(cut):
    whole = body()
    request = RequestFactory().generic(
        "POST", "/", whole[: int(len(whole) * cut)], f"multipart/form-data; boundary={BOUNDARY}"
    )
    request.META["CONTENT_LENGTH"] = str(len(whole))
    request.upload_handlers = [CappedUpload(request)]
    with pytest.raises(MultiPartParserError):
        request.POST  # noqa: B018  (reading it parses the body)


def rows() -> dict[str, int]:
    """Return how many rows each table of families' and of the public's words has."""
    models = [model for app in ("cases", "tips", "trust") for model in apps.get_app_config(app).get_models()]
    return {model.__name__: model._default_manager.count() for model in models}


def files() -> set[Path]:
    """Return all that lies in the vault and where Django would put a clear file."""
    folders = (settings.VAULT_DIR, Path(settings.FILE_UPLOAD_TEMP_DIR))
    return {path for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.mark.django_db(transaction=True)
def test_a_network_cut_in_the_middle_leaves_nothing_and_the_server_goes_on(live_server):
    before = (rows(), files())
    whole, address = body(), urlsplit(live_server.url)
    head = (
        f"POST /en/report/ HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {len(whole)}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    ).encode()
    for cut in CUTS:
        with socket.create_connection((address.hostname, address.port), timeout=20) as family:
            family.sendall(head + whole[: int(len(whole) * cut)])
            family.shutdown(socket.SHUT_WR)
            assert family.recv(64).startswith(b"HTTP/1.1 400")
        with socket.create_connection((address.hostname, address.port), timeout=20) as family:
            family.sendall(head + whole[: int(len(whole) * cut)])  # and gone, without a good-bye
    assert (rows(), files()) == before
    with socket.create_connection((address.hostname, address.port), timeout=20) as next_family:
        next_family.sendall(f"GET /en/report/ HTTP/1.0\r\nHost: {address.netloc}\r\n\r\n".encode())
        assert next_family.recv(64).startswith(b"HTTP/1.1 200")
