"""What all workers together may ask of one account: one row, changed by conditional update."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from notifier.backends.base import Backend
from notifier.models import Rate
from trust import clock

BLOCK_S = 0.25  # tokens are taken for this long: workers share evenly and the row changes rarely
TRIES = 5
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
DOUBTFUL_PAUSE_S = 2.0  # when a single message was refused: one bad number must not silence a gateway


def backoff_s(failures: int, *, longest_s: float = LONGEST_PAUSE_S) -> float:
    """Seconds to wait after so many failures in a row: doubling, the half of it by chance."""
    full: float = min(FIRST_PAUSE_S * 2 ** min(failures, 16), longest_s)
    return full * random.uniform(0.5, 1.0)  # noqa: S311  spreads retries, guards nothing


def paused_until(account: str) -> datetime | None:
    """Until when nobody may use the account; None when it is free."""
    until = Rate.objects.filter(pk=account).values_list("paused_until", flat=True).first()
    return until if until and until > clock.now() else None


def pause(
    account: str, retry_after_s: float | None = None, *, longest_s: float = LONGEST_PAUSE_S
) -> datetime:
    """Keep everybody from the account for as long as it asked, or longer with each failure in a row."""
    rate = _rate(account)
    wait_s = backoff_s(rate.failures, longest_s=longest_s) if retry_after_s is None else retry_after_s
    until = clock.now() + timedelta(seconds=wait_s)
    Rate.objects.filter(pk=account).update(paused_until=until, failures=min(rate.failures + 1, 1000))
    return until


def works(account: str) -> None:
    """The account took something: its failures are forgotten."""
    Rate.objects.filter(pk=account, failures__gt=0).update(failures=0, paused_until=None)


def grant(account: str, backend: Backend, parts: Sequence[int]) -> int:
    """How many of the next messages, of so many parts each, may leave now (0: ask again in a moment).

    The last one may go into debt, which the next ones wait for: a long message is never starved. No limit,
    no query.
    """
    if not parts or (backend.per_second is None and backend.per_day is None):
        return len(parts)
    for _ in range(TRIES):
        rate = _rate(account)
        granted = _take(rate, backend, parts, clock.now())
        if granted is not None:
            return granted
    return 0


def _take(rate: Rate, backend: Backend, parts: Sequence[int], at: datetime) -> int | None:
    """Take tokens from the row as it was read; None when somebody else was faster."""
    tokens = _tokens(rate, backend.per_second, at)
    used = rate.used_today if rate.day == at.date() else 0
    granted = 0
    while granted < len(parts) and tokens > 0 and (backend.per_day is None or used < backend.per_day):
        tokens -= parts[granted]
        used += parts[granted]
        granted += 1
    if not granted:
        return 0
    unchanged = Rate.objects.filter(
        pk=rate.pk, tokens=rate.tokens, refilled_at=rate.refilled_at, used_today=rate.used_today, day=rate.day
    )
    stored = 0.0 if backend.per_second is None else tokens
    taken = unchanged.update(tokens=stored, refilled_at=at, day=at.date(), used_today=used)
    return granted if taken else None


def _tokens(rate: Rate, per_second: float | None, at: datetime) -> float:
    if per_second is None:
        return float("inf")
    elapsed_s = max(0.0, (at - rate.refilled_at).total_seconds())
    return min(max(1.0, per_second * BLOCK_S), rate.tokens + elapsed_s * per_second)


def _rate(account: str) -> Rate:
    rate = Rate.objects.filter(pk=account).first()
    if rate is None:
        at = clock.now()
        rate, _ = Rate.objects.get_or_create(
            account=account, defaults={"refilled_at": at - timedelta(seconds=1), "day": at.date()}
        )
    return rate
