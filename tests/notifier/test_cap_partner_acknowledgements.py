"""What a CAP partner says later: believed by its secret alone, read without surprise."""

import dataclasses
import json

import pytest

from notifier.backends.cap_partner import CapPartnerBackend
from notifier.exceptions import HookUnreadable
from notifier.message import RawRequest, ReceiptEvent
from notifier.protocols import cap_partner
from tests.notifier.contract import forgeries
from tests.notifier.test_backends_cap_partner import SECRET, answering, partners


def signed(body: bytes, secret: str = SECRET, **headers: str) -> RawRequest:
    own = {cap_partner.SIGNATURE: cap_partner.sign(secret, "ack", 1_800_000_000, body)}
    return RawRequest("POST", "https://najda.invalid/hooks/cap/t/", {**own, **headers}, body)


ACK = json.dumps({"reference": "r-1", "state": "published", "at": "2026-11-22T02:00:00+00:00"}).encode()


def test_an_acknowledgement_is_believed_by_its_partners_secret_alone():
    two = {
        **partners("https://a.invalid", ("radio",), "one"),
        **partners("https://b.invalid", ("press",), "two"),
    }
    backend = CapPartnerBackend("cap", {"partners": two})
    assert backend.verify(signed(ACK, "two", **{cap_partner.PARTNER: "press"}))
    assert not backend.verify(signed(ACK, "two", **{cap_partner.PARTNER: "radio"}))
    assert not backend.verify(signed(ACK, "two"))
    assert not backend.verify(signed(ACK, "", **{cap_partner.PARTNER: "nobody"}))
    assert answering(200)[0].verify(signed(ACK))


def test_forged_acknowledgements_are_not_believed():
    backend, _ = answering(200)
    good = signed(ACK)
    header = good.header(cap_partner.SIGNATURE)
    for forged in forgeries(good):
        assert not backend.verify(forged)
    for value in (
        header.replace("t=1", "t=2"),
        header.upper(),
        f"{header},v1=0",
        header[:-1],
        f" {header}",
        "t=1,v1=" + "٠" * 64,
        "",
    ):
        assert not backend.verify(dataclasses.replace(good, headers={cap_partner.SIGNATURE: value}))
    ours = dataclasses.replace(good, headers={cap_partner.SIGNATURE: cap_partner.sign(SECRET, "cap", 1, ACK)})
    assert not backend.verify(ours)  # what we signed ourselves, sent back


def test_a_clock_ten_minutes_off_costs_no_acknowledgement():
    backend, _ = answering(200)
    late = RawRequest("POST", "/", {cap_partner.SIGNATURE: cap_partner.sign(SECRET, "ack", 1, ACK)}, ACK)
    assert backend.verify(late)
    assert backend.parse(late) == backend.parse(signed(ACK))  # and a replayed one changes nothing


@pytest.mark.parametrize(
    ("said", "state", "error_kind"),
    [("received", "accepted", ""), ("published", "delivered", ""), ("refused", "failed", "rejected")],
)
def test_a_partners_words_become_ours(said, state, error_kind):
    (event,) = answering(200)[0].parse(signed(json.dumps({"reference": "r-1", "state": said}).encode()))
    assert isinstance(event, ReceiptEvent)
    assert (event.state, event.error_kind, event.at) == (state, error_kind, None)


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"[]", b'{"state": "published"}', b'{"reference": "r"}',
     b'{"reference": 1, "state": "published"}',
     b'{"reference": "r", "state": []}', b'{"reference": "r", "state": "eaten"}', b"\xff"],
)  # fmt: skip
def test_an_unreadable_acknowledgement_is_kept_for_a_person(body):
    with pytest.raises(HookUnreadable):
        answering(200)[0].parse(signed(body))
