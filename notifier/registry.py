"""From an alias in NOTIFIER to its backend, bound to the simulator unless the public is meant."""

from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from notifier.backends.base import Backend
from notifier.exceptions import ConfigurationError, SendingRefused


def backend(alias: str, *, live: bool) -> Backend:
    """The backend of an alias, kept per process.

    It reaches the public only when `live` is asked and PUBLIC_SENDING is on; otherwise the alias is bound to
    its simulator. Raise SendingRefused when it has none, ConfigurationError when its settings are wrong.
    """
    return _bound(alias, live and bool(settings.PUBLIC_SENDING))


def for_hooks(alias: str) -> Backend:
    """The backend that verifies call-backs: once sending is public, a simulator's secrets open nothing."""
    return backend(alias, live=True)


def channels() -> list[str]:
    """The channels by which this deployment reaches people, in the order of NOTIFIER."""
    names = [alias for alias in settings.NOTIFIER if not _answers_only(alias)]
    return list(dict.fromkeys(settings.NOTIFIER[alias]["CHANNEL"] for alias in names))


def aliases_for(channel: str) -> list[str]:
    """The aliases that reach people by this channel, in the order of NOTIFIER."""
    return [alias for alias, entry in settings.NOTIFIER.items() if entry["CHANNEL"] == channel]


def declared_ways(channel: str) -> list[str]:
    """The channels this deployment declares for whoever has no further way of their own (`falls_to`)."""
    entries = [(alias, _entry(alias).get("OPTIONS", {})) for alias in aliases_for(channel)]
    named = [str(own.get("falls_to", backend_class(alias).falls_to)) for alias, own in entries]
    return [name for name in dict.fromkeys(named) if name]


def channel_of(alias: str) -> str:
    """The channel an alias belongs to. Raise ConfigurationError for an unknown alias."""
    return str(_entry(alias)["CHANNEL"])


def backend_class(alias: str) -> type[Backend]:
    """The class behind an alias. Raise ConfigurationError when it cannot be imported or is no Backend."""
    dotted = _entry(alias).get("BACKEND", "")
    try:
        found = import_string(dotted)
    except ImportError as error:
        raise ConfigurationError(f"{alias}: BACKEND {dotted!r} cannot be imported") from error
    if not (isinstance(found, type) and issubclass(found, Backend)):
        raise ConfigurationError(f"{alias}: BACKEND {dotted!r} is not a Backend")
    return found


def has_live_credentials() -> list[str]:
    """The aliases whose OPTIONS hold a secret that is not the simulator's."""
    return [alias for alias in settings.NOTIFIER if has_own_secret(alias)]


def has_own_secret(alias: str) -> bool:
    """Whether an alias's OPTIONS hold a secret that is not its simulator's."""
    entry = _entry(alias)
    own, simulator = entry.get("OPTIONS", {}), entry.get("SIMULATOR", {})
    return any(
        own.get(name) and own[name] != simulator.get(name) for name in backend_class(alias).secret_options
    )


def _answers_only(alias: str) -> bool:
    try:
        return backend_class(alias).answers_only
    except ConfigurationError:  # a check says so at start-up
        return False


def _entry(alias: str) -> dict[str, Any]:
    try:
        entry: dict[str, Any] = settings.NOTIFIER[alias]
    except KeyError:
        raise ConfigurationError(f"{alias}: not in NOTIFIER") from None
    return entry


def options(alias: str, *, public: bool) -> dict[str, Any]:
    """What an alias's backend is made with. Raise SendingRefused without a simulator to bind to."""
    entry = _entry(alias)
    merged = {"media_dir": str(settings.PUBLIC_MEDIA_DIR), **entry.get("OPTIONS", {})}
    if not public:
        if "SIMULATOR" not in entry:
            raise SendingRefused(f"{alias}: no SIMULATOR, and public sending is off")
        # A simulator has no contract to keep to, unless its options say so (drill --rates contract).
        merged.update({"per_second": None, "per_day": None, **entry["SIMULATOR"]})
    token = settings.HOOK_TOKENS.get(alias)
    if token and not merged.get("hook_url"):
        merged["hook_url"] = f"{settings.HOOKS_URL}/hooks/{alias}/{token}/"
    return merged


@cache
def _bound(alias: str, public: bool) -> Backend:  # noqa: FBT001  the cache's key, private
    return backend_class(alias)(alias, options(alias, public=public))


def _forget(*, setting: str, **_: object) -> None:
    if setting in {"NOTIFIER", "HOOK_TOKENS", "HOOKS_URL", "PUBLIC_MEDIA_DIR"}:
        _bound.cache_clear()


setting_changed.connect(_forget)
