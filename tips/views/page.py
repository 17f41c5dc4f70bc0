"""What every page of the anonymous door has in common."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.views.page import family_page
from tips.forms.arriving import SealedUpload

View = Callable[..., HttpResponse]

SALT = "tips.form"
FORM_AGE_S = 2 * 24 * 3600
TOO_MUCH = _("This was more than one form can carry. Shorten the words, or send the files a few at a time.")


def witness_page(view: View) -> View:
    """Keep the page out of caches, error reports and other sites' logs, and set no cookie. GET, HEAD, POST.

    Without CSRF cookie: no page here acts on a cookie at all. A tip needs no authority, and what follows it
    asks for the signed key in its form.
    """

    @family_page
    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        _forget_cookies(request)
        if request.method == "POST":
            request.upload_handlers = [SealedUpload(request)]
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noarchive"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return shown


def _forget_cookies(request: HttpRequest) -> None:
    """Let no cookie of another page be looked up here, renewed or taken back: an answer without any."""
    request.COOKIES.clear()
    request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)


def typed(request: HttpRequest) -> tuple[QueryDict, MultiValueDict[str, Any], Promise | str]:
    """Return what was posted, its files, and what to say where it was too much to read."""
    try:
        return request.POST, request.FILES, ""
    except SuspiciousOperation:  # too many fields or files, or too many words: Django has read none of it
        return QueryDict(), MultiValueDict(), TOO_MUCH


def new_token() -> str:
    """Return the token of a form: what is sent twice with it is one thing."""
    return signing.dumps(randomness.token_hex(16), salt=SALT)


def submission(token: str) -> tuple[str, str]:
    """Return the form's token and the random value in it; a fresh pair for one not ours or too old."""
    try:
        return token, signing.loads(token, salt=SALT, max_age=FORM_AGE_S)
    except signing.BadSignature:
        fresh = new_token()
        return fresh, signing.loads(fresh, salt=SALT)
