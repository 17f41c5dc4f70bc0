import io

import pytest
from PIL import Image

from tips.media import pages_sandbox
from tips.media.pages import PagesRefused, drawn

HUGE = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R
/OpenAction <</S /JavaScript /JS (app.launchURL("http://192.0.2.9"))>> >> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 900000 10]>> endobj
trailer <</Root 1 0 R>>
"""


def document(count, size=(400, 300)):
    held = io.BytesIO()
    shown = [Image.new("RGB", size, (20 * number, 100, 100)) for number in range(count)]
    shown[0].save(held, "PDF", save_all=True, append_images=shown[1:])
    return held.getvalue()


def refusal(data):
    with pytest.raises(PagesRefused) as refused:
        drawn(data)
    return refused.value.code


def test_each_page_stands_below_the_one_before():
    made = drawn(document(2))
    with Image.open(io.BytesIO(made.jpeg), formats=["JPEG"]) as shown:
        top, bottom = shown.getpixel((50, 20)), shown.getpixel((50, shown.height - 20))
    assert (made.count, made.advice) == (2, ())
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert abs(top[0] - 0) < 8
    assert abs(bottom[0] - 20) < 8


def test_a_page_half_a_mile_wide_is_drawn_small_and_its_script_is_nothing():
    made = drawn(HUGE)
    assert max(made.width, made.height) <= pages_sandbox.SIDE


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "not_pages"), (b"PK\x03\x04", "not_pages"), (b"%PDF-1.7 rubbish", "truncated")],
)
def test_what_is_no_document_is_refused_by_a_code(data, code):
    assert refusal(data) == code


def test_what_was_drawn_before_a_limit_is_kept():
    whole = b"P6\n2 1\n255\n" + bytes(6)
    found, is_cut = pages_sandbox._pages(whole + b"P6\n9 9\n255\n" + bytes(5))
    assert ([page.size for page in found], is_cut) == ([(2, 1)], True)
