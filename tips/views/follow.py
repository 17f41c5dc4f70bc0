"""The thread of a tip, opened by reference and secret, and what its buttons do. Every step is a POST."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import thread
from cases.forms import KeyForm
from cases.forms.screen import TROUBLE
from cases.forms.words import zone
from cases.moment import offset
from cases.views import carry
from tips import following
from tips.following import Added
from tips.forms import AddForm
from tips.models import Tip
from tips.views import key, page
from tips.views.page import witness_page
from trust import clock

logger = logging.getLogger(__name__)

REFUSED: dict[str, Promise] = {
    "wrong": _(
        "This reference and this secret do not belong together, or what was told has been erased since. "
        "Check both and try again."
    ),
    "later": _("Too many attempts for this reference. Try again in an hour, or call the police."),
    "ended": _(
        "The time of this thread is over, and it can no longer be opened. What you told has not been lost "
        "by that. If you know more, send a new tip."
    ),
    "over": _("This page was open for too long. Give your reference and your secret again."),
    "too_long": _(
        "This page was open for too long, and what you typed is too long to be kept. "
        "Go back and copy it first, then give your reference and your secret again."
    ),
}
STATUS = {"later": 429, "ended": 410}


@dataclass(frozen=True)
class Line:
    author: str
    words: str
    at: datetime


@witness_page
def follow(request: HttpRequest) -> HttpResponse:
    """Show the key form or the open thread; do what its buttons say."""
    if request.method != "POST":
        return _ask(request, KeyForm(), closed="closed" in request.GET)
    posted, files, fault = page.typed(request)
    if key.FIELD not in posted and not fault:
        return _open(request, posted)
    if posted.get("act") == "close":
        return redirect(f"{reverse('tips:follow')}?closed")
    tip = key.tip_of(posted)
    if tip is None:
        return _over(request, posted)
    if posted.get("act") in ("write", "send"):
        return _write(request, tip, AddForm(posted, files), posted)
    return _page(request, tip, AddForm())


def _open(request: HttpRequest, posted: QueryDict) -> HttpResponse:
    form, carried = KeyForm(posted), posted.get("carried", "")
    if not form.is_valid():
        return _ask(request, form, carried=carried)
    try:
        tip = following.open_tip(form.cleaned_data["reference"], form.cleaned_data["secret"])
    except thread.ThreadRefused as refused:
        return _ask(request, form, refused=refused.code, carried=carried)
    typed = carry.unseal(carried)
    if typed is None:
        return _page(request, tip, AddForm())
    return _write(request, tip, AddForm(typed), typed)


def _over(request: HttpRequest, posted: QueryDict) -> HttpResponse:
    """Ask for the key again, and carry along what was typed meanwhile."""
    is_typed = any(posted.get(name) for name in ("body", "where_words", "lat", "kept"))
    carried = carry.seal(posted) if is_typed else ""
    return _ask(
        request, KeyForm(), refused="too_long" if is_typed and not carried else "over", carried=carried
    )


def _ask(
    request: HttpRequest, form: KeyForm, *, refused: str = "", carried: str = "", closed: bool = False
) -> HttpResponse:
    status = STATUS.get(refused, 403) if refused else (422 if form.errors else 200)
    context = {"form": form, "refused": REFUSED.get(refused, ""), "closed": closed, "carried": carried}
    return render(request, "tips/follow.html", context, status=status)


def _write(request: HttpRequest, tip: Tip, form: AddForm, posted: QueryDict) -> HttpResponse:
    if not form.is_valid():
        return _page(request, tip, form, token=posted.get("submission", ""))
    added = Added(
        body=form.cleaned_data["body"],
        place=form.place(),
        uploads=tuple(form.upload_ids),
        submission=page.submission(posted.get("submission", ""))[1],
    )
    try:
        following.add(tip, added)
    except (DatabaseError, OSError) as fault:
        logger.error("tip thread: not saved (%s)", type(fault).__name__)
        form.add_error(None, TROUBLE)
        return _page(request, tip, form, token=posted.get("submission", ""))
    shown = following.again(tip.pk) or tip
    return _page(request, shown, AddForm(), arrived=True, lost=form.lost_words())


def _page(request: HttpRequest, tip: Tip, form: AddForm, *, token: str = "", **more: Any) -> HttpResponse:
    with timezone.override(tip.unit.agency.zone if tip.unit else zone()):
        context = {
            "tip": tip,
            "standing": following.standing(tip),
            "lines": [Line(one.author, thread.words(one), one.at) for one in thread.entries(tip.pk)],
            "files": list(tip.attachments.all()),
            "offset": offset(clock.now(), timezone.get_current_timezone()),
            "key": key.field(tip),
            "submission": page.submission(token)[0],
            "form": form,
            **more,
        }
        status = 503 if form.non_field_errors() else 422 if form.errors else 200
        return render(request, "tips/thread.html", context, status=status)
