"""A post that gets other words in place: two rows about one post of the provider; the later takes over.

The earlier row says what stands until the later one's words were put there; then it is "replaced". Where a
provider refuses for good, the words are posted anew and what stood is taken back.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifier import registry
from notifier.exceptions import ConfigurationError
from notifier.models import Post
from trust import audit
from trust.models import Task

State, Recall = Post.State, Post.Recall
WAIT_S = 0.5


def may_edit(alias: str) -> bool:
    """Say whether what an alias posted can be given other words."""
    try:
        return registry.backend_class(alias).can_edit
    except ConfigurationError:  # the alias is gone from the settings
        return False


def former(subjects: Iterable[UUID], alias: str) -> Post | None:
    """Return the post about these subjects that stands on the alias and may get other words."""
    if not may_edit(alias):
        return None
    return Post.objects.filter(subject__in=list(subjects), alias=alias).standing().order_by("asked_at").last()


def must_wait(post: Post) -> bool:
    """Say whether an earlier edit of the same post is on the wire: it could arrive after this one."""
    if post.edits_id is None:
        return False
    return Post.objects.beside(post).filter(state=State.SENDING).exists()


def take_over(post: Post, external_id: str, at: datetime) -> None:
    """Note that what the other rows about the same post said is gone, with the caller's transaction."""
    if post.edits_id is None:
        return
    post.external_id = external_id
    let_go([post.pk], "edited")
    others = Post.objects.beside(post).filter(
        state__in=[State.POSTED, State.UNKNOWN], recall_state=Recall.NONE
    )
    others.update(recall_state=Recall.REPLACED, recall_asked_at=post.asked_at, recalled_at=at, done_at=at)


def let_go(posts: Iterable[UUID], result: str) -> None:
    """Nobody need look any more whether these posts were given their words."""
    for task in Task.objects.still_open().filter(kind="edit_post", subject__in=list(posts)):
        task.finish(result)


def say_anew(post: Post, kind: str, at: datetime) -> None:
    """The provider will not change the words: post them anew, take back what stands, unless it is over."""
    with transaction.atomic():
        locked = Post.objects.select_for_update().get(pk=post.pk)
        batch = locked.batch.hold()
        audit.record("post.edit_refused", post, reason=kind)
        mine = Post.objects.filter(pk=post.pk)
        if locked.recall_state == Recall.ASKED:  # what it was to change is to go: asked of it by name
            mine.move(State.UNKNOWN, at)
            post.release(at)
            return
        stands = Post.objects.beside(post).recallable()
        if not batch.is_wanted(at):
            mine.move(State.FAILED, at, error_kind=kind)
            return
        stands.update(recall_state=Recall.ASKED, recall_asked_at=at, done_at=None, due_at=at, attempts=0)
        mine.move(State.QUEUED, at, edits=None, external_id="", error_kind=kind)
        post.release(at)
