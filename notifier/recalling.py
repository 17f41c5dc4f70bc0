"""Taking a post back: by the provider, or by a person; nothing that is out is forgotten."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from notifier import alarms
from notifier.breaker import backoff_s
from notifier.exceptions import DeliveryError
from notifier.gateways import Gateway
from notifier.message import RecallDone, RecallResult, RecallTask
from notifier.models import Post
from notifier.models.post import PostQuerySet
from notifier.removing import OVER_WITH_IT
from trust import audit, clock
from trust.models import Task

logger = logging.getLogger(__name__)

Recall = Post.Recall
GIVE_UP_ALONE = 4  # recalls that failed in passing, after which a person is asked too


def take_back(post: Post, gateway: Gateway) -> None:
    result = _recall(post, gateway)
    at = clock.now()
    if isinstance(result, RecallDone):
        _taken_back(post, result.at or at, at)
    elif isinstance(result, DeliveryError):
        if post.attempts + 1 == GIVE_UP_ALONE:  # a person is asked, and it goes on being tried
            row(post).update(task=alarms.post_recall(post, result.kind).pk, recall_reason=result.kind)
        later(post, at, result.retry_after_s)
    else:
        state = Recall.TASK if isinstance(result, RecallTask) else Recall.IMPOSSIBLE
        hand_over(post, state, result.reason, at)


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
        row(post).update(recall_state=Recall.DONE, recalled_at=recalled_at, recall_reason="")
        audit.record("post.recalled", post)
        for task in Task.objects.still_open().filter(kind__in=OVER_WITH_IT, subject=post.pk):
            task.finish("recalled")
        post.finish(at)


def hand_over(post: Post, state: str, reason: str, at: datetime) -> None:
    with transaction.atomic():
        task = alarms.post_recall(post, reason)
        row(post).update(recall_state=state, recall_reason=reason[:64], task=task.pk)
        audit.record("post.recall_task", post, reason=reason)
        post.finish(at)


def later(post: Post, at: datetime, retry_after_s: float | None = None) -> None:
    wait_s = backoff_s(post.attempts) if retry_after_s is None else retry_after_s
    post.release(at + timedelta(seconds=wait_s), attempts=post.attempts + 1)


def row(post: Post) -> PostQuerySet:
    return Post.objects.filter(pk=post.pk)
