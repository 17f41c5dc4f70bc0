"""E-mail to a server that refuses by script: what a refusal makes of a message, what really arrived."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from notifier.actions import Action, action
from notifier.backends.email import EmailBackend
from notifier.message import Accepted, DeliveryError, Kind, Message, Problem, Text, Unknown
from tests.real.authority import Authority
from tests.real.mail_server import Server, mail_server

SAID = Text(
    subject="[تنبيه] طفلة مفقودة في الرباط",
    body="طفلة مفقودة: Yassine, 9 ans.\n.نقطة في أول السطر\n\nhttps://najda.invalid/ar/a/K7M2XQ4T/",
    url="https://najda.invalid/ar/a/K7M2XQ4T/",
    unsubscribe_url="https://najda.invalid/u/tokentokentoken/",
)
LISTS = {
    "return_path": "bounce+{reference}@najda.invalid",
    "leave_address": "unsub+{reference}@najda.invalid",
    "list_help": "https://najda.invalid/privacy/",
    "list_subscribe": "https://najda.invalid/subscribe/",
    "list_owner": "mailto:alerts@najda.invalid",
}


def backend(server: Server, **more: object) -> EmailBackend:
    known = {"host": "127.0.0.1", "port": server.port, "from_address": "alerts@najda.invalid", **LISTS}
    return EmailBackend("email", {**known, "from_name": "نجدة", "timeout_s": 2.0, **more})


def to(local: str, reference: str = "", text: Text = SAID, kind: Kind = "alert") -> Message:
    return Message(reference or f"r-{local}", f"{local}@example.org", "ar", text, kind)


def read(raw: bytes) -> EmailMessage:
    letter = message_from_bytes(raw, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    return letter


@pytest.mark.parametrize(
    ("local", "kind", "done", "wait_s"),
    [
        ("busy", "unreachable", Action.RETRY, None),
        ("storage", "gateway_down", Action.WAIT, None),
        ("full", "unreachable", Action.RETRY, None),
        ("nobody", "bad_address", Action.FALL_OVER, None),
        ("grey", "unreachable", Action.RETRY, 75.0),  # one recipient's server: nobody else waits
        ("fast", "throttled", Action.WAIT, None),
        ("policy", "policy", Action.PAGE_AND_FALL_OVER, None),
        ("secure", "configuration", Action.PAGE, None),
        ("big", "too_long", Action.FALL_OVER, None),
        ("spam", "policy", Action.PAGE_AND_FALL_OVER, None),
        ("broken", "gateway_down", Action.WAIT, None),
    ],
)
def test_a_refusal_concerns_whom_it_concerns(local, kind, done, wait_s):
    """And nobody before or after it on the same connection."""
    with mail_server() as server:
        before, refused, after = backend(server).send([to("a"), to(local), to("b")])
    assert isinstance(before, Accepted)
    assert isinstance(after, Accepted)
    assert isinstance(refused, DeliveryError)
    assert (refused.kind, action(refused), refused.retry_after_s) == (kind, done, wait_s)
    assert [letter.to for letter in server.letters] == ["a@example.org", "b@example.org"]


def test_after_421_what_is_left_waits_and_nothing_is_sent_twice():
    with mail_server(most=2) as server:
        outcomes = backend(server).send([to(f"p{n}") for n in range(5)])
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 2 + [DeliveryError] * 3
    assert outcomes[2:] == [DeliveryError(permanent=False, kind="throttled", detail="421")] * 3
    assert len(server.letters) == 2


@pytest.mark.parametrize("local", ["cut", "lost"])
def test_a_connection_cut_after_the_letter_is_neither_yes_nor_no(local):
    """Whether it was kept ("lost") or not ("cut") looks the same from here."""
    with mail_server() as server:
        cut, after = backend(server).send([to(local), to("b")])
    assert cut == Unknown("closed")
    assert isinstance(after, Accepted)
    assert len(server.letters) == (2 if local == "lost" else 1)


def test_a_reply_that_does_not_end_is_cut():
    with mail_server() as server:
        flooded, after = backend(server).send([to("flood"), to("b")])
    assert flooded == DeliveryError(permanent=False, kind="connection", detail="SMTPServerDisconnected")
    assert isinstance(after, Accepted)


def test_what_arrives_is_what_others_ask_for_in_bulk_mail():
    """RFC 8058, 2369, 2919, 3834; text first; seven bits; a name for bounces in the envelope."""
    with mail_server() as server:
        backend(server).send([to("a", "1z-aa"), to("a", "1z-aa"), to("b", "2z-bb")])
    first, again, other = (read(letter.raw) for letter in server.letters)
    assert server.letters[0].sender == "bounce+1z-aa@najda.invalid"
    assert first["List-Unsubscribe"] == (
        "<https://najda.invalid/u/tokentokentoken/>, <mailto:unsub+1z-aa@najda.invalid>"
    )
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["List-Id"] == "نجدة <alerts.najda.invalid>"
    assert first["List-Help"] == "<https://najda.invalid/privacy/>"
    assert first["List-Subscribe"] == "<https://najda.invalid/subscribe/>"
    assert first["List-Owner"] == "<mailto:alerts@najda.invalid>"
    assert first["Feedback-ID"] == "alert:najda.invalid"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Precedence"] == "bulk"
    assert first["Content-Language"] == "ar"
    assert first["Message-ID"] == again["Message-ID"] == "<1z-aa@najda.invalid>"
    assert other["Message-ID"] == "<2z-bb@najda.invalid>"
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]
    plain = first.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n").strip() == SAID.body
    assert all(byte < 128 for byte in server.letters[0].raw)
    assert max(map(len, server.letters[0].raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("kind", "submitted", "in_list"),
    [("update", "auto-generated", True), ("end", "auto-generated", True), ("page", "auto-generated", False),
     ("answer", "auto-replied", False), ("confirmation", "auto-generated", False)],
)  # fmt: skip
def test_only_what_people_subscribed_to_is_a_list(kind, submitted, in_list):
    text = Text("s", "b", reply_to_id="1z-aa")
    with mail_server() as server:
        backend(server).send([to("a", text=text, kind=kind)])
    letter = read(server.letters[0].raw)
    assert letter["Auto-Submitted"] == submitted
    assert bool(letter["List-Id"]) is bool(letter["Precedence"]) is in_list
    assert letter["References"] == letter["In-Reply-To"] == "<1z-aa@najda.invalid>"


def test_an_address_in_another_script_goes_where_it_is_spoken():
    message = Message("r-1", "ليلى@مثال.إختبار", "ar", SAID)
    with mail_server() as server:
        assert isinstance(backend(server).send([message])[0], Accepted)
    (letter,) = server.letters
    assert letter.to.partition("@")[0] == "ليلى"
    assert {"SMTPUTF8", "BODY=8BITMIME"} <= set(letter.options)
    with mail_server(wide=False) as narrow:
        refused, after = backend(narrow).send([message, to("b")])
    assert refused == DeliveryError(permanent=True, kind="bad_address", detail="no SMTPUTF8")
    assert isinstance(after, Accepted)


@pytest.mark.parametrize(
    ("password", "kind"), [("s3cret-of-mail", None), ("wrong-s3cret", "credentials"), ("", "credentials")]
)
def test_a_server_that_wants_a_log_in(tmp_path: Path, password, kind):
    authority = Authority(tmp_path)
    options = {"use_tls": True, "authorities": str(authority.bundle)}
    options |= {"username": "najda", "password": password} if password else {}
    with mail_server(certificate=authority.issue("127.0.0.1"), wants_login=True) as server:
        (outcome,) = backend(server, **options).send([to("a")])
        problems = backend(server, **options).check() if password else []
    if kind is None:
        assert isinstance(outcome, Accepted)
        assert problems == []
    else:
        assert isinstance(outcome, DeliveryError)
        assert (outcome.kind, action(outcome)) == (kind, Action.PAGE)
        assert "s3cret" not in f"{outcome!r} {outcome.__cause__!r} {outcome.__context__!r}"


def test_a_server_without_the_agreed_tls_gets_nothing():
    with mail_server() as server:
        made = backend(server, use_tls=True, username="najda", password="s3cret-of-mail")
        (outcome,) = made.send([to("a")])
    assert outcome == DeliveryError(permanent=False, kind="configuration", detail="not_supported")
    assert server.letters == []


@pytest.mark.parametrize(
    ("host", "days", "detail"),
    [
        ("127.0.0.1", (-1, 365), None),
        ("other.invalid", (-1, 365), "certificate_other_host"),
        ("127.0.0.1", (-30, -1), "certificate_expired"),
        ("127.0.0.1", (1, 30), "certificate_not_yet_valid"),
    ],
)
def test_the_servers_certificate_must_hold(tmp_path: Path, host, days, detail):
    authority = Authority(tmp_path)
    with mail_server(certificate=authority.issue(host, days=days)) as server:
        made = backend(server, use_tls=True, authorities=str(authority.bundle))
        (outcome,) = made.send([to("a")])
        problems = made.check()
    if detail is None:
        assert isinstance(outcome, Accepted)
        assert server.letters[0].by_tls
        return
    assert outcome == DeliveryError(permanent=False, kind="certificate", detail=detail)
    assert problems == [Problem("certificate", detail)]
    assert server.letters == []


def test_a_server_that_demands_tls_and_was_not_asked_for_it(tmp_path: Path):
    with mail_server(certificate=Authority(tmp_path).issue("127.0.0.1")) as server:
        (outcome,) = backend(server).send([to("a")])
    assert isinstance(outcome, DeliveryError)
    assert (outcome.kind, action(outcome)) == ("configuration", Action.PAGE)
