"""What Meta's products share: budgets, proofs, subscriptions; what Meta leaves open is tried both ways."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from notifier.backends.facebook import FacebookBackend
from notifier.backends.twilio import TwilioBackend
from notifier.backends.whatsapp import WhatsAppBackend
from notifier.exceptions import AnswerUnreadable, CannotCarry
from notifier.http import Request, Response
from notifier.message import Accepted, DeliveryError, Inbound, Message, Problem, RawRequest, Text
from notifier.protocols import graph, page_hooks, twilio_hooks

META = {
    "access_token": "t0ken", "app_secret": "s3cret", "verify_token": "agreed", "api_version": "v25.0",
    "base_url": "https://graph.invalid",
}  # fmt: skip
PAGE = "100200300400500"
SAID = Text(subject="[تنبيه]", body="مفقودة", photo_name="face.jpg", photo_alt="صورة")


class Meta:
    """Answers each call by its method and last part; keeps what was asked."""

    def __init__(self, answers: Mapping[str, Any] | None = None, **headers: str) -> None:
        self.answers = answers or {}
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        path = urlsplit(request.url).path.rpartition("/")[2]
        found = self.answers.get(f"{request.method} {path}", {"id": f"{PAGE}_1", "post_id": f"{PAGE}_1"})
        return Response(200, self.headers, json.dumps(found).encode())


@pytest.fixture
def media(tmp_path: Path) -> Path:
    (tmp_path / "face.jpg").write_bytes(b"\xff\xd8\xff")
    return tmp_path


def page(transport: Meta, media: Path | str = "", **more: object) -> FacebookBackend:
    options = {**META, "page_id": PAGE, "media_dir": str(media), **more}
    return FacebookBackend("facebook", options, transport=transport)


def post(text: Text = SAID) -> Message:
    return Message("r-1", texts={"ar": text})


def usage(percent: int, minutes: int = 0) -> str:
    line = {"type": "pages", "call_count": percent, "total_cputime": 1, "total_time": 1}
    return json.dumps({PAGE: [{**line, "estimated_time_to_regain_access": minutes}]})


@pytest.mark.parametrize(
    ("percent", "asks", "posts"),
    [(79, True, True), (80, False, True), (95, False, False), (100, False, False)],
)
def test_a_budget_is_spared_before_meta_closes_it(media, percent, asks, posts):
    meta = Meta(x_business_use_case_usage=usage(percent, minutes=7))
    backend, clock = page(meta, media), [0.0]
    backend.now = lambda: clock[0]  # time is one of the things tests bend
    assert isinstance(backend.send([post()])[0], Accepted)
    known = len(meta.asked)
    spared = [Problem("throttled", f"usage {percent}", serious=False)]
    assert backend.check() == ([] if asks else spared)
    assert len(meta.asked) == known + asks
    (outcome,) = backend.send([post()])
    if posts:
        assert isinstance(outcome, Accepted)
        return
    wait = DeliveryError(permanent=False, kind="throttled", retry_after_s=420.0, detail=f"usage {percent}")
    assert outcome == wait
    with pytest.raises(DeliveryError):
        backend.recall(f"{PAGE}_1")  # asked again later
    clock[0] = 421.0
    assert isinstance(backend.send([post()])[0], Accepted)


def test_the_apps_own_budget_counts_too(media):
    meta = Meta(x_app_usage=json.dumps({"call_count": 97, "total_cputime": 1, "total_time": 1}))
    backend = page(meta, media)
    assert isinstance(backend.send([post()])[0], Accepted)
    (outcome,) = backend.send([post()])
    assert isinstance(outcome, DeliveryError)
    assert 0 < (outcome.retry_after_s or 0) <= 300


@pytest.mark.parametrize("given", [True, False])
def test_the_proof_is_sent_unless_an_app_does_without(media, given):
    meta = Meta({"POST messages": {"messages": [{"id": "wamid.1"}]}})
    page(meta, media, appsecret_proof=given).send([post()])
    page(meta, media, appsecret_proof=given).check()
    options = {**META, "phone_number_id": "1", "template_states": "approved", "appsecret_proof": given}
    free = Message("r", "+212600000001", "ar", Text(body="x", url="u"), window_open=True)
    WhatsAppBackend("whatsapp", options, transport=meta).send([free])
    proof = graph.proof("s3cret", "t0ken")
    carried = [
        {**parse_qs(asked.query), **(asked.fields or {})}.get("appsecret_proof") for asked in meta.asked
    ]
    assert carried == ([proof, [proof], [proof]] if given else [None] * 3)
    assert all("t0ken" not in f"{asked.url}{asked.query}{asked.fields}" for asked in meta.asked)


@pytest.mark.parametrize("by", ["upload", "url"])
def test_a_photo_is_given_or_fetched(media, by):
    meta = Meta()
    page(meta, media, photo_by=by, media_url="https://najda.invalid/m/").send([post()])
    (asked,) = meta.asked
    assert asked.fields is not None
    assert (asked.files is None) is (by == "url")
    assert asked.fields.get("url", "") == ("https://najda.invalid/m/face.jpg" if by == "url" else "")


@pytest.mark.parametrize("listed", [True, False])
def test_an_answer_without_the_posts_id_is_looked_up(media, listed):
    """(Meta's page does not promise post_id.) The photo's own id edits nothing; better than none."""
    feed = [{"id": f"{PAGE}_77", "message": "[تنبيه]\n\nمفقودة", "permalink_url": "https://f.invalid/77"}]
    answers = {"POST photos": {"id": "555"}, "GET feed": {"data": feed if listed else []}}
    (outcome,) = page(Meta(answers), media).send([post()])
    assert isinstance(outcome, Accepted)
    assert outcome.provider_id == (f"{PAGE}_77" if listed else "555")


@pytest.mark.parametrize(("most", "fits"), [(None, True), (100, False)])
def test_how_long_a_post_may_be_is_a_setting(most, fits):
    backend = page(Meta(), **({"max_characters": most} if most else {}))
    message = post(Text(subject="s", body="ا" * 200))
    if fits:
        assert backend.fit(message).text
        return
    with pytest.raises(CannotCarry):
        backend.fit(message)


@pytest.mark.parametrize("policy", ["", "deterministic"])
def test_a_templates_language_policy_is_a_setting(policy):
    meta = Meta({"POST messages": {"messages": [{"id": "wamid.1"}]}})
    options = {
        **META,
        "phone_number_id": "1",
        "template_states": "approved",
        "media_url": "https://m.invalid",
    }
    options |= {"language_policy": policy} if policy else {}
    text = Text(subject="s", body="مفقودة\nhttps://u/", short="مفقودة\nhttps://u/", url="https://u/")
    (outcome,) = WhatsAppBackend("whatsapp", options, transport=meta).send(
        [Message("r", "+212600000001", "ar", text)]
    )
    assert isinstance(outcome, Accepted), outcome
    language = json.loads(meta.asked[-1].content or b"")["template"]["language"]
    assert language == ({"code": "ar", "policy": policy} if policy else {"code": "ar"})


@pytest.mark.parametrize("retries", ["", "rc=4&rp=all"])
def test_twilios_retries_of_a_call_back_are_a_setting(retries):
    meta = Meta({"POST Messages.json": {"sid": "SM1", "num_segments": "1"}})
    hook = "https://najda.invalid/hooks/twilio/t/"
    known = {"account_sid": "AC1", "auth_token": "t", "base_url": "https://t.invalid", "sender": "NAJDA"}
    backend = TwilioBackend(
        "twilio", {**known, "hook_url": hook, "callback_retries": retries}, transport=meta
    )
    backend.send([Message("r-1", "+212600000001", "ar", Text(short="مفقودة"))])
    called = (meta.asked[0].fields or {})["StatusCallback"]
    assert called == f"{hook}?ref=r-1" + (f"#{retries}" if retries else "")
    body = b"MessageSid=SM1&MessageStatus=sent"
    signature = twilio_hooks.signature(
        "t", f"{hook}?ref=r-1", [("MessageSid", "SM1"), ("MessageStatus", "sent")]
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    assert backend.verify(RawRequest("POST", f"{hook}?ref=r-1", headers, body))


@pytest.mark.parametrize(
    ("status", "kind"),
    [(302, "configuration"), (404, "configuration"), (429, "throttled"), (403, "gateway_down"), (200, None),
     (502, None)],
)  # fmt: skip
def test_what_is_not_metas_answer_says_whether_anything_was_done(status, kind):
    if kind is None:
        with pytest.raises(AnswerUnreadable):
            graph.read_answer(status, {}, b"<html>")
        return
    with pytest.raises(DeliveryError) as refused:
        graph.read_answer(status, {}, b"<html>")
    assert (refused.value.kind, refused.value.permanent) == (kind, False)


@pytest.mark.parametrize(
    ("query", "believed"),
    [
        ("hub.mode=subscribe&hub.challenge=115&hub.verify_token=agreed", True),
        ("hub.mode=unsubscribe&hub.challenge=115&hub.verify_token=agreed", False),
        ("hub.mode=subscribe&hub.challenge=115&hub.verify_token=agree", False),
        ("hub.mode=subscribe&hub.challenge=115", False),
    ],
)
def test_only_who_knows_the_agreed_word_subscribes(query, believed):
    assert page(Meta()).verify(RawRequest("GET", f"/hooks/facebook/t/?{query}", {})) is believed


def messenger(**event: Any) -> bytes:
    told = {"sender": {"id": "7"}, "recipient": {"id": PAGE}, "timestamp": 1790000000123, **event}
    return json.dumps({"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [told]}]}).encode()


@pytest.mark.parametrize(
    ("event", "words", "raw"),
    [
        ({"message": {"mid": "m1", "text": "رأيتها"}}, "رأيتها", {}),
        ({"message": {"mid": "m1", "text": "x", "reply_to": {"mid": "m0"}}}, "x", {"replies_to": "m0"}),
        ({"message": {"mid": "m1", "text": "y", "quick_reply": {"payload": "YES"}}}, "y", {"payload": "YES"}),
        (
            {
                "message": {
                    "mid": "m1",
                    "attachments": [{"type": "image", "payload": {"url": "https://cdn/1"}}],
                }
            },
            "",
            {"type": "image", "files": '[{"url": "https://cdn/1", "media_type": "image/*"}]'},
        ),
        (
            {"message": {"mid": "m1", "attachments": [{"type": "location", "payload": {"coordinates": {}}}]}},
            "",
            {"type": "location"},
        ),
        (
            {
                "message": {
                    "mid": "m1",
                    "attachments": [
                        {
                            "type": "location",
                            "title": "Gare",
                            "payload": {"coordinates": {"lat": 34.02, "long": -6.83}},
                        }
                    ],
                }
            },
            "",
            {"type": "location", "latitude": "34.02", "longitude": "-6.83", "place_name": "Gare"},
        ),
        (
            {
                "message": {
                    "mid": "m1",
                    "text": "voilà",
                    "attachments": [
                        {"type": "video", "payload": {"url": "https://cdn/2"}},
                        {"type": "file", "name": "plan.pdf", "payload": {"url": "https://cdn/3"}},
                    ],
                }
            },
            "voilà",
            {
                "files": '[{"url": "https://cdn/2", "media_type": "video/*"}, '
                '{"url": "https://cdn/3", "name": "plan.pdf"}]'
            },
        ),
        (
            {
                "message": {
                    "mid": "m1",
                    "attachments": [{"type": "fallback", "title": "Post", "url": "https://x.invalid/p"}, 7],
                }
            },
            "Post https://x.invalid/p",
            {"type": "text"},
        ),
        ({"postback": {"mid": "m1", "title": "J'ai vu", "payload": "SEEN"}}, "J'ai vu", {"payload": "SEEN"}),
    ],
)
def test_what_people_write_to_the_page_is_heard(event, words, raw):
    (said,) = page(Meta()).parse(RawRequest("POST", "/h/", {}, messenger(**event)))
    assert isinstance(said, Inbound)
    assert (said.kind, said.text, said.sender, said.event_key) == ("message", words, "7", "message:m1")
    assert (dict(said.raw), said.to) == (raw, PAGE)
    assert said.at is not None


@pytest.mark.parametrize(
    "event",
    [
        {"message": {"mid": "m1", "text": "x", "is_echo": True}},
        {"message": {"mid": "m1", "text": "x"}, "sender": {"id": PAGE}},
        {"delivery": {"mids": ["m1"], "watermark": 1}},
        {"read": {"watermark": 1}},
        {"message": {"mid": "m1", "is_deleted": True}},
    ],
)
def test_what_is_no_words_of_the_publics_gives_nothing(event):
    assert page(Meta()).parse(RawRequest("POST", "/h/", {}, messenger(**event))) == []


def test_a_post_and_a_message_may_come_in_one_call():
    change = {
        "field": "feed",
        "value": {"item": "comment", "verb": "add", "comment_id": "1_2", "post_id": "1"},
    }
    both = json.loads(messenger(message={"mid": "m1", "text": "x"}))
    both["entry"][0]["changes"] = [change]
    assert len(page_hooks.read(json.dumps(both).encode())) == 2
    both["entry"][0]["messaging"] = ["broken", {"sender": 7, "message": []}]
    assert len(page_hooks.read(json.dumps(both).encode())) == 1


@pytest.mark.parametrize(
    ("event", "key", "words", "raw"),
    [
        (
            {"message_edit": {"mid": "m1", "text": "bleu", "num_edit": 2}},
            "edit:m1:2",
            "bleu",
            {"type": "edit", "edits": "m1"},
        ),
        (
            {"reaction": {"mid": "m1", "action": "react", "emoji": "👍"}},
            "reaction:m1:react:👍",
            "👍",
            {"type": "reaction", "reacts_to": "m1"},
        ),
    ],
)
def test_a_correction_and_a_reaction_are_events_of_their_own(event, key, words, raw):
    (said,) = page(Meta()).parse(RawRequest("POST", "/h/", {}, messenger(**event)))
    assert isinstance(said, Inbound)
    assert (said.event_key, said.text, dict(said.raw), said.channel) == (key, words, raw, "messenger")
