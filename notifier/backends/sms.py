"""What every SMS gateway shares: the number, the alphabet, the parts, their price, and what is lost."""

import re
from typing import ClassVar

from notifier.backends.base import Backend
from notifier.exceptions import CannotCarry
from notifier.message import Fit, Message, Text
from notifier.protocols import text

E164 = re.compile(r"\+[1-9][0-9]{6,14}")

Measured = dict[tuple[str, Text], Fit]  # thousands are told the same words


class SmsBackend(Backend):
    """OPTIONS: max_parts, transliterate, price_per_part."""

    has_receipts = True
    max_length = {"gsm7": text.GSM7_SINGLE, "ucs2": text.UCS2_SINGLE}
    max_characters: ClassVar[int | None] = None  # of one text as the gateway takes it, before it is cut
    per_second = 30.0

    def fit(self, message: Message) -> Fit:
        """Count parts; transliterate French only when the deployment asked for it, with its losses listed."""
        if not E164.fullmatch(message.to):
            raise CannotCarry(kind="bad_address", detail="not E.164")
        return self._measured(message)

    def fit_once(self, message: Message, measured: Measured) -> Fit:
        """fit(), with the words weighed once for all who are told the same."""
        said = (message.language, message.text)
        if said not in measured:
            measured[said] = self.fit(message)
        elif not E164.fullmatch(message.to):
            raise CannotCarry(kind="bad_address", detail="not E.164")
        return measured[said]

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
        if self.max_characters is not None and len(words) > self.max_characters:
            raise CannotCarry(kind="too_long", detail=f"{len(words)} characters")
        return Fit(words, counted.parts, counted.encoding, self.price(counted.parts), lost)
