"""Broadcast channels: posted once, taken back, or somebody's task."""

from datetime import timedelta

import pytest

from notifier import outbox
from notifier.exceptions import DeliveryError
from notifier.message import Accepted, Message, RecallImpossible, RecallTask, Unknown
from notifier.models import Batch, Post, Rate
from notifier.posting import LOOKS
from notifier.recalling import GIVE_UP_ALONE
from tests import people
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock
from trust.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State, Recall = Post.State, Post.Recall


def posted() -> Post:
    post = outbox.post(make.batch("page"))
    make.work("page")
    post.refresh_from_db()
    return post


def go_on(post: Post, turns: int = 1) -> Post:
    for _ in range(turns):
        Post.objects.filter(done_at=None).update(due_at=clock.now() - timedelta(seconds=1))
        Rate.objects.update(paused_until=None, failures=0)  # the breaker's pause is over too
        make.work("page")
    post.refresh_from_db()
    return post


def test_a_post_appears_once_in_all_languages():
    post = posted()
    go_on(post)
    (message,) = make.sent["wall"]
    assert sorted(message.texts) == ["ar", "fr"]
    assert message.to == ""
    assert (post.state, post.external_id) == (State.POSTED, f"id-{message.reference}")
    assert post.posted_at is not None


def test_a_stopped_post_is_never_made():
    post = outbox.post(make.batch("page"))
    outbox.stop([post.subject])
    go_on(post)
    assert make.sent == {}
    assert post.state == State.WITHDRAWN


def test_an_expired_post_is_never_made():
    post = outbox.post(make.batch("page"))
    Batch.objects.update(expires_at=clock.now())
    go_on(post)
    assert make.sent == {}
    assert post.state == State.EXPIRED


def test_a_post_is_taken_back_and_the_ledger_proves_it():
    post = posted()
    outbox.stop([post.subject])
    outbox.recall([post.subject])
    go_on(post)
    assert make.recalled == [post.external_id]
    assert post.recall_state == Recall.DONE
    (line,) = outbox.ledger([post.subject])
    assert (line.post, line.done_at, line.is_silent) == (post.pk, post.recalled_at, False)
    assert line.asked_at == post.recall_asked_at


def test_a_recall_asked_while_the_post_is_on_the_wire_is_not_forgotten():
    post = outbox.post(make.batch("page"))

    def recalled_meanwhile(message: Message) -> Accepted:
        outbox.stop([post.subject])
        assert outbox.recall([post.subject]) == 1
        return Accepted("7")

    make.scripts["wall"] = recalled_meanwhile
    go_on(post, turns=2)
    assert make.recalled == ["7"]
    assert post.recall_state == Recall.DONE


def test_a_lost_answer_is_read_back_and_never_posted_twice():
    post = outbox.post(make.batch("page"))
    make.scripts["wall"] = lambda message: Unknown("timed_out")
    go_on(post)
    assert post.state == State.UNKNOWN
    make.found["wall"] = Accepted("42", "https://page.invalid/42")
    go_on(post)
    assert (post.state, post.external_id, post.url) == (State.POSTED, "42", "https://page.invalid/42")
    assert len(make.sent["wall"]) == 1


def test_a_post_found_absent_often_enough_is_made_again():
    post = outbox.post(make.batch("page"))
    make.scripts["wall"] = lambda message: Unknown("timed_out")
    go_on(post)
    make.scripts.clear()
    go_on(post, turns=LOOKS + 1)
    assert post.state == State.POSTED
    assert len(make.sent["wall"]) == 2


def test_a_post_nobody_can_find_ends_with_a_person():
    post = outbox.post(make.batch("page"))
    make.scripts["wall"] = lambda message: Unknown("timed_out")
    go_on(post, turns=20)
    assert post.state == State.UNKNOWN
    assert Task.objects.get(kind="check_post").pk == post.task
    assert len(make.sent["wall"]) == 2


def test_a_worker_killed_while_posting_reads_back_first():
    post = outbox.post(make.batch("page"))

    def killed(message: Message) -> Accepted:
        raise KeyboardInterrupt

    make.scripts["wall"] = killed
    with pytest.raises(KeyboardInterrupt):
        make.work("page")
    make.scripts.clear()
    make.found["wall"] = Accepted("42")
    go_on(post)
    assert len(make.sent["wall"]) == 1  # the lease still holds
    Post.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    go_on(post)
    assert (post.state, post.external_id) == (State.POSTED, "42")
    assert len(make.sent["wall"]) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [(RecallTask("permission"), Recall.TASK), (RecallImpossible("not_recallable"), Recall.IMPOSSIBLE)],
)
def test_what_cannot_be_taken_back_is_a_task_somebody_owns(answer, state: str):
    post = posted()
    ines = people.ines()
    make.recalls["wall"] = answer
    outbox.recall([post.subject], unit=ines.unit, owner=ines)
    go_on(post)
    task = Task.objects.get(kind="recall_post")
    assert (post.recall_state, post.recall_reason, post.task) == (state, answer.reason, task.pk)
    assert (task.owner, task.unit, task.subject) == (ines, ines.unit, post.pk)
    (line,) = outbox.ledger([post.subject])
    assert (line.task, line.done_at) == (task.pk, None)


def test_a_recall_that_keeps_failing_asks_a_person_and_goes_on_trying():
    post = posted()
    make.recalls["wall"] = DeliveryError(permanent=False, kind="connection")
    outbox.recall([post.subject])
    go_on(post, turns=GIVE_UP_ALONE)
    task = Task.objects.get(kind="recall_post")
    assert (post.recall_state, post.task) == (Recall.ASKED, task.pk)
    make.recalls.clear()
    go_on(post)
    task.refresh_from_db()
    assert post.recall_state == Recall.DONE
    assert task.done_at is not None


def test_an_unsure_post_to_be_taken_back_is_looked_for_and_then_a_task():
    post = outbox.post(make.batch("page"))
    make.scripts["wall"] = lambda message: Unknown("timed_out")
    go_on(post)
    outbox.stop([post.subject])
    outbox.recall([post.subject])
    go_on(post, turns=LOOKS + 2)
    assert (post.recall_state, post.recall_reason) == (Recall.TASK, "not_found")
    assert len(make.sent["wall"]) == 1


def test_a_refusal_for_good_fails_the_post_and_calls_a_person():
    post = outbox.post(make.batch("page"))
    make.scripts["wall"] = lambda message: DeliveryError(permanent=True, kind="no_media")
    go_on(post, turns=2)
    assert (post.state, post.error_kind) == (State.FAILED, "no_media")
    assert Task.objects.get(kind="post_failed").subject == post.pk
    assert len(make.sent["wall"]) == 1


def test_a_passing_refusal_is_tried_again():
    post = outbox.post(make.batch("page"))
    make.scripts["wall"] = lambda message: make.PASSING
    go_on(post)
    assert post.state == State.QUEUED
    make.scripts.clear()
    go_on(post)
    assert post.state == State.POSTED
