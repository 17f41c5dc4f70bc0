"""Files the public sent, got from wherever they lie: with a provider for a while, or in our own vault."""

import hashlib
import re
from collections.abc import Mapping
from uuid import UUID

from notifier import http, registry
from notifier.exceptions import AnswerUnreadable, DeliveryError, Gone, TooLarge, TransportError
from notifier.message import Fetched
from trust import vault

__all__ = ["DeliveryError", "Fetched", "Gone", "TooLarge", "fetch", "inline_key", "let_go"]

_KEY = re.compile(r"[0-9a-f]{32}")  # as the vault names its files


def fetch(alias: str, source: Mapping[str, str]) -> Fetched:
    """Get one file (the `source()` of an IncomingFile that came by this alias).

    Raise Gone when it can be had no more, TooLarge, DeliveryError for the rest: passing ones are worth
    another try. Cost: two requests of a provider at most, four where an address died between them.
    """
    if source.get("inline"):
        return _kept(source)
    try:
        return registry.for_hooks(alias).fetch(source)
    except AnswerUnreadable as error:
        if str(error) == "too_big":
            raise TooLarge from None
        raise http.refusal(error) from None
    except TransportError as error:
        raise http.refusal(error) from None


def let_go(alias: str, source: Mapping[str, str]) -> None:
    """Forget a file that is kept elsewhere now: remove it from the vault, or have its provider do so.

    What cannot be removed goes by its own clock (WhatsApp: 30 days), so nothing is raised for that.
    """
    if source.get("inline"):
        owner_and_key = inline_key(source["inline"])
        if owner_and_key is not None:
            vault.delete(owner_and_key[1])
        return
    try:
        registry.for_hooks(alias).let_go(source)
    except (DeliveryError, TransportError):
        return


def inline_key(inline: str) -> tuple[UUID, str] | None:
    """The owner and the vault's key of a file that came inside its call-back; None where it names none."""
    owner, _, key = inline.partition("/")
    try:
        return (UUID(owner), key) if _KEY.fullmatch(key) else None
    except ValueError:
        return None


def _kept(source: Mapping[str, str]) -> Fetched:
    found = inline_key(source["inline"])
    data = vault.find(*found) if found is not None else None
    if data is None:
        raise Gone("vault")
    return Fetched(data, source.get("media_type", ""), hashlib.sha256(data).hexdigest())
