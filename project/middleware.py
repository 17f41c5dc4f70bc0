"""What every request passes: an id, a cache rule, a language."""

import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from trust.request import request_id

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
    """Nothing is kept by a browser or a proxy unless the view said so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class LanguageMiddleware(LocaleMiddleware):
    """Speak the language of the path; the police site and the hooks have none in theirs."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.path_info.startswith("/police/"):
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
        if request.path_info.startswith("/police/") and request.user.is_authenticated:
            language = getattr(request.user, "language", "")
            if language in dict(settings.LANGUAGES):
                translation.activate(language)
                request.LANGUAGE_CODE = language
            self._renew(request)
        return self.get_response(request)

    def _renew(self, request: HttpRequest) -> None:
        signed_in = [proof["at"] for proof in request.session.get("account_authentication_methods", [])]
        seen_at = request.session.get("seen_at", max(signed_in, default=0.0))
        if time.time() - seen_at > RENEW_AFTER_S:
            request.session["seen_at"] = time.time()
