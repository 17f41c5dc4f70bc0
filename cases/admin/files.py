"""Photos and voice notes of a case, and of the reports joined to it: looked at here, kept by nobody."""

from __future__ import annotations

import re
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from cases.admin.doors import CaseDoors
from cases.media import voice
from cases.models import Photo, VoiceNote
from cases.sheet.words import may_see_field
from trust import audit
from trust.desk import officer_of

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class FileViews(CaseDoors):
    def photo_view(self, request: HttpRequest, pk: UUID, photo_pk: UUID) -> HttpResponse:
        case = self.case_to_read(request, pk)
        of_file = [case.pk, *(other.pk for other in case.joined)]
        photo = get_object_or_404(Photo.objects.select_related("child"), pk=photo_pk, child__case__in=of_file)
        audit.viewed(officer_of(request), case, "case photo")
        return uncached(photo.clean_bytes(), "image/jpeg")

    def voice_view(self, request: HttpRequest, pk: UUID, voice_pk: UUID) -> HttpResponse:
        """Answer whole or in part: Safari plays nothing that cannot be asked for by ranges."""
        case, officer = self.case_to_read(request, pk), officer_of(request)
        of_file = [case.pk, *(other.pk for other in case.joined)]
        note = get_object_or_404(VoiceNote, pk=voice_pk, case__in=of_file)
        if not may_see_field(officer, note.field):
            raise PermissionDenied
        audit.viewed(officer, case, "voice note")
        whole = uncached(note.clean_bytes(), voice.CONTENT_TYPE)
        return part(request.headers.get("Range", ""), whole)


def uncached(data: bytes | None, content_type: str) -> HttpResponse:
    if data is None:
        raise Http404
    return HttpResponse(data, content_type=content_type, headers={"Cache-Control": "no-store"})


def part(asked: str, whole: HttpResponse) -> HttpResponse:
    """Return the one range that was asked for (RFC 9110, 14.2), the whole for anything else."""
    whole.headers["Accept-Ranges"] = "bytes"
    found, length = _RANGE.fullmatch(asked.strip()), len(whole.content)
    if found is None or not any(found.groups()):
        return whole
    first, last = found.groups()
    start = int(first) if first else max(0, length - int(last))
    end = min(int(last), length - 1) if first and last else length - 1
    if first and last and int(last) < start:
        return whole  # not a range: to be ignored
    if start >= length:
        return HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{length}", "Cache-Control": "no-store"}
        )
    return HttpResponse(
        whole.content[start : end + 1],
        status=206,
        headers={**whole.headers, "Content-Range": f"bytes {start}-{end}/{length}"},
    )
