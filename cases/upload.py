"""Photos and voice notes on their way in: held in memory, never in clear on a disk, each up to its cap."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django_permissions_policy.decorators import permissions_policy_override

from cases.media import decode, voice

PHOTOS = "photos"
ONE_PHOTO = "photo"  # the form of one photo
VOICE = "voice"  # every field whose name starts so
MAX_PHOTOS = 6
MAX_HELD = 60 * 1024 * 1024  # bytes of one request

# Decorates the views whose pages hold a recorder: on all others the microphone stays closed.
may_record = permissions_policy_override({**settings.PERMISSIONS_POLICY, "microphone": ["self"]})


class HeldFile(InMemoryUploadedFile):
    """Hold a file of the form. refused is "", "too_large", "too_many" or "no_room" (the request is full).

    One that is refused is not whole: say so and leave its bytes alone.
    """

    def __init__(self, held: BytesIO, field: str, content_type: str, refused: str) -> None:
        size = held.getbuffer().nbytes
        held.seek(0)
        super().__init__(held, field, field, content_type, size, None)
        self.refused = refused


class CappedUpload(FileUploadHandler):
    """Keep the files of known fields, each up to one byte more than it may have, all up to MAX_HELD.

    That is enough for the form to say what is too large. Files of other fields are skipped; the names that
    phones give to files are dropped. A body that ends before its Content-Length is a MultiPartParserError,
    which Django answers with 400: nothing of a form cut by the network is acted on.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.room = MAX_HELD
        self.seen: dict[str, int] = {}
        self.held = BytesIO()
        self.cap = 0
        self.refused = ""
        self.reads_whole = False

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
        allowed, self.cap = _limits(self.field_name or "")
        self.seen[self.field_name or ""] = number = self.seen.get(self.field_name or "", 0) + 1
        if not allowed or (number > allowed and self.field_name != PHOTOS):
            raise SkipFile
        self.held, self.refused = BytesIO(), "too_many" if number > allowed else ""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.refused:
            return
        kept = raw_data[: min(self.cap + 1 - self.held.tell(), self.room)]
        self.held.write(kept)
        self.room -= len(kept)
        if self.held.tell() > self.cap:
            self.refused = "too_large"
        elif len(kept) < len(raw_data):
            self.refused = "no_room"

    def file_complete(self, file_size: int) -> HeldFile:
        return HeldFile(self.held, self.field_name or "", self.content_type or "", self.refused)


class WholeBody:
    """Read a request's body to its announced length, and no further."""

    def __init__(self, source: Any, length: int) -> None:
        self.source = source
        self.missing = length

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raise MultiPartParserError where they end too early."""
        data: bytes = self.source.read(size)
        self.missing -= len(data)
        if not data and self.missing > 0:
            raise MultiPartParserError("The request ended before its announced length.")
        return data


def _limits(field: str) -> tuple[int, int]:
    """Return how many files a field takes and how many bytes each may have; 0 for an unknown field."""
    if field == PHOTOS:
        return MAX_PHOTOS, decode.MAX_BYTES
    if field == ONE_PHOTO:
        return 1, decode.MAX_BYTES
    if field.startswith(VOICE):
        return 1, voice.MAX_BYTES
    return 0, 0
