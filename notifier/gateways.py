"""Which gateway a batch goes by now: chosen at dispatch, never for an exercise the live one."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from notifier import rates, registry
from notifier.backends.base import Backend
from notifier.exceptions import ConfigurationError, SendingRefused
from notifier.models import Batch

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gateway:
    """A backend and the account its limits are counted on; a simulator has an account of its own."""

    alias: str
    account: str
    backend: Backend


@dataclass(frozen=True)
class NoGateway:
    """Nothing of this channel can be used; `until` when one may be free again."""

    until: datetime | None


def choose(batch: Batch) -> Gateway | NoGateway:
    """The first gateway of the batch's channel that is configured and not paused."""
    free_at: list[datetime] = []
    for alias in registry.aliases_for(batch.channel):
        gateway = open_gateway(alias, exercise=batch.exercise)
        if gateway is None:
            continue
        until = rates.paused_until(gateway.account)
        if until is None:
            return gateway
        free_at.append(until)
    return NoGateway(min(free_at, default=None))


def open_gateway(alias: str, *, exercise: bool) -> Gateway | None:
    """The gateway of an alias, None (and a line in the log) when it may not or cannot be used."""
    live = bool(settings.PUBLIC_SENDING) and not exercise
    try:
        backend = registry.backend(alias, live=live)
    except (ConfigurationError, SendingRefused) as error:
        logger.error("gateway unusable: %s", error)
        return None
    return Gateway(alias, alias if live else f"{alias}:simulator", backend)
