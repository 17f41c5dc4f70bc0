"""WhatsApp by Meta's Cloud API: an approved template to each person, free words to one who just wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from notifier import http
from notifier.backends.meta import MetaBackend
from notifier.backends.whatsapp_files import WhatsAppFiles
from notifier.exceptions import AnswerLost, ConnectFailed
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
from notifier.protocols import whatsapp, whatsapp_account, whatsapp_hooks, whatsapp_templates
from notifier.protocols.whatsapp import Words

WINDOW_CLOSED = "131047"


class WhatsAppBackend(WhatsAppFiles):
    """OPTIONS: WhatsAppFiles's; waba_id, template_states, templates_dir, language_policy,
    price_per_part.
    """

    has_receipts = carries_media = True
    max_length = {"template": whatsapp_templates.MAX_BODY, "free": whatsapp.MAX_TEXT}
    required_options = ("phone_number_id", *MetaBackend.required_options)
    per_second = 80.0
    per_day = 250  # people outside their window in 24 hours: what a new number is allowed
    in_flight = 20
    receipt_s = 300.0  # a phone that is off: an alert must not wait for it

    def __init__(
        self, alias: str, options: Mapping[str, Any], *, transport: http.Transport = http.send
    ) -> None:
        super().__init__(alias, options, transport=transport)
        self.templates = whatsapp_templates.load(
            Path(options.get("templates_dir", whatsapp_templates.FOLDER))
        )

    def fit(self, message: Message) -> Fit:
        """The template filled, or the free words; refused when no approved template can say it."""
        whatsapp.receiver(message.to)
        said = self._words(message)
        encoding = "template" if said.template else "free"
        return Fit(said.said, encoding=encoding, price=self.price(1), lost=said.lost)

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """A lost answer stays Unknown: nothing can be read back, a later status with our reference tells."""
        return [self._outcome(message) for message in messages]

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        """Statuses as receipts, what people write as what the public said."""
        return [] if request.method == "GET" else whatsapp_hooks.read(request.body, self.day_limit_codes())

    def problems(self, request: RawRequest) -> list[Problem]:
        """What a verified call-back says of our account, its templates and its number: for the operators."""
        return [] if request.method == "GET" else whatsapp_account.news(request.body)

    def check(self) -> list[Problem]:
        """Our own files by Meta's rules, then our number: token, quality, allowance."""
        wrong = [
            Problem("configuration", f"{template.key} {fault}")
            for template in self.templates.values()
            for fault in whatsapp_templates.faults(template)
        ]
        fields = {"fields": "id,quality_rating,whatsapp_business_manager_messaging_limit"}
        try:
            number = self.ask("GET", str(self.options["phone_number_id"]), fields)
        except (DeliveryError, ConnectFailed, AnswerLost) as error:
            return [*wrong, http.problem(error)]
        return [*wrong, *whatsapp_account.number_problems(number, self.per_day)]

    def check_templates(self) -> list[Problem]:
        """Compare our templates with Meta's list of them (one request). Raise as ask does."""
        fields = {"fields": "name,language,status,category", "limit": "200"}
        listed = self.ask("GET", f"{self.options['waba_id']}/message_templates", fields).get("data")
        known = listed if isinstance(listed, list) else []
        return whatsapp_account.template_problems(known, self.templates.values())

    def _words(self, message: Message) -> Words:
        return whatsapp.words(message, self.templates, self.options.get("template_states") or {})

    def _outcome(self, message: Message) -> Outcome:
        try:
            whatsapp.receiver(message.to)
            return self._said(message, self._words(message))
        except DeliveryError as error:
            return error
        except ConnectFailed as error:
            return http.refusal(error)
        except AnswerLost as error:
            return Unknown(str(error))

    def _said(self, message: Message, said: Words) -> Outcome:
        """Free words that came a moment too late are said by the template."""
        try:
            return self._pictured(message, said)
        except DeliveryError as error:
            if error.detail != WINDOW_CLOSED or said.template is not None:
                raise
        return self._pictured(message, self._words(replace(message, window_open=False)))

    def _pictured(self, message: Message, said: Words) -> Outcome:
        """A picture Meta lost is given once more; then it is the message that cannot be sent."""
        try:
            return self._sent(message, said)
        except DeliveryError as error:
            if error.kind != "no_media" or error.permanent:
                raise
            self.forget_picture(said.picture)
        try:
            return self._sent(message, said)
        except DeliveryError as error:
            if error.kind != "no_media":
                raise
            raise DeliveryError(permanent=True, kind="no_media", detail=error.detail) from error

    def _sent(self, message: Message, said: Words) -> Outcome:
        picture = self.picture(said.picture) if said.needs_picture else {}
        body = whatsapp.envelope(message, said, picture, self.options.get("language_policy", ""))
        return Accepted(whatsapp.accepted_id(self.post(f"{self.options['phone_number_id']}/messages", body)))
