"""What Apprise tells of a try that failed: a line of its log with the status, or with the socket's fault."""

import re
from collections.abc import Iterable

from notifier.exceptions import AnswerLost, ConnectFailed, DeliveryError

_STATUS = re.compile(r"\berror=([0-9]{3})\b")
_NEVER_LEFT = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|Max retries exceeded", re.IGNORECASE
)


def raise_failure(lines: Iterable[str]) -> None:
    """Raise what the lines of a failed try mean; what they do not say is AnswerLost. None of them is kept:
    they hold hosts, accounts and words.
    """
    said = list(lines)
    statuses = [int(found[1]) for line in said for found in _STATUS.finditer(line)]
    if statuses:
        kind, permanent = _meaning(statuses[-1])
        raise DeliveryError(permanent=permanent, kind=kind, detail=str(statuses[-1]))
    if any(_NEVER_LEFT.search(line) for line in said):
        raise ConnectFailed("refused")
    raise AnswerLost("not_confirmed")


def _meaning(status: int) -> tuple[str, bool]:
    if status in (401, 403):
        return "credentials", False
    if status in (408, 429):
        return "throttled", False
    if status >= 500:
        return "gateway_down", False
    if status < 400:
        return "configuration", False
    kinds = {404: "bad_address", 410: "bad_address", 400: "invalid", 413: "too_long", 422: "invalid"}
    return kinds.get(status, "rejected"), True
