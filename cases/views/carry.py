"""What was typed on a page whose key ran out: carried along, sealed, until the key is given again."""

from __future__ import annotations

import base64
import secrets
import time
import zlib
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.http import QueryDict

from trust import ring

AGE_S = 2 * 3600
NONCE_BYTES = 12
STAMP_BYTES = 8
NOT_CARRIED = {"key", "carried", "reference", "secret"}
# Of what was typed, as it is sent: sealed, that is at most 1.4 MB, and a form may bring 2 MB back.
MOST_BYTES = 1_000_000


def seal(posted: QueryDict, purpose: str = "") -> str:
    """Return the posted values as text for a hidden field that only this deployment can read.

    purpose: opened for the same one alone: a page that seals whatever is typed must not forge another's.
    "" for more than MOST_BYTES: the page must say that it is lost.
    Sealed and not just signed: half an hour later somebody else may hold this telephone.
    """
    pairs = [(name, value) for name, values in posted.lists() if name not in NOT_CARRIED for value in values]
    typed = urlencode(pairs).encode()
    if len(typed) > MOST_BYTES:
        return ""
    stamp = int(time.time()).to_bytes(STAMP_BYTES)
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = zlib.compress(typed)
    return base64.urlsafe_b64encode(
        stamp + nonce + _cipher().encrypt(nonce, plain, stamp + purpose.encode())
    ).decode()


def unseal(text: str, purpose: str = "") -> QueryDict | None:
    """Return the values; None for what is not ours or of another purpose, or is older than AGE_S."""
    try:
        held = base64.urlsafe_b64decode(text)
    except ValueError:
        return None
    stamp, nonce = held[:STAMP_BYTES], held[STAMP_BYTES : STAMP_BYTES + NONCE_BYTES]
    if time.time() - int.from_bytes(stamp) > AGE_S:
        return None
    try:
        plain = _cipher().decrypt(nonce, held[STAMP_BYTES + NONCE_BYTES :], stamp + purpose.encode())
    except (InvalidTag, ValueError):
        return None
    return QueryDict(zlib.decompress(plain))


def _cipher() -> AESGCM:
    return AESGCM(ring.named("carried"))
