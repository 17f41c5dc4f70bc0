"""Messenger: the contract, and what is its alone: answers to who wrote first, and to a comment once."""

import dataclasses
import json

import pytest

from notifier import incoming
from notifier.backends.base import Backend
from notifier.backends.facebook import FacebookBackend
from notifier.backends.messenger import MessengerBackend
from notifier.exceptions import CannotCarry, Gone
from notifier.http import Response
from notifier.message import Accepted, DeliveryError, Inbound, Message, Outcome, Text
from tests.notifier.contract import ARABIC, IMPATIENT_S, GatewayContract
from tests.notifier.saying import said_to
from tests.notifier.test_backends_facebook import PAGE, facebook

ANSWER = Text(body="Reçu. Merci.", short="Reçu.")
FATES = {"refused": "00000002", "later": "00000003", "lost": "00000004", "hangs": "00000005"}


def messenger(base_url: str, transport=None, **more: object) -> MessengerBackend:
    options = {
        "page_id": PAGE, "access_token": "simulated", "app_secret": "simulated", "verify_token": "agreed",
        "api_version": "v25.0", "base_url": base_url, "timeout_s": IMPATIENT_S, **more,
    }  # fmt: skip
    given = {"transport": transport} if transport else {}
    return MessengerBackend("messenger", options, **given)


def answer(to: str = "7100000001", text: Text = ANSWER, **more) -> Message:
    return Message("r-1", to, "fr", text, "answer", window_open=True, **more)


class TestMessenger(GatewayContract):
    backend_class = MessengerBackend

    @pytest.fixture
    def backend(self, simulators):
        for person in ("7100000001", *(f"71{ending}" for ending in FATES.values())):
            simulators.graph.inbox.heard_at[person] = simulators.graph.inbox.now()
        return messenger(simulators.graph_url)

    def message(self, reference="r-1"):
        return answer()

    def outcome_for(self, backend: Backend, fate: str) -> Outcome:
        if fate == "away":
            return messenger("http://127.0.0.1:9").send([answer()])[0]
        return backend.send([answer(f"71{FATES[fate]}")])[0]

    def call_backs(self, backend, simulators, hooks):
        hooks.forget(simulators)
        said_to(simulators.graph_url, "message", message="vu")
        return [hooks.next()]

    def test_who_wrote_is_answered_and_nobody_else(self, backend, simulators, hooks):
        hooks.forget(simulators)
        said_to(simulators.graph_url, "message", from_id="7200000001", message="رأيتها")
        (heard,) = backend.parse(hooks.next())
        assert isinstance(heard, Inbound)
        to = incoming.answered_at(heard.channel, heard.kind, heard.sender, heard.provider_id)
        first, stranger = backend.send([answer(to), answer("7200000099")])
        assert isinstance(first, Accepted)
        assert stranger == DeliveryError(permanent=True, kind="rejected", detail="10/2018278")
        assert simulators.graph.inbox.recorder.latest[-1].text == ANSWER.body

    def test_a_comment_is_answered_once_in_private(self, backend, simulators, hooks, out):
        facebook(simulators.graph_url, out).send(
            [Message("p", texts={"ar": dataclasses.replace(ARABIC, body=f"{ARABIC.body} p")})]
        )
        hooks.forget(simulators)
        said_to(simulators.graph_url, "comment", message="je l'ai vue", file=("v.mp4", "video/mp4", b"clip"))
        (heard,) = backend.parse(hooks.next("je l"))
        assert isinstance(heard, Inbound)
        (clip,) = incoming.files(heard.raw)
        assert backend.fetch(clip.source()).data == b"clip"
        to = incoming.answered_at(heard.channel, heard.kind, heard.sender, heard.provider_id)
        first, again = (backend.send([answer(to)])[0] for _ in range(2))
        assert isinstance(first, Accepted)
        assert isinstance(again, DeliveryError)
        assert (again.kind, again.permanent) == ("duplicate", True)

    def test_after_a_day_only_what_a_person_wrote_is_let_through_and_only_where_meta_allows_it(
        self, backend, simulators
    ):
        inbox = simulators.graph.inbox
        inbox.heard_at["7300000001"] = inbox.now() - 90_000
        by_person = dataclasses.replace(ANSWER, by_person=True)
        allowed = messenger(simulators.graph_url, human_agent=True)
        assert isinstance(allowed.send([answer("7300000001", by_person)])[0], Accepted)
        assert isinstance(allowed.send([answer("7300000001")])[0], DeliveryError)
        assert isinstance(backend.send([answer("7300000001", by_person)])[0], DeliveryError)

    @pytest.mark.parametrize(
        ("name", "media_type"),
        [("a.jpg", "image/jpeg"), ("n.ogg", "audio/ogg"), ("p.pdf", "application/pdf")],
    )
    def test_what_is_attached_is_fetched_by_the_pages_alias_until_it_dies(
        self, simulators, hooks, name, media_type
    ):
        page = facebook(simulators.graph_url)
        hooks.forget(simulators)
        said_to(simulators.graph_url, "message", message="voilà", file=(name, media_type, b"\x01" * 100))
        (heard,) = page.parse(hooks.next())
        assert isinstance(heard, Inbound)
        (file,) = incoming.files(heard.raw)
        got = page.fetch(file.source())
        assert (got.data, got.media_type) == (b"\x01" * 100, media_type)
        simulators.graph.inbox.shelf.forget_addresses()
        with pytest.raises(Gone):
            page.fetch(file.source())

    def test_a_pin_a_link_and_what_it_answers_are_heard(self, backend, simulators, hooks):
        hooks.forget(simulators)
        said_to(
            simulators.graph_url, "message", latitude="34.02", longitude="-6.83", link="https://x.invalid/p",
            replies_to="m_1",
        )  # fmt: skip
        (heard,) = backend.parse(hooks.next())
        assert isinstance(heard, Inbound)
        assert incoming.place(heard.raw) == (34.02, -6.83, "")
        assert (heard.text, incoming.replies_to(heard.raw)) == ("https://x.invalid/p", "m_1")


@pytest.mark.parametrize("to", ["", "+212600000042", "comment:", "comment:../x", "a@b.invalid", "٧١"])
def test_an_address_of_another_channel_never_leaves(to):
    (outcome,) = messenger("http://127.0.0.1:9").send([answer(to)])
    assert isinstance(outcome, CannotCarry)
    assert outcome.kind == "bad_address"


def test_nobody_is_written_to_who_did_not_write_first():
    unasked = dataclasses.replace(answer(), window_open=False)
    (outcome,) = messenger("http://127.0.0.1:9").send([unasked])
    assert isinstance(outcome, CannotCarry)


def test_words_longer_than_messenger_takes_are_said_to_be_so():
    (outcome,) = messenger("http://127.0.0.1:9").send([answer(text=Text(body="x" * 2001))])
    assert isinstance(outcome, CannotCarry)
    assert outcome.kind == "too_long"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.invalid/x",
        "http://scontent.fbcdn.net/x",
        "https://fbcdn.net.evil.invalid/x",
        "https://evilfbcdn.net/x",
        "https://169.254.169.254/latest",
        "https://localhost/x",
        "file:///etc/passwd",
        "https://u:p@scontent.fbcdn.net/x",
        "https://scontent.fbcdn.net:22/x",
        "",
    ],
)
def test_an_address_somebody_slipped_in_is_never_opened(url):
    def transport(request):
        raise AssertionError("opened")

    backend = FacebookBackend(
        "facebook", messenger("https://graph.facebook.com").options, transport=transport
    )
    with pytest.raises(DeliveryError) as refused:
        backend.fetch({"url": url})
    assert (refused.value.permanent, refused.value.detail) == (True, "media host")


def test_a_redirect_is_followed_once_and_to_no_stranger():
    asked = []
    places = {"a": "https://video.xx.fbcdn.net/b", "b": "https://evil.invalid/c"}

    def transport(request):
        asked.append(request)
        return Response(302, {"location": places[request.url[-1]]}, b"")

    backend = messenger("https://graph.facebook.com", transport)
    with pytest.raises(DeliveryError):
        backend.fetch({"url": "https://scontent.fbcdn.net/a"})
    assert [request.url[-1] for request in asked] == ["a", "b"]
    assert all(request.public_only and "Authorization" not in request.headers for request in asked)
    with pytest.raises(DeliveryError, match="media host"):
        backend.fetch({"url": "https://scontent.fbcdn.net/b"})


def test_the_form_says_whom_and_under_which_tag():
    sent = []

    def transport(request):
        sent.append(request.fields)
        return Response(200, {}, b'{"message_id": "m1"}')

    messenger("https://graph.facebook.com", transport).send([answer("comment:12_34")])
    assert json.loads(sent[0]["recipient"]) == {"comment_id": "12_34"}
    assert sent[0]["messaging_type"] == "RESPONSE"
