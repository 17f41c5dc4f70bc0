"""The second factor: demanded under /police/, and asked for again before what cannot be taken back.

allauth writes each proof into the session ({"method": "mfa", "at": ..., "id": ...}); only those count here,
never a password given again, and only while the factor they name still belongs to the officer.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.http import urlencode

from trust.models.officer import Officer

GUARDED = "/police/"
CLOCK_SKEW_S = 5.0

_NEW_PASSWORD = "account_change_password"  # noqa: S105  the name of a page
# The admin's own page would ask for no factor, and leave nothing in the log.
_DJANGOS_NEW_PASSWORD = "password_change"  # noqa: S105  the name of a page
# What an officer may open before a second factor was used in this session.
_OPEN = frozenset(
    {
        "account_login", "account_logout", "account_inactive", "account_reauthenticate", "choose_language",
        "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_trust",
    }
)  # fmt: skip
# What an officer without any factor may open besides.
_TO_ENROL = frozenset({"mfa_activate_totp"})
# What changes the account itself: the factor is asked for again, where allauth would take the password.
_FRESH = frozenset(
    {
        _NEW_PASSWORD, "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn",
        "mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_generate_recovery_codes", "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
    }
)  # fmt: skip

GetResponse = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., HttpResponse])


@dataclass(frozen=True)
class _Factors:
    """The factors an officer has enrolled (recovery codes alone are none), and the proofs in this session."""

    request: HttpRequest
    officer: Officer

    @cached_property
    def enrolled(self) -> dict[int, str]:
        rows = Authenticator.objects.filter(user=self.officer).values_list("pk", "type")
        return dict(rows)

    @cached_property
    def is_enrolled(self) -> bool:
        return bool(set(self.enrolled.values()) - {Authenticator.Type.RECOVERY_CODES})

    @cached_property
    def used_at(self) -> float | None:
        records = get_authentication_records(self.request, self.officer)
        proofs = [r["at"] for r in records if r.get("method") == "mfa" and r.get("id") in self.enrolled]
        return max(proofs, default=None)

    @property
    def is_over(self) -> bool:
        """Say whether no factor was used, or so long ago that the officer's shift must be over."""
        return self.used_at is None or time.time() - self.used_at > settings.SHIFT_S

    @property
    def is_fresh(self) -> bool:
        age_s = time.time() - self.used_at if self.used_at is not None else None
        return age_s is not None and -CLOCK_SKEW_S <= age_s < settings.SECOND_FACTOR_MAX_AGE_S


class SecondFactorMiddleware:
    """Let nothing under /police/ answer to an officer who has not used a second factor in this session."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(GUARDED):
            return _elsewhere(request) or self.get_response(request)
        return self.get_response(request)


def factor_at(request: HttpRequest) -> datetime | None:
    """Return when a second factor was last used in this session, if under SECOND_FACTOR_MAX_AGE_S ago."""
    factors = _factors(request)
    if factors is None or factors.used_at is None or not factors.is_fresh:
        return None
    return datetime.fromtimestamp(factors.used_at, UTC)


def fresh_factor_required(view: View) -> View:
    """Ask for the second factor again unless `factor_at` has one, then come back to the page of this address.

    What was posted is not kept: nobody signs by proxy of a stored form.
    """

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if factor_at(request) is None:
            return ask_again(request)
        return view(request, *args, **kwargs)

    asking.asks_fresh_factor = True  # type: ignore[attr-defined]  # how a test finds the views that ask
    return cast(View, asking)


def ask_again(request: HttpRequest) -> HttpResponseRedirect:
    """Return the redirect to the page that asks for the factor, which leads back to this address."""
    return _to("mfa_reauthenticate", request)


def _elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Return where the officer has to go first, or None when nothing is in the way."""
    name = _page(request)
    factors = _factors(request)
    if name in _OPEN:
        return None
    if factors is None:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    if not factors.is_enrolled:
        return None if name in _TO_ENROL else _to("mfa_activate_totp", request)
    if factors.is_over or (name in _FRESH and not factors.is_fresh):
        return ask_again(request)
    if _owes_a_password(factors.officer, name):
        return _to(_NEW_PASSWORD, request)
    return None


def _owes_a_password(officer: Officer, name: str) -> bool:
    """Say whether only the page for a new password may answer."""
    if name == _NEW_PASSWORD or not _exists(_NEW_PASSWORD):
        return False
    return officer.password_is_temporary or name == _DJANGOS_NEW_PASSWORD


def _page(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def _exists(name: str) -> bool:
    """Say whether the deployment has such a page; a system check warns when it has not."""
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False


def _factors(request: HttpRequest) -> _Factors | None:
    known: Any = getattr(request, "_factors", None)
    officer = request.user
    if not isinstance(officer, Officer):
        return None
    if known is None or known.officer.pk != officer.pk:
        known = _Factors(request, officer)
        request._factors = known  # type: ignore[attr-defined]  # kept for this request, as Django keeps its user
    return known if isinstance(known, _Factors) else None


def _to(name: str, request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
