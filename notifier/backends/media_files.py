"""Files that lie at an address which their provider gave with the message: fetched from its hosts alone."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urljoin

from notifier import http
from notifier.exceptions import DeliveryError, Gone
from notifier.message import Fetched
from notifier.protocols import media

REDIRECTS = (301, 302, 303, 307, 308)


def fetched(
    transport: http.Transport,
    options: Mapping[str, Any],
    source: Mapping[str, str],
    hosts: Collection[str],
    headers: Mapping[str, str] | None = None,
) -> Fetched:
    """Get the file at source["url"]; `headers` (credentials) go to the first host and no further.

    One redirect is followed, to a host of the same list: Twilio's API sends to its CDN. Raise Gone, TooLarge,
    DeliveryError ("media host" for an address that is none of theirs), ConnectFailed, AnswerLost.
    """
    url, sent = source.get("url", ""), dict(headers or {})
    answer = _asked(transport, options, url, hosts, sent)
    if answer.status in REDIRECTS:
        answer = _asked(transport, options, urljoin(url, answer.headers.get("location", "")), hosts, {})
    if answer.status in media.DEAD:
        raise Gone(str(answer.status))
    media.read_status(answer.status)
    told = answer.headers.get("content-type", "") or source.get("media_type", "")
    return media.accept(answer.body, told, media.limits(options).most_bytes)


def _asked(
    transport: http.Transport,
    options: Mapping[str, Any],
    url: str,
    hosts: Collection[str],
    headers: Mapping[str, str],
) -> http.Response:
    is_own = media.is_own(url, str(options.get("base_url", "")))
    if not (is_own or media.is_known(url, options.get("media_hosts", hosts))):
        raise DeliveryError(permanent=True, kind="policy", detail="media host")
    limits = media.limits(options)
    return transport(
        http.Request(
            "GET",
            url,
            headers={"User-Agent": http.USER_AGENT, **headers},
            most_bytes=limits.most_bytes,
            whole_s=limits.whole_s,
            read_s=float(options.get("timeout_s", http.READ_S)),
            public_only=not is_own,
        )
    )
