"""What every Meta product shares: the Graph call, the signature, the challenge, the token's health."""

import hmac
import time
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from notifier import http
from notifier.backends.base import Backend
from notifier.exceptions import AnswerLost, ConnectFailed
from notifier.message import DeliveryError, Problem, RawAnswer, RawRequest
from notifier.protocols import graph

SPARING, FULL = 80, 95  # per cent of a budget
REST_S = 300.0  # when Meta does not say how long; budgets are of a rolling hour or day


class MetaBackend(Backend):
    """OPTIONS: access_token, app_secret, verify_token, api_version, base_url; appsecret_proof, timeout_s.

    The account's budget is read from every answer: from SPARING per cent on check() asks nothing, from FULL
    on nothing at all is called before the time Meta names: calls while throttled lengthen the wait.
    """

    required_options: ClassVar[tuple[str, ...]] = (
        "access_token",
        "app_secret",
        "verify_token",
        "api_version",
        "base_url",
    )
    secret_options = ("access_token", "app_secret", "verify_token")
    leaves_country = True
    now = staticmethod(time.monotonic)

    def __init__(
        self, alias: str, options: Mapping[str, Any], *, transport: http.Transport = http.send
    ) -> None:
        super().__init__(alias, options, transport=transport)
        self._usage = 0
        self._rests_until = 0.0

    def verify(self, request: RawRequest) -> bool:
        """The signature over the raw bytes; for the subscription's GET, the token agreed."""
        if request.method == "GET":
            query, agreed = request.query(), self.options["verify_token"]
            token = query.get("hub.verify_token", "")
            asked = query.get("hub.mode", "subscribe") == "subscribe"
            return asked and bool(agreed) and hmac.compare_digest(token.encode(), agreed.encode())
        return graph.is_signed(
            self.options["app_secret"], request.body, request.header("X-Hub-Signature-256")
        )

    def answer(self, request: RawRequest) -> RawAnswer:
        """The bare challenge, when asked for it."""
        challenge = request.query().get("hub.challenge", "") if request.method == "GET" else ""
        body = challenge.encode() if challenge.isalnum() else b""
        return RawAnswer(200, {"Content-Type": "text/plain", "X-Content-Type-Options": "nosniff"}, body)

    def check(self) -> list[Problem]:
        """Ask what the token may read: a dead one, a lost right and a spent budget all show."""
        if self._rests_until > self.now():
            return [Problem("throttled", f"usage {self._usage}", serious=False)]
        try:
            self.call("GET", self.health_path(), {"fields": "id", "limit": "1"})
        except (DeliveryError, ConnectFailed, AnswerLost) as error:
            return [http.problem(error)]
        return []

    def call(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str] | None = None,
        photo: tuple[str, bytes, str] | None = None,
    ) -> dict[str, Any]:
        """One Graph call. Raise DeliveryError, ConnectFailed, AnswerLost. The token stays out of the URL."""
        self._spare()
        options = self.options
        sent = {**(fields or {}), **self.proof()}
        request = http.Request(
            method,
            f"{options['base_url']}/{options['api_version']}/{quote(path)}",
            query="" if method == "POST" else urlencode(sent),
            headers={"Authorization": f"Bearer {options['access_token']}"},
            fields=sent if method == "POST" else None,
            files={"source": photo} if photo else None,
            read_s=float(options.get("timeout_s", http.READ_S)),
        )
        answer = self.transport(request)
        self._usage = graph.usage_percent(answer.headers)
        if self._usage >= SPARING:
            self._rests_until = self.now() + (graph.regain_s(answer.headers) or REST_S)
        return graph.read_answer(answer.status, answer.headers, answer.body)

    def health_path(self) -> str:
        """What check() reads of the account."""
        return "me"

    def proof(self) -> dict[str, str]:
        """`appsecret_proof`, unless the option of that name is off; an app may demand it."""
        if not self.options.get("appsecret_proof", True):
            return {}
        return {"appsecret_proof": graph.proof(self.options["app_secret"], self.options["access_token"])}

    def _spare(self) -> None:
        """Raise DeliveryError (throttled) when the budget has no room for a call."""
        left_s = self._rests_until - self.now()
        if left_s > 0 and self._usage >= FULL:
            raise DeliveryError(
                permanent=False, kind="throttled", retry_after_s=left_s, detail=f"usage {self._usage}"
            )
