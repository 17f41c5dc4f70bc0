"""Letters as bytes."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from notifier.exceptions import CannotCarry
from notifier.message import Message, Text
from notifier.protocols import mime

AT = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)


def letter(text: Text, **more: object) -> EmailMessage:
    message = Message("r-1", "a@example.org", more.pop("language", "fr"), text, **more)  # type: ignore[arg-type]
    head = mime.head(message, sender="alerts@n.invalid", sender_name="Najda", domain="n.invalid", at=AT)
    raw = head + mime.body(text.body, text.html, message.language)
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_subscriber_can_leave_with_one_click():
    said = letter(Text("Alerte", "x", unsubscribe_url="https://n.invalid/u/abc/"))
    assert said["List-Unsubscribe"] == "<https://n.invalid/u/abc/>"
    assert said["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert said["Precedence"] == "bulk"
    assert letter(Text("Alerte", "x"))["List-Unsubscribe"] is None


def test_robots_do_not_answer_and_answers_say_so():
    assert letter(Text("s", "x"))["Auto-Submitted"] == "auto-generated"
    assert letter(Text("s", "x"), kind="answer")["Auto-Submitted"] == "auto-replied"
    assert letter(Text("s", "x"))["X-Auto-Response-Suppress"] == "All"


def test_an_update_threads_under_its_alert():
    said = letter(Text("s", "x", reply_to_id="r-0"))
    assert said["In-Reply-To"] == said["References"] == "<r-0@n.invalid>"


def test_the_language_and_the_date_are_said():
    said = letter(Text("s", "x"), language="ar")
    assert said["Content-Language"] == "ar"
    assert said["Date"].datetime == AT


@pytest.mark.parametrize("subject", ["[تنبيه] " + "طفلة مفقودة" * 12, "Disparition à Fès", "plain", ""])
def test_a_subject_of_any_length_survives(subject):
    assert (letter(Text(subject, "x"))["Subject"] or "") == subject


def test_text_comes_first_and_html_second_and_nothing_is_attached():
    said = letter(Text("s", "Bonjour"))
    assert [part.get_content_type() for part in said.iter_parts()] == ["text/plain", "text/html"]
    assert list(said.iter_attachments()) == []


def test_given_html_is_kept():
    markup = said = letter(Text("s", "Bonjour", html="<p>Salut</p>")).get_body(("html",))
    assert said is not None
    assert markup.get_content().strip() == "<p>Salut</p>"  # type: ignore[union-attr]  # asserted above


def test_plain_text_made_html_is_escaped_directed_and_linked():
    markup = mime.as_html("a < b & c\nhttps://n.invalid/a/?x=1&y=2\n\nfin", "ar")
    assert '<html lang="ar" dir="rtl">' in markup
    assert "a &lt; b &amp; c<br>" in markup
    assert '<a href="https://n.invalid/a/?x=1&amp;y=2">' in markup
    assert markup.count("<p>") == 2
    assert 'dir="ltr"' in mime.as_html("x", "fr")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("a@example.org", "a@example.org"),
        (" a@example.org ", "a@example.org"),
        ("a+b@exämple.org", "a+b@xn--exmple-cua.org"),
        ("o'neil@example.org", "o'neil@example.org"),
    ],
)
def test_an_address_is_carried(given, wanted):
    assert mime.address(given) == wanted


@pytest.mark.parametrize(
    "given", ["a", "a@@b", "a@b\r\nRCPT TO:<x@y>", "<a@b.c>", "a..b@example.org", "@b", f"a@{'b' * 70}.org"]
)
def test_an_address_that_is_none_is_refused(given):
    with pytest.raises(CannotCarry):
        mime.address(given)


def test_a_lone_dot_does_not_end_a_letter():
    assert mime.dot_stuffed(b"a\r\n.\r\n..b\r\n") == b"a\r\n..\r\n...b\r\n.\r\n"


@pytest.mark.parametrize("headers", [{"X\r\nBcc": "a"}, {"X": "a\nBcc: b"}, {"X": "a\x00"}, {"X Y": "a"}])
def test_a_header_holds_no_second_one(headers):
    with pytest.raises(CannotCarry):
        letter(Text("s", "x"), headers=headers)


def test_no_encoded_word_is_longer_than_mail_servers_accept():
    subject = mime.encoded("[تنبيه] " + "طفلة مفقودة" * 12)
    assert len(subject.split()) > 1
    assert max(len(word) for word in subject.split()) <= 75
