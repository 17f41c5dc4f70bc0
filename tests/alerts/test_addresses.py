"""One spelling of each address, whatever a person, a phone's keyboard or a browser makes of it."""

import json

import pytest

from alerts.addresses import AddressRefused, is_user_id, masked, normalise
from notifier.protocols.webpush_crypto import b64
from notifier.simulators.webpush import subscription

PUSH = json.loads(subscription("sim-ok", "fcm.googleapis.com"))


def pushed(**changes) -> str:
    return json.dumps({**PUSH, **changes})


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        ("sms", "0612345678", "+212612345678"),
        ("whatsapp", "06 12 34 56 78", "+212612345678"),
        ("whatsapp", "00212612345678", "+212612345678"),
        ("whatsapp", "\u2066+212 612-345678\u2069", "+212612345678"),
        ("whatsapp", "٠٦١٢٣٤٥٦٧٨", "+212612345678"),
        ("whatsapp", "+33 6 12 34 56 78", "+33612345678"),
        ("whatsapp", " MA.8Zq1Kd ", "MA.8Zq1Kd"),
        ("email", "Amal@Example.ORG", "amal@example.org"),
    ],
)
def test_an_address_has_one_spelling(channel, typed, kept):
    assert normalise(channel, typed) == kept
    assert normalise(channel, kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12",
        "abc",
        "MA.",
        "ma.8Zq1",
        "MAR.8Zq1",
        "MA.8Zq 1",
        "MA.8Zq-1",
        "MA." + "x" * 129,
        "+212 6",
        "@amal",
    ],
)
def test_what_whatsapp_cannot_reach_is_refused(typed):
    with pytest.raises(AddressRefused) as refused:
        normalise("whatsapp", typed)
    assert refused.value.why == "whatsapp"


def test_a_browsers_subscription_has_one_form_however_it_was_written():
    nested = {
        "endpoint": PUSH["endpoint"],
        "expirationTime": None,
        "keys": {n: PUSH[n] for n in ("auth", "p256dh")},
    }
    padded = pushed(p256dh=PUSH["p256dh"] + "=", auth=PUSH["auth"] + "==")
    assert {
        normalise("webpush", one) for one in (json.dumps(nested, indent=2), padded, json.dumps(PUSH))
    } == {subscription("sim-ok", "fcm.googleapis.com")}


@pytest.mark.parametrize(
    "given",
    [
        "", "null", "[]", "{}", "{" * 5000, '{"endpoint": 1}',
        pushed(endpoint="http://fcm.googleapis.com/x"),
        pushed(endpoint="https://127.0.0.1/x"),
        pushed(endpoint="https://[::1]/x"),
        pushed(endpoint="https://2130706433/x"),
        pushed(endpoint="https://localhost/x"),
        pushed(endpoint="https://user@fcm.googleapis.com/x"),
        pushed(endpoint="https://fcm.googleapis.com\\@10.0.0.1/x"),
        pushed(p256dh=b64(b"\x04" + b"\1" * 64)),  # of the right length, on no curve
        pushed(p256dh=PUSH["p256dh"][:-4]),
        pushed(auth=b64(b"short")),
        pushed(auth=b64(b"s" * 17)),
        pushed(p256dh=None),
    ],
)  # fmt: skip
def test_what_is_no_subscription_is_refused(given):
    with pytest.raises(AddressRefused) as refused:
        normalise("webpush", given)
    assert refused.value.why == "webpush"


def test_while_sending_is_on_only_known_push_services_are_taken(settings):
    settings.PUBLIC_SENDING = True
    assert normalise("webpush", pushed())
    for endpoint in ("https://push.intranet.example/x", "https://fcm.googleapis.com:8443/x"):
        with pytest.raises(AddressRefused) as refused:
            normalise("webpush", pushed(endpoint=endpoint))
        assert refused.value.why == "push_host"


@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [
        ("sms", "+212612345678", "+212 ••• 78"),
        ("whatsapp", "MA.8Zq1Kd", "MA.•••"),
        ("email", "amal@example.org", "a•••@example.org"),
        ("webpush", subscription("x", "updates.push.services.mozilla.com"), "Firefox"),
        ("webpush", subscription("x", "db5p.notify.windows.com"), "Edge"),
        ("webpush", subscription("x", "push.example.org"), "push.example.org"),
    ],
)
def test_an_owner_knows_an_address_again_and_nobody_can_use_what_is_shown(channel, address, shown):
    assert masked(channel, address) == shown


def test_a_user_id_is_told_from_a_number():
    assert is_user_id("MA.8Zq1Kd")
    assert not is_user_id("+212612345678")
    assert not is_user_id("amal@example.org")
