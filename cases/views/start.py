"""The first minute: one short screen, and the answer to it."""

from __future__ import annotations

import logging
import secrets as randomness
from dataclasses import replace

from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables

from cases import step_counts, voice_drafts
from cases.forms import StartForm
from cases.forms.screen import TROUBLE
from cases.forms.start import SAID_ONLY
from cases.forms.words import spoken
from cases.report import Received, Report, receive
from cases.reported import ReportedVoice
from cases.upload import CappedUpload
from cases.views import key
from cases.views.page import family_page
from cases.views.steps import steps
from trust import networks, work

logger = logging.getLogger(__name__)

SALT = "cases.report"
FORM_AGE_S = 2 * 24 * 3600
SCREEN = "start"
VOICE_LOST = "voice_lost"  # a code of cases.doubts


@family_page
def report(request: HttpRequest) -> HttpResponse:
    """Show the screen; take it; answer with reference and secret in the same response."""
    if request.method == "POST":
        request.upload_handlers = [CappedUpload(request)]
    crowded = networks.crowded(request)
    if request.method != "POST":
        _count_shown(request)
        return _page(request, StartForm(), _new_token(), crowded=crowded)
    form = StartForm(request.POST, request.FILES)
    token, submission = _submission(request.POST.get("submission", ""))
    is_right = form.is_valid()
    draft = _kept_voice(form)
    if request.POST.get("act") == "add_child":
        return _page(request, _one_more(form, draft), token, draft=draft, crowded=crowded)
    if not is_right:
        return _page(request, form, token, draft=draft, crowded=crowded)
    report = form.report(submission, doubts=_doubts(request, crowded=crowded))
    try:
        received = _receive(report)
    except DatabaseError as fault:
        logger.error("report: not saved (%s)", type(fault).__name__)
        form.add_error(None, TROUBLE)
        return _page(request, form, token, draft=_kept_voice(form), crowded=crowded)
    if not received.repeated:
        step_counts.answered(SCREEN)
    return _answer(request, received, form)


def _receive(report: Report) -> Received:
    """Receive it; where the vault takes nothing in, without what was spoken: the phone is what counts.

    The family and the desk are then told that the recording is lost.
    """
    try:
        return receive(report)
    except OSError as fault:
        logger.error("report: voice notes not kept (%s)", type(fault).__name__)
        doubts = (*(code for code in report.doubts if code != SAID_ONLY), VOICE_LOST)
        return receive(replace(report, voices=(), doubts=doubts))


def _doubts(request: HttpRequest, *, crowded: bool) -> tuple[str, ...]:
    """Return what the desk should ask about; an unproved report is paused a little and never refused."""
    proof = work.proved(request.POST.get("work", ""))
    if proof != "proved":
        networks.pause_unproved()
    found = {"proved": "", "none": "no_work"}.get(proof, "bad_work"), "crowded_network" if crowded else ""
    return tuple(filter(None, found))


def _count_shown(request: HttpRequest) -> None:
    if request.method == "GET":
        step_counts.shown(SCREEN, network=str(networks.client_network(request) or ""))


def _kept_voice(form: StartForm) -> str:
    """Keep a note that came with the form until the form is right; return the token that names it.

    One that cannot be kept is said on the form.
    """
    fresh = form.cleaned_data.get("voice_start")
    if not (fresh and (form.errors or form.data.get("act") == "add_child")):
        return form.cleaned_data.get("voice_draft", "") if form.voice else ""
    token = _keep(fresh)
    if not token:
        form.say_not_kept()
    return token


def _keep(voice: ReportedVoice) -> str:
    try:
        return voice_drafts.keep_anonymous(voice)
    except (DatabaseError, OSError) as fault:
        logger.error("report: a voice note is not kept (%s)", type(fault).__name__)
        return ""


def _one_more(form: StartForm, draft: str) -> StartForm:
    more = form.one_more()
    if form.cleaned_data.get("voice_start") and not draft:
        more.say_not_kept()
    return more


def _page(
    request: HttpRequest, form: StartForm, token: str, *, crowded: bool, draft: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "submission": token,
        "voice_draft": draft,
        "work_challenge": work.challenge(hard=crowded),
    }
    return render(request, "cases/start.html", context, status=_status(form))


def _status(form: StartForm) -> int:
    return 503 if form.non_field_errors() else 422 if form.errors else 200


@sensitive_variables()
def _answer(request: HttpRequest, received: Received, form: StartForm) -> HttpResponse:
    case, secret = received.case, received.secret
    if case.is_withheld:
        return redirect("cases:follow")
    context = {
        "received": received,
        "words": secret.words(spoken()) if secret else "",
        "digits": secret.digits if secret else "",
        "place": form.last_seen,
        "place_label": form.place_label,
        "unit": case.unit,
        "voice_lost": VOICE_LOST in case.doubts,
    }
    if secret is None:  # sent again after its hour: whoever holds this form may be somebody else by now
        return render(request, "cases/received.html", context)
    context.update(key=key.field(case), first=steps(case)[0])
    response = render(request, "cases/received.html", context)
    key.remember(response, case)
    return response


def _new_token() -> str:
    return signing.dumps(randomness.token_hex(16), salt=SALT)


def _submission(token: str) -> tuple[str, str]:
    """Return the form's token and the random value in it; a fresh pair for one not ours or too old."""
    try:
        return token, signing.loads(token, salt=SALT, max_age=FORM_AGE_S)
    except signing.BadSignature:
        fresh = _new_token()
        return fresh, signing.loads(fresh, salt=SALT)
