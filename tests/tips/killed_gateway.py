"""A gateway that writes on paper: what left survives whoever sent it."""

import os
import time
from collections.abc import Sequence

from notifier.backends.base import Backend
from notifier.message import Accepted, Fit, Message, Outcome

ANSWERS_AFTER_S = 0.02  # as a near gateway: whoever is killed meanwhile does not know what it took


class OnPaper(Backend):
    """OPTIONS: outbox, a file that gets a line with the address for each message."""

    required_options = ("outbox",)
    resend_unknown = True  # as the SMS gateway: it cannot be asked what it took
    in_flight = 1

    def fit(self, message: Message) -> Fit:
        return Fit(message.text.short)

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        paper = os.open(self.options["outbox"], os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        try:
            for message in messages:
                os.write(paper, f"{message.to}\n".encode())
                time.sleep(ANSWERS_AFTER_S)
        finally:
            os.close(paper)
        return [Accepted(message.reference) for message in messages]
