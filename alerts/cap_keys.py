"""The key that signs CAP documents: a file outside the database, and the certificates anybody verifies with.

A key changes like this: the new certificate is published beside the old one (CAP_CERTIFICATES) until every
partner has it; then CAP_SIGNING_KEY names the new file and the old certificate stays published until the last
document it signed has expired. A file that is replaced is read anew without a restart.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from alerts import cap_signature
from alerts.cap_signature import Signer, SignerError

logger = logging.getLogger(__name__)

RENEW_WITHIN = timedelta(days=30)


def signer() -> Signer | None:
    """Return what signs documents now; None where no key is configured. Raise SignerError."""
    path = str(settings.CAP_SIGNING_KEY)
    return _read(path, _changed(path)) if path else None


def signed(document: bytes) -> tuple[bytes, str]:
    """Return the document, signed where there is a key, and the certificate's fingerprint or "".

    A key that has become unreadable holds no alert back: the document goes unsigned, and the log says so.
    """
    try:
        found = signer()
    except SignerError:
        logger.exception("a CAP document goes unsigned: its key cannot be read")
        return document, ""
    if found is None:
        return document, ""
    return cap_signature.sign(document, found), found.fingerprint


def published() -> bytes:
    """Return the certificates to verify with, the signing one first, as one PEM file; empty without a key."""
    found = {one.fingerprint(hashes.SHA256()): one for one in _published()}
    return b"".join(one.public_bytes(Encoding.PEM) for one in found.values())


def problems(at: datetime) -> Iterator[tuple[str, str]]:
    """Yield what is wrong as (setting, words): for the check at start-up."""
    for name, path in (("CAP_SIGNING_KEY", str(settings.CAP_SIGNING_KEY)), *_further()):
        try:
            found = _read(path, _changed(path)).certificate if path and name == "CAP_SIGNING_KEY" else None
            if path and found is None:
                found = _certificates(path, _changed(path))[0]
        except SignerError as error:
            yield name, str(error)
            continue
        if found is not None and name == "CAP_SIGNING_KEY" and found.not_valid_after_utc <= at:
            yield name, "its certificate has expired"


def _published() -> Iterator[x509.Certificate]:
    try:
        if (found := signer()) is not None:
            yield found.certificate
    except SignerError:
        logger.exception("the certificate of CAP documents cannot be read")
    for _name, path in _further():
        try:
            yield from _certificates(path, _changed(path))
        except SignerError:
            logger.exception("a further certificate of CAP documents cannot be read")


def _further() -> Iterator[tuple[str, str]]:
    for path in settings.CAP_CERTIFICATES:
        yield "CAP_CERTIFICATES", str(path)


def _changed(path: str) -> int:
    """Return when a file was changed: another key when it is replaced."""
    try:
        return Path(path).stat().st_mtime_ns
    except OSError as error:
        raise SignerError(f"{path} cannot be read ({error.strerror})") from error


@lru_cache(maxsize=4)
def _read(path: str, _changed_at: int) -> Signer:
    return cap_signature.read(_bytes(path))


@lru_cache(maxsize=8)
def _certificates(path: str, _changed_at: int) -> list[x509.Certificate]:
    return cap_signature.certificates(_bytes(path))


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SignerError(f"{path} cannot be read ({error.strerror})") from error
