"""geopy's calls, made through the one seam that speaks HTTP: no redirect, no proxy, no endless answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable

from notifier import http
from notifier.exceptions import AnswerLost, ConnectFailed, TransportError


class _SeamAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy carries no types
    """Follow no redirect: the words go to the force's own server and nowhere else."""

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        try:
            return json.loads(self.get_text(url, timeout=timeout, headers=headers))
        except (ValueError, RecursionError):
            raise GeocoderParseError("no_json") from None

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        address, _, query = url.partition("?")
        request = http.Request("GET", address, query=query, headers=dict(headers), read_s=timeout)
        try:
            answer = http.send(request)
        except ConnectFailed:
            raise GeocoderUnavailable("unreachable") from None
        except AnswerLost:
            raise GeocoderTimedOut("no_answer") from None
        except TransportError:
            raise GeocoderServiceError("broken") from None
        if answer.status != 200:
            raise AdapterHTTPError("refused", status_code=answer.status, headers={}, text="")
        return answer.text


def adapter(*, proxies: Any, ssl_context: Any) -> _SeamAdapter:
    """Make the adapter as geopy asks for it; proxies of the environment are not used."""
    return _SeamAdapter(proxies=proxies, ssl_context=ssl_context)
