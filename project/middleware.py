"""What every request passes: an id, a cache rule, a language; and at the desk the end of a session."""

import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from trust import audit, sessions
from trust.models import Officer
from trust.request import request_id
from trust.secondfactor import GUARDED

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give each request an id of its own, which logs and the audit carry."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(secrets.token_hex(8))
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class NoStoreMiddleware:
    """Nothing is kept by a browser or a proxy unless the view said so; of the desk nothing at all."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(GUARDED):
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class LanguageMiddleware(LocaleMiddleware):
    """Speak the language of the path; the police site and the hooks have none in theirs."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.path_info.startswith(GUARDED):
            chosen = request.COOKIES.get(
                settings.LANGUAGE_COOKIE_NAME
            ) or translation.get_language_from_request(request)
            translation.activate(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


RENEW_AFTER_S = 300  # a write each five minutes, not each request


class OfficerMiddleware:
    """Speak the officer's own language under /police/, and keep the session while somebody works."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(GUARDED):
            return self.get_response(request)
        key, officer = request.session.session_key, request.user
        if isinstance(officer, Officer):
            self._open(request, officer)
        response = self.get_response(request)
        if officer.is_authenticated:
            sessions.follow(key, request.session.session_key)
            if not request.user.is_authenticated:
                forget(response)
        elif request.user.is_authenticated:
            # It was chosen at the door and is the officer's now: the next one here shall not get it.
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response

    def _open(self, request: HttpRequest, officer: Officer) -> None:
        """Go on with the session, or end one that has lasted as long as one may."""
        if officer.language in dict(settings.LANGUAGES):
            translation.activate(officer.language)
            request.LANGUAGE_CODE = officer.language
        if sessions.is_too_old(request.session):
            audit.record("session.too_long", officer, actor=officer)
            logout(request)
        else:
            self._renew(request)

    def _renew(self, request: HttpRequest) -> None:
        signed_in = [proof["at"] for proof in request.session.get("account_authentication_methods", [])]
        seen_at = request.session.get("seen_at", max(signed_in, default=0.0))
        if time.time() - seen_at > min(RENEW_AFTER_S, settings.SESSION_COOKIE_AGE / 4):
            request.session["seen_at"] = time.time()
            sessions.seen(request.session.session_key)


def forget(response: HttpResponse) -> None:
    """Leave nothing of an officer in a browser that the next one will use, not even the language chosen."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
