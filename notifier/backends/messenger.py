"""Messenger: whoever wrote to the Page, or commented under it, is answered in private; nobody else can be."""

from collections.abc import Mapping, Sequence

from notifier import http
from notifier.backends import media_files
from notifier.backends.meta import MetaBackend
from notifier.exceptions import AnswerLost, ConnectFailed
from notifier.message import (
    Accepted,
    DeliveryError,
    Fetched,
    Fit,
    Inbound,
    Message,
    Outcome,
    RawRequest,
    ReceiptEvent,
    Unknown,
)
from notifier.protocols import media, messenger, page_hooks


class MessengerBackend(MetaBackend):
    """OPTIONS: MetaBackend's and page_id, those of the Page whose inbox it is; human_agent (whether Meta lets
    this app use the tag for what a person wrote, seven days long), media_hosts, most_media_bytes,
    media_timeout_s.

    Addresses are the Page's own ids of people (PSID), or "comment:" and a comment's id. What comes to the
    inbox is called back to the Page's alias, whose app is the same.
    """

    answers_only = True
    max_length = {"utf-8": messenger.MAX_TEXT}
    required_options = ("page_id", *MetaBackend.required_options)
    in_flight = 5

    def fit(self, message: Message) -> Fit:
        """The words as they are; a picture is not sent to a witness."""
        messenger.receiver(message.to)
        lost = ("photo",) if message.text.photo_name else ()
        return Fit(messenger.words(message), lost=lost)

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """A lost answer stays Unknown: an answer twice is no harm, and one too few stands in the thread."""
        return [self._outcome(message) for message in messages]

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        """As the Page's alias reads it."""
        return [] if request.method == "GET" else page_hooks.read(request.body)

    def fetch(self, source: Mapping[str, str]) -> Fetched:
        """As the Page's alias does."""
        return media_files.fetched(self.transport, self.options, source, media.META_CDN)

    def health_path(self) -> str:
        """The Page: a token of another one cannot read it."""
        return str(self.options["page_id"])

    def _outcome(self, message: Message) -> Outcome:
        try:
            return self._answered(message)
        except DeliveryError as error:
            return error
        except ConnectFailed as error:
            return http.refusal(error)
        except AnswerLost as error:
            return Unknown(str(error))

    def _answered(self, message: Message) -> Accepted:
        """What a person wrote is said under their tag once the 24 hours are over."""
        try:
            return self._said(message, "")
        except DeliveryError as error:
            may_be_tagged = message.text.by_person and bool(self.options.get("human_agent"))
            if not may_be_tagged or not messenger.is_window_closed(error):
                raise
        return self._said(message, messenger.HUMAN_AGENT)

    def _said(self, message: Message, tag: str) -> Accepted:
        sent = messenger.fields(message, tag=tag)
        try:
            made = self.call("POST", f"{self.options['page_id']}/messages", sent)
        except DeliveryError as error:
            raise messenger.refined(error) from error
        if not made.get("message_id"):
            raise AnswerLost("no id")
        return Accepted(str(made["message_id"]))
