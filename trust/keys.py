"""One data key an owner (a case, a tip, a subscriber): destroying it erases all that was sealed under it.

A process remembers an unwrapped key for five seconds at most, so that a destroyed one is soon forgotten.
"""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction

from trust import clock, ring, sealing
from trust.models.data_key import DataKey
from trust.sealing import KEY_ID_BYTES, NONCE_BYTES, SealBroken

__all__ = [
    "KeyDestroyed", "KeyMissing", "SealBroken", "create", "create_many", "destroy", "digest", "forget",
    "open_many", "rotate_ring", "seal", "seal_many", "token", "unseal",
]  # fmt: skip

REMEMBERED_S = 5.0
REMEMBERED_KEYS = 512


class KeyMissing(Exception):  # noqa: N818  it says what happened
    """No key was made for this owner."""


class KeyDestroyed(Exception):  # noqa: N818  it says what happened
    """The owner's data were erased by destroying the key."""


@dataclass(frozen=True)
class _Key:
    key_id: bytes
    cipher: AESGCM
    digest_key: bytes


@dataclass
class _Remembered:
    key: _Key
    until: float
    # Set while the row may still be rolled back: usable only as long as this callback waits for the commit.
    on_commit: Callable[[], None] | None = None


_memory: OrderedDict[UUID, _Remembered] = OrderedDict()
_lock = threading.Lock()


def create(owner: UUID, kind: str) -> None:
    """Make the owner's key unless there is one. Raises KeyDestroyed for an owner that was erased."""
    row = DataKey.objects.filter(pk=owner).first()
    if row is None:
        key_id, plain = secrets.token_bytes(KEY_ID_BYTES), AESGCM.generate_key(256)
        ring_key_id, wrapped = _wrap(owner, key_id, plain)
        fields = {"kind": kind, "wrapped": wrapped, "ring_key_id": ring_key_id}
        row, _ = DataKey.objects.get_or_create(owner=owner, defaults=fields)
    if row.destroyed_at:
        raise KeyDestroyed
    _remember(owner, _unwrap(row))


def create_many(owners: Iterable[UUID], kind: str) -> None:
    """Make the keys of many owners at once (a query a thousand); who has one, or was erased, keeps that."""
    rows = []
    for owner in owners:
        key_id, plain = secrets.token_bytes(KEY_ID_BYTES), AESGCM.generate_key(256)
        ring_key_id, wrapped = _wrap(owner, key_id, plain)
        rows.append(DataKey(owner=owner, kind=kind, wrapped=wrapped, ring_key_id=ring_key_id))
    DataKey.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def seal(owner: UUID, field: str, plain: bytes) -> bytes:
    """Return the sealed bytes (one query unless the key is remembered). Raises KeyMissing, KeyDestroyed."""
    key = _key(owner)
    return sealing.seal(key.cipher, key.key_id, owner, field, plain)


def seal_many(rows: Iterable[tuple[UUID, str, bytes]]) -> list[bytes]:
    """Seal values of many owners with one query. Raises KeyMissing, KeyDestroyed."""
    wanted = list(rows)
    found = _keys({owner for owner, _, _ in wanted})
    sealed = []
    for owner, field, plain in wanted:
        key = found.get(owner)
        if key is None:
            raise KeyMissing
        sealed.append(sealing.seal(key.cipher, key.key_id, owner, field, plain))
    return sealed


def unseal(owner: UUID, field: str, sealed: bytes) -> bytes:
    """Return the plain bytes. Raises KeyMissing, KeyDestroyed, SealBroken."""
    key = _key(owner)
    return sealing.unseal(key.cipher, key.key_id, owner, field, bytes(sealed))


def open_many(rows: Iterable[tuple[UUID, str, bytes]]) -> list[bytes | None]:
    """Unseal values of many owners with one query; None where the key is gone. Raises SealBroken."""
    wanted = list(rows)
    found = _keys({owner for owner, _, _ in wanted})
    opened: list[bytes | None] = []
    for owner, field, sealed in wanted:
        key = found.get(owner)
        value = sealing.unseal(key.cipher, key.key_id, owner, field, bytes(sealed)) if key else None
        opened.append(value)
    return opened


def destroy(owner: UUID) -> bool:
    """Destroy the owner's key and with it all that was sealed; return whether there was one left."""
    gone = DataKey.objects.filter(pk=owner, destroyed_at__isnull=True)
    destroyed = gone.update(wrapped=None, destroyed_at=clock.now())
    forget(owner)
    transaction.on_commit(lambda: forget(owner))
    return bool(destroyed)


def digest(owner: UUID, payload: bytes) -> str:
    """Return HMAC-SHA256 (hex) under the owner's key: it says nothing once the key is destroyed."""
    return hmac.new(_key(owner).digest_key, payload, hashlib.sha256).hexdigest()


def token(purpose: str, value: str) -> str:
    """Return a keyed digest (hex) for search and uniqueness, the same all over the deployment."""
    return hmac.new(ring.named("token"), f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()


def rotate_ring(batch: int = 500) -> int:
    """Make a new ring key and wrap every data key with it; return how many. Values stay as they are.

    Old key files stay, as older backups of the database need them.
    """
    newest, done = ring.add(), 0
    while rows := list(DataKey.objects.filter(wrapped__isnull=False).exclude(ring_key_id=newest)[:batch]):
        for row in rows:
            key_id, plain = _unwrapped(row)
            ring_key_id, wrapped = _wrap(row.pk, key_id, plain)
            # A key destroyed meanwhile must not come back.
            still = DataKey.objects.filter(pk=row.pk, wrapped__isnull=False)
            done += still.update(ring_key_id=ring_key_id, wrapped=wrapped)
    return done


def forget(owner: UUID | None = None) -> None:
    """Drop one unwrapped key, or all, from this process's memory."""
    with _lock:
        if owner is None:
            _memory.clear()
        else:
            _memory.pop(owner, None)


def _key(owner: UUID) -> _Key:
    remembered = _recall(owner)
    if remembered:
        return remembered
    row = DataKey.objects.filter(pk=owner).first()
    if row is None:
        raise KeyMissing
    if row.destroyed_at:
        raise KeyDestroyed
    key = _unwrap(row)
    _remember(owner, key)
    return key


def _keys(owners: set[UUID]) -> dict[UUID, _Key]:
    """Return the keys that are left (one query); thousands at once are not worth remembering."""
    rows = DataKey.objects.filter(wrapped__isnull=False).in_bulk(list(owners))
    return {owner: _unwrap(row) for owner, row in rows.items()}


def _recall(owner: UUID) -> _Key | None:
    with _lock:
        kept = _memory.get(owner)
    if kept is None or kept.until < monotonic():
        return None
    if kept.on_commit and all(waiting[1] is not kept.on_commit for waiting in connection.run_on_commit):
        return None
    return kept.key


def _remember(owner: UUID, key: _Key) -> None:
    kept = _Remembered(key, monotonic() + REMEMBERED_S)
    if connection.in_atomic_block:

        def settle() -> None:
            kept.on_commit = None

        # A key whose row is rolled back must not seal anything: a rollback drops this callback.
        kept.on_commit = settle
        transaction.on_commit(settle)
    with _lock:
        _memory[owner] = kept
        _memory.move_to_end(owner)
        while len(_memory) > REMEMBERED_KEYS:
            _memory.popitem(last=False)


def _wrap(owner: UUID, key_id: bytes, plain: bytes) -> tuple[str, bytes]:
    ring_key_id, ring_key = ring.current()
    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = sealing.associated(f"data key {ring_key_id}", owner, key_id)
    return ring_key_id, key_id + nonce + AESGCM(ring_key).encrypt(nonce, plain, bound)


def _unwrap(row: DataKey) -> _Key:
    key_id, plain = _unwrapped(row)
    return _Key(key_id, AESGCM(plain), hmac.new(plain, b"digest", hashlib.sha256).digest())


def _unwrapped(row: DataKey) -> tuple[bytes, bytes]:
    wrapped = bytes(row.wrapped or b"")
    key_id, nonce = wrapped[:KEY_ID_BYTES], wrapped[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES]
    bound = sealing.associated(f"data key {row.ring_key_id}", row.pk, key_id)
    cipher = AESGCM(ring.ring_key(row.ring_key_id))
    try:
        return key_id, cipher.decrypt(nonce, wrapped[KEY_ID_BYTES + NONCE_BYTES :], bound)
    except InvalidTag as fault:
        raise SealBroken("data key: not wrapped by this deployment's ring") from fault
