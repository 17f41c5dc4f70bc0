"""How a page of the thread proves whose it is: a signed key in each of its forms, and never a cookie."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.http import QueryDict

from tips import following
from tips.models import Tip
from trust import keys

SALT = "tips.thread"
AGE_S = 1800  # sliding: each page brings a new one
FIELD = "key"


def field(tip: Tip) -> str:
    """Return the signed key to put into each form as `key`."""
    return signing.dumps([str(tip.pk), _print(tip)], salt=SALT)


def tip_of(posted: QueryDict) -> Tip | None:
    """Return the tip whose key the form brings; None for none, too old a one, or a thread that has ended."""
    try:
        told = signing.loads(posted.get(FIELD, ""), salt=SALT, max_age=AGE_S)
    except signing.BadSignature:
        return None
    tip = following.again(UUID(told[0]))
    return tip if tip is not None and told[1] == _print(tip) else None


def _print(tip: Tip) -> str:
    """Return what changes with the secret: a page that an older one opened opens nothing more."""
    return keys.token("tip thread page", tip.secret_hash)[:16]
