"""Every error of the sheet: what it means, whether it passes, what is to be done."""

import pytest

from notifier.exceptions import AnswerUnreadable, DeliveryError
from notifier.message import ACCOUNT_KINDS, ERROR_KINDS
from notifier.protocols import whatsapp, whatsapp_errors
from notifier.protocols.whatsapp_errors import MEANINGS, failure_kind, meaning, refusal

FOR_GOOD, FOR_NOW = True, False
TABLE = [
    (0, "credentials", FOR_NOW, "page"),
    (190, "credentials", FOR_NOW, "page"),
    (3, "permission", FOR_GOOD, "page_and_next_channel"),
    (10, "permission", FOR_GOOD, "page_and_next_channel"),
    (200, "permission", FOR_GOOD, "page_and_next_channel"),
    (299, "permission", FOR_GOOD, "page_and_next_channel"),
    (131005, "permission", FOR_GOOD, "page_and_next_channel"),
    (4, "throttled", FOR_NOW, "slow_down"),
    (80007, "throttled", FOR_NOW, "slow_down"),
    (130429, "throttled", FOR_NOW, "slow_down"),
    (131056, "unreachable", FOR_NOW, "retry"),
    (131057, "gateway_down", FOR_NOW, "retry"),
    (1, "gateway_down", FOR_NOW, "retry"),
    (2, "gateway_down", FOR_NOW, "retry"),
    (131000, "gateway_down", FOR_NOW, "retry"),
    (131016, "gateway_down", FOR_NOW, "retry"),
    (135000, "gateway_down", FOR_NOW, "retry"),
    (33, "configuration", FOR_GOOD, "page_and_next_channel"),
    (100, "invalid", FOR_GOOD, "next_channel"),
    (131008, "invalid", FOR_GOOD, "next_channel"),
    (131009, "invalid", FOR_GOOD, "next_channel"),
    (131051, "invalid", FOR_GOOD, "next_channel"),
    (131062, "invalid", FOR_GOOD, "next_channel"),
    (131063, "invalid", FOR_GOOD, "next_channel"),
    (131021, "bad_address", FOR_GOOD, "next_channel"),
    (131030, "bad_address", FOR_GOOD, "next_channel"),
    (131026, "unreachable", FOR_GOOD, "next_channel"),
    (131047, "rejected", FOR_GOOD, "template"),
    (131049, "filtered", FOR_GOOD, "next_channel"),
    (130472, "filtered", FOR_GOOD, "next_channel"),
    (131050, "opted_out", FOR_GOOD, "opt_out"),
    (131052, "no_media", FOR_NOW, "retry"),
    (131053, "no_media", FOR_NOW, "retry"),
    (131048, "policy", FOR_GOOD, "page_and_next_channel"),
    (131064, "policy", FOR_GOOD, "page_and_next_channel"),
    (131031, "policy", FOR_GOOD, "page_and_next_channel"),
    (368, "policy", FOR_GOOD, "page_and_next_channel"),
    (130497, "policy", FOR_GOOD, "page_and_next_channel"),
    (131037, "configuration", FOR_GOOD, "page_and_next_channel"),
    (131042, "configuration", FOR_GOOD, "page_and_next_channel"),
    (131045, "configuration", FOR_GOOD, "page_and_next_channel"),
    (132000, "configuration", FOR_GOOD, "page_and_next_channel"),
    (132001, "configuration", FOR_GOOD, "page_and_next_channel"),
    (132005, "too_long", FOR_GOOD, "next_channel"),
    (132007, "policy", FOR_GOOD, "page_and_next_channel"),
    (132008, "invalid", FOR_GOOD, "next_channel"),
    (132012, "invalid", FOR_GOOD, "next_channel"),
    (132015, "configuration", FOR_GOOD, "page_and_next_channel"),
    (132016, "configuration", FOR_GOOD, "page_and_next_channel"),
    (133005, "configuration", FOR_GOOD, "page_and_next_channel"),
    (133010, "configuration", FOR_GOOD, "page_and_next_channel"),
    (133016, "configuration", FOR_GOOD, "page_and_next_channel"),
    (137000, "rejected", FOR_NOW, "retry"),
    (2388293, "configuration", FOR_GOOD, "page_and_next_channel"),
    (999999, "unknown", FOR_GOOD, "next_channel"),
]


@pytest.mark.parametrize(("code", "kind", "permanent", "action"), TABLE)
def test_an_error_has_a_meaning_and_an_action_answered_or_reported(code, kind, permanent, action):
    found = meaning(code)
    assert (found.kind, found.permanent, found.action) == (kind, permanent, action)
    body = b'{"error": {"code": %d, "message": "to +212600000042"}}' % code
    with pytest.raises(DeliveryError) as raised:
        whatsapp.read_answer(400, {}, body)
    assert (raised.value.kind, raised.value.permanent) == (kind, permanent)
    assert "+2126" not in str(raised.value)
    assert failure_kind([{"code": code}]) == kind


def test_every_meaning_is_in_the_one_vocabulary_and_its_action_follows_from_it():
    for found in MEANINGS.values():
        assert found.kind in ERROR_KINDS
        pages = found.action in ("page", "page_and_next_channel")
        assert pages == (found.kind in ACCOUNT_KINDS)
        if found.action in ("next_channel", "opt_out", "page_and_next_channel"):
            assert found.permanent


@pytest.mark.parametrize("code", [130429, 131048])
def test_the_days_allowance_is_told_by_metas_words_or_by_a_code_the_deployment_learnt(code):
    spoken = {"code": code, "error_data": {"details": "You reached the messaging limit of unique users"}}
    told = refusal(spoken, {})
    assert (told.kind, told.permanent, told.retry_after_s) == ("quota", True, None)
    assert meaning(code).kind != "quota"
    assert meaning(code, day_limit_codes=(code,)) == whatsapp_errors.DAY_LIMIT


def test_a_wait_is_metas_own_or_the_errors():
    usage = '{"1": [{"type": "whatsapp", "estimated_time_to_regain_access": 3}]}'
    headers = {"x-business-use-case-usage": usage}
    assert refusal({"code": 80007}, headers).retry_after_s == 180.0
    assert refusal({"code": 131057}, {}).retry_after_s == 60.0
    assert refusal({"code": 131056}, {}).retry_after_s == 16.0
    assert refusal({"code": 130429}, {}).retry_after_s is None


def test_our_own_number_gone_is_a_setting_and_not_a_person():
    gone = refusal({"code": 100, "error_subcode": 33}, {})
    assert (gone.kind, gone.detail) == ("configuration", "100/33")


@pytest.mark.parametrize("error", [{}, {"code": None}, {"code": "x"}, {"code": 131026.5}, {"code": [0]}])
def test_an_error_without_a_code_is_not_a_dead_token(error):
    assert refusal(error, {}).kind == "unknown"
    assert refusal({"code": "0"}, {}).kind == "credentials"
    assert not refusal({**error, "is_transient": True}, {}).permanent


@pytest.mark.parametrize("errors", [None, [], "x", [3], {}, [{}]])
def test_a_failure_without_a_reason_is_unknown(errors):
    assert failure_kind(errors) == "unknown"


def test_redirects_and_other_formats_are_no_refusal():
    for status, body in ((302, b"{}"), (500, b"{}"), (200, b"x"), (400, b'{"error": "x"}')):
        with pytest.raises(AnswerUnreadable):
            whatsapp.read_answer(status, {}, body)
