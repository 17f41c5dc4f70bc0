"""Mails that come back: reports, complaints, prose, wishes to leave, junk."""

from email.message import EmailMessage

import pytest

from notifier.exceptions import HookUnreadable
from notifier.protocols import bounces
from notifier.protocols.bounces import Mailboxes, Returned

REF = "1z141z4-0123456789ab"
BOXES = Mailboxes("najda.invalid", "bounce+{reference}@najda.invalid", "unsub+{reference}@najda.invalid")
TO = f"bounce+{REF}@najda.invalid"


def dsn(
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <x@example.org>: Recipient address rejected: User unknown",
    *,
    to: str = TO,
    original: str = f"Message-ID: <{REF}@najda.invalid>\r\nSubject: =?utf-8?q?x?=",
    original_type: str = "text/rfc822-headers",
) -> bytes:
    said = f"Diagnostic-Code: {diagnostic}\r\n" if diagnostic else ""
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.org\r\nTo: {to}\r\nSubject: Undelivered\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt did not work: 5.7.1 is only said here.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; x@example.org\r\nAction: {action}\r\nStatus: {status}\r\n{said}\r\n"
        f"--b\r\nContent-Type: {original_type}\r\n\r\n{original}\r\n\r\n--b--\r\n"
    ).encode()


def arf(kind: str = "abuse", original: str = f"Message-ID: <{REF}@najda.invalid>") -> bytes:
    return (
        "From: fbl@provider.example\r\nTo: fbl@najda.invalid\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: {kind}\r\nUser-Agent: FBL/1\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\nSubject: x\r\n\r\nbody\r\n--b--\r\n"
    ).encode()


def plain(words: str, *, to: str = TO, sender: str = "MAILER-DAEMON@mx.example.org", **more: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, "failure notice"
    for name, value in more.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("status", "diagnostic", "kind"),
    [
        ("5.1.1", "smtp; 550 5.1.1 User unknown", "bad_address"),
        ("5.1.2", "", "bad_address"),
        ("5.1.10", "", "bad_address"),
        ("5.2.1", "smtp; 550 5.2.1 disabled", "bad_address"),
        ("5.0.0", "smtp; 550 5.1.1 no", "bad_address"),
        ("5.0.0", "smtp; 550 No such user here", "bad_address"),
        ("5.0.0", "X-Postfix; mailbox is disabled", "bad_address"),
        ("5.0.0", "smtp; 554 Message refused", "rejected"),
        ("5.2.2", "smtp; 552 5.2.2 over quota", "unreachable"),
        ("4.4.7", "smtp; 451 4.4.7 expired", "expired"),
        ("4.2.2", "smtp; 452 4.2.2 mailbox full", "unreachable"),
        ("4.7.1", "smtp; 451 4.7.1 slow down", "expired"),
        ("5.3.4", "smtp; 552 5.3.4 too big", "too_long"),
        ("5.7.1", "smtp; 550 5.7.1 policy", "policy"),
        ("5.7.26", "smtp; 550 5.7.26 unauthenticated", "policy"),
        ("5.7.515", "smtp; 550 5.7.515 DMARC", "policy"),
        ("", "", "rejected"),
    ],
)
def test_a_report_ends_an_address_only_when_it_is_the_addresss_fault(status, diagnostic, kind):
    found = bounces.read(dsn(status=status, diagnostic=diagnostic), BOXES)
    assert found is not None
    assert (found.reference, found.state, found.kind) == (REF, "failed", kind)
    assert found.is_ours is (status in ("5.7.26", "5.7.515"))
    assert "example.org" not in found.detail


@pytest.mark.parametrize(("action", "state"), [("delivered", "delivered"), ("relayed", "accepted")])
def test_good_news_is_news(action, state):
    found = bounces.read(dsn(action, "2.0.0", ""), BOXES)
    assert found == Returned(REF, state, "", "2.0.0")


def test_what_is_still_tried_is_none():
    assert bounces.read(dsn("delayed", "4.4.1", "smtp; 451 later"), BOXES) is None


@pytest.mark.parametrize(
    "mail",
    [
        dsn(),
        dsn(to=f"<{TO.upper()}>"),
        dsn(to="postmaster@najda.invalid"),  # by the Message-ID of the letter that comes back
        dsn(to="postmaster@najda.invalid", original_type="message/rfc822"),
        dsn(to="postmaster@najda.invalid", original="Subject: x").replace(
            b"Return-Path: <>", f"Delivered-To: {TO}".encode()
        ),
    ],
)
def test_a_report_names_its_message_one_way_or_another(mail):
    found = bounces.read(mail, BOXES)
    assert found is not None
    assert found.reference == REF


def test_the_envelope_names_it_too():
    mail = dsn(to="x@y.invalid", original="Subject: x")
    found = bounces.read(mail, BOXES, envelope_to=TO)
    assert found is not None
    assert found.kind == "bad_address"


@pytest.mark.parametrize(
    "mail",
    [
        dsn(to="bounce@najda.invalid", original="Subject: x"),
        dsn(to=f"bounce+{REF}@elsewhere.invalid", original=f"Message-ID: <{REF}@elsewhere.invalid>"),
        dsn(to=f"xbounce+{REF}@najda.invalid", original="Subject: x"),
        dsn().replace(b"Action: failed\r\n", b""),
        arf(original="Message-ID: <theirs@elsewhere.invalid>"),
    ],
)
def test_a_report_that_names_none_of_ours_or_says_nothing_is_kept_for_a_person(mail):
    with pytest.raises(HookUnreadable):
        bounces.read(mail, BOXES)


@pytest.mark.parametrize("kind", ["abuse", "fraud", "opt-out", "Abuse"])
def test_a_complaint_is_a_stop_from_somebody_who_was_reached(kind):
    found = bounces.read(arf(kind), BOXES)
    assert found is not None
    assert (found.reference, found.state, found.kind) == (REF, "delivered", "opted_out")


def test_somebody_who_says_that_it_is_no_junk_stays():
    assert bounces.read(arf("not-spam"), BOXES) is None


def test_a_mail_to_the_way_out_is_a_stop():
    mail = plain("", to=f"unsub+{REF}@najda.invalid", sender="a@example.org")
    found = bounces.read(mail, BOXES)
    assert found is not None
    assert (found.what, found.kind, found.state) == ("leave", "opted_out", "delivered")
    assert bounces.read(mail, Mailboxes("najda.invalid", BOXES.bounces)) is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (
            "Hi. This is the qmail-send program.\n<x@example.org>:\nSorry, no mailbox here (#5.1.1)",
            "bad_address",
        ),
        ("The mailbox you wrote to does not exist.", "bad_address"),
        ("550 5.7.1 refused by policy", "policy"),
    ],
)
def test_a_bounce_in_prose_is_read_by_its_codes(words, kind):
    found = bounces.read(plain(words), BOXES)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "mail",
    [
        plain("I am away until Monday; 5.1.1 is my room.", sender="a@example.org"),
        plain("Away", sender="postmaster@example.org", Auto_Submitted="auto-replied"),
        plain("User unknown", to="bounce@najda.invalid"),
        plain("Delayed, 4.4.1, still trying"),
        b"",
        b"\x00\xff" * 100,
    ],
)
def test_what_says_nothing_of_a_message_gives_nothing(mail):
    assert bounces.read(mail, BOXES) is None


def test_a_mail_made_to_break_a_reader_is_only_unreadable():
    nested = dsn().replace(b"--b--", b"")
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)
    )
    for mail in (deep, b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n", nested[:700]):
        try:
            bounces.read(mail, BOXES)
        except HookUnreadable:
            continue
    strange = dsn().replace(b"text/plain", b"text/plain; charset=no-such")
    assert bounces.read(strange, BOXES) is not None
