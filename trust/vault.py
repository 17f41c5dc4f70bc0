"""One media store: bytes encrypted under their owner's key, and public copies with unguessable names."""

import contextlib
import hashlib
import logging
import os
import re
import secrets
from pathlib import Path
from uuid import UUID

from django.conf import settings

from trust import keys

logger = logging.getLogger(__name__)

_KEY = re.compile(r"[0-9a-f]{32}")
_PUBLIC_NAME = re.compile(r"[A-Za-z0-9_-]{32}\.[a-z0-9]{2,5}")
PRIVATE_MODE = 0o600
PUBLIC_MODE = 0o640


class NotKept(Exception):  # noqa: N818  it says what happened
    """The vault holds no bytes under that key."""


def put(owner: UUID, data: bytes) -> str:
    """Keep the bytes sealed under the owner's key; return the key to get them by."""
    key = secrets.token_hex(16)
    _write(_path(key), keys.seal(owner, _field(key), data), PRIVATE_MODE)
    return key


def get(owner: UUID, key: str) -> bytes:
    """Return the bytes. Raises NotKept, keys.KeyDestroyed, keys.SealBroken."""
    try:
        sealed = _path(key).read_bytes()
    except FileNotFoundError as fault:
        raise NotKept from fault
    return keys.unseal(owner, _field(key), sealed)


def find(owner: UUID, key: str) -> bytes | None:
    """Return the bytes, None where they can no longer be read: gone, erased, or damaged (which is logged)."""
    try:
        return get(owner, key)
    except (keys.SealBroken, OSError) as fault:
        logger.error("vault: a file cannot be read (%s)", type(fault).__name__)
    except (NotKept, keys.KeyDestroyed, keys.KeyMissing, ValueError):
        pass
    return None


def delete(key: str) -> None:
    """Remove the bytes; a key that is gone already is no error."""
    _path(key).unlink(missing_ok=True)


def publish(data: bytes, suffix: str) -> str:
    """Write a public copy and return its unguessable name; it is whole from the first moment it exists."""
    name = secrets.token_urlsafe(24) + suffix
    _write(_public(name), data, PUBLIC_MODE)
    return name


def unpublish(name: str) -> None:
    """Remove a public copy; one that is gone already is no error."""
    _public(name).unlink(missing_ok=True)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _field(key: str) -> str:
    return f"vault {key}"


def _path(key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise ValueError("not a key of the vault")
    return Path(settings.VAULT_DIR) / key[:2] / key


def _public(name: str) -> Path:
    if not _PUBLIC_NAME.fullmatch(name):
        raise ValueError("not the name of a public copy")
    return Path(settings.PUBLIC_MEDIA_DIR) / name


def _write(path: Path, data: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    draft = path.with_name(f".{path.name}.draft")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            file.write(data)
            file.flush()
            os.fsync(handle)
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
        raise
