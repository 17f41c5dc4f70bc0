"""CAP to partners (press agencies, radio, a cell broadcast centre): one signed POST each, over HTTPS."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from notifier import http
from notifier.backends.base import Backend
from notifier.backends.cap_certificates import own_certificate, refuse_bad
from notifier.exceptions import AnswerLost, AnswerUnreadable, CannotCarry, ConnectFailed
from notifier.message import (
    Accepted,
    DeliveryError,
    Fit,
    Inbound,
    Message,
    Outcome,
    Problem,
    RawRequest,
    ReceiptEvent,
    Unknown,
)
from notifier.protocols import cap_partner

MOST_BYTES = 2_000_000
MOST_ANSWER = 64 * 1024


class CapPartnerBackend(Backend):
    """OPTIONS: partners {name: {url; secret, certificate, key, authorities}}; timeout_s. `to` is a name.

    A partner is told by a secret (signed webhook), a client certificate (PEM files), or both. gateway_url: a
    simulator, which takes what is for any partner, with the secret gateway_secret.
    """

    has_receipts = True
    resend_unknown = takes_once = True  # the same Idempotency-Key: taken once however often it comes
    stands_apart = True
    max_length = {"utf-8": MOST_BYTES}
    required_options = ("partners",)
    secret_options = ("partners",)

    def __init__(
        self, alias: str, options: Mapping[str, Any], *, transport: http.Transport = http.send
    ) -> None:
        super().__init__(alias, options, transport=transport)
        self.partners: dict[str, dict[str, str]] = dict(options["partners"])
        for name, partner in self.partners.items():
            refuse_bad(f"{alias}: partner {name}", partner)

    def fit(self, message: Message) -> Fit:
        """The document, byte for byte."""
        document = _document(message)
        cap_partner.read_notice(document)
        return Fit(document, price=self.price(1))

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """One POST a partner."""
        return [self._outcome(message) for message in messages]

    def verify(self, request: RawRequest) -> bool:
        """The acknowledgement must be signed with the secret of the partner it names."""
        secret = cap_partner.secret_of(self.partners, request.header(cap_partner.PARTNER))
        return cap_partner.is_signed(secret, "ack", request.header(cap_partner.SIGNATURE), request.body)

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        """A partner says what became of a document."""
        return [cap_partner.read_acknowledgement(request.body)]

    def check(self) -> list[Problem]:
        """Look at our certificates and ask each partner's door once; what it answers matters little.

        Where one of several is in trouble, the channel is not.
        """
        found = {name: self._problems(name) for name in self.partners}
        all_ill = all(any(problem.serious for problem in problems) for problems in found.values())
        return [
            problem if all_ill else replace(problem, serious=False)
            for problems in found.values()
            for problem in problems
        ]

    def _problems(self, name: str) -> list[Problem]:
        partner = self.partners[name]
        found = own_certificate(name, partner.get("certificate", ""))
        try:
            answer = self.transport(self._request("GET", partner))
        except ConnectFailed as error:
            return [*found, _problem(_connection(error), name)]
        except AnswerLost as error:
            return [*found, Problem("connection", f"{name} {error}")]
        if answer.status in (401, 403):
            found.append(Problem("credentials", f"{name} {answer.status}"))
        return found

    def _outcome(self, message: Message) -> Outcome:
        try:
            partner = self._partner(message.to)
            if message.valid_s is not None and message.valid_s <= 0:
                raise CannotCarry(kind="expired")
            document = _document(message)
            self._hand_over(partner, message.reference, document)
        except DeliveryError as error:
            return error
        except ConnectFailed as error:
            return _connection(error)
        except AnswerUnreadable as error:
            return DeliveryError(permanent=False, kind="gateway_down", detail=str(error))
        except AnswerLost as error:
            return Unknown(str(error))
        return Accepted(message.reference)

    def knows(self, name: str) -> bool:
        """Say whether a document for this partner has somewhere to go."""
        return bool(self.options.get("gateway_url")) or name in self.partners

    def _partner(self, name: str) -> Mapping[str, str]:
        door = str(self.options.get("gateway_url", "")).rstrip("/")
        if door:
            return {"url": f"{door}/{name}", "secret": str(self.options.get("gateway_secret", ""))}
        if name not in self.partners:
            raise CannotCarry(kind="bad_address", detail="no such partner")
        return self.partners[name]

    def _hand_over(self, partner: Mapping[str, str], reference: str, document: str) -> None:
        notice, body = cap_partner.read_notice(document), document.encode()
        secret = partner.get("secret", "")
        signature = cap_partner.sign(secret, "cap", int(time.time()), body) if secret else ""
        headers = cap_partner.headers(notice, reference, signature)
        answer = self.transport(self._request("POST", partner, headers, body))
        cap_partner.read_answer(answer.status, answer.headers, answer.body, notice)

    def _request(
        self,
        method: str,
        partner: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> http.Request:
        certificate = partner.get("certificate")
        return http.Request(
            method,
            partner["url"],
            headers=headers or {},
            content=body,
            certificate=(certificate, partner.get("key") or certificate) if certificate else None,
            authorities=partner.get("authorities", ""),
            read_s=float(self.options.get("timeout_s", http.READ_S)),
            most_bytes=MOST_ANSWER,
        )


def _document(message: Message) -> str:
    texts = (message.text, *message.texts.values())
    document = next((text.document for text in texts if text.document), "")
    if not document:
        raise CannotCarry(kind="invalid", detail="no document")
    size = len(document.encode(errors="replace"))
    if size > MOST_BYTES:
        raise CannotCarry(kind="too_long", detail=f"{size} bytes")
    return document


def _connection(error: ConnectFailed) -> DeliveryError:
    """A certificate that does not hold, theirs or ours, needs a person; a port that is shut needs time."""
    code = str(error)
    kind = "certificate" if code.startswith("certificate") else "connection"
    kind = "credentials" if code == "certificate_refused" else kind
    return DeliveryError(permanent=False, kind=kind, detail=code)


def _problem(error: DeliveryError, name: str) -> Problem:
    return Problem(error.kind, f"{name} {error.detail}")
