"""The address by which one person says "no more", put into a text that is the same for all.

A text's `unsubscribe_url` may hold PLACE; it becomes a token that names the person, cannot be made up, and
never expires: a mail read in three years must still work.
"""

from uuid import UUID

from django.core import signing

PLACE = "{person}"
_SALT = "notifier.unsubscribe"


def token(person: UUID) -> str:
    return signing.Signer(salt=_SALT, sep=".").sign(person.hex)


def person(token: str) -> UUID | None:
    """Whom a token names, None when it is not ours."""
    try:
        return UUID(signing.Signer(salt=_SALT, sep=".").unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def personal(url: str, person: UUID) -> str:
    return url.replace(PLACE, token(person)) if PLACE in url else url
