"""For eyes: every message as a block on standard output."""

import sys
from collections.abc import Sequence

from notifier.backends.base import Backend
from notifier.message import Accepted, Fit, Message, Outcome


class ConsoleBackend(Backend):
    """No OPTIONS. Nothing leaves the machine, and nothing is refused."""

    def fit(self, message: Message) -> Fit:
        """The words of every language it carries."""
        texts = list(message.texts.values()) or [message.text]
        return Fit("\n\n".join(text.short or text.body for text in texts))

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """Write, and accept."""
        for message in messages:
            sys.stdout.write(f"--- {message.kind} to {message.to or 'everyone'}\n{self.fit(message).text}\n")
        return [Accepted(message.reference) for message in messages]
