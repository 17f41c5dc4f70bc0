"""Twilio's call-backs: what each says, and whether Twilio made it."""

import hashlib
import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from notifier import incoming
from notifier.backends.twilio import TwilioBackend
from notifier.exceptions import HookUnreadable
from notifier.message import Inbound, RawRequest, ReceiptEvent
from notifier.protocols import twilio_hooks

TOKEN = "a token of Twilio's"
HOOK = "https://najda.example/hooks/twilio/secret-path/"
FORM = "application/x-www-form-urlencoded"


def status_of(status: str, **more: str) -> dict[str, str]:
    return {"MessageSid": "SM1", "SmsSid": "SM1", "MessageStatus": status, "SmsStatus": status, **more}


def written(words: str, **more: str) -> dict[str, str]:
    sender = {"From": "+212600000042", "To": "+212500000000", "SmsStatus": "received", "NumMedia": "0"}
    return {"MessageSid": "SM2", **sender, "Body": words, **more}


def called(fields: dict[str, str], url: str = f"{HOOK}?ref=r-1", token: str = TOKEN) -> RawRequest:
    signed = twilio_hooks.signature(token, url, list(fields.items()))
    headers = {"Content-Type": f"{FORM}; charset=UTF-8", "x-twilio-signature": signed}
    return RawRequest("POST", url, headers, urlencode(fields).encode())


def backend(**more: object) -> TwilioBackend:
    known = {"account_sid": "AC1", "auth_token": TOKEN, "base_url": "http://twilio.invalid", "sender": "N"}
    return TwilioBackend("twilio", {**known, "hook_url": HOOK, **more})


@pytest.mark.parametrize(
    ("fields", "state", "kind"),
    [
        (status_of("accepted"), "accepted", ""),
        (status_of("queued"), "accepted", ""),
        (status_of("sending"), "accepted", ""),
        (status_of("sent"), "accepted", ""),
        (status_of("delivered", RawDlrDoneDate="2610040912"), "delivered", ""),
        (status_of("read"), "delivered", ""),
        (status_of("partially_delivered"), "delivered", ""),
        (status_of("undelivered", ErrorCode="30003"), "failed", "unreachable"),
        (status_of("undelivered", ErrorCode="30005"), "failed", "bad_address"),
        (status_of("undelivered", ErrorCode="30007", ErrorMessage="Filtered"), "failed", "filtered"),
        (status_of("undelivered", ErrorCode="30008"), "failed", "unknown"),
        (status_of("undelivered"), "failed", "unreachable"),
        (status_of("failed", ErrorCode="30002"), "failed", "policy"),
        (status_of("failed", ErrorCode="30034"), "failed", "configuration"),
        (status_of("failed", ErrorCode="63038"), "failed", "throttled"),
        (status_of("failed", ErrorCode="not a number"), "failed", "rejected"),
        (status_of("canceled"), "failed", "expired"),
        ({"SmsSid": "SM1", "SmsStatus": "sent"}, "accepted", ""),
        (status_of("delivered", ANewField="of tomorrow", Twice=""), "delivered", ""),
    ],
)
def test_a_status_by_its_meaning(fields, state, kind):
    call = called(fields)
    assert backend().verify(call)
    (event,) = backend().parse(call)
    assert isinstance(event, ReceiptEvent)
    assert (event.provider_id, event.reference, event.state, event.error_kind) == ("SM1", "r-1", state, kind)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (written("J'ai vu طفل 👧"), "J'ai vu طفل 👧"),
        (written(""), ""),
        (written("Stop", OptOutType="STOP"), "STOP"),
        (written("Désabonner svp", OptOutType="STOP"), "STOP"),
        (written("كفى", OptOutType="STOP"), "STOP"),
        (written("aide", OptOutType="HELP"), "aide"),
        (written("START", OptOutType="START"), "START"),
        (written("", NumMedia="1", MediaUrl0="https://api.twilio.com/1", MediaContentType0="image/jpeg"), ""),
    ],
)  # fmt: skip
def test_what_the_public_writes(fields, text):
    call = called(fields, HOOK)
    assert backend().verify(call)
    (event,) = backend().parse(call)
    assert isinstance(event, Inbound)
    assert (event.kind, event.sender, event.text, event.event_key) == (
        "text", "+212600000042", text, "mo:SM2",
    )  # fmt: skip
    assert event.to == "+212500000000"
    assert {name: value for name, value in fields.items() if name != "Body"}.items() <= event.raw.items()


def test_the_own_words_of_who_stops_are_kept_beside():
    (event,) = backend().parse(called(written("كفى", OptOutType="STOP"), HOOK))
    assert isinstance(event, Inbound)
    assert event.raw["Body"] == "كفى"


def test_a_replayed_call_back_has_the_same_key_and_a_later_state_another():
    keys = [
        event.event_key
        for status in ("delivered", "queued", "delivered", "sent")
        for event in backend().parse(called(status_of(status)))
    ]
    assert keys == ["SM1:delivered", "SM1:queued", "SM1:delivered", "SM1:sent"]


@pytest.mark.parametrize(
    "fields", [status_of("of tomorrow"), {"PayloadType": "application/json", "Level": "ERROR"}]
)
def test_what_is_of_no_interest_is_left(fields):
    assert backend().parse(called(fields)) == []


@pytest.mark.parametrize(
    "call",
    [
        called({"AccountSid": "AC1"}),
        called({"MessageSid": "SM1"}),
        RawRequest("POST", HOOK, {"Content-Type": "application/json"}, b"[1]"),
        RawRequest("POST", HOOK, {"Content-Type": "text/plain"}, b"MessageSid=SM1"),
        RawRequest("POST", HOOK, {}, b"\xff\xfe"),
    ],
)
def test_a_call_back_in_no_known_form_is_said_to_be_unreadable(call):
    with pytest.raises(HookUnreadable):
        backend().parse(call)


GOOD = called(status_of("delivered"))
OF_THE_ADDRESS = twilio_hooks.signature(TOKEN, GOOD.url)


@pytest.mark.parametrize(
    "forged",
    [
        replace(GOOD, body=GOOD.body.replace(b"delivered", b"failed")),
        replace(GOOD, body=GOOD.body + b"&ErrorCode=30007"),
        replace(GOOD, body=GOOD.body + b" "),
        replace(GOOD, body=b""),
        replace(GOOD, body=GOOD.body.replace(b"SM1", b"SM2")),
        replace(GOOD, url=GOOD.url.replace("r-1", "r-2")),
        replace(GOOD, url=HOOK),
        replace(GOOD, url=GOOD.url + "&more=1"),
        replace(GOOD, url=GOOD.url.replace("secret-path", "secret-pat")),
        replace(GOOD, headers={"Content-Type": FORM}),
        replace(GOOD, headers={"Content-Type": FORM, "X-Twilio-Signature": ""}),
        replace(GOOD, headers={"Content-Type": FORM, "X-Twilio-Signature": "é" * 28}),
        replace(GOOD, headers={**GOOD.headers, "Content-Type": "text/plain"}),
        called(status_of("delivered"), token="another token"),
        called(status_of("delivered"), url="https://evil.example/hooks/twilio/secret-path/?ref=r-1"),
        replace(GOOD, headers={"Content-Type": FORM, "X-Twilio-Signature": OF_THE_ADDRESS}),
        replace(GOOD, method="POST", headers={"Content-Type": FORM, "X-Hub-Signature-256": "sha256=00"}),
    ],
)  # fmt: skip
def test_a_forged_call_back_is_not_believed(forged):
    assert backend().verify(GOOD)
    assert not backend().verify(forged)


def test_without_a_token_or_an_address_of_our_own_nobody_is_believed():
    assert not backend(auth_token="").verify(called(status_of("sent"), token=""))
    assert not backend(hook_url="").verify(GOOD)


@pytest.mark.parametrize(
    "seen",
    [
        "http://web-1:8000/hooks/twilio/secret-path/?ref=r-1",
        "https://10.0.0.7/hooks/twilio/secret-path/?ref=r-1",
        "/hooks/twilio/secret-path/?ref=r-1",
    ],
)
def test_behind_a_proxy_the_address_given_to_twilio_counts(seen):
    assert backend().verify(replace(GOOD, url=seen))


@pytest.mark.parametrize(
    ("hook", "signed"),
    [
        (HOOK, HOOK.replace("example/", "example:443/")),
        (HOOK.replace("example/", "example:443/"), HOOK),
        (HOOK.replace("example/", "example:8443/"), HOOK.replace("example/", "example:8443/")),
        (HOOK.replace("example/", "example:8443/"), HOOK),
    ],
)
def test_the_port_may_be_signed_or_not(hook, signed):
    call = called(status_of("sent"), signed)
    assert backend(hook_url=hook).verify(call)


def test_a_port_of_somebody_elses_is_not_ours():
    assert not backend().verify(called(status_of("sent"), HOOK.replace("example/", "example:8443/")))


def test_several_values_of_one_key_are_signed_sorted_and_once():
    body = b"b=2&a=z&b=1&b=2&MessageSid=SM1&MessageStatus=sent"
    by_hand = f"{HOOK}MessageSidSM1MessageStatussentazb1b2"
    fields = [
        ("b", "2"),
        ("a", "z"),
        ("b", "1"),
        ("b", "2"),
        *(("MessageSid", "SM1"), ("MessageStatus", "sent")),
    ]
    assert twilio_hooks.signature(TOKEN, by_hand) == twilio_hooks.signature(TOKEN, HOOK, fields)
    signed = {"Content-Type": FORM, "X-Twilio-Signature": twilio_hooks.signature(TOKEN, by_hand)}
    assert backend().verify(RawRequest("POST", HOOK, signed, body))


def test_twilios_own_example_of_a_signature():
    """The worked example of twilio.com/docs/usage/security."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert twilio_hooks.signature("12345", url, list(fields.items())) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def as_json(data: object, **more: str) -> RawRequest:
    body = json.dumps(data).encode()
    query = urlencode({"bodySHA256": hashlib.sha256(body).hexdigest(), **more})
    url = f"{HOOK}?{query}"
    signed = {"Content-Type": "application/json", "X-Twilio-Signature": twilio_hooks.signature(TOKEN, url)}
    return RawRequest("POST", url, signed, body)


def test_json_is_covered_by_its_hash_in_the_address():
    call = as_json(status_of("delivered"), ref="r-1")
    assert backend().verify(call)
    (event,) = backend().parse(call)
    assert isinstance(event, ReceiptEvent)
    assert (event.state, event.reference) == ("delivered", "r-1")
    assert not backend().verify(replace(call, body=call.body.replace(b"delivered", b"failed")))
    bare = HOOK
    signed = {"Content-Type": "application/json", "X-Twilio-Signature": twilio_hooks.signature(TOKEN, bare)}
    assert not backend().verify(RawRequest("POST", bare, signed, call.body))


def test_a_call_by_get_is_signed_by_its_address_alone():
    url = f"{HOOK}?{urlencode(status_of('sent'))}&ref=r-1"
    call = RawRequest("GET", url, {"X-Twilio-Signature": twilio_hooks.signature(TOKEN, url)})
    assert backend().verify(call)
    (event,) = backend().parse(call)
    assert isinstance(event, ReceiptEvent)
    assert (event.provider_id, event.reference) == ("SM1", "r-1")


def test_the_answer_says_nothing():
    answer = backend().answer(GOOD)
    assert (answer.status, answer.body) == (204, b"")


def test_files_a_pin_and_what_it_answers_are_read_in_the_one_form():
    fields = written(
        "", NumMedia="2", MediaUrl0="https://api.twilio.com/1", MediaContentType0="image/jpeg",
        MediaUrl1="https://api.twilio.com/2", MediaContentType1="audio/amr", Latitude="34.02",
        Longitude="-6.83", OriginalRepliedMessageSid="SM1",
    )  # fmt: skip
    (event,) = backend().parse(called(fields, HOOK))
    assert isinstance(event, Inbound)
    assert [file.media_type for file in incoming.files(event.raw)] == ["image/jpeg", "audio/amr"]
    assert incoming.place(event.raw) == (34.02, -6.83, "")
    assert incoming.replies_to(event.raw) == "SM1"


@pytest.mark.parametrize("count", ["-1", "4000000000", "x", ""])
def test_a_count_that_lies_makes_no_files(count):
    (event,) = backend().parse(called(written("vu", NumMedia=count), HOOK))
    assert isinstance(event, Inbound)
    assert incoming.files(event.raw) == ()
