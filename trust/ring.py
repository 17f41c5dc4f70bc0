"""The key files in KEY_DIR, outside the database and outside its backups, made at first use with mode 0600.

ring-0001.key, ring-0002.key, ... wrap the data keys; the highest is current, older ones stay to unwrap.
audit.key signs the log and its heads; token.key makes the digests that search and uniqueness go by.
"""

import contextlib
import functools
import os
import re
import secrets
from pathlib import Path

from django.conf import settings

KEY_BYTES = 32
_NAME = re.compile(r"ring-(\d{4,})\.key")


class RingError(Exception):
    """A key file is missing or is not one; the text names it and the way out."""


def current() -> tuple[str, bytes]:
    """Return (ring key id, key) of the newest ring key; make the first one."""
    ids = ring_ids()
    if not ids:
        named("ring-0001")
        ids = ring_ids()
    return ids[-1], named(f"ring-{ids[-1]}")


def ring_key(ring_key_id: str) -> bytes:
    """Return one ring key; raise RingError when its file is gone."""
    path = _folder() / f"ring-{ring_key_id}.key"
    if not path.exists():
        raise RingError(f"{path.name} is missing from KEY_DIR: bring it back from the backup of keys")
    return _read(path)


def add() -> str:
    """Make the next ring key and return its id; data keys made from now on are wrapped by it."""
    ids = ring_ids()
    following = f"{int(ids[-1]) + 1 if ids else 1:04d}"
    named(f"ring-{following}")
    return following


def ring_ids() -> list[str]:
    found = (_NAME.fullmatch(entry.name) for entry in os.scandir(_folder()))
    return sorted((match.group(1) for match in found if match), key=int)


def named(name: str) -> bytes:
    """Return the key in KEY_DIR/<name>.key, made now when there is none."""
    path = _folder() / f"{name}.key"
    if not path.exists():
        _make(path)
    return _read(path)


def _folder() -> Path:
    return Path(settings.KEY_DIR)


def _make(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link never replaces: of two processes that make the same key at once, one wins and both read it.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@functools.lru_cache(maxsize=64)
def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (ValueError, UnicodeError) as fault:
        raise RingError(f"{path.name} in KEY_DIR is no key: bring it back from the backup of keys") from fault
    if len(key) != KEY_BYTES:
        raise RingError(f"{path.name} in KEY_DIR is cut short: bring it back from the backup of keys")
    return key
