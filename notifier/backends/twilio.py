"""SMS by Twilio's Messages API: one POST a message, signed call-backs, a lost answer looked up."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from notifier import http
from notifier.backends.sms import Measured
from notifier.backends.twilio_calls import TwilioCalls
from notifier.exceptions import AnswerLost, ConfigurationError, ConnectFailed
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
from notifier.protocols import twilio, twilio_hooks

LOOKED_AT = "50"  # messages to one number, the newest first
LOOK_BACK_S = 900


class TwilioBackend(TwilioCalls):
    """OPTIONS: TwilioCalls', and `sender` or `messaging_service_sid`;
    api_key and api_secret (the token then only verifies call-backs), hook_url, validity_s, look_back_s,
    home_prefix, callback_retries, timeout_s.
    """

    can_read_back = True
    leaves_country = True
    max_characters = twilio.MAX_CHARACTERS

    def __init__(
        self, alias: str, options: Mapping[str, Any], *, transport: http.Transport = http.send
    ) -> None:
        super().__init__(alias, options, transport=transport)
        if not (self.options.get("sender") or self.options.get("messaging_service_sid")):
            raise ConfigurationError(f"{alias}: OPTIONS lacks sender or messaging_service_sid")

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """One request a message over one kept connection. A lost answer is looked up, never sent again."""
        measured: Measured = {}
        return [self._outcome(message, measured) for message in messages]

    def read_back(self, message: Message) -> Outcome | None:
        """Look for the words among what this number was sent in the last minutes (option look_back_s)."""
        query = urlencode({"To": message.to, "PageSize": LOOKED_AT})
        try:
            fit = self.fit(message)
            answer = self.asked("GET", "/Messages.json", query=query)
            listed = twilio.read_answer(answer.status, answer.headers, answer.body).get("messages") or []
            within = timedelta(seconds=float(self.options.get("look_back_s", LOOK_BACK_S)))
            found = twilio.find(listed, fit.text, answer.headers.get("date", ""), within)
            return None if found is None else twilio.accepted(found, fit.parts)
        except DeliveryError as error:
            return error
        except (ConnectFailed, AnswerLost) as error:
            return http.refusal(error)

    def verify(self, request: RawRequest) -> bool:
        """The path must be ours and the signature that of the address Twilio was given."""
        hook_url = str(self.options.get("hook_url", ""))
        own, called = urlsplit(hook_url).path.encode(), urlsplit(request.url).path.encode()
        if not hook_url or not hmac.compare_digest(own, called):
            return False
        address = twilio_hooks.as_called(request.url, hook_url)
        return twilio_hooks.is_signed(self.options["auth_token"], address, request)

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        """A status, or a message from the public."""
        return twilio_hooks.read_hook(request)

    def answer(self, request: RawRequest) -> RawAnswer:
        """No content: a body would be read as TwiML."""
        return RawAnswer(204)

    def check(self) -> list[Problem]:
        """Ask for the account: dead credentials, a suspended or a trial account all show."""
        try:
            answer = self.asked("GET", ".json")
            account = twilio.read_answer(answer.status, answer.headers, answer.body)
        except (DeliveryError, ConnectFailed, AnswerLost) as error:
            return [http.problem(error)]
        if "_" in (urlsplit(self.options.get("hook_url", "")).hostname or ""):  # Twilio refuses such a host
            return [Problem("configuration", "hook_url host")]
        return twilio.account_faults(account)

    def _outcome(self, message: Message, measured: Measured) -> Outcome:
        try:
            return self._created(message, self.fit_once(message, measured))
        except DeliveryError as error:
            if error.kind == "gateway_down":  # a 5xx may come after the message was made
                return self._found(message) or error
            return self._aimed(error, message.to)
        except ConnectFailed as error:
            return http.refusal(error)
        except AnswerLost as error:
            return self._found(message) or Unknown(str(error))

    def _created(self, message: Message, fit: Fit) -> Accepted:
        answer = self.asked("POST", "/Messages.json", fields=self._fields(message, fit))
        made = twilio.read_answer(answer.status, answer.headers, answer.body)
        return twilio.accepted(made, fit.parts)

    def _found(self, message: Message) -> Accepted | None:
        found = self.read_back(message)
        return found if isinstance(found, Accepted) else None

    def _aimed(self, error: DeliveryError, to: str) -> DeliveryError:
        """A region not enabled is the account's fault at home; abroad it is that person's number."""
        home = self.options.get("home_prefix", "")
        if error.detail == twilio.REGION_DISABLED and home and not to.startswith(home):
            return DeliveryError(permanent=True, kind="rejected", detail=error.detail)
        return error

    def _fields(self, message: Message, fit: Fit) -> dict[str, str]:
        service, hook_url = self.options.get("messaging_service_sid"), self.options.get("hook_url", "")
        fields = {"To": message.to, "Body": fit.text}
        fields |= {"MessagingServiceSid": service} if service else {"From": self.options["sender"]}
        if hook_url:
            told = twilio_hooks.status_callback(hook_url, message.reference)
            retries = self.options.get("callback_retries", "")  # "rc=4&rp=all": a fragment, not signed over
            fields["StatusCallback"] = f"{told}#{retries}" if retries else told
        wanted_s = [s for s in (message.valid_s, self.options.get("validity_s")) if s is not None]
        validity_s = twilio.validity_s(min(wanted_s, default=None))
        return fields if validity_s is None else {**fields, "ValidityPeriod": str(validity_s)}
