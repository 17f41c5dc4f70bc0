"""How a family's page proves whose it is: a signed key in every form, and a cookie for what has no form.

A POST needs the key of its form, which no other site can know: it stands in for a CSRF token. The cookie
makes GET, back and reload work; without cookies every step is a POST that carries the key.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cases.models import Case, CaseState
from cases.renew import fingerprint

SALT = "cases.thread"
AGE_S = 1800  # sliding: each page brings a new one
LEFT_OPEN_S = 24 * 3600  # a form this old still proves that it is ours; its cookie must then be fresh
COOKIE = "najda_thread"
FIELD = "key"


def field(case: Case) -> str:
    """Return the signed key to put into each form as `key`."""
    return signing.dumps(_mark(case), salt=SALT)


def case_of(request: HttpRequest) -> Case | None:
    """Return the case the request has the key of; None where there is none, or it is too old or erased."""
    cookie = _read(request.COOKIES.get(COOKIE, ""), AGE_S)
    if request.method != "POST":
        return _case(cookie)
    key = request.POST.get(FIELD, "")
    known = _read(key, AGE_S)
    if not known and cookie and _read(key, LEFT_OPEN_S) == cookie:
        known = cookie
    return _case(known)


def has_cookie(request: HttpRequest, case: Case) -> bool:
    """Say whether the browser keeps our cookie: then the next page may be a redirect."""
    return _read(request.COOKIES.get(COOKIE, ""), AGE_S) == _mark(case)


def remember(response: HttpResponse, case: Case) -> None:
    """Give the cookie, or a fresh one."""
    response.set_cookie(
        COOKIE,
        field(case),
        max_age=AGE_S,
        path=_path(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    """Take the cookie back: whoever uses this phone next is somebody else."""
    response.delete_cookie(COOKIE, path=_path(), samesite="Lax")


def _path() -> str:
    return reverse("cases:report")  # with its language: the thread and the screens lie below it


def _read(key: str, max_age: int) -> str:
    try:
        found: str = signing.loads(key, salt=SALT, max_age=max_age)
    except signing.BadSignature:
        return ""
    return found


def _mark(case: Case) -> str:
    """Return what is signed: a page opened with a secret that an officer has renewed opens nothing more."""
    return f"{case.pk}:{fingerprint(case)}"


def _case(mark: str) -> Case | None:
    pk, _colon, _print = mark.partition(":")
    if not pk:
        return None
    known = Case.objects.exclude(state=CaseState.ERASED).select_related("unit__agency")
    try:
        case = known.filter(pk=pk).first()
    except ValidationError:
        return None
    return case if case and _mark(case) == mark else None
