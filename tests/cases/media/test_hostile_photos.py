"""What strangers send, on purpose or not: each ends as a code or as a clean copy, never as a crash."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from cases.media.decode import MAX_BYTES, PictureRefused, decode
from tests.cases import pictures
from tests.cases.pictures import PHP

JPEG = pictures.picture()
HTML = b"<!doctype html><script>alert(1)</script>"


def refusal(data: bytes) -> str:
    with pytest.raises(PictureRefused) as refused:
        decode(data)
    return refused.value.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(JPEG + bytes(30 << 20), "too_large", id="30 MB"),
        pytest.param(JPEG + bytes(MAX_BYTES + 1 - len(JPEG)), "too_large", id="one byte too many"),
        pytest.param(HTML, "not_a_picture", id="html named jpg"),
        pytest.param(
            b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(100), "not_a_picture", id="gif bomb"
        ),
        pytest.param(b"BM" + bytes(100), "not_a_picture", id="bmp"),
        pytest.param(b"II*\0" + bytes(100), "not_a_picture", id="tiff"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0", "not_a_picture", id="postscript"),
        pytest.param(b"\0" * 1000, "not_a_picture", id="zeros"),
        pytest.param(JPEG[:-200], "truncated", id="a jpeg without its end"),
        pytest.param(pictures.wide_png(6_000, 6_000), "truncated", id="a png of which little came"),
    ],
)
def test_each_is_refused_by_its_code(data, code):
    assert refusal(data) == code


@pytest.mark.parametrize("cut", [8, 24, 400, 1200])
@pytest.mark.parametrize("sample", ["red-left.heic", "turned.heic"])
def test_a_heic_cut_anywhere_is_an_answer(sample, cut):
    assert refusal((pictures.HEIC.parent / sample).read_bytes()[:cut]) in ("truncated", "not_a_picture")


@pytest.mark.parametrize("at", range(12, 1300, 151))
def test_a_heic_with_a_wrong_byte_is_an_answer(at):
    data = bytearray(pictures.HEIC.read_bytes())
    data[at] ^= 0xFF
    try:
        assert decode(bytes(data)).kind == "heic"
    except PictureRefused as refused:
        assert refused.code in ("truncated", "too_many_pixels")  # noqa: PT017  (either answer is right)


def test_forty_million_equal_pixels_in_a_few_kilobytes_are_read():
    out = io.BytesIO()
    Image.new("1", (8_000, 5_000)).save(out, "PNG")
    assert len(out.getvalue()) < 50_000
    assert decode(out.getvalue()).width == 1_600


def test_a_text_that_unpacks_to_gigabytes_in_a_png_is_no_matter():
    bomb = zlib.compress(bytes(200 << 20), 9)
    text = b"zTXt" + b"Comment\0\0" + bomb
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    whole = pictures.picture("PNG")
    try:
        assert decode(whole[:33] + chunk + whole[33:]).kind == "png"
    except PictureRefused as refused:
        assert refused.code == "truncated"  # noqa: PT017  (either answer is right)


def polyglots() -> dict[str, bytes]:
    exif, notes = Image.Exif(), PngImagePlugin.PngInfo()
    exif[0x010E] = PHP.decode()
    notes.add_text("Comment", PHP.decode())
    return {
        "comment and tail": pictures.polyglot(),
        "exif": pictures.picture(exif=exif),
        "profile": pictures.picture(icc_profile=PHP * 100),
        "png text": pictures.picture("PNG", pnginfo=notes) + PHP,
        "webp xmp": pictures.picture("WEBP", xmp=PHP, exif=exif) + PHP,
        "heic tail": pictures.HEIC.read_bytes() + PHP,
    }


@pytest.mark.parametrize("name", polyglots())
def test_no_byte_of_a_payload_reaches_the_clean_copy(name):
    data = polyglots()[name]
    assert PHP in data
    clean = decode(data).jpeg
    assert b"php" not in clean.lower()
    assert b"system" not in clean


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_of_the_eight_orientations_is_turned_rightly(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    corners = Image.new("RGB", (640, 480), "white")
    corners.paste("red", (0, 0, 320, 240))
    corners.paste("blue", (320, 240, 640, 480))
    out = io.BytesIO()
    corners.save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(out.getvalue())) as stored:
        expected = ImageOps.exif_transpose(stored)
    clean = decode(out.getvalue())
    assert (clean.width, clean.height) == expected.size
    for x, y in ((20, 20), (-20, 20), (20, -20), (-20, -20)):
        at = (x % expected.width, y % expected.height)
        wanted = [expected.getchannel(band).getpixel(at) for band in "RGB"]
        assert pictures.colour_at(clean.jpeg, *at) == pytest.approx(wanted, abs=40)


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_an_orientation_that_is_none_turns_nothing(orientation):
    assert decode(pictures.rotated(orientation)).width == 640


@pytest.mark.parametrize(
    "exif",
    [
        pytest.param(b"Exif\0\0" + b"\xff" * 500, id="rubbish"),
        pytest.param(b"Exif\0\0MM\0*\0\0\0\x08" + b"\xff\xff" * 40, id="65,535 entries"),
        pytest.param(
            b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0", id="a circle"
        ),
        pytest.param(b"Exif\0\0MM\0*\0\0\0\x08", id="cut"),
    ],
)
def test_damaged_exif_costs_no_photo(exif):
    found = decode(pictures.picture(exif=exif))
    assert (found.width, found.taken_on) == (640, None)


def test_a_jpeg_with_megabytes_of_exif_and_profile_is_read_and_rid_of_them():
    segments = b"".join(b"\xff\xe1\xff\xff" + b"Exif\0\0" + b"x" * 65_527 for _ in range(150))
    profile = b"ICC_PROFILE\0\x01\x01"
    segments += b"".join(b"\xff\xe2\xff\xff" + profile + b"y" * (65_533 - len(profile)) for _ in range(100))
    found = decode(JPEG[:2] + segments + JPEG[2:])
    assert found.width == 640
    assert b"xxxx" not in found.jpeg
    assert b"yyyy" not in found.jpeg


def test_gps_and_camera_are_gone():
    clean = decode(pictures.rotated()).jpeg
    exif = pictures.opened(clean).getexif()
    assert not exif
    assert not exif.get_ifd(0x8825)
    assert pictures.opened(clean).info.keys() <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


def test_grey_of_sixteen_bits_keeps_its_shades():
    ramp = Image.linear_gradient("L").resize((512, 512)).convert("I").point(lambda level: level * 257)
    out = io.BytesIO()
    ramp.convert("I;16").save(out, "PNG")
    clean = decode(out.getvalue()).jpeg
    dark, middle, light = (pictures.colour_at(clean, 256, row)[0] for row in (10, 256, 500))
    assert dark < 20
    assert 110 < middle < 145
    assert light > 235


def test_colours_of_print_come_out_as_colours():
    clean = decode(pictures.picture(mode="CMYK")).jpeg
    red, _green, blue = pictures.colour_at(clean, 100, 100)
    assert (red > 200, blue < 80) == (True, True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_of_one_pixel_is_read(kind):
    assert decode(pictures.picture(kind, size=(1, 1))).width == 1


@pytest.mark.parametrize("size", [(1, 3_000), (3_000, 1), (2, 2), (51, 49)])
def test_a_strip_is_read(size):
    assert decode(pictures.picture("PNG", size=size)).kind == "png"


def test_a_thousand_frames_cost_one():
    frames = [Image.new("RGB", (300, 300), (number % 256, 0, 0)) for number in range(300)]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    assert decode(out.getvalue()).width == 300
