import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifier.models.batch import Batch
from notifier.models.lease import Leased
from trust.models import Unit


class PostQuerySet(models.QuerySet["Post"]):
    def due(self, at: datetime) -> Self:
        return self.filter(Leased.due(at))

    def in_turn(self) -> Self:
        return self.order_by("priority", "due_at", "id")

    def recallable(self) -> Self:
        """Those that exist or may exist, and nobody asked back yet."""
        may_exist = [Post.State.SENDING, Post.State.POSTED, Post.State.UNKNOWN]
        return self.filter(state__in=may_exist, recall_state=Post.Recall.NONE)

    def standing(self) -> Self:
        """Those that are known to exist, by a name that their provider gave, and nobody asked back."""
        found = self.filter(state=Post.State.POSTED, recall_state=Post.Recall.NONE)
        return found.exclude(external_id="")

    def beside(self, post: "Post") -> Self:
        """The other rows about the same post of the provider: what it said before, or is to say next."""
        same = self.filter(alias=post.alias, external_id=post.external_id).exclude(pk=post.pk)
        return same if post.external_id else self.none()

    def move(self, state: str, at: datetime, **changes: Any) -> int:
        """Move those that may go to `state`; what is final and needs no recall is done."""
        if state in Post.OVER:
            changes["done_at"] = at
        return self.filter(state__in=Post.BEFORE[state]).update(state=state, **changes)


class Post(Leased):
    """What a broadcast channel published once for everyone, and what became of taking it back.

    Written before the network is asked: a post that may exist is never forgotten. `external_id` is the
    provider's. `unit` and `owner` answer for what must be taken back by hand; `task` is that task.

    One that `edits` another puts its batch's words in that one's place: it has its `external_id` from the
    start, and takes over when that was done. `prepared` names what the provider holds of a post that nobody
    sees yet (Instagram's container): kept before publishing, so that the same one is published again.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        POSTED = "posted", _("Posted")
        UNKNOWN = "unknown", _("Answer lost")
        FAILED = "failed", _("Failed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    class Recall(models.TextChoices):
        NONE = "", _("Not asked")
        ASKED = "asked", _("Asked")
        DONE = "done", _("Done")
        IMPOSSIBLE = "impossible", _("Impossible")
        TASK = "task", _("A person's task")
        REPLACED = "replaced", _("Its words were replaced in place")

    BEFORE: ClassVar[dict[str, tuple[str, ...]]] = {
        State.QUEUED: (State.SENDING, State.UNKNOWN),
        State.SENDING: (State.QUEUED,),
        State.POSTED: (State.SENDING, State.UNKNOWN),
        State.UNKNOWN: (State.SENDING,),
        State.FAILED: (State.SENDING, State.QUEUED),
        State.WITHDRAWN: (State.QUEUED,),
        State.EXPIRED: (State.QUEUED,),
    }
    OVER: ClassVar[tuple[str, ...]] = (State.FAILED, State.WITHDRAWN, State.EXPIRED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="posts")
    subject = models.UUIDField(db_index=True, verbose_name=_("subject"))
    alias = models.CharField(max_length=32, verbose_name=_("gateway"))
    account = models.CharField(max_length=64, blank=True)
    external_id = models.CharField(max_length=128, blank=True)
    prepared = models.CharField(max_length=128, blank=True)
    edits = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    url = models.URLField(max_length=500, blank=True, verbose_name=_("address"))
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED, verbose_name=_("state"))
    error_kind = models.CharField(max_length=24, blank=True, verbose_name=_("refusal"))
    asked_at = models.DateTimeField(verbose_name=_("asked at"))
    posted_at = models.DateTimeField(null=True, verbose_name=_("posted at"))
    recall_state = models.CharField(
        max_length=12, choices=Recall, default=Recall.NONE, blank=True, verbose_name=_("taking back")
    )
    recall_asked_at = models.DateTimeField(null=True, verbose_name=_("asked back at"))
    recalled_at = models.DateTimeField(null=True, verbose_name=_("taken back at"))
    recall_reason = models.CharField(max_length=64, blank=True, verbose_name=_("reason"))
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    task = models.UUIDField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [models.UniqueConstraint(fields=["batch", "alias"], name="post_once")]
        indexes = [
            models.Index(
                fields=["channel", "priority", "due_at"], name="post_turn", condition=Q(done_at=None)
            ),
            models.Index(fields=["external_id"], name="post_external"),
        ]

    def __str__(self) -> str:
        return f"{self.alias} · {self.get_state_display()}"
