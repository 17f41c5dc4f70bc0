"""The Graph API's errors, budgets, signatures and call-backs."""

import json

import pytest

from notifier import incoming
from notifier.exceptions import AnswerUnreadable, DeliveryError, HookUnreadable
from notifier.message import Inbound, ReceiptEvent
from notifier.protocols import graph, page_hooks
from notifier.simulators.graph import escaped

PAGE = "100200300400500"


@pytest.mark.parametrize(
    ("code", "subcode", "kind", "permanent"),
    [
        (1, 0, "gateway_down", False),
        (2, 0, "gateway_down", False),
        (3, 0, "permission", True),
        (4, 0, "throttled", False),
        (9, 2207042, "throttled", False),
        (10, 0, "permission", True),
        (17, 0, "throttled", False),
        (32, 0, "throttled", False),
        (100, 0, "invalid", True),
        (100, 33, "missing", True),
        (102, 0, "credentials", False),
        (190, 0, "credentials", False),
        (190, 458, "credentials", False),
        (190, 460, "credentials", False),
        (190, 463, "credentials", False),
        (200, 0, "permission", True),
        (283, 0, "permission", True),
        (299, 0, "permission", True),
        (341, 0, "throttled", False),
        (368, 0, "policy", True),
        (506, 0, "duplicate", True),
        (551, 0, "unreachable", True),
        (613, 0, "throttled", False),
        (80001, 0, "throttled", False),
        (80002, 0, "throttled", False),
        (80006, 0, "throttled", False),
        (1609005, 0, "invalid", False),
        (99999, 0, "unknown", True),
    ],
)
def test_an_error_means_what_its_code_means(code, subcode, kind, permanent):
    body = json.dumps({"error": {"message": "x", "code": code, "error_subcode": subcode}}).encode()
    with pytest.raises(DeliveryError) as raised:
        graph.read_answer(403, {}, body)
    assert (raised.value.kind, raised.value.permanent) == (kind, permanent)


def test_the_code_decides_and_not_the_http_status():
    for status in (200, 400, 403, 429, 500):
        with pytest.raises(DeliveryError) as raised:
            graph.read_answer(status, {}, b'{"error":{"code":80001}}')
        assert raised.value.kind == "throttled"


def test_an_unknown_error_that_calls_itself_transient_is_passing():
    assert not graph.meaning({"code": 7, "is_transient": True}, {}).permanent


def test_metas_words_are_not_kept():
    error = graph.meaning({"code": 190, "message": "Session of Ahmed expired", "fbtrace_id": "A"}, {})
    assert "Ahmed" not in str(error)


def test_a_throttled_account_says_when_it_may_call_again():
    line = {"type": "pages", "call_count": 97, "total_time": 3, "estimated_time_to_regain_access": 7}
    headers = {"x-business-use-case-usage": json.dumps({PAGE: [line]}), "x-app-usage": '{"call_count": 12}'}
    assert graph.meaning({"code": 80001}, headers).retry_after_s == 420.0
    assert graph.meaning({"code": 190}, headers).retry_after_s is None
    assert graph.usage_percent(headers) == 97


@pytest.mark.parametrize(
    "value", ["", "no json", "[]", '{"1": 5}', '{"1": ["x"]}', '{"1": [{"call_count": "x"}]}']
)
def test_a_strange_usage_header_is_no_news(value):
    headers = {"x-business-use-case-usage": value, "x-app-usage": value}
    assert graph.usage_percent(headers) == 0
    assert graph.regain_s(headers) is None


@pytest.mark.parametrize("body", [b"<html>", b"", b"[1]", b"\xff", b'"x"'])
def test_an_answer_that_is_no_object_is_unreadable(body):
    with pytest.raises(AnswerUnreadable):
        graph.read_answer(200, {}, body)


def test_a_redirect_is_no_success():
    with pytest.raises(AnswerUnreadable):
        graph.read_answer(302, {}, b"{}")


def test_the_signature_is_over_the_bytes_as_they_came():
    body = escaped({"object": "page", "entry": [{"text": "طفل/é<b>"}]})
    given = graph.signature("secret", body)
    assert b"\\u0637" in body
    assert b"\\/" in body
    assert graph.is_signed("secret", body, given)
    assert not graph.is_signed("secret", json.dumps(json.loads(body), ensure_ascii=False).encode(), given)
    assert not graph.is_signed("other", body, given)
    assert not graph.is_signed("", body, graph.signature("", body))
    assert not graph.is_signed("secret", body, "sha256=é")


def change(**value: object) -> bytes:
    known = {
        "item": "comment",
        "verb": "add",
        "post_id": f"{PAGE}_1",
        "comment_id": "1_2",
        "created_time": 1790000000,
    }
    return json.dumps(
        {
            "object": "page",
            "entry": [{"id": PAGE, "changes": [{"field": "feed", "value": {**known, **value}}]}],
        }
    ).encode()


def test_a_comment_is_heard_with_or_without_its_author():
    (named,) = page_hooks.read(change(message="vu", **{"from": {"id": "7", "name": "N"}}))
    (hidden,) = page_hooks.read(change(message="vu"))
    assert isinstance(named, Inbound)
    assert isinstance(hidden, Inbound)
    assert (named.sender, hidden.sender) == ("7", "")
    assert named.raw["post_id"] == f"{PAGE}_1"


def test_a_comment_brings_its_picture_or_clip_and_says_when_it_was_corrected():
    seen = change(verb="edited", message="vu", photo="https://scontent.fbcdn.net/1", video="")
    (heard,) = page_hooks.read(seen)
    assert isinstance(heard, Inbound)
    assert [file.url for file in incoming.files(heard.raw)] == ["https://scontent.fbcdn.net/1"]
    assert (heard.raw["type"], heard.channel) == ("edit", "messenger")


def test_what_cannot_be_read_of_one_change_costs_no_other():
    body = json.loads(change(message="vu"))
    body["entry"][0]["changes"] += [{}, {"field": "feed", "value": 7}, {"value": {"item": []}}]
    assert len(page_hooks.read(json.dumps(body).encode())) == 1


def test_our_own_comment_is_an_echo():
    assert page_hooks.read(change(**{"from": {"id": PAGE}})) == []


@pytest.mark.parametrize("item", ["photo", "post", "status"])
def test_our_own_post_is_a_receipt_and_a_strangers_is_heard(item):
    (receipt,) = page_hooks.read(change(item=item, **{"from": {"id": PAGE}}))
    assert isinstance(receipt, ReceiptEvent)
    assert (receipt.provider_id, receipt.state) == (f"{PAGE}_1", "delivered")
    (heard,) = page_hooks.read(change(item=item, message="vu", **{"from": {"id": "7"}}))
    assert isinstance(heard, Inbound)
    assert (heard.kind, heard.text, heard.sender) == ("mention", "vu", "7")


@pytest.mark.parametrize("verb", ["remove", "hide", "unhide"])
def test_other_verbs_are_of_no_interest(verb):
    assert page_hooks.read(change(verb=verb)) == []


def test_a_mention_is_heard():
    value = {
        "item": "post",
        "verb": "add",
        "post_id": "9_9",
        "sender_id": "7",
        "message": "vu",
        "created_time": 1,
    }
    body = {"object": "page", "entry": [{"id": PAGE, "changes": [{"field": "mention", "value": value}]}]}
    (heard,) = page_hooks.read(json.dumps(body).encode())
    assert isinstance(heard, Inbound)
    assert (heard.kind, heard.sender) == ("mention", "7")


def test_several_entries_and_changes_come_in_one_call():
    first, second = (json.loads(change(comment_id=f"1_{number}"))["entry"][0] for number in (2, 3))
    first["changes"] *= 2
    messages = {"id": PAGE, "messaging": [{"sender": {"id": "7"}}]}
    body = json.dumps({"object": "page", "entry": [first, second, messages]}).encode()
    keys = [event.event_key for event in page_hooks.read(body)]
    assert keys == ["1_2:add:1790000000", "1_2:add:1790000000", "1_3:add:1790000000"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"[]",
        b"{}",
        b'{"entry": 1}',
        b'{"entry": [1]}',
        b'{"entry": [{"id": "1", "changes": [{}]}]}',
    ],
)
def test_a_call_back_of_another_shape_is_unreadable(body):
    with pytest.raises(HookUnreadable):
        page_hooks.read(body)


def test_the_pages_white_space_is_not_ours():
    assert graph.same_words("a\n\nb  c", " a b\nc ")
    assert not graph.same_words("a b", "a c")
