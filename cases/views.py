"""What a family sees. No cookie, no session, nothing personal in an address, nothing kept by a cache."""

from __future__ import annotations

import base64
import secrets as randomness
from io import BytesIO

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods
from PIL import Image

from cases import consent_text
from cases.forms import ReportForm
from cases.forms.words import spoken, zone
from cases.moment import offset
from cases.receiving import AUTHORITY
from cases.report import Received, receive
from cases.upload import CappedUpload
from trust import clock

SALT = "cases.report"
FORM_AGE_S = 2 * 24 * 3600
THUMBNAIL = (160, 160)


# Exempt: the page holds no authority that a forged request could borrow; a lost cookie loses no report.
@csrf_exempt
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form; take it; answer with reference and secret in the same response."""
    if request.method != "POST":
        today = clock.now().astimezone(zone()).date()
        return _page(request, ReportForm(initial={"seen_date": today}), _new_token())
    request.upload_handlers = [CappedUpload(request)]
    form = ReportForm(request.POST, request.FILES)
    token, submission = _submission(request.POST.get("submission", ""))
    draft = request.POST.get("photo_draft", "")
    if not form.is_valid():
        if form.picture and request.FILES:
            draft = ""
        return _page(request, form, token, draft=draft if form.picture else "")
    received = receive(form.report(submission))
    return _answer(request, received, form)


def _page(request: HttpRequest, form: ReportForm, token: str, *, draft: str = "") -> HttpResponse:
    now = clock.now()
    return render(
        request,
        "cases/report.html",
        {
            "form": form,
            "submission": token,
            "photo_draft": draft,
            "thumbnail": _thumbnail(form) if draft else "",
            "consent_text": consent_text.text(),
            "country": settings.COUNTRY.names[spoken()],
            "offset": offset(now, zone()),
            "capital": settings.COUNTRY.capital,
        },
        status=422 if form.errors else 200,
    )


@sensitive_variables()
def _answer(request: HttpRequest, received: Received, form: ReportForm) -> HttpResponse:
    given = form.cleaned_data["consent"] != "none"
    return render(
        request,
        "cases/received.html",
        {
            "received": received,
            "place": form.last_seen,
            "place_label": form.place_label,
            "unit": received.case.unit,
            "consent_waits": given and form.cleaned_data["relation"] not in AUTHORITY,
        },
    )


def _new_token() -> str:
    return signing.dumps(randomness.token_hex(16), salt=SALT)


def _submission(token: str) -> tuple[str, str]:
    """Return the form's token and the random value in it; a fresh pair for one not ours or too old."""
    try:
        return token, signing.loads(token, salt=SALT, max_age=FORM_AGE_S)
    except signing.BadSignature:
        fresh = _new_token()
        return fresh, signing.loads(fresh, salt=SALT)


def _thumbnail(form: ReportForm) -> str:
    """Return a small copy of our own clean JPEG as base64, to show that the photo is kept."""
    if form.picture is None:
        return ""
    out = BytesIO()
    with Image.open(BytesIO(form.picture.clean), formats=["JPEG"]) as image:
        image.thumbnail(THUMBNAIL)
        image.save(out, "JPEG", quality=70)
    return base64.b64encode(out.getvalue()).decode()
