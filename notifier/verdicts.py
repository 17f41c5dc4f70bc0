"""What a gateway's answers mean: for each message, and for the gateway itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.actions import Action, action
from notifier.backends.base import Backend
from notifier.breaker import backoff_s
from notifier.composing import Row
from notifier.message import ACCOUNT_KINDS, Accepted, DeliveryError, Outcome, Unknown
from notifier.models import Delivery
from notifier.outcomes import Result

State = Delivery.State

MAX_ATTEMPTS = 8  # of refusals that concern one person; a gateway in trouble is waited for until expiry
LONGEST_WAIT_S = 300.0
GATEWAY_KINDS = ACCOUNT_KINDS | {"throttled", "gateway_down", "connection"}


def verdict(row: Row, outcome: Outcome, backend: Backend, at: datetime, *, falls: bool = False) -> Result:
    """What is to be written about one message. falls: the person may be told another way instead."""
    if isinstance(outcome, Accepted):
        falls_at = _unheard(backend, at, falls=falls)
        return Result(row.id, State.ACCEPTED, outcome.provider_id, falls_at=falls_at)
    if isinstance(outcome, Unknown):
        falls_at = _unheard(backend, at, falls=falls)
        always, again = backend.takes_once, backend.resend_unknown
        return lost(row.id, row.lost_answers, at, again=again, always=always, falls_at=falls_at)
    asked = action(outcome)
    given_up = asked is Action.RETRY and row.attempts + 1 >= MAX_ATTEMPTS
    if asked is Action.FAIL:
        return Result(row.id, State.FAILED, error_kind=outcome.kind)
    if asked is Action.FALL_OVER or given_up:
        return Result(row.id, State.FAILED, error_kind=outcome.kind, falls_at=at if falls else None)
    falls_now = falls and asked is Action.PAGE_AND_FALL_OVER
    return Result(
        row.id, State.QUEUED, error_kind=outcome.kind,
        not_before=at + _wait(row, outcome, asked, alone=backend.stands_apart),
        falls_at=at if falls_now else None,
    )  # fmt: skip


def lost(
    delivery: int,
    lost_before: int,
    at: datetime,
    *,
    again: bool,
    always: bool = False,
    falls_at: datetime | None = None,
) -> Result:
    """No answer came: sent once more where a double is the lesser harm, then left unknown.

    always: the other side takes it once however often it comes, so it is asked until expiry.
    """
    if again and (always or not lost_before):
        wait = timedelta(seconds=backoff_s(lost_before, longest_s=LONGEST_WAIT_S))
        return Result(delivery, State.QUEUED, lost=1, not_before=at + wait)
    return Result(delivery, State.UNKNOWN, lost=1, falls_at=falls_at)


@dataclass(frozen=True)
class Health:
    """What a slice says about its gateway. `account` is the kind of refusal that needs a person."""

    works: bool = False
    in_trouble: bool = False
    account: str = ""
    retry_after_s: float | None = None
    alone: bool = False  # one message says little: it may be the number, not the gateway
    unreachable: bool = False  # nobody was met: it is the host, and says nothing of the account
    is_full: bool = False  # the provider counts the day's people, and says that there are enough
    taken: int = 0
    asked: int = 0  # of the messages that tell something about the gateway


def health(outcomes: Sequence[Outcome]) -> Health:
    """In trouble: the account is refused in passing, it asks us to slow down, or nothing at all got through.

    An account refused for good beside messages that went through (one template of several is paused) calls a
    person and stops nobody else.
    """
    errors = [outcome for outcome in outcomes if isinstance(outcome, DeliveryError)]
    asked = {action(error) for error in errors}
    throttled = [error for error in errors if error.kind == "throttled"]
    taken = sum(isinstance(outcome, Accepted) for outcome in outcomes)
    at_fault = sum(_is_gateways_fault(outcome) for outcome in outcomes)
    account = next((error.kind for error in errors if error.kind in ACCOUNT_KINDS), "")
    waits = [error.retry_after_s for error in errors if error.retry_after_s is not None]
    return Health(
        works=bool(taken),
        in_trouble=Action.PAGE in asked or bool(throttled) or 0 < at_fault == len(outcomes),
        account=account,
        retry_after_s=max(waits, default=None),
        alone=len(outcomes) == 1 and not account and not throttled,
        unreachable=bool(errors) and {error.kind for error in errors} == {"connection"} and not taken,
        is_full=any(error.kind == "quota" for error in errors),
        taken=taken,
        asked=taken + at_fault,
    )


def _is_gateways_fault(outcome: Outcome) -> bool:
    if isinstance(outcome, DeliveryError):
        return outcome.kind in GATEWAY_KINDS
    return isinstance(outcome, Unknown)


def _unheard(backend: Backend, at: datetime, *, falls: bool) -> datetime | None:
    """When a message of which no receipt came counts as not heard; None where that is never asked."""
    if not falls or not backend.has_receipts or backend.receipt_s is None:
        return None
    return at + timedelta(seconds=backend.receipt_s)


def _wait(row: Row, error: DeliveryError, asked: Action, *, alone: bool) -> timedelta:
    """A gateway in trouble is kept from everybody at once (rates.pause): nobody waits for longer than that,
    or those tried first would go last. One that stands alone is kept from nobody else, and waits ever longer.
    """
    if error.retry_after_s is not None:
        return timedelta(seconds=error.retry_after_s)
    attempts = 0 if asked in (Action.WAIT, Action.PAGE) and not alone else row.attempts
    return timedelta(seconds=backoff_s(attempts, longest_s=LONGEST_WAIT_S))
