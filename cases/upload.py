"""A photo on its way in: held in memory, never in clear on a disk, cut off when it is too large."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from cases.media.decode import MAX_BYTES

FIELD = "photo"  # whatever else is sent is not held


class CappedUpload(FileUploadHandler):
    """Keep up to one byte more than a photo may have: enough for the form to say that it is too large."""

    held: bytearray | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.field_name != FIELD or self.held is not None:
            raise SkipFile
        self.held = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.held is not None and len(self.held) <= MAX_BYTES:
            self.held += raw_data[: MAX_BYTES + 1 - len(self.held)]

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        held = bytes(self.held or b"")
        return InMemoryUploadedFile(BytesIO(held), FIELD, "photo", self.content_type, len(held), None)
