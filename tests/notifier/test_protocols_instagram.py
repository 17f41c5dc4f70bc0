"""Instagram's words: what a refusal means and is done about, what a call-back says."""

import json
from typing import Any

import pytest

from notifier.exceptions import DeliveryError, HookUnreadable
from notifier.message import ACCOUNT_KINDS, ERROR_KINDS
from notifier.protocols import graph, instagram
from notifier.verdicts import GATEWAY_KINDS

# What is done with a post: given up and a person told, tried again, put off, or held while a person is paged.
GIVE_UP, AGAIN, WAIT, PAGE = "give up", "again", "wait", "page"
ACCOUNT = "17841400000000001"


def action(error: DeliveryError) -> str:
    if error.kind in ACCOUNT_KINDS:
        return PAGE
    if error.permanent:
        return GIVE_UP
    return WAIT if error.kind == "throttled" else AGAIN


@pytest.mark.parametrize(
    ("code", "subcode", "kind", "done"),
    [
        (-2, 2207003, "no_media", AGAIN),
        (-1, 2207001, "policy", PAGE),
        (-1, 2207032, "gateway_down", AGAIN),
        (-1, 2207053, "gateway_down", AGAIN),
        (-1, 0, "gateway_down", AGAIN),
        (1, 0, "gateway_down", AGAIN),
        (2, 0, "gateway_down", AGAIN),
        (4, 2207051, "policy", PAGE),
        (4, 0, "throttled", WAIT),
        (9, 2207042, "throttled", WAIT),
        (9007, 2207027, "throttled", WAIT),
        (9007, 0, "throttled", WAIT),
        (80002, 0, "throttled", WAIT),
        (9004, 2207052, "configuration", PAGE),
        (10, 0, "permission", PAGE),
        (200, 0, "permission", PAGE),
        (24, 2207006, "missing", GIVE_UP),
        (24, 2207008, "gateway_down", AGAIN),
        (24, 2207020, "expired", AGAIN),
        (25, 2207050, "policy", PAGE),
        (352, 2207026, "no_media", GIVE_UP),
        (36000, 2207004, "no_media", GIVE_UP),
        (36001, 2207005, "no_media", GIVE_UP),
        (36003, 2207009, "no_media", GIVE_UP),
        (100, 36003, "no_media", GIVE_UP),
        (36004, 2207010, "too_long", GIVE_UP),
        (100, 2207040, "too_long", GIVE_UP),
        (100, 2207023, "invalid", GIVE_UP),
        (100, 33, "missing", GIVE_UP),
        (100, 0, "invalid", GIVE_UP),
        (190, 460, "credentials", PAGE),
        (190, 463, "credentials", PAGE),
        (102, 0, "credentials", PAGE),
        (368, 0, "policy", PAGE),
        (506, 0, "duplicate", GIVE_UP),
        (424242, 0, "unknown", GIVE_UP),
    ],
)
def test_a_refusal_by_its_meaning_and_what_is_done(code, subcode, kind, done):
    told = {"code": code, "error_subcode": subcode, "message": "Enfant", "fbtrace_id": "A1"}
    error = instagram.refined(graph.meaning(told, {}))
    assert (error.kind, action(error)) == (kind, done)
    assert "Enfant" not in str(error)


def test_every_meaning_is_in_the_vocabulary():
    assert {kind for kind, _permanent in instagram.MEANINGS.values()} <= set(ERROR_KINDS)
    assert "throttled" in GATEWAY_KINDS


def test_a_spent_day_is_waited_for_longer_than_the_header_says():
    usage = {"x-business-use-case-usage": '{"1":[{"estimated_time_to_regain_access":5}]}'}
    spent = instagram.refined(graph.meaning({"code": 9, "error_subcode": 2207042}, usage))
    busy = instagram.refined(graph.meaning({"code": 80002}, usage))
    assert (spent.retry_after_s, busy.retry_after_s) == (3600.0, 300.0)


@pytest.mark.parametrize(
    ("status", "said", "kind", "permanent"),
    [
        ("IN_PROGRESS", "", "throttled", False),
        ("", "", "throttled", False),
        ("EXPIRED", "", "expired", False),
        ("ERROR", "Error: Media upload has failed with error code 2207052", "configuration", False),
        ("ERROR", "Error: 2207009", "no_media", True),
        ("ERROR", "Something else", "gateway_down", False),
    ],
)
def test_a_container_that_cannot_be_published_says_why(status, said, kind, permanent):
    fault = instagram.container_fault({"status_code": status, "status": said})
    assert fault is not None
    assert (fault.kind, fault.permanent) == (kind, permanent)


def test_a_finished_container_has_no_fault():
    assert instagram.container_fault({"status_code": "FINISHED", "status": "Finished: 2207052"}) is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"data": [{"quota_usage": 2, "config": {"quota_total": 50, "quota_duration": 86400}}]}, (2, 50)),
        ({"data": [{"quota_usage": 0, "config": {"quota_total": 100}}]}, (0, 100)),
        ({"data": [{"quota_usage": 2}]}, None),
        ({"data": []}, None),
        ({}, None),
    ],
)
def test_the_quota_is_what_instagram_says_or_unknown(answer, expected):
    assert instagram.quota(answer) == expected


# --- call-backs ---------------------------------------------------------------------------------------


def told(*changes: tuple[str, dict[str, Any]], **more: object) -> bytes:
    entry = {"id": ACCOUNT, "time": 1790000000, "changes": [{"field": f, "value": v} for f, v in changes]}
    return json.dumps({"object": "instagram", "entry": [{**entry, **more}]}).encode()


COMMENT = {
    "id": "c1",
    "text": "J'ai vu طفل",
    "from": {"id": "7001", "username": "someone"},
    "media": {"id": "m1", "media_product_type": "FEED"},
    "parent_id": "c0",
}
MESSAGE = {
    "sender": {"id": "7002"},
    "recipient": {"id": ACCOUNT},
    "timestamp": 1790000000123,
    "message": {"mid": "mid1", "text": "Ici", "attachments": [{"type": "image", "payload": {"url": "https://x/1"}}]},
}  # fmt: skip


def test_a_comment_is_heard_with_what_it_hangs_on():
    (said,) = instagram.read_changes(told(("comments", COMMENT)))
    assert (said.kind, said.provider_id, said.sender, said.text) == ("comment", "c1", "7001", "J'ai vu طفل")
    assert (said.event_key, said.to) == ("comment:c1", ACCOUNT)
    assert said.raw == {"media_id": "m1", "post_id": "m1", "parent_id": "c0", "username": "someone"}
    assert said.at is not None
    assert said.at.isoformat() == "2026-09-21T14:13:20+00:00"


def test_a_message_is_heard_with_its_pictures():
    (said,) = instagram.read_changes(told(messaging=[MESSAGE]))
    assert (said.kind, said.sender, said.text, said.event_key) == ("message", "7002", "Ici", "message:mid1")
    assert said.raw == {"files": '[{"url": "https://x/1", "media_type": "image/*"}]'}
    assert said.at is not None
    assert said.at.year == 2026


@pytest.mark.parametrize(
    ("value", "key"),
    [({"media_id": "m9", "comment_id": "c9"}, "mention:c9"), ({"media_id": "m9"}, "mention:m9")],
)
def test_a_mention_names_what_a_person_must_open(value, key):
    (said,) = instagram.read_changes(told(("mentions", value)))
    assert (said.kind, said.event_key, said.text) == ("mention", key, "")
    assert said.raw["media_id"] == "m9"


def test_several_in_one_call_are_all_heard():
    body = told(("comments", COMMENT), ("mentions", {"media_id": "m9"}), messaging=[MESSAGE])
    assert [said.kind for said in instagram.read_changes(body)] == ["comment", "mention", "message"]


@pytest.mark.parametrize(
    "body",
    [
        told(("comments", {**COMMENT, "from": {"id": ACCOUNT}})),
        told(("story_insights", {"media_id": "m1"})),
        told(messaging=[{**MESSAGE, "message": {"mid": "m", "is_echo": True}}]),
        told(messaging=[{**MESSAGE, "message": {"mid": "m", "is_deleted": True}}]),
        told(messaging=[{"sender": {"id": "7002"}, "read": {"mid": "m"}}]),
        json.dumps({"object": "page", "entry": [{"id": "1"}]}).encode(),
        told(),
    ],
)
def test_echoes_and_what_is_of_no_interest_are_left(body):
    assert instagram.read_changes(body) == []


def test_who_commented_may_be_withheld():
    (said,) = instagram.read_changes(told(("comments", {"id": "c1", "text": "x"})))
    assert said.sender == ""


def test_a_replayed_comment_has_the_same_key():
    first, again = (instagram.read_changes(told(("comments", COMMENT)))[0] for _ in range(2))
    assert first == again


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[1]",
        b'{"entry":[]}',
        b'{"object":"instagram"}',
        b'{"object":"instagram","entry":[{"time":1}]}',
        told(("comments", {"text": "no id"})),
    ],
)
def test_a_call_back_in_no_known_form_is_said_to_be_unreadable(body):
    with pytest.raises(HookUnreadable):
        instagram.read_changes(body)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\x00\x00" * 9, b"\x89PNG\r\n", b"GIF89a"]
)
def test_what_is_no_jpeg_has_no_size(data):
    assert instagram.jpeg_size(data) is None
