"""What people write by mail is read whole, and nothing a stranger puts into a mail breaks the reading."""

from email.message import EmailMessage
from typing import Any

import pytest

from notifier import incoming
from notifier.message import Inbound
from notifier.protocols import mail
from tests.notifier.contract import JPEG

DOMAIN = "najda.invalid"


def letter(words: str = "شفت الطفلة فالمحطة", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {
        "From": "خالة <Aunt@Example.ORG>",
        "To": "tips@najda.invalid",
        "Subject": "رأيتها",
        "Message-ID": "<a1@example.org>",
        "Date": "Sun, 22 Nov 2026 10:00:00 +0100",
    }
    for name, value in {**given, **headers}.items():
        made[name.replace("_", "-")] = value
    made.set_content(words)
    return made


def read(body: bytes | EmailMessage, **more: Any) -> Inbound:
    raw = body if isinstance(body, bytes) else bytes(body)
    said = mail.read(raw, domain=DOMAIN, **more)
    assert said is not None
    return said


def test_who_wrote_what_and_when():
    said = read(letter())
    assert (said.kind, said.sender, said.to) == ("message", "aunt@example.org", "tips@najda.invalid")
    assert said.text == "رأيتها\n\nشفت الطفلة فالمحطة"
    assert said.at is not None
    assert said.at.isoformat() == "2026-11-22T09:00:00+00:00"
    assert (said.raw["type"], said.raw["name"]) == ("mail", "خالة")
    assert not incoming.is_automatic(said.raw)


def test_attachments_come_along_with_their_names_and_nothing_of_their_paths():
    made = letter("voir la photo")
    made.add_attachment(JPEG, "image", "jpeg", filename="../../etc/صورة.jpg")
    made.add_attachment(b"BEGIN:VCALENDAR", "text", "calendar", filename="invite.ics")
    made.add_attachment("notes", filename="notes.txt")
    said = read(made)
    assert [(file.name, file.media_type) for file in said.enclosed] == [
        ("صورة.jpg", "image/jpeg"),
        ("notes.txt", "text/plain"),
    ]
    assert said.enclosed[0].data == JPEG
    assert "notes" not in said.text


def test_words_are_read_once_of_two_readings_and_a_picture_within_is_kept():
    made = letter("Vue à la gare")
    made.add_alternative("<p>Vue à la <b>gare</b></p>", "html")
    _words, shown = made.iter_parts()
    assert isinstance(shown, EmailMessage)
    shown.add_related(JPEG, "image", "jpeg", cid="<x>", filename="in.jpg")
    said = read(made)
    assert said.text.count("Vue") == 1
    assert [file.name for file in said.enclosed] == ["in.jpg"]


def test_a_page_without_plain_words_is_read_as_words():
    made = letter()
    made.set_content(
        "<style>p{}</style><script>x</script><p>Vue &agrave; <a href='https://x.invalid/v'>la vidéo</a></p>",
        subtype="html",
    )
    assert read(made).text == "رأيتها\n\nVue à https://x.invalid/v la vidéo"


def test_what_was_forwarded_stands_below_with_who_wrote_it():
    made = letter("fwd")
    made.add_attachment(letter("deep words", From="b@example.org", Subject="orig"))
    said = read(made)
    assert said.text.endswith("deep words")
    assert "> b@example.org" in said.text


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("us-ascii", "شفت".encode()),
        ("windows-1256", "شفت".encode("windows-1256")),
        ("iso-8859-1", "à côté".encode("latin-1")),
        ("utf-16", "à côté".encode("utf-16")),
        ("no-such-charset", "à côté".encode()),
        ("no-such-charset", "à côté".encode("latin-1")),
    ],
)
def test_charsets_lie_and_words_are_read_all_the_same(charset, words):
    assert mail.decoded(words, charset) in ("شفت", "à côté")


def test_a_holiday_note_about_ours_says_nothing_and_other_machines_are_marked():
    ours = letter(Auto_Submitted="auto-replied", In_Reply_To="<1-abcdef@najda.invalid>")
    assert mail.read(bytes(ours), domain=DOMAIN) is None
    for header in ({"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"}, {"List_Id": "<l.invalid>"}):
        assert incoming.is_automatic(read(letter(**header)).raw)
    assert not incoming.is_automatic(read(letter(Auto_Submitted="no")).raw)


def test_an_answer_names_the_mail_of_ours_it_answers():
    said = read(letter(In_Reply_To="<x@other.invalid>", References="<y@o.invalid> <1-abcdef@najda.invalid>"))
    assert incoming.replies_to(said.raw) == "<1-abcdef@najda.invalid>"


def test_what_the_mail_server_found_of_its_seal_is_kept_and_changes_nothing():
    forged = letter(Authentication_Results="mx; dkim=fail; spf=fail")
    assert read(forged).raw["authentication"] == "mx; dkim=fail; spf=fail"
    assert read(forged).sender == "aunt@example.org"


def test_the_same_mail_twice_is_one_event_and_another_is_another():
    assert read(letter()).event_key == read(letter()).event_key
    assert read(letter("other")).event_key != read(letter()).event_key
    routed = b"Received: from mx2\r\n" + bytes(letter())
    assert read(routed).event_key == read(letter()).event_key


def test_words_without_end_go_along_as_a_file():
    said = read(letter("x " * 30_000))
    assert len(said.text) < 21_000
    assert len(said.enclosed[0].data) > 59_000


def nested(depth: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    return f"From: a@b.invalid\r\nSubject: s\r\n{head}Content-Type: text/plain\r\n\r\nhidden".encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff\xfe" * 1000,
        b"no header at all",
        b"From: \xff\xfe <\xff>\r\nSubject: =?utf-8?b?!!!?=\r\n\r\nx",
        b"From: a@b.invalid\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
        b"From: a@b.invalid\r\nContent-Type: text/plain; charset=\xd8\xa7\r\n\r\n\xd8\xa7",
        b"From: a@b.invalid\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!=\r\n",
        b"From: " + b"a" * 100_000 + b"\r\n\r\n",
        b"Subject: " + b"=?utf-8?q?" * 5_000 + b"\r\n\r\n",
        b"Date: Sun, 99 Nov 99999 10:00:00 +9999\r\n\r\nx",
        nested(40),
        nested(2_000),
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5_000,
    ],
    ids=range(13),
)
def test_no_mail_breaks_the_reading(body):
    said = read(body)
    said.text.encode()
    assert len(said.enclosed) <= mail.MOST_FILES + 1
    assert "@" in said.sender or said.sender == ""


def test_what_is_nested_too_deep_is_kept_as_a_file():
    for depth in (40, 2_000):
        assert any(b"hidden" in file.data for file in read(nested(depth)).enclosed)


def test_a_mail_that_was_cut_says_so():
    assert read(letter(), is_cut=True).raw["cut"] == "yes"
