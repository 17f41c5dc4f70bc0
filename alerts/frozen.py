"""The canonical form of a proposal, over which its digest is made: a changed byte anywhere gives another."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC

from alerts.models import Version
from trust import audit, keys, vault


def canonical(version: Version) -> bytes:
    """Return what the signature covers, from the rows and files as they are now.

    Cost: the row is used as given; the photo's bytes are read from the vault. Raise keys.KeyDestroyed,
    keys.SealBroken or OSError where something cannot be read.
    """
    content = {
        "case": str(version.key_owner),
        "alert": str(version.alert_id),
        "code": version.alert.code,
        "kind": version.alert.kind,
        "version": str(version.pk),
        "number": version.number,
        "identifier": version.identifier,
        "child": str(version.child_id),
        "texts": version.texts,
        "ends": version.ends,
        "fields_used": version.fields_used,
        "end_subjects": version.end_subjects,
        "area": version.area,
        "photo": photo_sha256(version),
        "channels": version.channels,
        "duration_s": version.duration_s,
        "proposed_by": str(version.proposed_by_id),
        "valid_until": version.valid_until.astimezone(UTC).isoformat() if version.valid_until else "",
    }
    if version.tier != Version.Tier.ALERT:  # absent where nothing waits for the morning
        content["tier"] = version.tier
    if version.warnings:  # absent from what was signed before there were any
        content["warnings"] = version.warnings
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(version: Version) -> str:
    """Return the HMAC under the case's key: it tells nothing once the case is erased."""
    return keys.digest(version.key_owner, canonical(version))


def is_unchanged(version: Version) -> bool:
    """Say whether rows and files are what was proposed (a file read, a key lookup)."""
    try:
        found = digest(version)
    except (keys.SealBroken, keys.KeyDestroyed, keys.KeyMissing, vault.NotKept, OSError, ValueError):
        return False
    return hmac.compare_digest(found.encode(), version.digest.encode())


def is_as_signed(version: Version) -> bool:
    """Say whether the version is what was proposed, and the log proves who signed it, or sent it alone.

    Asked before anything leaves: who has the database alone can write a row, and no entry of the log.
    """
    alone = version.state == Version.State.PROVISIONAL
    by = version.sent_by_id if alone else version.signed_by_id
    return is_unchanged(version) and audit.proves(f"version.{version.state}", version, by)


def photo_bytes(version: Version) -> bytes | None:
    """Return the clean copy that is to be published, None where the version has no photo."""
    if version.photo is None:
        return None
    return vault.get(version.key_owner, version.photo.clean_key)


def photo_sha256(version: Version) -> str:
    data = photo_bytes(version)
    return hashlib.sha256(data).hexdigest() if data is not None else ""
