from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image

from cases.media.decode import ADVICE, day, decode
from cases.media_words import PHOTO_ADVICE
from tests.cases import pictures
from tests.cases.media import faces

FACE = faces.face()
LARGE = faces.face((1200, 1600))
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def advice(image: Image.Image, quality: int = 85) -> tuple[str, ...]:
    return decode(faces.jpeg(image, quality)).advice


@pytest.mark.parametrize("image", [FACE, LARGE], ids=["600 wide", "1200 wide"])
@pytest.mark.parametrize("quality", [10, 85])
def test_a_sharp_face_is_not_called_blurred_however_hard_it_was_compressed(image, quality):
    assert advice(image, quality) == ()


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(faces.dim(FACE, 0.35), id="dim"),
        pytest.param(faces.grainy(faces.dim(FACE, 0.3)), id="dim and grainy"),
        pytest.param(faces.blurred(faces.grainy(faces.dim(LARGE, 0.35)), 1600), id="smoothed by the phone"),
        pytest.param(faces.before_a_soft_background(FACE), id="before a soft background"),
        pytest.param(faces.blurred(LARGE, 800), id="a cheap lens"),
        pytest.param(Image.new("RGB", (800, 800), "white"), id="a white wall"),
        pytest.param(Image.linear_gradient("L").resize((800, 800)), id="an evening sky"),
    ],
)
def test_what_is_only_dim_plain_or_soft_behind_is_not_called_blurred(image):
    assert advice(image, 70) == ()


@pytest.mark.parametrize(("image", "quality"), [(FACE, 30), (LARGE, 85)], ids=["600 wide", "1200 wide"])
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda image: faces.blurred(image, 120), id="out of focus"),
        pytest.param(lambda image: faces.blurred(image, 60), id="far out of focus"),
        pytest.param(faces.shaken, id="shaken"),
    ],
)
def test_a_blurred_face_is_said_to_be_blurred_and_kept(image, quality, spoil):
    assert advice(spoil(image), quality) == ("blurred",)


def test_a_night_is_said_to_be_dark():
    assert "dark" in advice(faces.dim(FACE, 0.2))


def test_a_dark_face_in_the_night_is_not_called_dark_where_a_tenth_is_lit():
    night = Image.new("RGB", faces.SIZE, (8, 8, 10))
    night.paste((200, 200, 190), (100, 600, 500, 800))  # a white shirt
    night.paste((50, 32, 24), (200, 200, 400, 560))
    assert "dark" not in advice(night)


@pytest.mark.parametrize(("size", "is_small"), [((399, 800), True), ((400, 400), False), ((1, 1), True)])
def test_a_photo_of_few_pixels_is_said_to_be_small_and_kept(size, is_small):
    found = decode(faces.jpeg(Image.new("RGB", size, "grey")))
    assert found.advice == (("small",) if is_small else ())
    assert (found.width, found.height) == size


def test_smallness_is_of_the_photo_and_not_of_its_clean_copy():
    assert "small" not in advice(Image.new("RGB", (9_000, 450), "grey"))


def test_all_advice_has_a_sentence():
    assert set(PHOTO_ADVICE) == set(ADVICE)


def taken(moment: str) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = moment
    return pictures.picture(exif=exif)


def test_the_day_a_photo_was_taken_is_read_and_not_left_in_the_clean_copy():
    found = decode(taken("2024:05:17 18:30:00"))
    assert found.taken_on == date(2024, 5, 17)
    assert b"2024" not in found.jpeg


def test_an_iphones_photo_is_upright_and_tells_its_day():
    found = decode((pictures.HEIC.parent / "turned.heic").read_bytes())
    assert (found.width, found.height, found.taken_on) == (480, 640, date(2024, 5, 17))
    assert pictures.colour_at(found.jpeg, 240, 40)[0] > 200
    assert b"Spycam" not in found.jpeg


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2024:05:17 18:30:00", date(2024, 5, 17)),
        ("2000:01:01 00:00:00", date(2000, 1, 1)),
        ("1999:12:31 23:59:59", None),
        ("1970:01:01 00:00:00", None),
        ("0000:00:00 00:00:00", None),
        ("2024:02:30 10:00:00", None),
        ("2025:06:02 01:00:00", date(2025, 6, 2)),  # in Kiritimati it is that day already
        ("2025:06:03 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("<b>2024</b>", None),
        ("", None),
    ],
)
def test_only_a_day_that_can_be_true_is_believed(said, expected):
    assert day(said, NOW) == expected


def test_a_photo_from_tomorrows_clock_has_no_day():
    ahead = datetime.now(UTC) + timedelta(days=400)
    assert decode(taken(f"{ahead:%Y:%m:%d} 10:00:00")).taken_on is None
