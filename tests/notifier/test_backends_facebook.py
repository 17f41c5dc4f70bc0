"""A Page: the contract, and what is Meta's alone."""

import dataclasses
import json
from pathlib import Path
from urllib.parse import parse_qs
from urllib.request import urlopen

import pytest

from notifier.backends.facebook import FacebookBackend
from notifier.exceptions import CannotCarry
from notifier.http import Response
from notifier.message import (
    Accepted,
    DeliveryError,
    Inbound,
    Message,
    Outcome,
    RawRequest,
    RecallDone,
    RecallTask,
    ReceiptEvent,
    Text,
    Unknown,
)
from notifier.simulators.run import Simulators
from tests.notifier.contract import (
    ARABIC,
    FRENCH,
    IMPATIENT_S,
    JPEG,
    GatewayContract,
)

PAGE = "100200300400500"
FATES = {"refused": "page-error-368", "later": "page-error-2", "lost": "page-lost", "hangs": "page-hang"}
TEXTS = {"fr": FRENCH, "ar": dataclasses.replace(ARABIC, photo_name="face.jpg", photo_alt="صورة الطفلة")}


def facebook(base_url: str, media: Path | str = "", **more: object) -> FacebookBackend:
    known = {
        "page_id": PAGE,
        "access_token": "simulated",
        "app_secret": "simulated",
        "verify_token": "agreed",
    }
    address = {
        "api_version": "v25.0",
        "base_url": base_url,
        "media_dir": str(media),
        "timeout_s": IMPATIENT_S,
    }
    return FacebookBackend("facebook", {**known, **address, **more})


class TestFacebook(GatewayContract):
    backend_class = FacebookBackend

    @pytest.fixture
    def backend(self, simulators: Simulators, out: Path) -> FacebookBackend:
        return facebook(simulators.graph_url, out)

    def message(self, reference="r-1"):
        said = dataclasses.replace(TEXTS["ar"], body=f"{ARABIC.body}\n{reference}")
        return Message(reference, texts={**TEXTS, "ar": said})

    def outcome_for(self, backend, fate) -> Outcome:
        more = {"base_url": "http://127.0.0.1:9"} if fate == "away" else {"page_id": FATES[fate]}
        return FacebookBackend("facebook", {**backend.options, **more}).send([self.message(fate)])[0]

    def call_backs(self, backend, simulators, hooks) -> list[RawRequest]:
        hooks.forget(simulators)
        backend.send([self.message("called-back")])
        return [hooks.next()]

    def test_a_post_speaks_all_languages_in_the_pages_order_with_its_picture(self, backend, simulators):
        (made,) = backend.send([self.message("whole")])
        assert isinstance(made, Accepted)
        post = simulators.graph.posts[made.provider_id]
        assert post.message.index(ARABIC.subject) < post.message.index(FRENCH.subject)
        assert (post.picture, post.alt) == (JPEG, "صورة الطفلة")

    def test_a_lost_answer_is_read_back_and_not_posted_twice(self, backend, simulators):
        simulators.graph.switch.set("lose_answer", times=1)
        (made,) = backend.send([self.message("lost-once")])
        assert isinstance(made, Accepted)
        assert made.url.startswith("https://www.facebook.com/")
        ours = [post for post in simulators.graph.posts.values() if "lost-once" in post.message]
        assert [post.id for post in ours] == [made.provider_id]

    def test_the_same_words_twice_in_a_row_are_found_not_failed(self, backend):
        (first,) = backend.send([self.message("twice")])
        (second,) = backend.send([self.message("twice")])
        assert first == second

    def test_what_was_never_posted_is_not_found(self, backend):
        assert backend.read_back(self.message("never")) is None

    def test_the_words_can_be_changed(self, backend, simulators):
        (made,) = backend.send([self.message("edited")])
        assert isinstance(made, Accepted)
        assert isinstance(
            backend.edit(made.provider_id, {"fr": Text("Fin", "L'alerte est terminée.")}), Accepted
        )
        assert simulators.graph.posts[made.provider_id].message == "Fin\n\nL'alerte est terminée."

    def test_a_post_already_gone_is_taken_back_if_it_was_ours(self, backend):
        assert backend.recall(f"{PAGE}_123") == RecallDone()
        assert backend.recall("999_123") == RecallTask("missing")

    def test_a_recall_that_was_not_heard_is_asked_again(self, backend, simulators):
        (made,) = backend.send([self.message("deaf")])
        assert isinstance(made, Accepted)
        for mode in ("close", "lose_answer", "500"):
            simulators.graph.switch.set(mode, times=1)
            with pytest.raises(DeliveryError) as passing:
                backend.recall(made.provider_id)
            assert not passing.value.permanent
        assert backend.recall(made.provider_id) == RecallDone()

    def test_a_dead_token_leaves_the_recall_to_a_person(self, backend, simulators):
        (made,) = backend.send([self.message("orphan")])
        assert isinstance(made, Accepted)
        dead = FacebookBackend("facebook", {**backend.options, "access_token": "dead"})
        assert dead.recall(made.provider_id) == RecallTask("credentials")
        assert [problem.kind for problem in dead.check()] == ["credentials"]

    def test_our_own_post_is_a_receipt_and_a_comment_is_heard(self, backend, simulators, hooks):
        (call,) = self.call_backs(backend, simulators, hooks)
        (receipt,) = backend.parse(call)
        assert isinstance(receipt, ReceiptEvent)
        assert receipt.state == "delivered"
        body = f"post_id={receipt.provider_id}&message=J%27ai+vu+%D8%B7%D9%81%D9%84&from_id=7001".encode()
        with urlopen(f"{simulators.graph_url}/_sim/comment", body) as answer:
            assert answer.status == 202
        heard = hooks.next()
        assert b"\\u0637" in heard.body
        assert backend.verify(heard)
        (comment,) = backend.parse(heard)
        assert isinstance(comment, Inbound)
        assert (comment.text, comment.sender, comment.kind) == ("J'ai vu طفل", "7001", "comment")


def test_a_picture_that_cannot_be_had_is_said_before_anything_leaves(tmp_path):
    for name in ("absent.jpg", "../../etc/passwd"):
        texts = {"fr": dataclasses.replace(FRENCH, photo_name=name)}
        (outcome,) = facebook("http://127.0.0.1:9", tmp_path).send([Message("r", texts=texts)])
        assert isinstance(outcome, CannotCarry)
        assert outcome.kind == "no_media"


def test_nothing_to_say_and_too_much_are_refused():
    for texts, kind in (({}, "invalid"), ({"fr": Text("s", "x" * 70_000)}, "too_long")):
        with pytest.raises(CannotCarry) as refused:
            facebook("http://127.0.0.1:9").fit(Message("r", texts=texts))
        assert refused.value.kind == kind


def test_a_language_the_page_does_not_speak_is_said_to_be_lost():
    texts = {"fr": FRENCH, "es": Text("Alerta", "Niña desaparecida")}
    fit = facebook("http://127.0.0.1:9").fit(Message("r", texts=texts))
    assert fit.lost == ("es",)
    assert "Alerta" not in fit.text


def test_the_subscription_is_agreed_by_its_token_and_answered_by_the_bare_challenge():
    backend = facebook("http://127.0.0.1:9")
    url = "/hooks/facebook/x/?hub.mode=subscribe&hub.challenge={}&hub.verify_token={}"
    agreed = RawRequest("GET", url.format("1158201444", "agreed"), {})
    assert backend.verify(agreed)
    assert backend.answer(agreed).body == b"1158201444"
    assert backend.parse(agreed) == []
    assert not backend.verify(RawRequest("GET", url.format("1", "wrong"), {}))
    assert backend.answer(RawRequest("GET", url.format("%3Cscript%3E", "agreed"), {})).body == b""


def test_a_page_without_secrets_believes_nobody():
    bare = facebook("http://127.0.0.1:9", app_secret="", verify_token="")
    assert not bare.verify(RawRequest("GET", "/hooks/facebook/x/?hub.mode=subscribe&hub.verify_token=", {}))
    assert not bare.verify(
        RawRequest("POST", "/hooks/facebook/x/", {"X-Hub-Signature-256": "sha256="}, b"{}")
    )


def test_the_token_is_in_no_address_and_no_form():
    asked = []

    def transport(request):
        asked.append(request)
        return Response(200, {}, json.dumps({"id": "1", "data": []}).encode())

    backend = FacebookBackend("facebook", facebook("http://graph.invalid").options, transport=transport)
    backend.send([Message("r", texts={"fr": FRENCH})])
    backend.recall("1")
    backend.read_back(Message("r", texts={"fr": FRENCH}))
    assert [request.headers["Authorization"] for request in asked] == ["Bearer simulated"] * 3
    assert all("simulated" not in request.url + request.query + str(request.fields) for request in asked)
    assert "appsecret_proof" in parse_qs(asked[1].query)


def test_an_answer_without_an_id_is_unknown(tmp_path):
    def transport(request):
        return Response(200, {}, b'{"data": []}')

    backend = FacebookBackend("facebook", facebook("http://graph.invalid").options, transport=transport)
    assert backend.send([Message("r", texts={"fr": FRENCH})]) == [Unknown("no id")]
