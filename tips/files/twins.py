"""The same file sent again: what was made of it once is copied, and the matcher is not asked again."""

from __future__ import annotations

from typing import Any

from tips.files import facts, likening
from tips.models import Attachment
from trust import clock, vault

State = Attachment.State
SHOWN = ("seconds", "width", "height", "pages", "advice")  # facts that are of the file, not of its claim


def of(attachment: Attachment) -> Attachment | None:
    """Return the first attachment of the same bytes that is READY (a query)."""
    same = Attachment.objects.filter(original_sha256=attachment.original_sha256, state=State.READY)
    return same.exclude(pk=attachment.pk).select_related("tip__unit").order_by("kept_at").first()


def is_being_made(attachment: Attachment) -> bool:
    """Say whether a worker is at an earlier attachment of the same bytes now: waiting for it costs less."""
    same = Attachment.objects.filter(
        original_sha256=attachment.original_sha256, state=State.KEPT, attempts__gt=0,
        next_at__gt=clock.now(), kept_at__lt=attachment.kept_at,
    )  # fmt: skip
    return same.exclude(pk=attachment.pk).exists()


def give(twin: Attachment, to: Attachment) -> None:
    """Fill an attachment with what was made of its twin; the facts are set against its own claim.

    It gets no print of its own: the twin's stands for both, and is handed on when the twin is destroyed.
    """
    copy = vault.get(twin.tip_id, twin.copy_key)
    still = vault.find(twin.tip_id, twin.still_key) if twin.still_key else None
    to.state, to.copy_type = State.READY, twin.copy_type
    to.copy_key = vault.put(to.tip_id, copy)
    to.still_key = vault.put(to.tip_id, still) if still else ""
    told: dict[str, Any] = twin.facts or {}
    shown = {name: value for name, value in told.items() if name in SHOWN}
    to.facts = facts.of(to, facts.origin_of(told), shown)
    same = {"attachment": str(twin.pk), "kind": "same", "how": "straight", "strength": likening.SAME_FILE}
    to.likenesses = [same, *(twin.likenesses or [])][: likening.MOST_KEPT]
