"""Addresses for machines: CAP documents and feeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from alerts import cap, cap_keys, feeds, render
from alerts.feeds import Entry, Feed
from alerts.models import Alert, Document
from trust import clock

MAX_AGE_S = 60


@require_safe
def document(request: HttpRequest, code: str, identifier: str) -> HttpResponse:
    """Return the exact bytes that were stored; 410 for an Alert that is over or has fallen silent."""
    if "\x00" in code + identifier:  # PostgreSQL takes no such text, not even to look for it
        raise Http404
    found = (
        Document.objects.select_related("version__alert", "version__child")
        .filter(identifier=identifier, version__alert__code=code, version__alert__kind=Alert.Kind.ACTUAL)
        .first()
    )
    if found is None:
        raise Http404
    body = render.document(found, clock.now())
    if body is None:
        gone = HttpResponse(status=410, content_type="text/plain; charset=utf-8")
        gone["X-Robots-Tag"] = "noindex"
        gone["Cache-Control"] = "no-cache"
        return gone
    response = HttpResponse(body.encode(), content_type=cap.MEDIA_TYPE)
    response["Last-Modified"] = http_date(found.sent_at.timestamp())
    response["Cache-Control"] = "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Return the certificates that CAP documents are verified with, the signing one first (PEM)."""
    found = cap_keys.published()
    if not found:
        raise Http404
    response = HttpResponse(found, content_type="application/pem-certificate-chain")
    response["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def atom(request: HttpRequest) -> HttpResponseBase:
    return _feed(request, feeds.atom)


@require_safe
def rss(request: HttpRequest) -> HttpResponseBase:
    return _feed(request, feeds.rss)


@require_safe
def alerts_json(request: HttpRequest) -> HttpResponseBase:
    return _feed(request, feeds.as_json)


def _feed(request: HttpRequest, write: Callable[[Sequence[Entry], datetime], Feed]) -> HttpResponseBase:
    """Return the feed, or 304 to whoever holds the same bytes; a garbled If-None-Match holds none."""
    now = clock.now()
    feed = write(feeds.entries(now), now)
    response = HttpResponse(feed.body, content_type=feed.media_type)
    response["ETag"] = feed.etag
    response["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    response["Access-Control-Allow-Origin"] = "*"
    return get_conditional_response(request, etag=feed.etag, response=response) or response
