"""Instagram: the contract, and what is Instagram's alone."""

import dataclasses
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from PIL import Image

from notifier.backends.instagram import InstagramBackend
from notifier.exceptions import CannotCarry
from notifier.message import (
    Accepted,
    DeliveryError,
    Inbound,
    Message,
    Outcome,
    Problem,
    RawRequest,
    RecallDone,
    RecallTask,
    Text,
    Unknown,
)
from notifier.simulators.instagram import InstagramAccount
from notifier.simulators.run import Plan, Simulators, running
from tests.notifier.contract import ARABIC, FRENCH, IMPATIENT_S, GatewayContract, forgeries

ACCOUNT = InstagramAccount()
FATES = {"refused": "ig-error-36003", "later": "ig-error-2", "lost": "ig-lost", "hangs": "ig-hang"}
TEXTS = {"fr": FRENCH, "ar": dataclasses.replace(ARABIC, photo_name="face.jpg", photo_alt="صورة الطفلة")}


def picture(width: int = 320, height: int = 320, kind: str = "JPEG") -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), "tan").save(made, kind)
    return made.getvalue()


def said(reference: str, **changes: Any) -> Message:
    words = dataclasses.replace(TEXTS["ar"], body=f"{ARABIC.body}\n{reference}", **changes)
    return Message(reference, texts={**TEXTS, "ar": words})


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our public folder of pictures."""
    folder = tmp_path_factory.mktemp("public")
    (folder / "face.jpg").write_bytes(picture())
    return folder


@pytest.fixture(scope="module")
def media_url(folder) -> Iterator[str]:
    """The address under which Meta fetches from it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def instagram(base_url: str, media_url: str, folder: Path, **more: object) -> InstagramBackend:
    known = {"access_token": "simulated", "app_secret": "simulated", "verify_token": "agreed"}
    address = {"api_version": "v25.0", "base_url": base_url, "timeout_s": IMPATIENT_S}
    own = {"ig_user_id": ACCOUNT.page_id, "media_url": media_url, "media_dir": str(folder)}
    return InstagramBackend("instagram", {**known, **address, **own, "poll_s": 0.1, "polls": 50, **more})


class TestInstagram(GatewayContract):
    backend_class = InstagramBackend

    @pytest.fixture(scope="class")
    @classmethod
    def simulators(cls, hooks) -> Iterator[Simulators]:
        with running(Plan(instagram=InstagramAccount(hook_url=hooks.url))) as simulators:
            simulators.instagram.calls_an_hour = 10_000
            yield simulators

    @pytest.fixture
    def backend(self, simulators, media_url, folder) -> InstagramBackend:
        return instagram(simulators.instagram_url, media_url, folder)

    def message(self, reference="r-1"):
        return said(reference)

    def outcome_for(self, backend, fate) -> Outcome:
        more = {"base_url": "http://127.0.0.1:9"} if fate == "away" else {"ig_user_id": FATES[fate]}
        return InstagramBackend("instagram", {**backend.options, **more}).send([self.message(fate)])[0]

    def test_a_post_speaks_all_languages_with_its_picture_and_where_to_see_it(
        self, backend, simulators, folder
    ):
        (made,) = backend.send([self.message("whole")])
        assert isinstance(made, Accepted)
        post = simulators.instagram.posts[made.provider_id]
        assert post.message.index(ARABIC.subject) < post.message.index(FRENCH.subject)
        assert (post.picture, post.alt) == ((folder / "face.jpg").read_bytes(), "صورة الطفلة")
        assert made.url == f"https://www.instagram.com/p/{made.provider_id}/"

    def test_a_picture_meta_cannot_fetch_pages_us_and_is_tried_anew(self, backend, simulators, media_url):
        astray = InstagramBackend("instagram", {**backend.options, "media_url": f"{media_url}nowhere/"})
        (refused,) = astray.send([self.message("astray")])
        assert refused == DeliveryError(permanent=False, kind="configuration", detail="ERROR/2207052")
        astray.options["media_url"] = media_url
        (made,) = astray.send([self.message("astray")])
        assert isinstance(made, Accepted)

    def test_a_container_that_fails_says_why(self, backend):
        for subcode, expected in (("2207009", ("no_media", True)), ("2207051", ("policy", False))):
            failed = InstagramBackend("instagram", {**backend.options, "ig_user_id": f"ig-failed-{subcode}"})
            (outcome,) = failed.send([self.message("failed")])
            assert isinstance(outcome, DeliveryError)
            assert (outcome.kind, outcome.permanent) == expected

    def test_a_container_in_progress_is_looked_at_a_minute_later_and_not_made_anew(self, backend, simulators):
        slow = InstagramBackend("instagram", {**backend.options, "ig_user_id": "ig-stuck", "polls": 2})
        waits = [slow.send([self.message("slow")])[0] for _ in range(4)]
        assert (
            waits
            == [DeliveryError(permanent=False, kind="throttled", retry_after_s=60.0, detail="IN_PROGRESS")]
            * 4
        )
        ours = [one for one in simulators.instagram.containers.values() if one.owner == "ig-stuck"]
        assert len(ours) == 1
        ours[0].state, ours[0].picture = "FINISHED", picture()
        assert isinstance(slow.send([self.message("slow")])[0], Accepted)

    def test_an_expired_container_is_replaced(self, backend, simulators):
        slow = InstagramBackend("instagram", {**backend.options, "ig_user_id": "ig-stuck", "polls": 1})
        slow.send([self.message("old")])
        old = list(simulators.instagram.containers.values())[-1]
        old.state = "EXPIRED"
        (outcome,) = slow.send([self.message("old")])
        assert isinstance(outcome, DeliveryError)
        assert (outcome.kind, outcome.permanent) == ("expired", False)
        slow.send([self.message("old")])
        assert list(simulators.instagram.containers.values())[-1].id != old.id

    def test_deletion_is_done_when_it_is_gone_and_a_persons_when_it_may_not_be(self, backend, simulators):
        assert backend.recall("123") == RecallDone()
        refused = InstagramBackend("instagram", {**backend.options, "ig_user_id": "ig-no-delete"})
        (made,) = refused.send([self.message("kept")])
        assert isinstance(made, Accepted)
        assert refused.recall(made.provider_id) == RecallTask("permission")
        (made,) = backend.send([self.message("orphan")])
        dead = InstagramBackend("instagram", {**backend.options, "access_token": "dead"})
        assert dead.recall(made.provider_id) == RecallTask("credentials")
        assert [problem.kind for problem in dead.check()] == ["credentials"]

    def test_a_recall_that_was_not_heard_is_asked_again(self, backend, simulators):
        (made,) = backend.send([self.message("deaf")])
        for mode in ("close", "lose_answer", "500"):
            simulators.instagram.switch.set(mode, times=1)
            with pytest.raises(DeliveryError) as passing:
                backend.recall(made.provider_id)
            assert not passing.value.permanent
        assert backend.recall(made.provider_id) == RecallDone()

    def test_the_public_is_heard_and_no_forger(self, backend, simulators, hooks):
        (made,) = backend.send([self.message("heard")])
        for path, fields, kind in (
            ("comment", {"post_id": made.provider_id, "message": "J'ai vu طفل"}, "comment"),
            ("mention", {"media_id": "17900"}, "mention"),
            ("message", {"message": "J'ai vu طفل", "from_id": "7002"}, "message"),
        ):
            with urlopen(f"{simulators.instagram_url}/_sim/{path}", urlencode(fields).encode()) as answer:
                assert answer.status == 202
            call = hooks.next()
            assert backend.verify(call)
            assert not any(backend.verify(forged) for forged in forgeries(call))
            (event,) = backend.parse(call)
            assert isinstance(event, Inbound)
            assert (event.kind, event.text) == (kind, fields.get("message", ""))


def count(simulators: Simulators, words: str) -> int:
    return sum(words in post.message for post in simulators.instagram.posts.values())


@pytest.mark.parametrize("call", range(7))
@pytest.mark.parametrize("mode", ["lose_answer", "close", "500", "later"])
def test_whichever_answer_is_lost_there_is_one_post(mode, call, media_url, folder):
    """quota, container, status, publish, and what is asked after: each is lost once, then asked again."""
    with running() as simulators:
        backend = instagram(simulators.instagram_url, media_url, folder, poll_s=0.05)
        asked = 0
        inner = backend.transport

        def transport(request):
            nonlocal asked
            if asked == call:
                simulators.instagram.switch.set(mode, times=1)
            asked += 1
            return inner(request)

        backend.transport = transport
        outcome: Outcome | None
        (outcome,) = backend.send([said("once")])
        # As the core goes on: look when unknown, send again when refused in passing or found absent.
        for _ in range(3):
            if isinstance(outcome, Unknown):
                outcome = backend.read_back(said("once"))
            if outcome is None or isinstance(outcome, DeliveryError):
                assert outcome is None or not outcome.permanent
                (outcome,) = backend.send([said("once")])
        assert isinstance(outcome, Accepted)
        assert count(simulators, "once") == 1
        assert len(simulators.instagram.containers) == (2 if (mode, call) == ("lose_answer", 1) else 1)


def test_a_lost_container_is_made_again_and_never_seen(media_url, folder):
    with running() as simulators:
        backend = instagram(simulators.instagram_url, media_url, folder, ig_user_id="ig-lost-container")
        (lost,) = backend.send([said("again")])
        assert lost == DeliveryError(permanent=False, kind="connection", detail="closed")
        (made,) = backend.send([said("again")])
        assert isinstance(made, Accepted)
        assert len(simulators.instagram.containers) == 2
        assert count(simulators, "again") == 1


def test_a_post_the_list_does_not_show_yet_is_neither_absent_nor_posted_again(media_url, folder):
    with running() as simulators:
        backend = instagram(simulators.instagram_url, media_url, folder, ig_user_id="ig-late")
        assert backend.send([said("late")]) == [Unknown("closed")]
        seen = backend.read_back(said("late"))
        assert isinstance(seen, DeliveryError)
        assert not seen.permanent
        assert backend.send([said("late")]) == [Unknown("PUBLISHED")]
        assert count(simulators, "late") == 1


def test_a_container_that_is_gone_after_publishing_was_asked_is_not_replaced(media_url, folder):
    with running() as simulators:
        backend = instagram(simulators.instagram_url, media_url, folder, ig_user_id="ig-late")
        backend.send([said("gone")])
        simulators.instagram.containers.clear()
        assert backend.send([said("gone")]) == [Unknown("PUBLISHED")]
        assert not simulators.instagram.containers


def test_publishing_refused_for_good_is_a_refusal(media_url, folder):
    with running() as simulators:
        backend = instagram(
            simulators.instagram_url, media_url, folder, ig_user_id="ig-publish-error-25-2207050"
        )
        assert backend.send([said("restricted")]) == [
            DeliveryError(permanent=False, kind="policy", detail="25/2207050")
        ]


def test_the_days_posts_are_asked_and_kept(media_url, folder):
    with running(Plan(instagram=InstagramAccount(quota_total=1))) as simulators:
        backend = instagram(simulators.instagram_url, media_url, folder)
        assert isinstance(backend.send([said("first")])[0], Accepted)
        spent = DeliveryError(permanent=False, kind="throttled", retry_after_s=3600.0, detail="1/1")
        assert backend.send([said("second")]) == [spent]
        assert len(simulators.instagram.containers) == 1
        assert backend.check() == [Problem("throttled", "1/1", serious=False)]
        simulators.instagram.quota_total = 2
        assert isinstance(backend.send([said("second")])[0], Accepted)


def test_the_days_posts_spent_by_somebody_else_meanwhile_are_waited_for(media_url, folder):
    with running() as simulators:
        backend = instagram(
            simulators.instagram_url, media_url, folder, ig_user_id="ig-publish-error-9-2207042"
        )
        (outcome,) = backend.send([said("spent")])
        assert outcome == DeliveryError(
            permanent=False, kind="throttled", retry_after_s=3600.0, detail="9/2207042"
        )


def test_the_call_budget_of_a_quiet_account_is_on(media_url, folder):
    with running(Plan(instagram=InstagramAccount(calls_an_hour=5))) as simulators:
        backend = instagram(simulators.instagram_url, media_url, folder, polls=1)
        outcomes = [backend.send([said(f"n{number}")])[0] for number in range(6)]
    assert DeliveryError(permanent=False, kind="throttled", retry_after_s=60.0, detail="80002") in outcomes


@pytest.mark.parametrize(
    ("name", "content", "detail"),
    [
        ("absent.jpg", None, "not published"),
        ("", None, "no picture"),
        ("../../etc/passwd", None, "not published"),
        ("tall.jpg", picture(300, 400), "aspect 0.75"),
        ("wide.jpg", picture(500, 250), "aspect 2.00"),
        ("named.jpg", picture(kind="PNG"), "not a JPEG"),
        ("broken.jpg", b"\xff\xd8\xff\xe0", "not a JPEG"),
        ("huge.jpg", picture() + b"\0" * (8 * 1024 * 1024), None),
    ],
)
def test_a_picture_instagram_would_refuse_is_refused_before_anything_leaves(name, content, detail, tmp_path):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    backend = instagram("http://127.0.0.1:9", "http://127.0.0.1:9/m/", tmp_path)
    (outcome,) = backend.send([said("refused", photo_name=name)])
    assert isinstance(outcome, CannotCarry)
    assert outcome.kind == "no_media"
    assert outcome.detail == detail or (detail is None and outcome.detail.endswith("bytes"))


@pytest.mark.parametrize(
    ("width", "height"), [(320, 400), (320, 320), (1080, 1350), (1080, 566), (1350, 1688)]
)
def test_pictures_at_the_edge_of_what_is_allowed_pass(width, height, tmp_path):
    (tmp_path / "face.jpg").write_bytes(picture(width, height))
    assert instagram("http://127.0.0.1:9", "http://127.0.0.1:9/m/", tmp_path).fit(said("edge")).text


def test_what_does_not_fit_is_said_in_the_short_words(tmp_path):
    (tmp_path / "face.jpg").write_bytes(picture())
    backend = instagram("http://127.0.0.1:9", "", tmp_path)
    long = said("long", short="Court", subject="x")
    fit = backend.fit(Message("r", texts={**long.texts, "fr": Text("s", "e" * 2500, "Bref")}))
    assert fit.text == "Court\n\n———\n\nBref"
    assert fit.lost == ("details",)


@pytest.mark.parametrize(
    ("words", "kind", "detail"),
    [
        ("x" * 2201, "too_long", "2201 characters"),
        ("👧" * 1101, "too_long", "2202 characters"),
        ("#a " * 31, "too_long", "31 hashtags"),
        ("@a " * 21, "too_long", "21 mentions"),
        (" ", "invalid", "empty"),
    ],
)
def test_captions_instagram_would_refuse(words, kind, detail, tmp_path):
    with pytest.raises(CannotCarry) as refused:
        instagram("http://127.0.0.1:9", "", tmp_path).fit(Message("r", texts={"fr": Text("", words, words)}))
    assert (refused.value.kind, refused.value.detail) == (kind, detail)


def test_the_subscription_is_agreed_and_nothing_else_read_from_it(tmp_path):
    backend = instagram("http://127.0.0.1:9", "", tmp_path)
    agreed = RawRequest("GET", "/h/?hub.challenge=1158&hub.verify_token=agreed&hub.mode=subscribe", {})
    assert backend.verify(agreed)
    assert backend.answer(agreed).body == b"1158"
    assert backend.parse(agreed) == []
