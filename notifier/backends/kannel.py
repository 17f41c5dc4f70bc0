"""SMS by an operator's gateway that speaks Kannel's `sendsms`: one GET a message, reports called back."""

import hmac
import re
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from notifier import http
from notifier.backends.base import Backend
from notifier.exceptions import AnswerLost, CannotCarry, ConnectFailed
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
    Text,
    Unknown,
)
from notifier.protocols import kannel, text

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class KannelBackend(Backend):
    """OPTIONS: url, username, password, sender; hook_url, max_parts, transliterate, price_per_part,
    validity_m, dlr_mask, timeout_s.
    """

    has_receipts = True
    resend_unknown = True  # Kannel cannot be asked what it took; a double SMS is the lesser harm
    max_length = {"gsm7": text.GSM7_SINGLE, "ucs2": text.UCS2_SINGLE}
    required_options = ("url", "username", "password", "sender")
    secret_options = ("password",)
    per_second = 30.0

    def fit(self, message: Message) -> Fit:
        """Count parts; transliterate French only when the deployment asked for it, with its losses listed."""
        _refuse_bad(message.to)
        return self._measured(message)

    def _measured(self, message: Message) -> Fit:
        words = text.normalise(message.text.short or message.text.body)
        lost: tuple[str, ...] = ("photo",) if message.text.photo_name else ()
        if message.language == "fr" and self.options.get("transliterate"):
            words, changed = text.transliterate(words)
            lost += changed
        counted = text.count(words)
        if not words.strip():
            raise CannotCarry(kind="invalid", detail="empty")
        if counted.parts > self.options.get("max_parts", 10):
            raise CannotCarry(kind="too_long", detail=f"{counted.parts} parts")
        return Fit(words, counted.parts, counted.encoding, self.price(counted.parts), lost)

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """One request a message over one kept connection."""
        measured: dict[tuple[str, Text], Fit] = {}  # thousands are told the same words
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

    def _outcome(self, message: Message, measured: dict[tuple[str, Text], Fit]) -> Outcome:
        said = (message.language, message.text)
        try:
            _refuse_bad(message.to)
            fit = measured.get(said) or self._measured(message)
            measured[said] = fit
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


def _refuse_bad(number: str) -> None:
    if not E164.fullmatch(number):
        raise CannotCarry(kind="bad_address", detail="not E.164")


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
