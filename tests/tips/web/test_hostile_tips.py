"""Whatever is sent to the anonymous door is kept or explains itself; nothing is a 500."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tips.web.told import FOLLOW, NOTED, TIP, form, hidden, opens, sends, text
from tips.models import Tip

pytestmark = pytest.mark.django_db
ZIP = b"PK\x03\x04" + b"\x00" * 200

WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from([
        "", "   ", "\x00", "\x00vu\x00", "a" * 50_000, "\u202e\u2067gnp.exe", "<script>alert(1)</script>",
        "{{ settings.SECRET_KEY }}", "%s%n{0}", "\ud7ff\ufffe\U0010ffff", "STOP", "🚕" * 300,
        "\r\n" * 40,
        "شفت طفلة\u200f", "1e400", "nan",
        "-1", "٣٣٫٩", "9999-12-31", "0001-01-01", "25:61", "../../etc/passwd",
    ]),
)  # fmt: skip
NAMES = (
    "words", "where_words", "place_choice", "lat", "lon", "error_m", "seen", "seen_date", "seen_time", "fold",
    "about", "code", "link", "phone", "kept", "work", "submission", "act", "map_at", "tap.x", "tap.y",
)  # fmt: skip


@given(said=st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=6))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)  # fmt: skip
def test_any_tip_is_kept_or_explained(witness, said: dict[str, str]) -> None:
    before = Tip.objects.count()
    answer = witness.post(TIP, said)
    assert answer.status_code in {200, 413, 422}
    is_kept = Tip.objects.count() > before
    is_shown = "data-receipt" in text(answer) or "error-summary" in text(answer)
    assert is_kept or is_shown or "tap.x" in said or said.get("act") in {"map", "closer", "wider", "clear"}


@pytest.mark.parametrize("address", [TIP, FOLLOW, NOTED])
@pytest.mark.parametrize(
    "said",
    [
        {f"f{number}": "x" for number in range(600)},
        {"words": "x" * 3_000_000, "body": "x" * 3_000_000},
        {"reference": "\x00", "secret": "\x00", "held": "\x00", "key": "\x00", "carried": "\x00"},
        {"key": "x:y:z", "act": "__class__"},
        {"carried": "A" * 100_000, "reference": "NJ-4F7K-2Q", "secret": "a b c d e"},
        {"kept": ["x" * 1000] * 50, "words": "vu"},
    ],
    ids=range(6),
)
def test_a_form_of_any_shape_gets_an_answer(witness, address: str, said: dict[str, str]) -> None:
    assert witness.post(address, said).status_code < 500


def test_a_form_too_large_says_so(witness) -> None:
    answer = witness.post(TIP, {"words": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "error-summary" in text(answer)


def test_fifty_thousand_characters_are_explained_with_their_number(witness) -> None:
    answer = sends(witness, words="x" * 50_000)
    assert answer.status_code == 422
    assert "50000" in text(answer).replace("\u202f", "").replace("\xa0", "").replace(",", "")


def test_what_looks_like_markup_or_turns_the_line_is_shown_as_words(witness) -> None:
    words = "<b onmouseover=x>\u202egnp\u202c\x00vu</b>"
    answer = opens(witness, sends(witness, words=words))
    assert b"<b onmouseover" not in answer.content
    assert "\u202e" not in text(answer)


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("video.mp4", "video/mp4", ZIP),
        ("../../etc/passwd", "image/jpeg", b"\xff\xd8\xff"),
        ("x" * 3000 + ".jpg", "image/jpeg" * 50, b"abc"),
        ("a\x00b.svg", "image/svg+xml", b"<svg onload=alert(1)>"),
        ("", "", b"abc"),
    ],
)
def test_a_file_of_any_kind_is_kept_or_explained(witness, name: str, kind: str, data: bytes) -> None:
    answer = sends(witness, attached=[SimpleUploadedFile(name or "x", data, kind)])
    assert answer.status_code == 200
    assert Tip.objects.count() == 1


def test_an_empty_file_alone_is_explained(witness) -> None:
    answer = sends(witness, words="", attached=[SimpleUploadedFile("v.mp4", b"", "video/mp4")])
    assert answer.status_code == 422


def test_fifty_files_at_once_are_explained(witness) -> None:
    files = [SimpleUploadedFile(f"{number}.jpg", b"abc") for number in range(50)]
    assert sends(witness, attached=files).status_code in {200, 413}


def test_a_body_cut_by_the_network_sends_nothing(witness) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\nvu'
    sent = {"CONTENT_LENGTH": str(len(body) + 500), "wsgi.input": io.BytesIO(body)}
    answer = witness.post(TIP, content_type="multipart/form-data; boundary=x", **sent)
    assert answer.status_code == 400
    assert not Tip.objects.exists()


def test_back_and_send_again_with_other_words_loses_none_of_them(witness) -> None:
    """The browser's back button brings the same form: the words that are new belong to the same tip."""
    sent = form(witness)
    first = witness.post(TIP, sent)
    witness.post(TIP, {**sent, "words": "Le taxi portait le numéro 4412"})
    assert Tip.objects.count() == 1
    assert "4412" in text(opens(witness, first))


def test_a_form_token_of_somebody_else_shows_nobody_elses_receipt(witness) -> None:
    shown = sends(witness)
    answer = witness.post(TIP, {"submission": "forged:token", "words": "autre"})
    assert Tip.objects.count() == 2
    assert hidden(answer, "held") != hidden(shown, "held")
