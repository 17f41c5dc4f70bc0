"""SMS by an operator's gateway that speaks Kannel's `sendsms`: one call a message, reports called back."""

import hmac
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

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
from notifier.protocols.kannel import Sendsms


class KannelBackend(SmsBackend):
    """OPTIONS: SmsBackend's, url, username, password, sender; method, hook_url, validity_m, dlr_mask,
    home_prefix, timeout_s.
    """

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
        if kannel.is_report(request.query()):
            return [kannel.read_report(request.query())]
        return [kannel.read_incoming(kannel.fields(request), self.options.get("home_prefix", ""))]

    def answer(self, request: RawRequest) -> RawAnswer:
        """Nothing: Kannel sends the body of our answer back as an SMS."""
        return RawAnswer(200, {"Content-Type": "text/plain"})

    def check(self) -> list[Problem]:
        """Ask to send to nobody: a gateway refuses bad credentials first, then the missing receiver."""
        try:
            answer = self._asked(self._call("", "", "gsm7"))
            kannel.read_answer(answer.status, answer.text)
        except (ConnectFailed, AnswerLost) as error:
            return [http.problem(error)]
        except DeliveryError as error:
            return [] if error.permanent else [http.problem(error)]
        return []

    def _outcome(self, message: Message, measured: Measured) -> Outcome:
        try:
            fit = self.fit_once(message, measured)
            answer = self._asked(self._written(message, fit))
            kannel.read_answer(answer.status, answer.text, answer.headers.get("retry-after", ""))
        except DeliveryError as error:
            return error
        except ConnectFailed as error:
            return http.refusal(error)
        except AnswerLost as error:
            return Unknown(str(error))
        return Accepted(message.reference, parts=fit.parts)

    def _asked(self, call: Sendsms) -> http.Response:
        url, read_s = self.options["url"], float(self.options.get("timeout_s", http.READ_S))
        if self.options.get("method", "get") == "post":
            content = call.text.encode()
            return self.transport(
                http.Request("POST", url, headers=call.headers(), content=content, read_s=read_s)
            )
        return self.transport(http.Request("GET", url, call.query(), read_s=read_s))

    def _written(self, message: Message, fit: Fit) -> Sendsms:
        hook_url, key = self.options.get("hook_url", ""), self.options["password"]
        report = kannel.dlr_url(hook_url, message.reference, key) if hook_url else ""
        valid = kannel.validity_m(message.valid_s, int(self.options.get("validity_m", 0)))
        return replace(self._call(message.to, fit.text, fit.encoding), dlr_url=report, validity_m=valid)

    def _call(self, to: str, text: str, encoding: str) -> Sendsms:
        options = self.options
        return Sendsms(
            username=options["username"],
            password=options["password"],
            sender=options["sender"],
            to=to,
            text=text,
            encoding=encoding,
            dlr_mask=int(options.get("dlr_mask", kannel.DLR_MASK)),
        )


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
