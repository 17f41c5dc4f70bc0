"""What a person must see to: a task each, opened once."""

import logging
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from notifier import paging
from notifier.models import AliasHealth, Post
from trust.models import Task

logger = logging.getLogger(__name__)

GATEWAY = "gateway_refuses"


def gateway_refuses(alias: str, kind: str) -> None:
    """The account is refused (a dead token, a paused template): somebody must mend it.

    The operators are called once, however often it is refused while the task is open.
    """
    logger.error("%s: the gateway refuses us: %s", alias, kind)
    with transaction.atomic():
        subject = _of(alias)
        if Task.objects.still_open().filter(kind=GATEWAY, subject=subject).exists():
            return
        task = Task.open(GATEWAY, subject, subject_kind=alias, detail_code=kind)
        paging.call_operators(task, alias, kind)


def gateway_works(alias: str) -> None:
    """A message was taken again. What the last look at the gateway found ends with a better look alone."""
    if not AliasHealth.objects.filter(pk=alias, state=AliasHealth.State.ILL).exists():
        gateway_mended(alias)


def gateway_mended(alias: str) -> None:
    """Nobody owes anything for it any more."""
    for task in Task.objects.still_open().filter(kind=GATEWAY, subject=_of(alias)):
        task.finish("mended")


def addresses_doubtful(alias: str) -> None:
    """A gateway suddenly knows hardly any address: it errs, or a setting; no address is ended."""
    logger.error("%s: suddenly knows hardly any address; none is ended", alias)
    Task.open("addresses_doubtful", _of(alias), subject_kind=alias)


def post_recall(post: Post, reason: str) -> Task:
    """A post must be taken back by hand."""
    return _post("recall_post", post, reason)


def post_edit(post: Post, reason: str) -> Task:
    """A post still says what was replaced: somebody must look after it."""
    return _post("edit_post", post, reason)


def post_unsure(post: Post, reason: str) -> Task:
    """Nobody knows whether a post appeared: somebody must look."""
    return _post("check_post", post, reason)


def post_failed(post: Post, reason: str) -> Task:
    """A post was refused for good: the public of this channel hears nothing."""
    return _post("post_failed", post, reason)


def _of(alias: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"gateway:{alias}")


def _post(kind: str, post: Post, reason: str) -> Task:
    return Task.open(
        kind, post.pk, subject_kind="post", unit=post.unit, owner=post.owner, detail_code=reason[:64]
    )
