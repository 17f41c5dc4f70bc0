"""Whether gateways are well: asked every few minutes without reaching anybody, and heard from call-backs."""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction

from notifier import alarms, gateways, http, rates, registry, resuming
from notifier.backends.base import Backend
from notifier.exceptions import DeliveryError, TransportError
from notifier.message import ACCOUNT_KINDS, Problem
from notifier.models import AliasHealth, Receipt
from trust import clock

logger = logging.getLogger(__name__)

State = AliasHealth.State
DETAIL_LENGTH = 64
LATELY = timedelta(minutes=10)
LATEST, MANY = 500, 20  # receipts looked at, and how many held back are no accident
CLOCK_ERROR_S = 120.0  # tokens, signatures and certificates are judged by the clock, within minutes


def check(alias: str) -> AliasHealth:
    """Ask a gateway for its own health (a few requests, none to the public), and keep the answer."""
    gateway = gateways.open_gateway(alias, exercise=False)
    found = [Problem("configuration", "unusable")] if gateway is None else _asked(gateway.backend)
    return _keep(alias, found)


def hear(alias: str, told: Sequence[Problem]) -> None:
    """Keep what a provider told by itself (a template was paused), until the next look says better."""
    if told:
        known = AliasHealth.objects.filter(pk=alias).values_list("problems", flat=True).first() or []
        _keep(alias, [*(Problem(*one) for one in known), *told])


def judged(found: Iterable[Problem], before: str) -> str:
    """What problems make of a gateway. A line that is down once may be a moment's; twice, it is not."""
    serious = [problem for problem in found if problem.serious]
    if any(problem.kind in ACCOUNT_KINDS for problem in serious):
        return State.ILL
    if serious:
        return State.WATCHED if before == State.WELL else State.ILL
    return State.WATCHED if list(found) else State.WELL


def _asked(backend: Backend) -> list[Problem]:
    http.clock_error_s()  # of an earlier answer
    found = [*_told(backend), *_held_back(backend.alias)]
    ahead_s = http.clock_error_s()
    if ahead_s is not None and abs(ahead_s) > CLOCK_ERROR_S:
        found.append(Problem("clock", f"{ahead_s:+.0f} s", serious=False))
    return found


def _held_back(alias: str) -> list[Problem]:
    """A filter that holds back one message may know its reader; one that holds back many, us (a query)."""
    since = clock.now() - LATELY
    known = (
        Receipt.objects.filter(alias=alias).order_by("-pk").values_list("error_kind", "state", "received_at")
    )
    ends = [kind for kind, state, at in known[:LATEST] if at >= since and state in ("delivered", "failed")]
    held = ends.count("filtered")
    if held < MANY or held * 3 < len(ends):
        return []
    return [Problem("filtered", f"{held} of {len(ends)}")]


def _told(backend: Backend) -> list[Problem]:
    try:
        found = backend.check()
        return found if any(problem.serious for problem in found) else [*found, *backend.check_templates()]
    except (DeliveryError, TransportError) as error:
        return [http.problem(error)]
    except Exception:
        logger.exception("%s: the check broke", backend.alias)
        return [Problem("unknown", "check_broke")]


def _keep(alias: str, found: Sequence[Problem]) -> AliasHealth:
    with transaction.atomic():
        at = clock.now()
        first = {"channel": registry.channel_of(alias), "since": at, "checked_at": at}
        AliasHealth.objects.get_or_create(alias=alias, defaults=first)
        health = AliasHealth.objects.select_for_update().get(pk=alias)
        before, health.state = health.state, judged(found, health.state)
        if health.state != before:
            health.since = at
        health.checked_at = at
        health.problems = list(map(list, dict.fromkeys(_plain(problem) for problem in found)))
        health.save()
        if health.state == State.ILL:
            alarms.gateway_refuses(alias, next(problem.kind for problem in found if problem.serious))
        elif before == State.ILL:
            _mended(alias)
    return health


def _mended(alias: str) -> None:
    """What waited goes at once: the account is as good as new."""
    alarms.gateway_mended(alias)
    gateway = gateways.open_gateway(alias, exercise=False)
    if gateway is not None:
        rates.works(gateway.account)
        resuming.resume(registry.channel_of(alias))


def _plain(problem: Problem) -> tuple[str, str, bool]:
    return problem.kind, problem.detail[:DETAIL_LENGTH], problem.serious
