"""For tests: what was sent stays in a list, and the next answers can be set."""

from collections.abc import Mapping, Sequence
from typing import Any

from notifier.backends.base import Backend
from notifier.message import Accepted, Fit, Message, Outcome, RecallDone, RecallResult, Text

# Kept for the process, by alias: the registry makes its own instance, the test reads here.
sent: dict[str, list[Message]] = {}
answers: dict[str, list[Outcome]] = {}
recalled: dict[str, list[str]] = {}


def clear() -> None:
    """Forget all, between tests."""
    for kept in (sent, answers, recalled):
        kept.clear()


class LocmemBackend(Backend):
    """OPTIONS: direct (default True). Answers `answers[alias]` in order, then Accepted."""

    can_edit = can_recall = True

    def __init__(self, alias: str, options: Mapping[str, Any]) -> None:
        super().__init__(alias, options)
        self.direct = options.get("direct", True)  # type: ignore[misc]  # one class stands for both sorts

    def fit(self, message: Message) -> Fit:
        """The words as they are."""
        texts = list(message.texts.values()) or [message.text]
        return Fit("\n\n".join(text.short or text.body for text in texts))

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """Keep, and answer."""
        return [self._kept(message) for message in messages]

    def edit(self, external_id: str, texts: Mapping[str, Text]) -> Outcome:
        """Keep the new words as one more message."""
        return self._kept(Message(external_id, kind="update", texts=texts))

    def recall(self, external_id: str) -> RecallResult:
        """Remember what was taken back."""
        recalled.setdefault(self.alias, []).append(external_id)
        return RecallDone()

    def _kept(self, message: Message) -> Outcome:
        waiting = answers.get(self.alias)
        outcome = waiting.pop(0) if waiting else Accepted(message.reference)
        if isinstance(outcome, Accepted):
            sent.setdefault(self.alias, []).append(message)
        return outcome
