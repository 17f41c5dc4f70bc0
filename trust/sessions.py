"""Where an officer is signed in: begun at log-in, ended by the officer, an administrator or the clock.

Idle and longest time follow NIST SP 800-63B-4, 2.2.3 (AAL2: within an hour of inactivity, within a day) and
ASVS 5.0, 7.3.1 and 7.3.2; that old sessions end one by one, ASVS 7.4.2 to 7.4.5.
"""

from __future__ import annotations

import re
import time
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest

from trust import audit, clock
from trust.models.officer import Officer
from trust.models.sign_in import SignIn

audit.declare(
    {
        "session.others_ended": "an officer ended the other sessions of the own account",
        "session.all_ended": "every session of an account was ended",
        "session.oldest_ended": "the oldest session of an account ended, as it had too many",
        "session.too_long": "a session ended as it had lasted as long as one may",
    }
)
BEGAN = "began_at"  # in the session: seconds since 1970 at its log-in
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def begin(request: HttpRequest, officer: Officer) -> SignIn | None:
    """Write down a session that was just signed in, and end the oldest beyond SESSIONS_AT_MOST."""
    key = request.session.session_key
    request.session[BEGAN] = time.time()
    if not key:
        return None
    now = clock.now()
    device = device_of(request.headers.get("User-Agent", ""))
    with transaction.atomic():
        made, _ = SignIn.objects.update_or_create(
            session_key=key,
            defaults={"officer": officer, "device": device, "began_at": now, "seen_at": now},
        )
        old = list(officer.sign_ins.exclude(pk=made.pk).order_by("-seen_at")[settings.SESSIONS_AT_MOST - 1 :])
        if _end(old):
            audit.record("session.oldest_ended", officer, actor=officer)
    return made


def follow(before: str | None, after: str | None) -> None:
    """Keep the list true when a session's key was changed; after nothing, the session is over."""
    if not before or before == after:
        return
    rows = SignIn.objects.filter(session_key=before)
    if after:
        rows.update(session_key=after)
    else:
        rows.delete()


def seen(key: str | None) -> None:
    SignIn.objects.filter(session_key=key).update(seen_at=clock.now())


def is_too_old(session: SessionBase) -> bool:
    """Say whether the session was signed in longer ago than one may last, however busy it was.

    One that does not say when it began is as old as the oldest proof it holds, and without any too old.
    """
    proofs = [proof["at"] for proof in session.get("account_authentication_methods", ())]
    began: float = session.get(BEGAN) or min(proofs, default=0.0)
    return time.time() - began > settings.SESSION_LONGEST_S


def end_others(request: HttpRequest, officer: Officer) -> int:
    """End every session of the officer but this one; return how many."""
    with transaction.atomic():
        count = _end(list(officer.sign_ins.exclude(session_key=request.session.session_key)))
        audit.record("session.others_ended", officer, actor=officer, after=str(count))
    return count


def end_all(officer: Officer, *, by: Officer | None) -> int:
    """End every session of an account, whoever sits there now."""
    count = _end(list(officer.sign_ins.all()))
    if count:
        audit.record("session.all_ended", officer, actor=by, after=str(count))
    return count


def purge(*, dry_run: bool = False) -> int:
    """Forget the sign-ins whose session must be over; return how many."""
    over = SignIn.objects.filter(seen_at__lt=clock.now() - timedelta(seconds=settings.SESSION_LONGEST_S))
    return over.count() if dry_run else over.delete()[0]


def device_of(agent: str) -> str:
    """Return "Firefox, Android" of a User-Agent header; what it does not name is left out."""
    found = (next((said for sign, said in known if sign in agent), "") for known in (BROWSERS, SYSTEMS))
    return re.sub(r"^, |, $", "", ", ".join(found))


def _end(rows: list[SignIn]) -> int:
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    for row in rows:
        store(row.session_key).delete()
        row.delete()
    return len(rows)
