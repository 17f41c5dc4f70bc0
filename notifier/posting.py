"""Broadcast channels: one post for everyone, its words changed in place, and taking it back.

The row says "sending" before the network is asked. What may have appeared without an answer is looked for
(read back), posted again only after it was found absent, and left to a person otherwise. What a provider must
hold before anything can be seen is made in a turn of its own and kept.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from notifier import alarms, editing, gateways, recalling
from notifier.composing import Composer
from notifier.exceptions import DeliveryError
from notifier.gateways import Gateway, NoGateway
from notifier.message import (
    ACCOUNT_KINDS,
    Accepted,
    Message,
    Outcome,
    Unknown,
)
from notifier.models import Post
from notifier.recalling import GIVE_UP_ALONE, later, row
from trust import audit, clock

logger = logging.getLogger(__name__)

State, Recall = Post.State, Post.Recall
BROKEN = DeliveryError(permanent=False, kind="unknown", detail="backend_broke")
LOOKS = 3  # reading back finds a post seconds late
UNUSABLE_S = 30.0


def work_one(channel: str) -> bool:
    """Claim one due post and do its next step; False when none is due."""
    post = _claim(channel)
    if post is None:
        return False
    gateway = gateways.choose_for(post)
    if isinstance(gateway, NoGateway):
        _without_gateway(post, gateway.until)
    elif post.state == State.QUEUED:
        _publish(post, gateway)
    elif post.state in (State.SENDING, State.UNKNOWN):
        _settle(post, gateway)
    elif post.recall_state == Recall.ASKED:
        recalling.take_back(post, gateway)
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


def _without_gateway(post: Post, until: datetime | None) -> None:
    """None can be used, or none may before `until`."""
    at = clock.now()
    if post.recall_state == Recall.ASKED:
        recalling.hand_over(post, Recall.TASK, "configuration", at)
    else:
        retry_at = until or at + timedelta(seconds=UNUSABLE_S)
        post.release(min(retry_at, post.batch.expires_at), attempts=post.attempts)
        _end_if_over(post)


def _end_if_over(post: Post) -> None:
    at = clock.now()
    if post.batch.expires_at <= at:
        Post.objects.filter(pk=post.pk).move(State.EXPIRED, at)


def _publish(post: Post, gateway: Gateway) -> None:
    composer = Composer(post.batch)
    if editing.must_wait(post):
        gateways.unused(gateway)
        post.release(clock.now() + timedelta(seconds=editing.WAIT_S), attempts=post.attempts)
        return
    if not _mark(post, gateway, can_speak=bool(composer.texts)):
        gateways.unused(gateway)
        return
    if post.edits_id is not None:
        outcome = _answer(gateway, lambda: gateway.backend.edit(post.external_id, composer.texts))
    elif gateway.backend.prepares and not post.prepared:
        _prepare(post, gateway, _message(post, composer))
        return
    else:
        outcome = _answer(gateway, lambda: gateway.backend.send([_message(post, composer)])[0])
    _conclude(post, gateway, outcome)


def _message(post: Post, composer: Composer) -> Message:
    return replace(composer.broadcast(reference(post)), prepared=post.prepared)


def _prepare(post: Post, gateway: Gateway, message: Message) -> None:
    """Have the provider hold what nobody sees yet, and keep its name before anything is published of it."""
    try:
        made = gateway.backend.prepare(message)
    except DeliveryError as error:
        _refused(post, gateway, error, clock.now())
        return
    except Exception:
        logger.exception("%s: the backend broke", gateway.alias)
        _refused(post, gateway, BROKEN, clock.now())
        return
    at = clock.now()
    with transaction.atomic():
        row(post).move(State.QUEUED, at, prepared=made[:128])
        post.release(at, attempts=post.attempts)  # published in the next turn, if it is wanted then


def _mark(post: Post, gateway: Gateway, *, can_speak: bool) -> bool:
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
        post.alias = gateway.alias
        return post.renew(at) and bool(mine.move(State.SENDING, at, alias=gateway.alias))


def _answer(gateway: Gateway, call: Callable[[], Outcome | None]) -> Outcome | None:
    try:
        return call()
    except DeliveryError as error:
        return error
    except Exception:
        logger.exception("%s: the backend broke", gateway.alias)
        return Unknown("backend_broke")


def _conclude(post: Post, gateway: Gateway, outcome: Outcome | None) -> None:
    gateways.answered(gateway, [outcome] if outcome else [])
    at = clock.now()
    if isinstance(outcome, Accepted):
        _posted(post, outcome, at)
    elif isinstance(outcome, DeliveryError):
        if outcome.is_spent:
            row(post).update(prepared="")
        _refused(post, gateway, outcome, at)
    else:
        row(post).move(State.UNKNOWN, at)
        later(post, at)


def _posted(post: Post, accepted: Accepted, at: datetime) -> None:
    with transaction.atomic():
        # Locked: a recall asked in this moment must not be taken for done.
        locked = Post.objects.select_for_update().get(pk=post.pk)
        row(post).move(
            State.POSTED, at, external_id=accepted.provider_id[:128], url=accepted.url[:500], posted_at=at,
            error_kind="", prepared="",
        )  # fmt: skip
        editing.take_over(locked, accepted.provider_id[:128], at)
        audit.record("post.edited" if locked.edits_id else "post.published", post)
        if locked.recall_state == Recall.ASKED:
            locked.release(at)
        else:
            locked.finish(at)


def _refused(post: Post, gateway: Gateway, error: DeliveryError, at: datetime) -> None:
    if error.permanent and error.kind not in ACCOUNT_KINDS:
        if post.edits_id is not None:
            editing.say_anew(post, error.kind, at)
            return
        row(post).move(State.FAILED, at, error_kind=error.kind)
        alarms.post_failed(post, error.kind)
        return
    if error.kind in ACCOUNT_KINDS:
        alarms.gateway_refuses(gateway.alias, error.kind)
    row(post).move(State.QUEUED, at, error_kind=error.kind)
    _ask_for_edit(post, error.kind)
    later(post, at, error.retry_after_s)


def _ask_for_edit(post: Post, reason: str) -> None:
    """What stands says what is over: after a while a person is asked, and it goes on being tried."""
    if post.edits_id is not None and post.attempts + 1 == GIVE_UP_ALONE:
        row(post).update(task=alarms.post_edit(post, reason).pk)


def _settle(post: Post, gateway: Gateway) -> None:
    """Find out what became of a post whose worker died, or whose answer was lost."""
    if post.edits_id is None:
        _look_for(post, gateway)
    elif post.recall_state == Recall.ASKED:  # its name is known: nothing must be looked for
        row(post).move(State.UNKNOWN, clock.now())
        recalling.take_back(post, gateway)
    elif not post.batch.is_wanted(clock.now()):  # the next words take its place, or it is over
        row(post).move(State.UNKNOWN, clock.now())
        post.finish(clock.now())
    else:
        _look_for_edit(post, gateway)


def _look_for_edit(post: Post, gateway: Gateway) -> None:
    """Read the words back; where they are not there they are put there once more, which harms nothing."""
    message, found = Composer(post.batch).broadcast(reference(post)), None
    if gateway.backend.can_read_back:
        found = _answer(gateway, lambda: gateway.backend.read_back(message))
    at = clock.now()
    row(post).move(State.UNKNOWN, at)
    if isinstance(found, Accepted) and found.provider_id == post.external_id:
        _posted(post, found, at)
        return
    _ask_for_edit(post, "answer_lost")
    if found is None or isinstance(found, Accepted):
        row(post).move(State.QUEUED, at)
    later(post, at, found.retry_after_s if isinstance(found, DeliveryError) else None)


def _look_for(post: Post, gateway: Gateway) -> None:
    """Find out whether a post appeared whose answer was lost, or whose worker died."""
    composer = Composer(post.batch)
    if gateway.backend.prepares and not post.prepared:  # nothing can have been published of it
        row(post).move(State.UNKNOWN, clock.now())
        row(post).move(State.QUEUED, clock.now())
        later(post, clock.now())
        return
    if not composer.texts or not gateway.backend.can_read_back:
        _leave_to_a_person(post, "answer_lost")
        return
    message = _message(post, composer)
    found = _answer(gateway, lambda: gateway.backend.read_back(message))
    at = clock.now()
    row(post).move(State.UNKNOWN, at)
    if isinstance(found, Accepted):
        _posted(post, found, at)
    elif post.attempts < LOOKS:
        later(post, at, found.retry_after_s if isinstance(found, DeliveryError) else None)
    elif found is None and post.attempts == LOOKS and post.recall_state != Recall.ASKED:
        row(post).move(State.QUEUED, at)  # looked for often enough: it is not there
        later(post, at)
    else:
        _leave_to_a_person(post, "not_found" if found is None else "answer_lost")


def _leave_to_a_person(post: Post, reason: str) -> None:
    """It stays unknown. Where it is to be taken back, looking for it is part of that."""
    at = clock.now()
    row(post).move(State.UNKNOWN, at)
    post.refresh_from_db(fields=["recall_state"])
    if post.recall_state == Recall.ASKED:
        recalling.hand_over(post, Recall.TASK, reason, at)
    else:
        with transaction.atomic():
            row(post).update(task=alarms.post_unsure(post, reason).pk)
            post.finish(at)
