"""Kannel's wire format."""

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from notifier.exceptions import HookUnreadable
from notifier.protocols import kannel

QUERY = {"ref": "d-1", "d": "1", "a": "", "f": "abc", "t": "1790000000"}


def test_the_query_says_charset_coding_and_reports():
    query = kannel.Sendsms(
        username="u&x",
        password="p w",
        sender="NAJDA",
        to="+212600000001",
        text="طفل & +é",
        encoding="ucs2",
        dlr_url="http://h/?ref=1&d=%d",
        validity_m=60,
    ).query()
    fields = {name: values[0] for name, values in parse_qs(query).items()}
    assert fields == {
        "username": "u&x",
        "password": "p w",
        "from": "NAJDA",
        "to": "+212600000001",
        "charset": "UTF-8",
        "coding": "2",
        "text": "طفل & +é",
        "dlr-mask": "31",
        "dlr-url": "http://h/?ref=1&d=%d",
        "validity": "60",
    }
    assert "%25d" in query


def test_a_percent_of_ours_is_no_escape_of_kannels():
    url = kannel.dlr_url("https://host/hooks/sms/t%20t/", "a/b%d", "key")
    assert "t%%20t" in url
    assert "ref=a%%2Fb%%25d" in url
    assert url.endswith("&d=%d&a=%A&f=%F&t=%T")


@pytest.mark.parametrize(
    ("kind", "answer", "state", "error"),
    [
        ("1", "id:1 stat:DELIVRD err:000", "delivered", ""),
        ("8", "ACK/", "accepted", ""),
        ("4", "", "accepted", ""),
        ("2", "id:1 stat:UNDELIV err:001", "failed", "unreachable"),
        ("2", "id:1 stat:EXPIRED err:000", "failed", "expired"),
        ("2", "id:1 Stat:rejectd err:000", "failed", "rejected"),
        ("2", "", "failed", "unreachable"),
        ("16", "NACK/0x0000000b/Invalid Destination Address", "failed", "bad_address"),
        ("16", "NACK/0x00000058/Throttling error", "failed", "throttled"),
        ("16", "NACK/0x00000008/System Error", "failed", "gateway_down"),
        ("16", "NACK/0x00000401/Vendor", "failed", "rejected"),
        ("16", "NACK/what/", "failed", "rejected"),
        ("16", "NACK/11/Invalid Dest Addr", "failed", "bad_address"),
        ("16", "NACK/88/Throttled", "failed", "throttled"),
        ("16", "NACK/1025/Vendor", "failed", "rejected"),
        ("16", "", "failed", "rejected"),
    ],
)
def test_a_report_means_what_the_smsc_means(kind, answer, state, error):
    event = kannel.read_report({**QUERY, "d": kind, "a": answer})
    assert (event.state, event.error_kind, event.reference) == (state, error, "d-1")
    assert event.at == datetime.fromtimestamp(1790000000, UTC)


def test_a_repeated_report_has_the_same_key_and_another_part_its_own():
    keys = {kannel.read_report({**QUERY, "f": foreign}).event_key for foreign in ("abc", "abc", "abd")}
    assert len(keys) == 2


@pytest.mark.parametrize("kind", ["", "3", "-1", "1 OR 1", "١"])
def test_a_report_of_no_known_type_is_unreadable(kind):
    with pytest.raises(HookUnreadable):
        kannel.read_report({**QUERY, "d": kind})


@pytest.mark.parametrize("time", ["", "x", "99999999999999999999", "-99999999999999"])
def test_a_report_without_a_usable_time_is_still_one(time):
    assert kannel.read_report({**QUERY, "t": time}).at is None


def test_an_incoming_message_without_id_is_known_by_its_words():
    said = {"from": "+212600000042", "to": "5151", "text": "STOP", "t": "1790000000"}
    first, again = kannel.read_incoming(said), kannel.read_incoming(dict(said))
    other = kannel.read_incoming({**said, "t": "1790000001"})
    assert first.event_key == again.event_key != other.event_key
    assert "text" not in first.raw


@pytest.mark.parametrize("said", [{}, {"from": "", "text": "x"}, {"from": "+2126"}])
def test_an_incoming_message_without_sender_or_words_is_unreadable(said):
    with pytest.raises(HookUnreadable):
        kannel.read_incoming(said)


def test_an_empty_message_is_still_a_message():
    assert kannel.read_incoming({"from": "+212600000042", "text": ""}).text == ""


@pytest.mark.parametrize(
    ("valid_s", "longest_m", "minutes"),
    [
        (None, 0, 0),
        (None, 60, 60),
        (5400, 0, 90),
        (5400, 60, 60),
        (30, 0, 1),
        (61, 0, 2),
        (0, 0, 1),
        (0, 60, 60),
    ],
)
def test_a_gateway_holds_back_no_longer_than_a_message_is_wanted(valid_s, longest_m, minutes):
    assert kannel.validity_m(valid_s, longest_m) == minutes


@pytest.mark.parametrize(
    ("words", "charset", "said"),
    [
        ("رأيتها".encode("utf-16-be"), "UTF-16BE", "رأيتها"),
        ("رأيتها".encode("utf-16-be"), "UCS-2", "رأيتها"),
        ("رأيتها".encode(), "UTF-8", "رأيتها"),
        (b"J'ai vu", "", "J'ai vu"),
        ("رأ".encode("utf-16-be"), "8-BIT", "رأ"),
        ("vu à Fès".encode(), "8-BIT", "vu à Fès"),
        ("Fès".encode("latin-1"), "8-BIT", "Fès"),
        ("vu à Fès".encode("latin-1"), "ISO-8859-1", "vu à Fès"),
        (b"vu", "no-such-charset", "vu"),
        (b"\xd8\x00\x06", "UTF-16BE", "\ufffd"),
    ],
)
def test_what_a_phone_wrote_is_read_in_its_own_charset(words, charset, said):
    assert kannel.decoded(words, charset) == said


@pytest.mark.parametrize(
    ("number", "home", "known"),
    [
        ("212600000042", "", "+212600000042"),
        ("+212600000042", "", "+212600000042"),
        (" 212600000042", "", "+212600000042"),  # a plus that nobody escaped
        ("00212600000042", "", "+212600000042"),
        ("0600000042", "+212", "+212600000042"),
        ("0600000042", "", "0600000042"),
        ("5151", "", "5151"),
        ("NAJDA", "", "NAJDA"),
        ("٠٦١٢", "", "٠٦١٢"),
    ],
)
def test_a_sender_is_known_by_one_number_however_an_operator_writes_it(number, home, known):
    assert kannel.international(number, home) == known
