"""SMS by an operator's gateway that speaks Kannel's `sendsms`: one GET a message, reports called back."""

import hmac
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from notifier import http
from notifier.backends.sms import Measured, SmsBackend
from notifier.exceptions import AnswerLost, ConnectFailed
from notifier.message import (
    Accepted,
    DeliveryError,
    Fit,
    Inbound,
    Message,
    Outcome,
    Problem,
    RawAnswer,
    RawRequest,
    ReceiptEvent,
    Unknown,
)
from notifier.protocols import kannel


class KannelBackend(SmsBackend):
    """OPTIONS: SmsBackend's, url, username, password, sender; hook_url, validity_m, dlr_mask, timeout_s."""

    resend_unknown = True  # Kannel cannot be asked what it took; a double SMS is the lesser harm
    required_options = ("url", "username", "password", "sender")
    secret_options = ("password",)

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """One request a message over one kept connection."""
        measured: Measured = {}
        return [self._outcome(message, measured) for message in messages]

    def verify(self, request: RawRequest) -> bool:
        """The path must be ours, and a report's reference must carry the digest given with its message."""
        own = urlsplit(self.options.get("hook_url", "")).path
        if not own or not _same(urlsplit(request.url).path, own):
            return False
        query = request.query()
        if not kannel.is_report(query):
            return True
        return _same(query.get("sig", ""), kannel.signature(query["ref"], self.options["password"]))

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        """A delivery report, or a message from the public."""
        query = request.query()
        return [kannel.read_report(query) if kannel.is_report(query) else kannel.read_incoming(query)]

    def answer(self, request: RawRequest) -> RawAnswer:
        """Nothing: Kannel sends the body of our answer back as an SMS."""
        return RawAnswer(200, {"Content-Type": "text/plain"})

    def check(self) -> list[Problem]:
        """Ask to send to nobody: a gateway refuses bad credentials first, then the missing receiver."""
        query = urlencode({name: self.options[name] for name in ("username", "password")})
        try:
            answer = self._get(query)
            kannel.read_answer(answer.status, answer.text)
        except (ConnectFailed, AnswerLost) as error:
            return [Problem("connection", str(error))]
        except DeliveryError as error:
            return [] if error.permanent else [Problem(error.kind, error.detail)]
        return []

    def _outcome(self, message: Message, measured: Measured) -> Outcome:
        try:
            fit = self.fit_once(message, measured)
            answer = self._get(self._query(message, fit))
            kannel.read_answer(answer.status, answer.text, answer.headers.get("retry-after", ""))
        except DeliveryError as error:
            return error
        except ConnectFailed as error:
            return DeliveryError(permanent=False, kind="connection", detail=str(error))
        except AnswerLost as error:
            return Unknown(str(error))
        return Accepted(message.reference, parts=fit.parts)

    def _get(self, query: str) -> http.Response:
        read_s = float(self.options.get("timeout_s", http.READ_S))
        return self.transport(http.Request("GET", self.options["url"], query, read_s=read_s))

    def _query(self, message: Message, fit: Fit) -> str:
        hook_url, key = self.options.get("hook_url", ""), self.options["password"]
        return kannel.sendsms_query(
            username=self.options["username"],
            password=self.options["password"],
            sender=self.options["sender"],
            to=message.to,
            text=fit.text,
            encoding=fit.encoding,
            dlr_url=kannel.dlr_url(hook_url, message.reference, key) if hook_url else "",
            dlr_mask=int(self.options.get("dlr_mask", kannel.DLR_MASK)),
            validity_m=int(self.options.get("validity_m", 0)),
        )


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
