"""The screen on which a witness tells, and what comes of sending it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from cases.forms.screen import TROUBLE
from tips import following, intake
from tips.following import Added
from tips.forms import TipForm
from tips.models import Tip
from tips.telling import Told
from tips.views import page, receipt, still_map
from tips.views.page import witness_page
from trust import clock, networks, work

logger = logging.getLogger(__name__)

BUSY_TIPS = 200  # by this door in BUSY_MIN minutes: then the browser works harder. Nobody is counted apart.
BUSY_MIN = 10


@witness_page
def tip(request: HttpRequest) -> HttpResponse:
    """Show the screen; take it; answer with the receipt in the same response."""
    if request.method != "POST":
        form = TipForm(initial={"about": request.GET.get("alert", "")[:40]})
        return _page(request, form, page.new_token())
    posted, files, fault = page.typed(request)
    token, submission = page.submission(posted.get("submission", ""))
    if still_map.is_asked(posted):
        return _page(request, TipForm(initial=still_map.answered(posted, files)), token)
    form = TipForm(posted, files)
    is_right = form.is_valid()
    if fault:
        return _refuse(request, token, fault)
    if not is_right:
        return _page(request, form, token)
    try:
        told = form.told(submission, _doubts(posted.get("work", "")))
        entered = intake.enter(told)
        if entered.repeated:
            _add_what_is_new(entered.tip, told)
    except (DatabaseError, OSError) as error:
        logger.error("tip: not saved (%s)", type(error).__name__)
        form.add_error(None, TROUBLE)
        return _page(request, form, token)
    return receipt.show(request, entered, form)


def _add_what_is_new(known: Tip, told: Told) -> None:
    """Keep what the same form brings the second time, after the browser's back button: no word is lost."""
    said = [words for words in (told.words, told.link) if words and words not in (known.words, known.link)]
    former = (known.place or {}).get("words")
    place = dict(told.place) if told.place and told.place["words"] != former else None
    body = "\n".join(said)
    name = f"{told.submission}\0{body}\0{place}"
    following.add(known, Added(body=body, place=place, uploads=tuple(told.uploads), submission=name))


def _refuse(request: HttpRequest, token: str, fault: Promise | str) -> HttpResponse:
    form = TipForm({}, {})
    form.full_clean()
    form.errors.clear()
    form.add_error(None, str(fault))
    return _page(request, form, token, status=413)


def _doubts(answer: str) -> tuple[str, ...]:
    """Return what orders the tip lower; one without proof of work is paused a little and never refused."""
    proof = work.proved(answer)
    if proof == "proved":
        return ()
    networks.pause_unproved()
    return ("no_work" if proof == "none" else "bad_work",)


def _is_busy() -> bool:
    """Say whether tips pour in: told from the tips alone, whichever networks they come from."""
    since = clock.now() - timedelta(minutes=BUSY_MIN)
    return Tip.objects.filter(door="web", received_at__gt=since)[BUSY_TIPS:].exists()


def _page(request: HttpRequest, form: TipForm, token: str, *, status: int = 0) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "submission": token,
        "still": still_map.drawn(form),
        "work_challenge": work.challenge(hard=_is_busy()),
    }
    return render(request, "tips/tip.html", context, status=status or _status(form))


def _status(form: TipForm) -> int:
    if not form.is_bound:
        return 200
    return 503 if form.non_field_errors() else 422
