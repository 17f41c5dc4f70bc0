"""Web Push: to browsers, by the services their makers run (RFC 8030, 8291, 8292)."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from notifier import http
from notifier.backends.base import Backend
from notifier.exceptions import AnswerLost, CannotCarry, ConnectFailed
from notifier.message import Accepted, DeliveryError, Fit, Message, Outcome, Problem, Unknown
from notifier.protocols import webpush, webpush_crypto
from notifier.protocols.webpush import Subscription
from notifier.public_hosts import NotPublic

TOKEN_S = 12 * 3600  # half of what RFC 8292 allows: room for a clock that is off
RENEW_S = 3600
MOST_ORIGINS = 64
STRANGER_READ_S = 3.0  # whoever subscribes with a server of their own must not hold the others up


class WebPushBackend(Backend):
    """OPTIONS: vapid_private_key, vapid_subject; hosts (names, "*.below", "*" for any public one), ports,
    ttl_s, timeout_s, gateway_url (a simulator: every push goes there and none to its endpoint).
    """

    leaves_country = True
    resend_unknown = True  # nothing can be asked; the Topic makes the second replace the first
    max_length = {"utf-8": webpush.MOST_BYTES}
    required_options = ("vapid_private_key", "vapid_subject")
    secret_options = ("vapid_private_key",)

    def __init__(
        self, alias: str, options: Mapping[str, Any], *, transport: http.Transport = http.send
    ) -> None:
        super().__init__(alias, options, transport=transport)
        webpush_crypto.require_library()
        self.vapid = webpush_crypto.vapid(options["vapid_private_key"], options["vapid_subject"])
        self.gateway_url = str(options.get("gateway_url", "")).rstrip("/")
        self._tokens: dict[str, tuple[str, float]] = {}  # by origin: header, end
        self._proven: dict[str, str] = {}  # by origin: the header it has accepted

    def fit(self, message: Message) -> Fit:
        """Title and address; the page holds the rest."""
        words = webpush.payload(message).decode()
        return Fit(words, lost=("photo",) if message.text.photo_name else ())

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """One POST a subscription."""
        return [self._outcome(message) for message in messages]

    def check(self) -> list[Problem]:
        """Ask whether the first of the services can be reached; it knows our key only by what it is sent."""
        url = self.gateway_url or f"https://{webpush.SERVICES[0]}/"
        try:
            self.transport(http.Request("GET", url, public_only=not self.gateway_url))
        except (ConnectFailed, AnswerLost) as error:
            return [http.problem(error)]
        return []

    def _outcome(self, message: Message) -> Outcome:
        try:
            to = webpush.read_subscription(message.to)
            self._refuse_hosts(to)
            request = self._request(message, to)
        except DeliveryError as error:
            return error
        known = self._is_known(to)
        try:
            answer = self.transport(request)
            webpush.read_answer(answer.status, answer.headers, answer.text[:2000], known=known)
        except DeliveryError as error:
            return self._judged(error, to, request)
        except NotPublic as error:
            return _not_public(error, known=known)
        except ConnectFailed as error:
            if known:
                return http.refusal(error)
            return DeliveryError(permanent=False, kind="unreachable", detail=str(error))
        except AnswerLost as error:
            return Unknown(str(error))
        self._proven[to.origin] = request.headers["Authorization"]
        return Accepted(message.reference)

    def _request(self, message: Message, to: Subscription) -> http.Request:
        ttl_s = int(self.options.get("ttl_s", 24 * 3600)) if message.valid_s is None else message.valid_s
        if ttl_s <= 0:  # 0 would mean: now or never
            raise CannotCarry(kind="expired")
        headers = webpush.headers(message, self._authorization(to.origin), min(ttl_s, webpush.LONGEST_TTL_S))
        sealed = webpush_crypto.encrypt(webpush.payload(message), p256dh=to.p256dh, auth=to.auth)
        read_s = float(self.options.get("timeout_s", http.READ_S))
        return http.Request(
            "POST",
            f"{self.gateway_url}/{to.endpoint.removeprefix('https://')}" if self.gateway_url else to.endpoint,
            headers=headers,
            content=sealed,
            read_s=read_s if self._is_known(to) else min(read_s, STRANGER_READ_S),
            most_bytes=64 * 1024,
            public_only=not self.gateway_url,
        )

    def _refuse_hosts(self, to: Subscription) -> None:
        why = webpush.unwelcome(to, self.options)
        if why:
            raise CannotCarry(kind="bad_address", detail=why)

    def _is_known(self, to: Subscription) -> bool:
        """Whether what this host answers may be believed about our account."""
        named = [name for name in self.options.get("hosts", ()) if name != webpush.ANY_HOST]
        return bool(self.gateway_url) or webpush.is_among(to.host, (*webpush.SERVICES, *named))

    def _authorization(self, origin: str) -> str:
        """A token is signed once an origin and half a day, not once a person."""
        now = time.time()
        header, end = self._tokens.get(origin, ("", 0.0))
        if end - now < RENEW_S:
            if len(self._tokens) >= MOST_ORIGINS:  # strangers' hosts must not fill the memory
                self._tokens.clear()
                self._proven.clear()
            header, end = self.vapid.authorization(origin, int(now) + TOKEN_S), now + TOKEN_S
            self._tokens[origin] = header, end
        return header

    def _judged(self, error: DeliveryError, to: Subscription, request: http.Request) -> DeliveryError:
        """A key this service took a moment ago is good: its refusal is about this subscription alone."""
        if error.kind != "credentials" or self._proven.get(to.origin) != request.headers["Authorization"]:
            return error
        return DeliveryError(permanent=True, kind="rejected", detail=f"{error.detail} other_key")


def _not_public(error: NotPublic, *, known: bool) -> DeliveryError:
    """A stranger's name that leads inside is refused; a known service's means that our resolver is ill."""
    if known:
        return DeliveryError(permanent=False, kind="connection", detail=str(error))
    return CannotCarry(kind="bad_address", detail=str(error))
