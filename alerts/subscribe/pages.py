"""The address of a person's own page: it names them, cannot be made up, and opens nothing after a while."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

OPEN_S = 3600
_SALT = "alerts.subscribe.pages"


def token(person: UUID) -> str:
    return signing.dumps(person.hex, salt=_SALT)


def person(token: str) -> UUID | None:
    """Whom a token names; None when it is not ours or has grown old."""
    try:
        return UUID(signing.loads(token, salt=_SALT, max_age=OPEN_S))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
