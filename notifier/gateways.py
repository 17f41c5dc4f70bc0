"""Which gateway a batch or a post goes by now: chosen at dispatch, never for an exercise the live one.

A gateway has an account, on which its limits are counted, and mostly a host. A refusal keeps everybody from
the account alone; a host that cannot be reached keeps them from all accounts it has.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from notifier import alarms, breaker, rates, registry, resuming
from notifier.backends.base import Backend
from notifier.breaker import DOUBTFUL_PAUSE_S, LONGEST_PAUSE_S, Candidate
from notifier.exceptions import ConfigurationError, SendingRefused
from notifier.message import Outcome
from notifier.models import Batch, Post
from notifier.verdicts import Health, health

logger = logging.getLogger(__name__)

ADDRESSES = ("base_url", "url", "gateway_url")  # the options that name where a backend speaks to
MAY_CHANGE = 3  # attempts of a post; from then on it may have been looked for at one account and not found
HOST_LENGTH = 58  # of the 64 a row has for its account


@dataclass(frozen=True)
class Gateway:
    """A backend and the account its limits are counted on; a simulator has an account of its own.

    host: the row of the breaker that all accounts at one place share, empty where a backend speaks to many.
    is_probe: it was given up, and one message finds out whether it works again.
    """

    alias: str
    account: str
    backend: Backend
    host: str = ""
    is_probe: bool = False

    @property
    def breakers(self) -> tuple[str, ...]:
        """The rows whose trouble keeps everybody from it."""
        return (self.account, self.host) if self.host else (self.account,)


@dataclass(frozen=True)
class NoGateway:
    """Nothing of this channel can be used; `until` when one may be free again."""

    until: datetime | None


def choose(batch: Batch) -> Gateway | NoGateway:
    """The gateway of the batch's channel that fares best, of those nobody is kept from.

    By recent success and by what is left of the rate (notifier.breaker); among equals the first in NOTIFIER.
    One that was given up is tried first, with one message.
    """
    return _chosen(_opened(batch))


def choose_for(post: Post) -> Gateway | NoGateway:
    """A post's gateway for its next step: the best one while nothing of it can be anywhere, else its own.

    What an account holds it alone can publish, change, look for and take back. What stands is asked about
    whatever the breaker says: these are few calls, and a person is asked when they fail. Whoever publishes
    tells answered() what came of it.
    """
    own = open_gateway(post.alias, exercise=post.batch.exercise)
    if post.state != Post.State.QUEUED:
        return own or NoGateway(None)
    if post.edits_id is None and not post.prepared and post.attempts < MAY_CHANGE:
        return choose(post.batch)
    return _chosen([own] if own else [])


def answered(
    gateway: Gateway, outcomes: Sequence[Outcome], *, known_to_work: bool = False
) -> datetime | None:
    """Keep what answers say of a gateway; return until when everybody is kept from it, None where nobody is.

    known_to_work: its failures are known to be forgotten, which spares the queries. Costs a few queries.
    """
    state = health(outcomes)
    if state.taken < state.asked or not known_to_work:
        rates.note(gateway.account, state.taken, state.asked)
    if state.works and not known_to_work and rates.works(*gateway.breakers):
        alarms.gateway_works(gateway.alias)
        for channel in _channels_at(gateway):
            resuming.resume(channel)
    if state.is_full:
        rates.full(gateway.account)
    if state.account:
        alarms.gateway_refuses(gateway.alias, state.account)
    return _paused(gateway, state) if state.in_trouble else None


def unused(gateway: Gateway) -> None:
    """Nothing was sent to find out with: somebody else may."""
    if gateway.is_probe:
        rates.put_probe_back(*gateway.breakers)


def another_is_freer(batch: Batch, gateway: Gateway) -> bool:
    """Whether a second gateway of the channel may send now, while the rate of this one is spent.

    No query where the channel has one gateway, a few for each other.
    """
    others = [one for one in _opened(batch) if one.alias != gateway.alias]
    return any(
        rates.standing(one.account, one.backend)[1] > 0 and not rates.is_kept_from(*one.breakers)
        for one in others
    )


def refused_since(batch: Batch) -> datetime | None:
    """Since when every account of the batch's channel is refused; None where one is not."""
    since = [rates.refused_since(gateway.account) for gateway in _opened(batch)]
    refused = [at for at in since if at is not None]
    return max(refused) if refused and len(refused) == len(since) else None


def per_second(channel: str) -> float | None:
    """How many units a second the channel's gateways agreed to together; None is no limit. No query.

    Units are parts where a channel has parts, else messages. A simulator may be quicker.
    """
    agreed = [_agreed(alias, "per_second") for alias in registry.aliases_for(channel)]
    return None if None in agreed else sum(float(rate or 0) for rate in agreed) or None


def people_left(channel: str, *, exercise: bool = False) -> int | None:
    """How many people the channel's gateways may still reach today; None is no limit (two queries each)."""
    live = bool(settings.PUBLIC_SENDING) and not exercise
    left: list[int] = []
    for alias in registry.aliases_for(channel):
        per_day = _agreed(alias, "per_day")
        if per_day is None:
            return None
        left.append(rates.people_left(_account(alias, live=live), int(per_day)))
    return sum(left)


def open_gateway(alias: str, *, exercise: bool) -> Gateway | None:
    """The gateway of an alias, None (and a line in the log) when it may not or cannot be used."""
    live = bool(settings.PUBLIC_SENDING) and not exercise
    try:
        backend = registry.backend(alias, live=live)
    except (ConfigurationError, SendingRefused) as error:
        logger.error("gateway unusable: %s", error)
        return None
    return Gateway(alias, _account(alias, live=live), backend, host_of(backend.options))


def host_of(options: Mapping[str, Any]) -> str:
    """The name of a host's row: "host:" with name and port as in the options, empty where none is named."""
    named = next((str(options[name]) for name in ADDRESSES if options.get(name)), "")
    place = urlsplit(named).netloc.rpartition("@")[2]
    if not place and options.get("host"):
        place = f"{options['host']}:{options.get('port', '')}"
    return f"host:{place.lower()[:HOST_LENGTH]}" if place else ""


def _account(alias: str, *, live: bool) -> str:
    return alias if live else f"{alias}:simulator"


def _agreed(alias: str, name: str) -> float | None:
    value: float | None = registry.options(alias, public=True).get(
        name, getattr(registry.backend_class(alias), name)
    )
    return value or None


def _channels_at(gateway: Gateway) -> set[str]:
    """The channel of a gateway, and those of the others at its host: what waited for it goes now."""
    aliases = [alias for alias in settings.NOTIFIER if gateway.host]
    opened = [open_gateway(alias, exercise=gateway.account != gateway.alias) for alias in aliases]
    there = {one.alias for one in opened if one is not None and one.host == gateway.host}
    return {registry.channel_of(alias) for alias in {gateway.alias, *there}}


def _chosen(gateways: Sequence[Gateway]) -> Gateway | NoGateway:
    free: list[Gateway] = []
    free_at: list[datetime] = []
    for gateway in gateways:
        use = rates.use(*gateway.breakers)
        if use.is_probe:
            return replace(gateway, is_probe=True)
        if use.until is None:
            free.append(gateway)
        else:
            free_at.append(use.until)
    return _best(free) if free else NoGateway(min(free_at, default=None))


def _paused(gateway: Gateway, state: Health) -> datetime:
    """A host that is not there silences all its accounts, and says nothing of this one."""
    if state.unreachable and gateway.host:
        return rates.pause(gateway.host, state.retry_after_s)
    doubtful = state.alone and not gateway.is_probe
    longest_s = DOUBTFUL_PAUSE_S if doubtful else LONGEST_PAUSE_S
    return rates.pause(gateway.account, state.retry_after_s, longest_s=longest_s, refused=bool(state.account))


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
