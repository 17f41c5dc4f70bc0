"""What all workers together may ask of one account or host, and when they leave it alone: rows, not memory.

A row is changed by conditional update. What may leave is counted in parts a second and, where the provider
counts them, in people in any 24 hours; both outlive a restart.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from notifier import breaker
from notifier.backends.base import Backend
from notifier.breaker import LONGEST_PAUSE_S, Phase, Trouble
from notifier.models import Rate, Reached
from trust import clock

BLOCK_S = 0.25  # tokens are taken for this long: workers share evenly and the row changes rarely
TRIES = 5
PROBE_S = 30.0  # how long one worker may take to find out; a lease, for it may die
DAY = timedelta(hours=24)
FULL_S = 900.0  # a provider that counts otherwise than we do is asked again after this
TRIFLE = 0.05  # a share of success that moved by less is not worth a write


@dataclass(frozen=True, slots=True)
class Ask:
    """One message that wants to leave, counted in parts."""

    person: UUID
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Granted:
    """The first `count` of those asked may leave now, but for the people in `over`: the day is full.

    fresh: who was counted into the day for this; whoever is then refused is to be given back. wait_s: with a
    count of 0, in how many seconds to ask again.
    """

    count: int = 0
    over: frozenset[UUID] = frozenset()
    fresh: frozenset[UUID] = frozenset()
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Use:
    """Whether an account may be used: free, until when not, or for the one message that tries it."""

    until: datetime | None = None
    is_probe: bool = False


def use(*accounts: str) -> Use:
    """Ask to use an account, and the host it lives at where that has a row too (a query).

    In a half-open phase the first who asks gets the probe, the others wait. A long wait of one is the wait.
    """
    at = clock.now()
    phases = {rate: breaker.phase(_trouble(rate), at) for rate in Rate.objects.filter(pk__in=accounts)}
    kept = [rate.paused_until for rate, phase in phases.items() if phase is Phase.OPEN and rate.paused_until]
    if kept:
        return Use(until=max(kept))
    taken: list[str] = []
    for rate in (rate for rate, phase in phases.items() if phase is Phase.HALF_OPEN):
        if not _takes_probe(rate, at):
            put_probe_back(*taken)
            return Use(until=rate.probe_until or at + timedelta(seconds=PROBE_S))
        taken.append(rate.pk)
    return Use(is_probe=bool(taken))


def is_kept_from(*accounts: str) -> bool:
    """Whether nobody may use one of them now, or only to try it."""
    at, rows = clock.now(), Rate.objects.filter(pk__in=accounts)
    return any(breaker.phase(_trouble(rate), at) is not Phase.CLOSED for rate in rows)


def paused_until(account: str) -> datetime | None:
    """Until when nobody may use the account; None when it is free or may be tried."""
    until = Rate.objects.filter(pk=account).values_list("paused_until", flat=True).first()
    return until if until and until > clock.now() else None


def pause(
    account: str,
    retry_after_s: float | None = None,
    *,
    longest_s: float = LONGEST_PAUSE_S,
    refused: bool = False,
) -> datetime:
    """Keep everybody from the account for as long as it asked, or longer with each failure in a row.

    refused: the account itself is at fault, not the line.
    """
    rate, at = _rate(account), clock.now()
    failures = breaker.failures_with(_trouble(rate), at)
    wait_s = breaker.backoff_s(failures - 1, longest_s=longest_s) if retry_after_s is None else retry_after_s
    until = at + timedelta(seconds=wait_s)
    changes = {"paused_until": until, "failures": failures, "failed_at": at, "probe_until": None}
    Rate.objects.filter(pk=account).update(**changes)
    if refused:
        Rate.objects.filter(pk=account, refused_at=None).update(refused_at=at)
    return until


def put_probe_back(*accounts: str) -> None:
    """Nothing was sent to find out with: somebody else may."""
    if accounts:
        Rate.objects.filter(pk__in=accounts).update(probe_until=None)


def works(*accounts: str) -> bool:
    """They took something: their failures are forgotten. Return whether one of them had been given up."""
    rows = [rate for rate in Rate.objects.filter(pk__in=accounts) if _is_doubted(rate)]
    if rows:
        forgotten = {"failures": 0, "paused_until": None, "probe_until": None, "refused_at": None}
        Rate.objects.filter(pk__in=[rate.pk for rate in rows]).update(**forgotten)
    return any(rate.failures >= breaker.OPENS_AT or rate.refused_at is not None for rate in rows)


def refused_since(account: str) -> datetime | None:
    """Since when the provider refuses the account itself."""
    return Rate.objects.filter(pk=account).values_list("refused_at", flat=True).first()


def note(account: str, taken: int, asked: int) -> None:
    """Remember how many of a slice were taken, where it tells something new; others may do so at once."""
    rate = Rate.objects.filter(pk=account).first()
    before = rate.success if rate else 1.0
    success = breaker.success_with(before, taken, asked)
    if abs(success - before) >= TRIFLE:
        Rate.objects.filter(pk=_rate(account).pk).update(success=success)


def standing(account: str, backend: Backend) -> tuple[float, float]:
    """The share of recent success, and of what may leave by the account that is free now."""
    rate = Rate.objects.filter(pk=account).first()
    if rate is None:
        return 1.0, 1.0
    at, left = clock.now(), 1.0
    if backend.per_second is not None:
        left = _tokens(rate, backend.per_second, at) / _block(backend.per_second)
    if backend.per_day is not None:
        left = min(left, _people_left(rate, backend.per_day, at) / max(1, backend.per_day))
    return rate.success, left


def grant(account: str, backend: Backend, asked: Sequence[Ask]) -> Granted:
    """Which of the next messages may leave now (a count of 0: ask again in wait_s).

    They leave a block at a time, so that the row changes rarely; the last one may go into debt, which the
    next ones wait for: a long message is never starved. No limit, no query.
    """
    if not asked or (backend.per_second is None and backend.per_day is None):
        return Granted(len(asked))
    paced = Granted(len(asked)) if backend.per_second is None else _paced(account, backend.per_second, asked)
    if not paced.count or backend.per_day is None:
        return paced
    return _counted(account, backend.per_day, [ask.person for ask in asked[: paced.count]])


def give_back(account: str, people: Collection[UUID]) -> None:
    """They were counted into the day and then refused: nobody reached them."""
    if people:
        Reached.objects.filter(account=account, person__in=people).delete()


def full(account: str) -> None:
    """The provider says that the day's people are reached: nobody new is tried for a while."""
    Rate.objects.filter(pk=_rate(account).pk).update(full_until=clock.now() + timedelta(seconds=FULL_S))


def people_left(account: str, per_day: int) -> int:
    """How many new people an account may still reach, of so many in 24 hours (two queries)."""
    at = clock.now()
    rate = Rate.objects.filter(pk=account).first()
    return per_day if rate is None else _people_left(rate, per_day, at)


def _paced(account: str, per_second: float, asked: Sequence[Ask]) -> Granted:
    wanted = min(_block(per_second), sum(ask.parts for ask in asked))
    for _ in range(TRIES):
        rate, at = _rate(account), clock.now()
        count, tokens = 0, _tokens(rate, per_second, at)
        if tokens < wanted:
            return Granted(wait_s=min((wanted - tokens) / per_second, BLOCK_S))
        while count < len(asked) and tokens > 0:
            tokens -= asked[count].parts
            count += 1
        unchanged = Rate.objects.filter(pk=rate.pk, tokens=rate.tokens, refilled_at=rate.refilled_at)
        if unchanged.update(tokens=tokens, refilled_at=at):
            return Granted(count)
    return Granted()


def _counted(account: str, per_day: int, people: Sequence[UUID]) -> Granted:
    """Count people into the day, under the account's lock: two workers never share the last place."""
    with transaction.atomic():
        rate = Rate.objects.select_for_update().get(pk=_rate(account).pk)
        at = clock.now()
        Reached.objects.filter(account=account, reached_at__lte=at - DAY).delete()
        known = Reached.objects.filter(account=account, person__in=people)
        known_people = set(known.values_list("person", flat=True))
        new = [person for person in dict.fromkeys(people) if person not in known_people]
        left = _people_left(rate, per_day, at)
        fresh, over = new[:left], new[left:]
        Reached.objects.bulk_create(Reached(account=account, person=one, reached_at=at) for one in fresh)
    return Granted(len(people), frozenset(over), frozenset(fresh))


def _people_left(rate: Rate, per_day: int, at: datetime) -> int:
    if rate.full_until and rate.full_until > at:
        return 0
    used = Reached.objects.filter(account=rate.pk, reached_at__gt=at - DAY).aggregate(n=Count("pk"))["n"]
    return max(0, per_day - int(used))


def _block(per_second: float) -> float:
    return max(1.0, per_second * BLOCK_S)


def _tokens(rate: Rate, per_second: float, at: datetime) -> float:
    elapsed_s = max(0.0, (at - rate.refilled_at).total_seconds())
    return min(_block(per_second), rate.tokens + elapsed_s * per_second)


def _takes_probe(rate: Rate, at: datetime) -> bool:
    free = Rate.objects.filter(Q(probe_until=None) | Q(probe_until__lte=at), pk=rate.pk)
    until = at + timedelta(seconds=PROBE_S)
    return bool(free.filter(probe_until=rate.probe_until).update(probe_until=until))


def _is_doubted(rate: Rate) -> bool:
    return bool(rate.failures or rate.refused_at or rate.probe_until)


def _trouble(rate: Rate) -> Trouble:
    return Trouble(rate.failures, rate.failed_at, rate.paused_until)


def _rate(account: str) -> Rate:
    rate = Rate.objects.filter(pk=account).first()
    if rate is None:
        first = {"refilled_at": clock.now() - DAY}  # a block is there from the start
        rate, _ = Rate.objects.get_or_create(account=account, defaults=first)
    return rate
