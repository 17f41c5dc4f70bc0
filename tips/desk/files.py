"""The pictures, clips and sounds of a tip: looked at here by whoever may read it, kept by nobody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from cases.admin.files import part, uncached
from cases.models import Case, Photo
from tips.desk.doors import TipDoors
from tips.files import footage as known
from tips.models import Attachment, Footage, Tip
from trust import audit, vault
from trust.desk import officer_of
from trust.models import Officer

# What a copy is ever made as; anything else goes out as bytes that no browser opens.
SHOWN_TYPES = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm", "audio/mpeg",
        "audio/mp4", "audio/ogg", "audio/webm",
    }
)  # fmt: skip
BOXED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
}


class TipFiles(TipDoors):
    def copy_view(self, request: HttpRequest, pk: UUID, attachment_pk: UUID) -> HttpResponse:
        """Answer with the copy, whole or in part: no player seeks without ranges."""
        row = self._looked_at(request, pk, attachment_pk)
        return part(request.headers.get("Range", ""), boxed(row.copy_bytes(), row.copy_type))

    def still_view(self, request: HttpRequest, pk: UUID, attachment_pk: UUID) -> HttpResponse:
        row = self._looked_at(request, pk, attachment_pk)
        return boxed(vault.find(row.tip_id, row.still_key) if row.still_key else None, "image/jpeg")

    def like_view(self, request: HttpRequest, pk: UUID, attachment_pk: UUID, number: int) -> HttpResponse:
        """Answer with what it is like (counted from 0), where the officer may see that too."""
        row = self._looked_at(request, pk, attachment_pk)
        told = row.likenesses or []
        if number >= len(told):
            raise Http404
        if request.GET.get("clip"):
            return _clip(request, told[number])
        return _likeness(officer_of(request), told[number])

    def _looked_at(self, request: HttpRequest, pk: UUID, attachment_pk: UUID) -> Attachment:
        """Return the attachment, logged as looked at; 404 beyond the scope and for what is frozen."""
        tip = self.tip_to_read(request, pk)
        row = get_object_or_404(Attachment, pk=attachment_pk, tip=tip)
        if row.state == Attachment.State.FROZEN:
            raise Http404
        audit.viewed(officer_of(request), tip, "tip file")
        return row


def boxed(data: bytes | None, content_type: str) -> HttpResponse:
    """Return bytes that a browser shows and runs nothing of."""
    known = content_type in SHOWN_TYPES
    answer = uncached(data, content_type if known else "application/octet-stream")
    for name, value in BOXED.items():
        answer.headers[name] = value
    if not known:
        answer.headers["Content-Disposition"] = "attachment"
    return answer


def _clip(request: HttpRequest, like: dict[str, Any]) -> HttpResponse:
    """Answer with the earlier tip's clip itself, so that both play side by side."""
    other = _other(officer_of(request), like)
    return part(request.headers.get("Range", ""), boxed(other.copy_bytes(), other.copy_type))


def _other(officer: Officer, like: dict[str, Any]) -> Attachment:
    """Return the attachment of an earlier tip that the officer may read, logged; 404 for any other."""
    rows = Attachment.objects.select_related("tip").exclude(state=Attachment.State.FROZEN)
    readable = Tip.objects.readable_by(officer)
    other = get_object_or_404(rows, pk=like.get("attachment"), tip__in=readable)
    audit.viewed(officer, other.tip, "tip file")
    return other


def _likeness(officer: Officer, like: dict[str, Any]) -> HttpResponse:
    if like.get("footage") and officer.has_perm("tips.view_footage"):
        footage = get_object_or_404(Footage, pk=like["footage"])
        audit.viewed(officer, footage, "known footage")
        return boxed(known.still_of(footage), "image/jpeg")
    if like.get("photo"):
        seen = Case.objects.for_officer(officer)
        photo = get_object_or_404(
            Photo.objects.select_related("child__case"), pk=like["photo"], child__case__in=seen
        )
        audit.viewed(officer, photo.child.case, "case photo")
        return boxed(photo.clean_bytes(), "image/jpeg")
    other = _other(officer, like)
    key = other.still_key or (other.copy_key if other.copy_type.startswith("image/") else "")
    return boxed(vault.find(other.tip_id, key) if key else None, "image/jpeg")
