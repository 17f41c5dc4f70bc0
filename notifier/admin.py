"""What went out, for officers who may see it: counts and states, no address and no person."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from notifier.desk import said
from notifier.ledger import equation
from notifier.models import AliasHealth, Batch, Post
from trust import desk
from trust.desk import ReadOnlyAdmin, officer_of
from trust.models import Officer, Task

# A batch names no unit. Whoever holds its key does: packages above say which key owners an officer may see.
KEY_OWNERS: list[Callable[[Officer], QuerySet[Any, Any]]] = []


def _within_scope(request: HttpRequest, path: str) -> Q:
    """Return the condition on the key's owner, found along `path`, that keeps to the officer's scope."""
    officer, allowed = officer_of(request), Q(pk__in=[])
    for owners in KEY_OWNERS:
        allowed |= Q(**{f"{path}__in": owners(officer)})
    return allowed


desk.TASK_SUBJECTS.setdefault("post", "admin:notifier_post_change")
Task.ENDED_BY_AN_ACT.add("recall_post")  # who took it back, and how it is known, is written down
desk.TASK_WORDS.update(
    {
        "recall_post": _("Take a post back by hand"),
        "edit_post": _("A post still says what was replaced: change its words by hand"),
        "check_post": _("Look whether a post appeared: its answer was lost"),
        "post_failed": _("A post was refused: its channel tells nobody"),
        "gateway_refuses": _("A gateway refuses: look at its credentials"),
        "addresses_doubtful": _("A gateway suddenly knows hardly any address: look whether it errs"),
        "inbound_unhandled": _("A message from the public could not be taken in: read it"),
    }
)


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = [
        "created_at",
        "kind",
        "channel",
        "ring",
        "targeted",
        "expires_at",
        "stopped_at",
        "exercise",
    ]
    list_filter = ["created_at", "kind", "channel", "exercise"]
    show_full_result_count = False
    ordering = ["-created_at"]
    fields = [
        "kind", "channel", "ring", "subject", "targeted", "outcome", "created_at", "not_before", "expires_at",
        "stopped_at", "superseded_by", "exercise",
    ]  # fmt: skip

    readonly_fields = ["outcome"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return Batch.objects.filter(_within_scope(request, "key_owner")).defer("content", "after")

    @admin.display(description=_("What became of them"))
    def outcome(self, batch: Batch) -> str:
        counts = equation([batch.subject])
        return (
            f"{_('Accepted')} {counts.accepted} · {_('Delivered')} {counts.delivered} · "
            f"{_('Answer lost')} {counts.unknown} · {_('Failed')} {counts.failed} · "
            f"{_('Withdrawn')} {counts.withdrawn} · {_('Expired')} {counts.expired} · "
            f"{_('Suppressed')} {counts.suppressed} · {_('Queued')} {counts.queued}"
        )


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    list_display = ["asked_at", "channel", "alias", "state", "posted_at", "recall_state", "recalled_at"]
    list_filter = ["channel", "state", "recall_state"]
    ordering = ["-asked_at"]
    fields = [
        "channel", "alias", "subject", "url", "state", "error_kind", "asked_at", "posted_at", "recall_state",
        "recall_asked_at", "recalled_at", "recall_reason", "unit", "owner",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        return Post.objects.filter(_within_scope(request, "batch__key_owner"))


@admin.register(AliasHealth)
class AliasHealthAdmin(ReadOnlyAdmin):
    """Whether each gateway is well, by the last look at it. It names nobody and no case."""

    list_display = ["alias", "channel", "state", "since", "checked_at", "what_is_wrong"]
    list_filter = ["state"]
    ordering = ["alias"]
    fields = ["alias", "channel", "state", "since", "checked_at", "what_is_wrong", "codes"]
    readonly_fields = ["what_is_wrong", "codes"]

    @admin.display(description=_("What is wrong"))
    def what_is_wrong(self, health: AliasHealth) -> str:
        return " ".join(said(health)) or "—"

    @admin.display(description=_("In the provider’s words"))
    def codes(self, health: AliasHealth) -> str:
        return " · ".join(f"{kind} {detail}".strip() for kind, detail, _serious in health.problems) or "—"
