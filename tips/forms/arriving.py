"""Files of a form without script: sealed part by part as they come in, never whole in memory or on a disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http.multipartparser import MultiPartParser

from cases.upload import WholeBody
from tips.files import uploads

FILES = "attached"
VOICE = "voice"
MOST_FILES = 30


class Arrived(UploadedFile[bytes]):
    """Hold no bytes: the token of what was sealed, or why there is none.

    refused is "", "empty", "too_large", "too_many" or "no_room", keys of tips.forms.files.SAYS.
    """

    def __init__(self, token: str, refused: str, size: int) -> None:
        super().__init__(BytesIO(), "file", size=size)
        self.token = token
        self.refused = refused


class SealedUpload(FileUploadHandler):
    """Seal the files of the known fields in parts of uploads.PART bytes; those of other fields are skipped.

    What is too large is read to its end and thrown away, so that the words beside it still arrive. A body
    that ends before its Content-Length is a MultiPartParserError: nothing of a form cut by the network is
    acted on, and what was sealed of it goes with the other uploads that nobody took.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.number = 0
        self.reads_whole = False
        self.waiting, self.sealed, self.token, self.refused = bytearray(), 0, "", ""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  (Django passes it by position and names it so)
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> Any:
        if self.reads_whole:
            return None
        self.reads_whole = True
        body: Any = WholeBody(input_data, content_length)
        return MultiPartParser(META, body, [self], encoding).parse()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.field_name not in (FILES, VOICE) or not self.file_name:
            raise SkipFile
        self._forget()
        self.number += 1
        if self.number > MOST_FILES:
            self.refused = "too_many"

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.refused:
            return
        self.waiting += raw_data
        while len(self.waiting) >= uploads.PART and not self.refused:
            self._seal(uploads.PART)

    def file_complete(self, file_size: int) -> Arrived:
        if not self.refused and self.waiting:
            self._seal(len(self.waiting))
        if not self.refused and not self.token:
            self.refused = "empty"
        if self.refused and self.token:
            uploads.cancel(self.token)
            self.token = ""
        elif self.token:
            uploads.finish(self.token)
        return Arrived(self.token, self.refused, file_size)

    def upload_interrupted(self) -> None:
        if self.token:
            uploads.cancel(self.token)

    def _seal(self, length: int) -> None:
        """Put the first `length` bytes away; a form does not say how long a file is before it has come."""
        part, self.waiting = bytes(self.waiting[:length]), self.waiting[length:]
        try:
            if not self.token:
                name, kind = self.file_name or "", (self.content_type or "").replace("\x00", "")
                self.token = uploads.begin(uploads.MOST_BYTES, name, kind)
            self.sealed = uploads.put(self.token, self.sealed, part)
        except uploads.UploadRefused as refused:
            self.refused = {"too_much": "too_large"}.get(refused.code, "no_room")
        except OSError:
            self.refused = "no_room"

    def _forget(self) -> None:
        self.waiting, self.sealed, self.token, self.refused = bytearray(), 0, "", ""
