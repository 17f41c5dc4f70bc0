"""What a person must see to: a task each, opened once."""

import logging
from uuid import NAMESPACE_URL, uuid5

from notifier.models import Post
from trust.models import Task

logger = logging.getLogger(__name__)


def gateway_refuses(alias: str, kind: str) -> None:
    """The account is refused (a dead token, a wrong password): nothing leaves until somebody mends it."""
    logger.error("%s: the gateway refuses us: %s", alias, kind)
    Task.open(
        "gateway_refuses", uuid5(NAMESPACE_URL, f"gateway:{alias}"), subject_kind=alias, detail_code=kind
    )


def post_recall(post: Post, reason: str) -> Task:
    """A post must be taken back by hand."""
    return _post("recall_post", post, reason)


def post_unsure(post: Post, reason: str) -> Task:
    """Nobody knows whether a post appeared: somebody must look."""
    return _post("check_post", post, reason)


def post_failed(post: Post, reason: str) -> Task:
    """A post was refused for good: the public of this channel hears nothing."""
    return _post("post_failed", post, reason)


def _post(kind: str, post: Post, reason: str) -> Task:
    return Task.open(
        kind, post.pk, subject_kind="post", unit=post.unit, owner=post.owner, detail_code=reason[:64]
    )
