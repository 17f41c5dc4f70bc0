"""Instagram's three calls through the core: whichever worker dies between them, there is one post."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from notifier import outbox, registry
from notifier.message import Text
from notifier.models import Post, Rate
from notifier.simulators.run import Simulators, running
from tests.notifier import make
from tests.notifier.test_backends_instagram import folder, media_url  # noqa: F401  the fixtures
from trust import clock

pytestmark = pytest.mark.django_db

State = Post.State


@pytest.fixture(scope="module")
def simulators() -> Iterator[Simulators]:
    with running() as found:
        found.instagram.calls_an_hour = 10_000
        yield found


@pytest.fixture(autouse=True)
def account(settings: Settings, simulators: Simulators, media_url: str, folder: Path) -> Iterator[None]:  # noqa: F811
    secrets = {"access_token": "simulated", "app_secret": "simulated", "verify_token": "agreed"}
    own = {"ig_user_id": "17841400000000001", "media_url": media_url, "media_dir": str(folder)}
    address = {"api_version": "v25.0", "base_url": simulators.instagram_url, "poll_s": 0.05, "polls": 50}
    backend = {"BACKEND": "notifier.backends.instagram.InstagramBackend", "CHANNEL": "instagram"}
    settings.NOTIFIER = {
        "instagram": {**backend, "OPTIONS": {**secrets, **own, **address}, "SIMULATOR": {"timeout_s": 5}}
    }
    settings.HOOK_TOKENS = {}
    simulators.instagram.posts.clear()
    simulators.instagram.containers.clear()
    yield
    registry._bound.cache_clear()


def queued() -> Post:
    said = Text("Alerte", "Amina, neuf ans", "Amina", photo_name="face.jpg", photo_alt="Amina")
    return outbox.post(make.batch("instagram", texts={"fr": said}))


def another_worker() -> None:
    """A process that remembers nothing; the lease of the one before has run out."""
    registry._bound.cache_clear()
    Post.objects.filter(lease_until__isnull=False).update(lease_until=clock.now() - timedelta(seconds=1))


def go_on(turns: int = 1) -> None:
    for _ in range(turns):
        Post.objects.filter(done_at=None).update(due_at=clock.now() - timedelta(seconds=1))
        Rate.objects.update(paused_until=None, failures=0)  # the breaker's pause is over too
        make.work("instagram")


def dies_at(call: int, *, after: bool) -> None:
    """Have the worker killed at its call so far on, before it leaves or after it was answered."""
    backend: Any = registry.backend("instagram", live=False)
    inner: Callable[[Any], Any] = backend.transport
    asked = 0

    def transport(request: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == call and not after:
            raise KeyboardInterrupt
        answer = inner(request)
        if asked == call:
            raise KeyboardInterrupt
        return answer

    backend.transport = transport


def test_the_container_is_kept_before_anything_is_published(simulators):
    post = queued()
    go_on()
    post.refresh_from_db()
    assert (post.state, post.prepared) == (State.POSTED, "")
    assert (len(simulators.instagram.containers), len(simulators.instagram.posts)) == (1, 1)


@pytest.mark.parametrize("call", range(1, 6))  # quota, container, status, publish, address
@pytest.mark.parametrize("after", [False, True], ids=["before it left", "after it was answered"])
def test_wherever_a_worker_dies_there_is_one_post_and_none_is_lost(call, after, simulators):
    post = queued()
    dies_at(call, after=after)
    with pytest.raises(KeyboardInterrupt):
        make.work("instagram")
    another_worker()
    go_on(8)
    post.refresh_from_db()
    assert post.state == State.POSTED
    assert len(simulators.instagram.posts) == 1
    assert post.external_id in simulators.instagram.posts


def test_a_stop_between_container_and_publishing_leaves_nothing_to_see(simulators):
    post = queued()
    dies_at(3, after=False)
    with pytest.raises(KeyboardInterrupt):
        make.work("instagram")
    post.refresh_from_db()
    assert post.prepared
    outbox.stop([post.subject])
    outbox.recall([post.subject])
    another_worker()
    go_on(8)
    post.refresh_from_db()
    assert simulators.instagram.posts == {}
    assert not any(line.is_silent for line in outbox.ledger([post.subject]))
