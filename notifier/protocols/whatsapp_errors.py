"""What WhatsApp's Cloud API refuses, by meaning and by what is to be done about it.

Codes after Meta's list as pywa carries it (errors.py). The same code comes as the answer to a call or later
in a `failed` status: `error.code` decides, never the HTTP status, never the prose.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from notifier.exceptions import DeliveryError
from notifier.protocols import graph

Action = Literal[
    "retry",  # the same message, later
    "slow_down",  # everything, more slowly
    "template",  # say it by the approved template
    "next_channel",  # this person hears it otherwise
    "opt_out",  # this person is asked no more
    "page",  # a person must mend the account; what waits waits
    "page_and_next_channel",  # the same, and nobody waits for it
]
PAIR_WAIT_S = 16.0  # 4^X seconds (X counts tries): the third wait, for the core's own are shorter


@dataclass(frozen=True, slots=True)
class Meaning:
    """`kind` and `permanent` as in DeliveryError. A refusal of the account that is permanent will not pass by
    waiting: the message goes by the next channel while a person is paged.
    """

    kind: str
    permanent: bool
    action: Action
    retry_after_s: float | None = None


def _for_good(kind: str, action: Action) -> Meaning:
    return Meaning(kind, permanent=True, action=action)


def _for_now(kind: str, action: Action, retry_after_s: float | None = None) -> Meaning:
    return Meaning(kind, permanent=False, action=action, retry_after_s=retry_after_s)


def _each(meaning: Meaning, *codes: int) -> dict[int, Meaning]:
    return dict.fromkeys(codes, meaning)


_BROKEN = _for_now("gateway_down", "retry")
_WRONG = _for_good("invalid", "next_channel")
_BARRED = _for_good("policy", "page_and_next_channel")
_MISCONFIGURED = _for_good("configuration", "page_and_next_channel")
_NO_RIGHT = _for_good("permission", "page_and_next_channel")
_TOO_FAST = _for_now("throttled", "slow_down")
_HELD_BACK = _for_good("filtered", "next_channel")
DAY_LIMIT = _for_good("quota", "next_channel")
UNHEARD_OF = _for_good("unknown", "next_channel")

MEANINGS: dict[int, Meaning] = {
    **_each(_for_now("credentials", "page"), 0, 190),
    **_each(_NO_RIGHT, 3, 10, 131005),
    **_each(_TOO_FAST, 4, 80007, 80008, 130429),
    **_each(_BROKEN, 1, 2, 131000, 131016, 135000),
    131057: _for_now("gateway_down", "retry", 60.0),  # the number is being upgraded: about a minute
    131056: _for_now("unreachable", "retry", PAIR_WAIT_S),  # one person's limit, not the account's
    **_each(_WRONG, 100, 131008, 131009, 131051, 131062, 131063, 132008, 132012),
    **_each(_for_good("bad_address", "next_channel"), 131021, 131030),
    131026: _for_good("unreachable", "next_channel"),  # no WhatsApp, an old client, terms not accepted
    131047: _for_good("rejected", "template"),  # the 24 hours are over
    131050: _for_good("opted_out", "opt_out"),
    **_each(_HELD_BACK, 130472, 131049),  # not to be repeated within 24 hours
    **_each(_for_now("no_media", "retry"), 131052, 131053),
    132005: _for_good("too_long", "next_channel"),
    137000: _for_now("rejected", "retry"),  # an identity key; none is ever sent
    # The account, its payment, its number.
    **_each(_BARRED, 368, 131031, 130497, 131048, 131064, 132007),
    **_each(_MISCONFIGURED, 33, 131037, 131042, 131045, 133016, *range(133000, 133016)),
    # A template: missing, paused, disabled, or not the one in our file.
    **_each(_MISCONFIGURED, 132000, 132001, 132015, 132016),
    **_each(_MISCONFIGURED, 2388019, 2388040, 2388047, 2388073, 2388293, 2388299),
}
# Meta documents no code of its own for the tier's 24 hours: its words say so, or a deployment names the code.
_DAY_LIMIT_WORDS = ("messaging limit", "unique users", "unique customers", "business-initiated")


def meaning(
    code: int, *, subcode: int = 0, details: str = "", day_limit_codes: Collection[int] = ()
) -> Meaning:
    """What a code means; one that is not in the table is refused for good, and not by the account."""
    if (code, subcode) == graph.OBJECT_MISSING:
        return _MISCONFIGURED  # our number is not there, or not ours
    if code in day_limit_codes or (code in (130429, 131048) and _says_day_limit(details)):
        return DAY_LIMIT
    if 200 <= code <= 299:
        return _NO_RIGHT
    return MEANINGS.get(code, UNHEARD_OF)


def refusal(
    error: Mapping[str, Any], headers: Mapping[str, str], day_limit_codes: Collection[int] = ()
) -> DeliveryError:
    """An error object as the refusal of one message; header names in lower case."""
    code, subcode = number(error.get("code")), number(error.get("error_subcode", 0))
    found = meaning(code, subcode=subcode, details=_details(error), day_limit_codes=day_limit_codes)
    if found is UNHEARD_OF and error.get("is_transient") is True:
        found = _BROKEN
    wait_s = graph.regain_s(headers) if found.kind == "throttled" else None
    return DeliveryError(
        permanent=found.permanent,
        kind=found.kind,
        retry_after_s=wait_s or found.retry_after_s,
        detail=f"{code}/{subcode}" if subcode > 0 else str(code),
    )


def failure_kind(errors: object, day_limit_codes: Collection[int] = ()) -> str:
    """The kind of a `failed` status; "unknown" when it gives no reason."""
    for error in _objects(errors):
        return refusal(error, {}, day_limit_codes).kind
    return "unknown"


def number(value: object) -> int:
    """A code, whatever it was written as; -1 for none, for 0 is one."""
    try:
        return int(str(value))
    except ValueError:
        return -1


def _objects(errors: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(errors, list):
        yield from (error for error in errors if isinstance(error, dict))


def _details(error: Mapping[str, Any]) -> str:
    data = error.get("error_data")
    told = data.get("details", "") if isinstance(data, dict) else ""
    return f"{error.get('message', '')} {told}"


def _says_day_limit(details: str) -> bool:
    said = details.lower()
    return any(words in said for words in _DAY_LIMIT_WORDS)
