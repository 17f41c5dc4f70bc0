"""Where gateways call us back: verify the raw bytes, store, answer. Nothing is looked up, nothing is said.

Unverified: 403, empty, nothing stored. Verified but unknown: 200, stored. A database or a disk in trouble:
503, so that the gateway calls again.
"""

import hmac
import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from notifier import health, inbound, receipts, registry
from notifier.backends.base import Backend
from notifier.exceptions import HookUnreadable, NotifierError
from notifier.message import Inbound, Problem, RawRequest, ReceiptEvent

logger = logging.getLogger(__name__)

PREFIX = "/hooks/"
_PATH = re.compile(r"/hooks/(?P<alias>[\w-]{1,32})/(?P<token>[\w-]{1,200})/", re.ASCII)


class HooksMiddleware:
    """Stands first: what begins with /hooks/ never meets sessions, languages, cookies or log-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        match = _PATH.fullmatch(request.path_info)
        return hook(request, match["alias"], match["token"]) if match else _refused()


@csrf_exempt
def hook(request: HttpRequest, alias: str, token: str) -> HttpResponse:
    """Take one call-back. Never raises."""
    try:
        backend = _backend(alias, token)
        raw = _raw(request, backend.most_body) if backend else None
        if backend is None or raw is None or not backend.verify(raw):
            return _refused()
        take(alias, backend, raw)
        return _answered(backend, raw)
    except UnreadablePostError:  # the caller hung up
        return HttpResponse(status=400)
    except (DatabaseError, OSError):  # OSError: the vault's disk is full or away
        logger.exception("%s: a call-back could not be stored", alias)
        return HttpResponse(status=503)
    except Exception:
        logger.exception("%s: a call-back could not be read", alias)
        return _refused()


def _backend(alias: str, token: str) -> Backend | None:
    expected = settings.HOOK_TOKENS.get(alias) or ""
    # Compared for an unknown alias too: the time must not tell which aliases exist.
    same = hmac.compare_digest(token.encode(), expected.encode())
    if not expected or not same:
        return None
    try:
        return registry.for_hooks(alias)
    except NotifierError as error:
        logger.error("%s: no backend for its call-backs: %s", alias, type(error).__name__)
        return None


def take(alias: str, backend: Backend, raw: RawRequest) -> None:
    """Store what a verified call-back says. Raise DatabaseError, OSError.

    What cannot be stored as it is read is kept whole for a person, and holds up nothing beside it.
    """
    events = _events(alias, backend, raw)
    if events is None:
        inbound.store_unread(alias, raw)
    else:
        reports = [event for event in events if isinstance(event, ReceiptEvent)]
        if reports:
            receipts.append(alias, reports)
        told = [event for event in events if isinstance(event, Inbound)]
        if [event for event in told if not _is_stored(alias, event)]:
            inbound.store_unread(alias, raw)
    health.hear(alias, _news(alias, backend, raw))


def _is_stored(alias: str, event: Inbound) -> bool:
    """Store one; False where a fault of ours keeps it out. Raise DatabaseError, OSError: call again."""
    try:
        inbound.store(alias, event)
    except (DatabaseError, OSError):
        raise
    except Exception as error:  # noqa: BLE001  whatever it holds, the others and its own bytes are kept
        logger.error("%s: an event could not be stored: %s", alias, type(error).__name__)
        return False
    return True


def _raw(request: HttpRequest, most_bytes: int) -> RawRequest | None:
    """The request as called; None when it is too large to be one."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > most_bytes:
        return None
    body = request.read(most_bytes + 1)
    if len(body) > most_bytes:
        return None
    # The address the gateway was given, whatever a proxy made of the host.
    url = f"{settings.HOOKS_URL}{request.get_full_path()}"
    return RawRequest(request.method or "", url, dict(request.headers), body)


def _answered(backend: Backend, raw: RawRequest) -> HttpResponse:
    answer = backend.answer(raw)
    return HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))


def _events(alias: str, backend: Backend, raw: RawRequest) -> list[ReceiptEvent | Inbound] | None:
    """What a verified call-back says, None when it cannot be read."""
    try:
        return backend.parse(raw)
    except HookUnreadable:
        logger.warning("%s: a verified call-back in an unknown format", alias)
    except Exception:
        logger.exception("%s: a verified call-back broke its parser", alias)
    return None


def _news(alias: str, backend: Backend, raw: RawRequest) -> list[Problem]:
    """What a verified call-back says of our account; one nobody can read is kept already."""
    try:
        return backend.problems(raw)
    except HookUnreadable:
        return []
    except Exception:
        logger.exception("%s: a verified call-back broke its parser", alias)
        return []


def _refused() -> HttpResponse:
    return HttpResponse(status=403)
