"""Which gateway a batch goes by now: chosen at dispatch, never for an exercise the live one."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from notifier import breaker, rates, registry
from notifier.backends.base import Backend
from notifier.breaker import Candidate
from notifier.exceptions import ConfigurationError, SendingRefused
from notifier.models import Batch

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gateway:
    """A backend and the account its limits are counted on; a simulator has an account of its own.

    is_probe: it was given up, and one message finds out whether it works again.
    """

    alias: str
    account: str
    backend: Backend
    is_probe: bool = False


@dataclass(frozen=True)
class NoGateway:
    """Nothing of this channel can be used; `until` when one may be free again."""

    until: datetime | None


def choose(batch: Batch) -> Gateway | NoGateway:
    """The gateway of the batch's channel that fares best, of those nobody is kept from.

    By recent success and by what is left of the rate (notifier.breaker); among equals the first in NOTIFIER.
    One that was given up is tried first, with one message.
    """
    free: list[Gateway] = []
    free_at: list[datetime] = []
    for gateway in _opened(batch):
        use = rates.use(gateway.account)
        if use.is_probe:
            return replace(gateway, is_probe=True)
        if use.until is None:
            free.append(gateway)
        else:
            free_at.append(use.until)
    return _best(free) if free else NoGateway(min(free_at, default=None))


def refused_since(batch: Batch) -> datetime | None:
    """Since when every account of the batch's channel is refused; None where one is not."""
    since = [rates.refused_since(gateway.account) for gateway in _opened(batch)]
    refused = [at for at in since if at is not None]
    return max(refused) if refused and len(refused) == len(since) else None


def _opened(batch: Batch) -> list[Gateway]:
    aliases = registry.aliases_for(batch.channel)
    opened = [open_gateway(alias, exercise=batch.exercise) for alias in aliases]
    return [gateway for gateway in opened if gateway is not None]


def _best(free: list[Gateway]) -> Gateway:
    if len(free) == 1:
        return free[0]
    standings = [rates.standing(gateway.account, gateway.backend) for gateway in free]
    fares = [Candidate(one.alias, *standing) for one, standing in zip(free, standings, strict=True)]
    best = breaker.best(fares)
    return next(gateway for gateway in free if best and gateway.alias == best.alias)


def open_gateway(alias: str, *, exercise: bool) -> Gateway | None:
    """The gateway of an alias, None (and a line in the log) when it may not or cannot be used."""
    live = bool(settings.PUBLIC_SENDING) and not exercise
    try:
        backend = registry.backend(alias, live=live)
    except (ConfigurationError, SendingRefused) as error:
        logger.error("gateway unusable: %s", error)
        return None
    return Gateway(alias, alias if live else f"{alias}:simulator", backend)
