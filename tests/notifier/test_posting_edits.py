"""A post that gets an update's words in place, or cannot; and what a stop does in the middle of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from notifier import outbox
from notifier.exceptions import DeliveryError
from notifier.message import Accepted, Outcome, RecallDone, RecallResult, Text, Unknown
from notifier.models import Batch, Post, Rate
from notifier.recalling import GIVE_UP_ALONE
from tests import people
from tests.notifier import make
from trust import clock
from trust.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

State, Recall = Post.State, Post.Recall
edits: list[tuple[str, str]] = []
answers: list[Callable[[str], Outcome]] = []
wall: dict[str, str] = {}  # what the public reads, by the provider's id


class Wall(make.ScriptedBackend):
    """Its posts can be given other words; what was deleted cannot."""

    direct, can_edit = False, True

    def _answer(self, message):
        outcome = super()._answer(message)
        if isinstance(outcome, Accepted):
            wall[outcome.provider_id] = message.texts["fr"].body
        return outcome

    def edit(self, external_id: str, texts: Mapping[str, Text]) -> Outcome:
        edits.append((external_id, texts["fr"].body))
        if answers:
            return answers.pop(0)(external_id)
        if external_id not in wall:
            return DeliveryError(permanent=True, kind="missing")
        wall[external_id] = texts["fr"].body
        return Accepted(external_id)

    def recall(self, external_id: str) -> RecallResult:
        wall.pop(external_id, None)
        make.recalled.append(external_id)
        return RecallDone()


@pytest.fixture(autouse=True)
def gateways(settings: Settings) -> Iterator[None]:
    gateway = {**make.gateway("page"), "BACKEND": "tests.notifier.test_posting_edits.Wall"}
    settings.NOTIFIER = {"wall": gateway}
    settings.HOOK_TOKENS = {}
    yield
    make.forget()
    edits.clear()
    answers.clear()
    wall.clear()


def go_on(turns: int = 1) -> None:
    for _ in range(turns):
        Post.objects.filter(done_at=None).update(due_at=clock.now() - timedelta(seconds=1))
        Rate.objects.update(paused_until=None, failures=0)  # the breaker's pause is over too
        make.work("page")


def said(words: str, **changes) -> Batch:
    return make.batch("page", texts=make.texts(words), **changes)


def updated(words: str = "new words", *, same_photo: bool = True, standing: Post | None = None):
    """Post once, then have an update supersede it, as alerts.issue and alerts.fanout do."""
    old = standing or outbox.post(said("old words"))
    go_on()
    update = said(words, kind="update")
    outbox.replace_posts([old.subject], update.subject, channels=["page"], same_photo=same_photo)
    new = outbox.post(update, instead_of=[old.subject])
    return old, new


def fresh(*posts: Post) -> None:
    for post in posts:
        post.refresh_from_db()


def test_an_update_changes_the_words_in_place_and_both_rows_say_so():
    old, new = updated()
    go_on()
    fresh(old, new)
    assert wall == {old.external_id: "new words fr"}
    assert (new.state, new.external_id, new.recall_state) == (State.POSTED, old.external_id, "")
    assert (old.recall_state, make.recalled) == (Recall.REPLACED, [])
    first, second = outbox.ledger([old.subject, new.subject])
    assert first.done_at
    assert second.done_at is None


def test_a_second_update_changes_the_same_post_and_the_end_takes_it_back_once():
    old, new = updated()
    go_on()
    third = said("third words", kind="update")
    subjects = [old.subject, new.subject]
    outbox.replace_posts(subjects, third.subject, channels=["page"], same_photo=True)
    last = outbox.post(third, instead_of=subjects)
    go_on()
    assert list(wall.values()) == ["third words fr"]
    outbox.stop([*subjects, third.subject])
    outbox.recall([*subjects, third.subject])
    go_on(2)
    fresh(old, new, last)
    assert (wall, make.recalled) == ({}, [old.external_id])
    assert [post.recall_state for post in (old, new, last)] == ["replaced", "replaced", "done"]


def test_another_photo_is_a_new_post_and_the_old_one_goes():
    old, new = updated(same_photo=False)
    go_on(2)
    fresh(old, new)
    assert edits == []
    assert list(wall.values()) == ["new words fr"]
    assert (old.recall_state, new.state, new.edits) == (Recall.DONE, State.POSTED, None)


@pytest.mark.parametrize("kind", ["missing", "invalid", "too_long"])
def test_a_provider_that_will_not_change_words_gets_a_new_post_and_the_old_one_goes(kind):
    old, new = updated()
    answers.append(lambda name: DeliveryError(permanent=True, kind=kind))
    go_on(3)
    fresh(old, new)
    assert list(wall.values()) == ["new words fr"]
    assert (old.recall_state, new.state) == (Recall.DONE, State.POSTED)
    assert new.external_id != old.external_id


def test_the_lost_answer_of_an_edit_is_read_back():
    old, new = updated()
    answers.append(lambda name: Unknown("timed_out"))
    go_on()
    fresh(old, new)
    assert new.state == State.UNKNOWN
    make.found["wall"] = Accepted(old.external_id)
    go_on()
    fresh(old, new)
    assert (len(edits), new.state, old.recall_state) == (1, State.POSTED, Recall.REPLACED)


def test_words_that_are_not_there_after_a_lost_answer_are_put_there_once_more():
    _old, new = updated()
    answers.append(lambda name: Unknown("timed_out"))
    go_on(3)
    fresh(new)
    assert (len(edits), new.state, list(wall.values())) == (2, State.POSTED, ["new words fr"])


def test_a_worker_killed_while_editing_doubles_nothing_and_loses_nothing():
    old, new = updated()

    def killed(name: str) -> Outcome:
        raise KeyboardInterrupt

    answers.append(killed)
    with pytest.raises(KeyboardInterrupt):
        make.work("page")
    Post.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    go_on(3)
    fresh(old, new)
    assert (wall, len(make.sent["wall"])) == ({old.external_id: "new words fr"}, 1)
    assert (new.state, old.recall_state) == (State.POSTED, Recall.REPLACED)


def test_a_stop_before_the_edit_leaves_only_the_taking_back():
    old, new = updated()
    subjects = [old.subject, new.subject]
    outbox.stop(subjects)
    outbox.recall(subjects)
    go_on(2)
    fresh(old, new)
    assert (edits, wall) == ([], {})
    assert (old.recall_state, new.state) == (Recall.DONE, State.WITHDRAWN)
    assert not any(line.is_silent for line in outbox.ledger(subjects))


@pytest.mark.parametrize("arrives", ["before the deletion", "after it"])
def test_a_stop_while_the_edit_is_on_the_wire_ends_with_the_post_gone(arrives):
    old, new = updated()
    subjects = [old.subject, new.subject]

    def stopped_meanwhile(name: str) -> Outcome:
        outbox.stop(subjects)
        outbox.recall(subjects)
        if arrives == "after it":
            wall.pop(name)
            return DeliveryError(permanent=True, kind="missing")
        wall[name] = "new words fr"
        return Accepted(name)

    answers.append(stopped_meanwhile)
    go_on(4)
    fresh(old, new)
    assert (wall, len(make.sent["wall"])) == ({}, 1)
    assert {old.recall_state, new.recall_state} == {Recall.DONE}
    assert not any(line.is_silent for line in outbox.ledger(subjects))


def test_an_edit_waits_for_an_earlier_one_that_could_arrive_after_it():
    old, new = updated()
    Post.objects.filter(pk=new.pk).update(
        state=State.SENDING, lease_token=uuid4(), lease_until=clock.now() + timedelta(seconds=30)
    )
    third = said("third words", kind="update")
    subjects = [old.subject, new.subject]
    outbox.replace_posts(subjects, third.subject, channels=["page"], same_photo=True)
    outbox.post(third, instead_of=subjects)
    go_on()
    assert edits == []
    Post.objects.filter(pk=new.pk).update(lease_until=clock.now() - timedelta(seconds=1))  # that worker died
    go_on(2)
    fresh(old, new)
    assert edits == [(old.external_id, "third words fr")]
    assert (old.recall_state, new.recall_state) == (Recall.REPLACED, Recall.REPLACED)


def test_an_edit_that_goes_on_failing_asks_a_person_who_is_let_go_when_it_is_done():
    _old, new = updated()
    answers.extend([lambda name: make.PASSING] * GIVE_UP_ALONE)
    go_on(GIVE_UP_ALONE)
    task = Task.objects.get(kind="edit_post", subject=new.pk)
    assert task.done_at is None
    go_on()
    task.refresh_from_db()
    fresh(new)
    assert (new.state, task.result) == (State.POSTED, "edited")


def test_a_person_who_took_a_post_back_ends_what_was_owed():
    post = outbox.post(said("old words"))
    go_on()
    assert not outbox.removed_by_hand(post.pk, clock.now(), people.ines())  # nobody asked
    outbox.recall([post.subject])
    task = Task.open("recall_post", post.pk, subject_kind="post")
    assert outbox.removed_by_hand(post.pk, clock.now(), people.ines())
    assert not outbox.removed_by_hand(post.pk, clock.now(), people.ines())
    (line,) = outbox.ledger([post.subject])
    task.refresh_from_db()
    assert (line.by_hand, bool(line.done_at), task.result) == (True, True, "removed")
