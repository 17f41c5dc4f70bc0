"""System checks over NOTIFIER: a wrong channel stops at start-up, not in the night it is needed."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  Django's own names

from notifier import registry
from notifier.exceptions import ConfigurationError

DOCS = "See docs/channels.md#options"


@register()
def channels(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check every alias of NOTIFIER."""
    return [message for alias in settings.NOTIFIER for message in _about(alias)]


def _about(alias: str) -> Iterator[CheckMessage]:
    entry = settings.NOTIFIER[alias]
    try:
        backend = registry.backend_class(alias)
    except ConfigurationError as error:
        yield Error(str(error), hint=f"Give the dotted path of a Backend. {DOCS}", id="notifier.E001")
        return
    options = entry.get("OPTIONS", {})
    missing = [name for name in backend.required_options if name not in options]
    if missing:
        lacks = f"{alias}: OPTIONS lacks {', '.join(missing)}"
        yield Error(lacks, hint=f"Add it to NOTIFIER[{alias!r}]['OPTIONS']. {DOCS}", id="notifier.E002")
    if not entry.get("CHANNEL"):
        yield Error(
            f"{alias}: CHANNEL is missing", hint=f"Name the way of reaching. {DOCS}", id="notifier.E003"
        )
    yield from _about_sending(alias, entry)
    if backend.has_receipts and not settings.HOOK_TOKENS.get(alias):
        hint = f"Add {alias!r} to HOOK_TOKENS, or its receipts are never heard. {DOCS}"
        yield Warning(f"{alias}: has receipts and no hook token", hint=hint, id="notifier.W002")


def _about_sending(alias: str, entry: dict[str, Any]) -> Iterator[CheckMessage]:
    if settings.PUBLIC_SENDING:
        return
    if "SIMULATOR" not in entry:
        hint = f"Add SIMULATOR, or turn PUBLIC_SENDING on. {DOCS}"
        yield Error(f"{alias}: no SIMULATOR while PUBLIC_SENDING is off", hint=hint, id="notifier.E004")
    if registry.has_own_secret(alias):
        hint = "It is not used: messages go to the simulator. The drill refuses to run beside it."
        yield Warning(f"{alias}: live credentials while PUBLIC_SENDING is off", hint=hint, id="notifier.W001")
