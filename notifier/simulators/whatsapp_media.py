"""Media at the simulated WhatsApp: ids, and addresses that die after five minutes."""

import base64
import hashlib
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

LIVES_S = 300.0
LARGEST = 5_000_000
PICTURES = (b"\xff\xd8\xff", b"\x89PNG")


@dataclass(frozen=True, slots=True)
class File:
    """One file."""

    id: str
    media_type: str
    body: bytes


@dataclass(slots=True)
class Shelf:
    """All files of one number."""

    now: Callable[[], float] = time.monotonic
    files: dict[str, File] = field(default_factory=dict)
    _addresses: dict[str, tuple[str, float]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def keep(self, media_type: str, body: bytes) -> File:
        """A new file."""
        file = File(f"9{next(self._numbers):014d}", media_type, body)
        self.files[file.id] = file
        return file

    def told(self, file: File, base_url: str) -> dict[str, Any]:
        """The answer to GET /{media-id}: an address of its own each time."""
        token = hashlib.sha256(f"{file.id}:{next(self._numbers)}".encode()).hexdigest()[:24]
        self._addresses[token] = (file.id, self.now() + LIVES_S)
        return {
            "messaging_product": "whatsapp",
            "url": f"{base_url}/_sim/media/{token}",
            "mime_type": file.media_type,
            "sha256": digest(file.body),
            "file_size": len(file.body),
            "id": file.id,
        }

    def at(self, token: str) -> File | None:
        """The file at an address that lives."""
        name, until = self._addresses.get(token, ("", 0.0))
        return self.files.get(name) if self.now() < until else None

    def forget_addresses(self) -> None:
        """Have all of them die."""
        self._addresses.clear()


def digest(body: bytes) -> str:
    """SHA-256 as Meta's samples write it, in base64."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()
