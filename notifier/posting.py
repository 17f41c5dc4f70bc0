"""Broadcast channels: one post for everyone, and taking it back.

The row says "sending" before the network is asked. What may have appeared without an answer is looked for
(read back), posted again only after it was found absent, and left to a person otherwise.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from notifier import alarms, gateways
from notifier.breaker import backoff_s
from notifier.composing import Composer
from notifier.exceptions import DeliveryError
from notifier.gateways import Gateway
from notifier.message import (
    ACCOUNT_KINDS,
    Accepted,
    Outcome,
    RecallDone,
    RecallResult,
    RecallTask,
    Unknown,
)
from notifier.models import Post
from notifier.models.post import PostQuerySet
from trust import audit, clock
from trust.models import Task

logger = logging.getLogger(__name__)

State, Recall = Post.State, Post.Recall
LOOKS = 3  # reading back finds a post seconds late
GIVE_UP_ALONE = 4  # recalls that failed in passing, after which a person is asked too
UNUSABLE_S = 30.0


def work_one(channel: str) -> bool:
    """Claim one due post and do its next step; False when none is due."""
    post = _claim(channel)
    if post is None:
        return False
    gateway = gateways.open_gateway(post.alias, exercise=post.batch.exercise)
    if gateway is None:
        _without_gateway(post)
    elif post.state == State.QUEUED:
        _publish(post, gateway)
    elif post.state in (State.SENDING, State.UNKNOWN):
        _look_for(post, gateway)
    elif post.recall_state == Recall.ASKED:
        _take_back(post, gateway)
    else:
        post.finish(clock.now())
    return True


def reference(post: Post) -> str:
    return f"p{post.pk.hex}"


def _claim(channel: str) -> Post | None:
    due = Post.objects.due(clock.now()).filter(channel=channel)
    if not due.exists():
        return None
    with transaction.atomic():
        at = clock.now()
        due = Post.objects.due(at).filter(channel=channel).in_turn()
        post = due.select_for_update(skip_locked=True).first()
        return post if post and post.take(at) else None


def _without_gateway(post: Post) -> None:
    at = clock.now()
    if post.recall_state == Recall.ASKED:
        _hand_over(post, Recall.TASK, "configuration", at)
    else:
        post.release(min(at + timedelta(seconds=UNUSABLE_S), post.batch.expires_at), attempts=post.attempts)
        _end_if_over(post)


def _end_if_over(post: Post) -> None:
    at = clock.now()
    if post.batch.expires_at <= at:
        Post.objects.filter(pk=post.pk).move(State.EXPIRED, at)


def _publish(post: Post, gateway: Gateway) -> None:
    composer = Composer(post.batch)
    if not _mark(post, can_speak=bool(composer.texts)):
        return
    outcome = _answer(gateway, lambda: gateway.backend.send([composer.broadcast(reference(post))])[0])
    _conclude(post, gateway, outcome)


def _mark(post: Post, *, can_speak: bool) -> bool:
    """The last question before the network."""
    with transaction.atomic():
        batch = post.batch.hold()
        at = clock.now()
        mine = Post.objects.filter(pk=post.pk, lease_token=post.lease_token)
        over = batch.stopped_at is None and batch.superseded_by is None and batch.expires_at <= at
        if over:
            mine.move(State.EXPIRED, at)
            return False
        if not batch.is_wanted(at) or not can_speak or post.recall_state == Recall.ASKED:
            mine.move(State.WITHDRAWN, at)
            return False
        return post.renew(at) and bool(mine.move(State.SENDING, at))


def _answer(gateway: Gateway, call: Callable[[], Outcome | None]) -> Outcome | None:
    try:
        return call()
    except DeliveryError as error:
        return error
    except Exception:
        logger.exception("%s: the backend broke", gateway.alias)
        return Unknown("backend_broke")


def _conclude(post: Post, gateway: Gateway, outcome: Outcome | None) -> None:
    at = clock.now()
    if isinstance(outcome, Accepted):
        _posted(post, outcome, at)
    elif isinstance(outcome, DeliveryError):
        _refused(post, gateway, outcome, at)
    else:
        _row(post).move(State.UNKNOWN, at)
        _later(post, at)


def _posted(post: Post, accepted: Accepted, at: datetime) -> None:
    with transaction.atomic():
        # Locked: a recall asked in this moment must not be taken for done.
        locked = Post.objects.select_for_update().get(pk=post.pk)
        _row(post).move(
            State.POSTED, at, external_id=accepted.provider_id[:128], url=accepted.url[:500], posted_at=at,
            error_kind="",
        )  # fmt: skip
        audit.record("post.published", post)
        if locked.recall_state == Recall.ASKED:
            locked.release(at)
        else:
            locked.finish(at)


def _refused(post: Post, gateway: Gateway, error: DeliveryError, at: datetime) -> None:
    if error.permanent and error.kind not in ACCOUNT_KINDS:
        _row(post).move(State.FAILED, at, error_kind=error.kind)
        alarms.post_failed(post, error.kind)
        return
    if error.kind in ACCOUNT_KINDS:
        alarms.gateway_refuses(gateway.alias, error.kind)
    _row(post).move(State.QUEUED, at, error_kind=error.kind)
    _later(post, at, error.retry_after_s)


def _look_for(post: Post, gateway: Gateway) -> None:
    """Find out whether a post appeared whose answer was lost, or whose worker died."""
    composer = Composer(post.batch)
    if not composer.texts or not gateway.backend.can_read_back:
        _leave_to_a_person(post, "answer_lost")
        return
    message = composer.broadcast(reference(post))
    found = _answer(gateway, lambda: gateway.backend.read_back(message))
    at = clock.now()
    _row(post).move(State.UNKNOWN, at)
    if isinstance(found, Accepted):
        _posted(post, found, at)
    elif post.attempts < LOOKS:
        _later(post, at, found.retry_after_s if isinstance(found, DeliveryError) else None)
    elif found is None and post.attempts == LOOKS and post.recall_state != Recall.ASKED:
        _row(post).move(State.QUEUED, at)  # looked for often enough: it is not there
        _later(post, at)
    else:
        _leave_to_a_person(post, "not_found" if found is None else "answer_lost")


def _take_back(post: Post, gateway: Gateway) -> None:
    result = _recall(post, gateway)
    at = clock.now()
    if isinstance(result, RecallDone):
        _taken_back(post, result.at or at, at)
    elif isinstance(result, DeliveryError):
        if post.attempts + 1 == GIVE_UP_ALONE:  # a person is asked, and it goes on being tried
            _row(post).update(task=alarms.post_recall(post, result.kind).pk, recall_reason=result.kind)
        _later(post, at, result.retry_after_s)
    else:
        state = Recall.TASK if isinstance(result, RecallTask) else Recall.IMPOSSIBLE
        _hand_over(post, state, result.reason, at)


def _recall(post: Post, gateway: Gateway) -> RecallResult | DeliveryError:
    try:
        return gateway.backend.recall(post.external_id)
    except DeliveryError as error:
        return error
    except Exception:
        logger.exception("%s: the backend broke", gateway.alias)
        return DeliveryError(permanent=False, kind="unknown", detail="backend_broke")


def _taken_back(post: Post, recalled_at: datetime, at: datetime) -> None:
    with transaction.atomic():
        _row(post).update(recall_state=Recall.DONE, recalled_at=recalled_at, recall_reason="")
        audit.record("post.recalled", post)
        for task in Task.objects.still_open().filter(kind="recall_post", subject=post.pk):
            task.finish("recalled")
        post.finish(at)


def _leave_to_a_person(post: Post, reason: str) -> None:
    """It stays unknown. Where it is to be taken back, looking for it is part of that."""
    at = clock.now()
    _row(post).move(State.UNKNOWN, at)
    post.refresh_from_db(fields=["recall_state"])
    if post.recall_state == Recall.ASKED:
        _hand_over(post, Recall.TASK, reason, at)
    else:
        with transaction.atomic():
            _row(post).update(task=alarms.post_unsure(post, reason).pk)
            post.finish(at)


def _hand_over(post: Post, state: str, reason: str, at: datetime) -> None:
    with transaction.atomic():
        task = alarms.post_recall(post, reason)
        _row(post).update(recall_state=state, recall_reason=reason[:64], task=task.pk)
        audit.record("post.recall_task", post, reason=reason)
        post.finish(at)


def _later(post: Post, at: datetime, retry_after_s: float | None = None) -> None:
    wait_s = backoff_s(post.attempts) if retry_after_s is None else retry_after_s
    post.release(at + timedelta(seconds=wait_s), attempts=post.attempts + 1)


def _row(post: Post) -> PostQuerySet:
    return Post.objects.filter(pk=post.pk)
