"""Twilio's refusals: what each means, and what is done about it."""

import json

import pytest

from notifier.exceptions import AnswerUnreadable, DeliveryError
from notifier.message import ACCOUNT_KINDS, ERROR_KINDS
from notifier.protocols import twilio
from notifier.verdicts import GATEWAY_KINDS

# What is done: the person is dropped from this channel, said to have stopped, the message is tried again, the
# gateway rests, or all waits and the operators are paged.
DROP, STOPPED, AGAIN, REST, PAGE = "drop", "stopped", "again", "rest", "page"


def action(error: DeliveryError) -> str:
    if error.kind in ACCOUNT_KINDS:
        return PAGE
    if error.kind in GATEWAY_KINDS:
        return REST
    if error.permanent:
        return STOPPED if error.kind == "opted_out" else DROP
    return AGAIN


def refused(status: int, body: object, **headers: str) -> DeliveryError:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(DeliveryError) as raised:
        twilio.read_answer(status, headers, raw)
    return raised.value


@pytest.mark.parametrize(
    ("status", "code", "kind", "done"),
    [
        (400, 21211, "bad_address", DROP),
        (400, 21614, "bad_address", DROP),
        (400, 21265, "bad_address", DROP),
        (400, 21604, "bad_address", DROP),
        (400, 30005, "bad_address", DROP),
        (400, 30006, "bad_address", DROP),
        (400, 21612, "unreachable", DROP),
        (400, 21617, "too_long", DROP),
        (400, 21602, "invalid", DROP),
        (400, 30004, "filtered", DROP),
        (400, 30007, "filtered", DROP),
        (400, 30036, "expired", DROP),
        (400, 21610, "opted_out", STOPPED),
        (400, 30003, "unreachable", AGAIN),
        (400, 30008, "unknown", AGAIN),
        (400, 30009, "unreachable", AGAIN),
        (429, 20429, "throttled", REST),
        (429, 63038, "throttled", REST),
        (400, 21611, "throttled", REST),
        (400, 30001, "throttled", REST),
        (400, 30022, "throttled", REST),
        (500, 20500, "gateway_down", REST),
        (503, 20503, "gateway_down", REST),
        (401, 20003, "credentials", PAGE),
        (403, 20005, "policy", PAGE),
        (403, 30002, "policy", PAGE),
        (403, 20403, "permission", PAGE),
        (403, 21408, "permission", PAGE),
        (400, 21608, "permission", PAGE),
        (404, 20404, "configuration", PAGE),
        (400, 21606, "configuration", PAGE),
        (400, 21609, "configuration", PAGE),
        (400, 21703, "configuration", PAGE),
        (400, 30034, "configuration", PAGE),
        (400, 11200, "configuration", PAGE),
        (400, 99999, "unknown", DROP),
        (401, 0, "credentials", PAGE),
        (403, 0, "permission", PAGE),
        (404, 0, "configuration", PAGE),
        (429, 0, "throttled", REST),
        (503, 0, "gateway_down", REST),
    ],
)
def test_a_refusal_by_its_meaning_and_what_is_done(status, code, kind, done):
    error = refused(status, {"code": code, "message": "+212600000042", "status": status})
    assert (error.kind, action(error)) == (kind, done)
    assert "+212" not in str(error)


def test_every_meaning_is_in_the_vocabulary():
    assert {kind for kind, _permanent in twilio.MEANINGS.values()} <= set(ERROR_KINDS)


def test_a_refusal_in_no_json_is_read_by_its_status():
    assert refused(403, b"<html>Forbidden").kind == "permission"
    assert refused(302, b"").kind == "configuration"
    assert refused(503, b"<html>Down").kind == "gateway_down"
    assert refused(400, b"[]").kind == "unknown"


def test_the_pause_asked_for_is_kept_and_a_spent_day_waits_an_hour():
    assert refused(429, {"code": 20429}, **{"retry-after": "7"}).retry_after_s == 7.0
    assert refused(429, {"code": 20429}, **{"retry-after": "Sun, 04 Oct 2026"}).retry_after_s is None
    assert refused(429, {"code": 63038}).retry_after_s == 3600.0


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<html>Sign in"), (201, b"[1]"), (502, b""), (504, b"<html>")]
)
def test_an_answer_that_says_nothing_is_not_a_refusal(status, body):
    with pytest.raises(AnswerUnreadable):
        twilio.read_answer(status, {}, body)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [("failed", 21610, "opted_out"), ("undelivered", "30005", "bad_address"), ("failed", None, "unknown")],
)
def test_a_message_that_was_made_and_failed_at_once_is_a_refusal(status, code, kind):
    with pytest.raises(DeliveryError) as refused:
        twilio.accepted({"sid": "SM1", "status": status, "error_code": code}, 1)
    assert (refused.value.kind, refused.value.permanent) == (kind, True)
