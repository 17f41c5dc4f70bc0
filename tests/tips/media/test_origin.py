import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from bench import media_clips
from geo.points import Point
from tips.media import exif, video
from tips.media.origin import Claim, Contradiction, Doubt, Origin, contradictions, of_photo, of_video

CASABLANCA, RABAT = Point(33.5731, -7.5898), Point(34.0209, -6.8416)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLAIM = Claim(earliest_at=NOON, latest_at=datetime(2026, 11, 22, 15, tzinfo=UTC), place=CASABLANCA)
PICTURE = Image.new("RGB", (64, 48), "teal")


def photo(taken="2026:11:22 13:00:00", zone="+00:00", software="", place=True) -> bytes:
    told = Image.Exif()
    told[0x010F], told[0x0110], told[0x0131] = "Samsung", "Samsung A14", software
    told.get_ifd(0x8769).update({0x9003: taken, 0x9011: zone})
    if place:
        told.get_ifd(0x8825).update({1: "N", 2: (33.0, 34.0, 23.16), 3: "W", 4: (7.0, 35.0, 23.28)})
    held = io.BytesIO()
    PICTURE.save(held, "JPEG", exif=told)
    return held.getvalue()


def film(**told) -> Origin:
    return of_video(video.watch(media_clips.encoded(iter([PICTURE] * 5), told=told)).told)


def test_a_photo_tells_when_where_and_by_what_it_was_taken():
    origin = exif.read(photo())
    assert origin.taken_at == datetime(2026, 11, 22, 13, tzinfo=UTC)
    assert (origin.has_zone, origin.device, origin.program) == (True, "Samsung A14", "")
    assert origin.place is not None
    assert (origin.place.lat, origin.place.lon) == pytest.approx((33.5731, -7.5898), abs=1e-4)
    assert contradictions(origin, CLAIM) == []


def test_a_video_tells_when_where_and_by_what_it_was_taken():
    origin = film(**{
        "com.apple.quicktime.creationdate": "2026-11-22T14:00:00+0100",
        "com.apple.quicktime.location.ISO6709": "+33.5731-007.5898+012.000/",
        "com.apple.quicktime.make": "Apple", "com.apple.quicktime.model": "iPhone 13",
    })  # fmt: skip
    assert origin == Origin(datetime(2026, 11, 22, 13, tzinfo=UTC), True, CASABLANCA, "Apple iPhone 13")
    assert contradictions(origin, CLAIM) == []


def test_a_file_that_a_messenger_carried_tells_nothing_and_that_is_said():
    held = io.BytesIO()
    PICTURE.save(held, "JPEG")
    assert contradictions(exif.read(held.getvalue()), CLAIM) == [Contradiction(Doubt.NO_METADATA)]
    assert contradictions(film(), CLAIM) == [Contradiction(Doubt.NO_METADATA)]


def test_what_was_taken_before_elsewhere_and_edited_is_said_with_its_figure():
    origin = Origin(datetime(2024, 11, 22, 12, tzinfo=UTC), True, RABAT, program="CapCut")
    assert contradictions(origin, CLAIM) == [
        Contradiction(Doubt.TAKEN_BEFORE, "17520"),
        Contradiction(Doubt.TAKEN_ELSEWHERE_KM, "85.2"),
        Contradiction(Doubt.EDITED_BY, "CapCut"),
    ]


def test_the_future_is_said():
    origin = exif.read(photo("2026:11:23 13:00:00"))
    assert [found.doubt for found in contradictions(origin, CLAIM)] == [Doubt.TAKEN_AFTER]


def test_a_camera_in_no_zone_is_given_the_hours_it_may_be_off():
    here = exif.read(photo("2026:11:22 04:00:00", zone=""))
    assert (here.has_zone, contradictions(here, CLAIM)) == (False, [])
    assert contradictions(exif.read(photo("2026:11:21 04:00:00", zone="")), CLAIM)


def test_a_clock_that_was_never_set_is_no_proof_of_age():
    origin = of_video({"creation_time": "1904-01-01T00:00:00.000000Z"})
    assert contradictions(origin, CLAIM) == [Contradiction(Doubt.CLOCK_NEVER_SET)]


def test_an_editor_names_itself():
    assert exif.read(photo(software="Adobe Photoshop 25.0")).program == "Adobe Photoshop 25.0"
    assert of_video({"encoder": "Lavf60.3.100"}).program == ""


@pytest.mark.parametrize("place", ["", "here", "+99.0000+200.0000/", "+00.0000+000.0000/", "33.5,-7.5"])
def test_a_place_that_is_none_is_left_out(place):
    assert of_video({"location": place}).place is None


@pytest.mark.parametrize("taken", ["", "yesterday", "0000:00:00 00:00:00", "2026:13:45 99:00:00", "9999:99"])
def test_a_time_that_is_none_is_left_out(taken):
    assert of_photo({"taken": taken, "make": "X"}).taken_at is None


@pytest.mark.parametrize(
    "data", [b"", b"no photo", photo()[:80], b"\xff\xd8\xff\xe1\xff\xff" + b"Exif\0\0" * 50]
)
def test_a_damaged_photo_tells_nothing_and_harms_nothing(data):
    assert exif.read(data) == Origin()


def test_a_claim_that_says_nothing_is_contradicted_by_nothing():
    assert contradictions(exif.read(photo()), Claim()) == []
