"""The canonical form of a statement, over which its digest is made: a changed byte anywhere gives another."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime

from alerts.models import Statement
from trust import audit, keys


def canonical(statement: Statement) -> bytes:
    """Return what the signature covers: all that the signer is shown."""
    content = {
        "statement": str(statement.pk),
        "code": statement.code,
        "kind": statement.kind,
        "unit": str(statement.unit_id),
        "alert": str(statement.alert_id or ""),
        "tip": str(statement.tip_id or ""),
        "follows": str(statement.follows_id or ""),
        "texts": statement.texts,
        "link": statement.refuted_link or "",
        "words": statement.refuted_words or "",
        "evidence": statement.evidence or [],
        "evidence_words": statement.evidence_words or "",
        "warnings": statement.warnings or [],
        "period": [_iso(statement.period_from), _iso(statement.period_until)],
        "proposed_by": str(statement.proposed_by_id),
        "valid_until": _iso(statement.valid_until),
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(statement: Statement) -> str:
    """Return the HMAC under the statement's key: nobody who has the database alone can make one."""
    return keys.digest(statement.pk, canonical(statement))


def is_unchanged(statement: Statement) -> bool:
    """Say whether the row is what was proposed."""
    try:
        found = digest(statement)
    except (keys.SealBroken, keys.KeyDestroyed, keys.KeyMissing, ValueError):
        return False
    return hmac.compare_digest(found.encode(), statement.digest.encode())


def is_as_signed(statement: Statement) -> bool:
    """Say whether it is what was proposed, and the log proves who signed it (one query)."""
    return is_unchanged(statement) and audit.proves("statement.signed", statement, statement.signed_by_id)


def _iso(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""
