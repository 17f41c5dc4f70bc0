"""What every Meta product shares: the Graph call, the signature, the challenge, the token's health."""

import hmac
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from notifier import http
from notifier.backends.base import Backend
from notifier.exceptions import AnswerLost, ConnectFailed
from notifier.message import DeliveryError, Problem, RawAnswer, RawRequest
from notifier.protocols import graph


class MetaBackend(Backend):
    """OPTIONS: access_token, app_secret, verify_token, api_version, base_url; timeout_s."""

    required_options: ClassVar[tuple[str, ...]] = (
        "access_token",
        "app_secret",
        "verify_token",
        "api_version",
        "base_url",
    )
    secret_options = ("access_token", "app_secret")
    leaves_country = True

    def verify(self, request: RawRequest) -> bool:
        """The signature over the raw bytes; for the subscription's GET, the token agreed."""
        if request.method == "GET":
            token = request.query().get("hub.verify_token", "")
            agreed = self.options["verify_token"]
            return bool(agreed) and hmac.compare_digest(token.encode(), agreed.encode())
        return graph.is_signed(
            self.options["app_secret"], request.body, request.header("X-Hub-Signature-256")
        )

    def answer(self, request: RawRequest) -> RawAnswer:
        """The bare challenge, when asked for it."""
        challenge = request.query().get("hub.challenge", "") if request.method == "GET" else ""
        body = challenge.encode() if challenge.isalnum() else b""
        return RawAnswer(200, {"Content-Type": "text/plain", "X-Content-Type-Options": "nosniff"}, body)

    def check(self) -> list[Problem]:
        """Ask who the token is: a dead token, a lost right and a spent budget all show."""
        try:
            self.call("GET", "me", {"fields": "id"})
        except DeliveryError as error:
            return [Problem(error.kind, error.detail, serious=error.kind != "throttled")]
        except (ConnectFailed, AnswerLost) as error:
            return [Problem("connection", str(error))]
        return []

    def call(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str] | None = None,
        photo: tuple[str, bytes, str] | None = None,
    ) -> dict[str, Any]:
        """One Graph call. Raise DeliveryError, ConnectFailed, AnswerLost. The token stays out of the URL."""
        options = self.options
        sent = {
            **(fields or {}),
            "appsecret_proof": graph.proof(options["app_secret"], options["access_token"]),
        }
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
        return graph.read_answer(answer.status, answer.headers, answer.body)
