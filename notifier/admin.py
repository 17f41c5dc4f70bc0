"""What went out, for officers who may see it: counts and states, no address and no person."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from notifier.ledger import equation
from notifier.models import Batch, Post
from trust.desk import ReadOnlyAdmin


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
    list_filter = ["kind", "channel", "exercise"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    fields = [
        "kind", "channel", "ring", "subject", "targeted", "outcome", "created_at", "not_before", "expires_at",
        "stopped_at", "superseded_by", "exercise",
    ]  # fmt: skip

    readonly_fields = ["outcome"]

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
