"""Web Push on the wire, against the RFCs' own examples."""

import json

import http_ece  # type: ignore[import-untyped]  # ships without types
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from notifier.exceptions import CannotCarry
from notifier.protocols import webpush, webpush_crypto
from notifier.protocols.webpush_crypto import b64, unb64
from notifier.simulators.webpush import opened, subscription

# RFC 8291, appendix A
PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
READER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg"
    "Dll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyou"
    "BWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_library_seals_as_the_rfc_does():
    key = ec.derive_private_key(int.from_bytes(unb64(SENDER)), ec.SECP256R1())
    sealed = http_ece.encrypt(
        PLAIN, salt=unb64(SALT), private_key=key, dh=unb64(READER), auth_secret=unb64(AUTH)
    )
    assert b64(sealed) == SEALED


def test_no_two_pushes_are_sealed_alike_and_only_the_phone_reads_them():
    to = webpush.read_subscription(subscription("x"))
    sealed = [webpush_crypto.encrypt(PLAIN, p256dh=to.p256dh, auth=to.auth) for _ in range(2)]
    assert [opened(one) for one in sealed] == [PLAIN, PLAIN]
    assert sealed[0][:16] != sealed[1][:16]
    assert PLAIN not in sealed[0]
    foreign = webpush_crypto.encrypt(PLAIN, p256dh=unb64(READER), auth=unb64(AUTH))
    for broken in (foreign, sealed[0][:-1] + b"x", sealed[0][:-1]):
        with pytest.raises(ValueError):
            opened(broken)


def test_a_token_proves_who_sends_and_to_whom():
    key = webpush_crypto.new_private_key()
    vapid = webpush_crypto.vapid(key, "mailto:a@najda.invalid")
    header = vapid.authorization("https://fcm.googleapis.com", 1_900_000_000)
    claims = webpush_crypto.read_authorization(header)
    assert claims["aud"] == "https://fcm.googleapis.com"
    assert claims["exp"] == 1_900_000_000
    assert claims["k"] == vapid.public
    assert len(unb64(vapid.public)) == 65
    signed, _, _ = header.removeprefix("vapid t=").partition(", k=")
    other = webpush_crypto.vapid(webpush_crypto.new_private_key(), "mailto:a@najda.invalid")
    for forged in (
        f"vapid t={signed}, k={other.public}",
        f"vapid t={signed[:-4]}AAAA, k={vapid.public}",
        f"vapid t=x.{signed.partition('.')[2]}, k={vapid.public}",
        f"Bearer {signed}",
        "",
    ):
        with pytest.raises(ValueError):
            webpush_crypto.read_authorization(forged)


def test_a_browsers_own_json_is_the_same_subscription():
    ours = subscription("x")
    fields = json.loads(ours)
    browsers = json.dumps(
        {
            "endpoint": fields["endpoint"],
            "expirationTime": None,
            "keys": {"p256dh": fields["p256dh"] + "=", "auth": fields["auth"] + "=="},
        }
    )
    assert webpush.read_subscription(browsers).as_address() == ours
    assert webpush.read_subscription(ours).origin == "https://push.invalid"


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"p256dh": ""}, "p256dh"),
        ({"p256dh": b64(b"\x04" + bytes(64))}, "p256dh"),
        ({"p256dh": b64(b"\x04" + b"\xff" * 64)}, "p256dh"),
        ({"p256dh": "*"}, "not_a_subscription"),
        ({"p256dh": 7}, "not_a_subscription"),
        ({"p256dh": "مفتاح"}, "not_a_subscription"),
        ({"auth": b64(b"short")}, "auth"),
        ({"auth": None}, "not_a_subscription"),
        ({"endpoint": None}, "endpoint"),
        ({"endpoint": "https://push.invalid"}, "endpoint"),
        ({"endpoint": "https://push.invalid/é"}, "endpoint"),
        ({"endpoint": "https://push.invalid/" + "x" * 5000}, "not_a_subscription"),
        ({"keys": 3}, "not_a_subscription"),
    ],
)
def test_a_bad_subscription_is_refused_by_the_field_and_never_quoted(changes, detail):
    with pytest.raises(CannotCarry) as refused:
        webpush.read_subscription(json.dumps({**json.loads(subscription("x")), **changes}))
    assert (refused.value.kind, refused.value.detail) == ("bad_address", detail)


@pytest.mark.parametrize("address", ["", "{", "[]", "null", "7", '"x"', "{}", "+212600000001", "[" * 4000])
def test_what_is_no_subscription_is_refused(address):
    with pytest.raises(CannotCarry):
        webpush.read_subscription(address)


@pytest.mark.parametrize(
    ("host", "names", "among"),
    [
        ("a.push.apple.com", ["*.push.apple.com"], True),
        ("push.apple.com", ["*.push.apple.com"], False),
        ("apush.apple.com", ["*.push.apple.com"], False),
        ("x.example", ["*"], True),
        ("x.example", [], False),
        ("x.example", ["example"], False),
    ],
)
def test_a_host_is_among_names_by_whole_labels(host, names, among):
    assert webpush.is_among(host, names) is among
