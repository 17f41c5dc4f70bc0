"""What a gateway's answers mean: for each message, and for the gateway itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.backends.base import Backend
from notifier.composing import Row
from notifier.message import ACCOUNT_KINDS, Accepted, DeliveryError, Outcome, Unknown
from notifier.models import Delivery
from notifier.outcomes import Result
from notifier.rates import backoff_s

State = Delivery.State

MAX_ATTEMPTS = 8  # of refusals that concern one person; a gateway in trouble is waited for until expiry
LONGEST_WAIT_S = 300.0
GATEWAY_KINDS = ACCOUNT_KINDS | {"throttled", "gateway_down", "connection"}


def verdict(row: Row, outcome: Outcome, backend: Backend, at: datetime) -> Result:
    """What is to be written about one message."""
    if isinstance(outcome, Accepted):
        return Result(row.id, State.ACCEPTED, outcome.provider_id)
    if isinstance(outcome, Unknown):
        return lost(row.id, row.lost_answers, at, again=backend.resend_unknown)
    concerns_all = outcome.kind in GATEWAY_KINDS
    refused = outcome.permanent and outcome.kind not in ACCOUNT_KINDS
    if refused or (not concerns_all and row.attempts + 1 >= MAX_ATTEMPTS):
        return Result(row.id, State.FAILED, error_kind=outcome.kind)
    return Result(row.id, State.QUEUED, error_kind=outcome.kind, not_before=at + _wait(row, outcome))


def lost(delivery: int, lost_before: int, at: datetime, *, again: bool) -> Result:
    """No answer came: sent once more where a double is the lesser harm, then left unknown."""
    if again and not lost_before:
        return Result(delivery, State.QUEUED, lost=1, not_before=at + timedelta(seconds=backoff_s(0)))
    return Result(delivery, State.UNKNOWN, lost=1)


@dataclass(frozen=True)
class Health:
    """What a slice says about its gateway. `account` is the kind of refusal that needs a person."""

    works: bool = False
    in_trouble: bool = False
    account: str = ""
    retry_after_s: float | None = None
    alone: bool = False  # one message says little: it may be the number, not the gateway


def health(outcomes: Iterable[Outcome]) -> Health:
    """In trouble: the account is refused, it asks us to slow down, or nothing at all got through."""
    all_of_them = list(outcomes)
    errors = [outcome for outcome in all_of_them if isinstance(outcome, DeliveryError)]
    account = next((error.kind for error in errors if error.kind in ACCOUNT_KINDS), "")
    throttled = [error for error in errors if error.kind == "throttled"]
    waits = [error.retry_after_s for error in errors if error.retry_after_s is not None]
    nothing_through = bool(all_of_them) and all(_is_gateways_fault(outcome) for outcome in all_of_them)
    return Health(
        works=any(isinstance(outcome, Accepted) for outcome in all_of_them),
        in_trouble=bool(account or throttled or nothing_through),
        account=account,
        retry_after_s=max(waits, default=None),
        alone=len(all_of_them) == 1 and not account and not throttled,
    )


def _is_gateways_fault(outcome: Outcome) -> bool:
    if isinstance(outcome, DeliveryError):
        return outcome.kind in GATEWAY_KINDS
    return isinstance(outcome, Unknown)


def _wait(row: Row, error: DeliveryError) -> timedelta:
    if error.retry_after_s is not None:
        return timedelta(seconds=error.retry_after_s)
    return timedelta(seconds=backoff_s(row.attempts, longest_s=LONGEST_WAIT_S))
