"""What a person did about a post, in the provider's own pages."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifier.models import Post
from trust import audit, clock
from trust.models import Officer, Task

OVER_WITH_IT = ("recall_post", "edit_post", "check_post")  # what persons owe about a post that is gone


def removed_by_hand(post: UUID, at: datetime, officer: Officer) -> bool:
    """Note that a person took a post back, at that time; False where it was gone already, or nobody asked.

    Whatever a person still owed about it is done.
    """
    with transaction.atomic():
        owed = Post.objects.select_for_update().filter(pk=post, recall_asked_at__isnull=False)
        row = owed.exclude(recall_state__in=[Post.Recall.DONE, Post.Recall.REPLACED]).first()
        if row is None or row.state in Post.OVER:
            return False
        now = clock.now()
        Post.objects.filter(pk=post).update(
            recall_state=Post.Recall.DONE, recall_reason="by_hand", recalled_at=at, done_at=now,
            lease_token=None, lease_until=None,
        )  # fmt: skip
        for task in Task.objects.still_open().filter(subject=post, kind__in=OVER_WITH_IT):
            task.finish("removed", by=officer)
        audit.record("post.removed_by_hand", row, actor=officer)
    return True
