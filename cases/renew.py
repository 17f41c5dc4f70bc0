"""A family lost its secret: an officer who knows them gives a new one."""

from __future__ import annotations

from django.db import transaction

from cases.models import Case, CaseState, MoveRefused
from cases.thread import say
from trust import audit, keys, secrets
from trust.models import Officer
from trust.secrets import Secret


def renew_secret(case: Case, officer: Officer) -> Secret:
    """Return a new secret, to be shown once; the old one, and pages opened with it, open nothing any more.

    Costs one slow hash. Raise MoveRefused("case_over") for a case that was erased.
    """
    secret = secrets.new()
    hashed = secrets.hash_secret(secret)  # slow by intent, so before the transaction
    with transaction.atomic():
        there = Case.objects.exclude(state=CaseState.ERASED).filter(pk=case.pk)
        if not there.update(secret_hash=hashed):
            raise MoveRefused("case_over", case.reference)
        case.secret_hash = hashed
        audit.record("case.secret_renewed", case, actor=officer)
        say(case.pk, "secret_renewed")
    return secret


def fingerprint(case: Case) -> str:
    """Return what a signed key is bound to, so that it dies with the secret that opened it."""
    return keys.token("thread key", case.secret_hash)[:16]
