"""AES-GCM with a header of its own: version (1 byte), key id (4), nonce (12), then ciphertext and tag."""

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
KEY_ID_BYTES = 4
NONCE_BYTES = 12
HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES


class SealBroken(Exception):  # noqa: N818  it says what happened
    """The bytes are no sealed value, were changed, or belong to another field, owner or key."""


def seal(cipher: AESGCM, key_id: bytes, owner: UUID, field: str, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    header = bytes([VERSION]) + key_id + nonce
    return header + cipher.encrypt(nonce, plain, associated(field, owner, key_id))


def unseal(cipher: AESGCM, key_id: bytes, owner: UUID, field: str, sealed: bytes) -> bytes:
    """Return the plain bytes or raise SealBroken, without saying which part was wrong."""
    if len(sealed) <= HEADER_BYTES or sealed[0] != VERSION or sealed[1 : 1 + KEY_ID_BYTES] != key_id:
        raise SealBroken(f"{field}: not sealed under this owner's key")
    nonce = sealed[1 + KEY_ID_BYTES : HEADER_BYTES]
    try:
        return cipher.decrypt(nonce, sealed[HEADER_BYTES:], associated(field, owner, key_id))
    except InvalidTag as fault:
        raise SealBroken(f"{field}: not sealed under this owner's key") from fault


def associated(field: str, owner: UUID, key_id: bytes) -> bytes:
    """Bind a value to its field and owner, not to its row: a Delivery may hold a copy of an address."""
    return b"\x00".join((field.encode(), owner.bytes, key_id))
