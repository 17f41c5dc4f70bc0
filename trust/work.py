"""A small proof of work before a public form: cheap for a phone, dear for a flood. Nobody is refused.

The page carries a challenge, a worker of its own solves it while the family types (static/js/work.js), the
form brings the answer in its field `work`. Without script the field is empty: accepted, delayed, flagged.

    def report(request: HttpRequest) -> HttpResponse:
        crowded = networks.crowded(request)  # a POST is counted, a GET only looks
        if request.method == "POST":
            proof = work.proved(request.POST.get("work", ""))  # outside the report's transaction
            if proof != "proved":
                networks.pause_unproved()
            ... receive(..., flags: proof, crowded) ...
        return render(request, "...", {"work_challenge": work.challenge(hard=crowded), ...})

and in the template, inside the form: {% include "trust/work.html" %}. A form sent twice says "used" the
second time: the one case it makes keeps the first answer.
"""

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Literal

import altcha
from django.conf import settings
from django.db import IntegrityError, transaction

from trust import clock, keys
from trust.models.throttle import ThrottleHit

Proof = Literal["proved", "none", "wrong", "used", "expired"]

ALGORITHM = "PBKDF2/SHA-256"
SCOPE = "work"
MAX_PAYLOAD = 4000  # characters; an honest one has about 800


def challenge(*, hard: bool = False) -> str:
    """Return a challenge as JSON for the page (a query); the browser tries half to all of WORK_TRIES keys.

    Hard is WORK_HARDER times that. It is good for WORK_VALID_S.
    """
    tries = settings.WORK_TRIES * (settings.WORK_HARDER if hard else 1)
    made = altcha.create_challenge(
        ALGORITHM,
        settings.WORK_ROUNDS,
        # Between the half and the whole, so that no phone has bad luck, and a flood no good one.
        counter=tries // 2 + secrets.randbelow(tries - tries // 2),
        expires_at=clock.now() + timedelta(seconds=settings.WORK_VALID_S),
        hmac_secret=_key("challenge"),
        hmac_key_secret=_key("answer"),
    )
    return json.dumps(made.to_dict(), separators=(",", ":"))


def proved(payload: str) -> Proof:
    """Say what a form's field `work` proves (up to 3 queries); an answer counts once.

    Call it outside a transaction that may be rolled back, or the answer may be used again.
    """
    if not payload:
        return "none"
    answer = _read(payload)
    if answer is None:
        return "wrong"
    expires_at = answer.challenge.parameters.expires_at
    result = altcha.verify_solution(answer, _key("challenge"), hmac_key_secret=_key("answer"))
    if result.expired:
        return "expired"
    if not result.verified or not isinstance(expires_at, int):
        return "wrong"
    if datetime.fromtimestamp(expires_at, UTC) < clock.now():
        return "expired"
    return "proved" if _first_use(str(answer.challenge.signature), expires_at) else "used"


def _read(payload: str) -> altcha.Payload | None:
    """Return the answer in the field, None for whatever else stands there."""
    if len(payload) > MAX_PAYLOAD:
        return None
    try:
        answer = altcha.Payload.from_base64(payload)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return answer


def _first_use(signature: str, expires_at: int) -> bool:
    """Keep that this challenge was answered, until it expires; False when it had been."""
    row = {"scope": SCOPE, "key": keys.token("work answer", signature), "window": expires_at}
    try:
        with transaction.atomic():
            ThrottleHit.objects.create(**row, ends_at=datetime.fromtimestamp(expires_at, UTC))
    except IntegrityError:
        return False
    return True


def _key(purpose: str) -> str:
    """Return a secret of this deployment, so that every web process takes the others' challenges."""
    return keys.token("proof of work", purpose)
