"""From rows to messages: the address opened, the text in the person's language, nothing else looked up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from django.conf import settings

from notifier import references, unsubscribe
from notifier.backends.base import Backend
from notifier.exceptions import DeliveryError
from notifier.message import Kind, Message, Text
from notifier.models import Batch
from trust import clock, keys

ADDRESS = "address"  # the name under which addresses are sealed everywhere
_SAMPLE_TO = "+10000000"


@dataclass(frozen=True, slots=True)
class Row:
    """What of a delivery is needed to send it. `earlier` is the delivery this one follows up."""

    id: int
    person: UUID
    language: str
    address: bytes
    attempts: int
    lost_answers: int
    earlier: int | None = None


class Composer:
    """The texts of one batch, opened once."""

    def __init__(self, batch: Batch) -> None:
        self.kind = cast(Kind, batch.kind)
        self.expires_at = batch.expires_at
        self.thread = str(next(iter(batch.after), batch.subject))  # what it follows, first of all the alert
        self.texts = batch.texts()
        self._parts: dict[str, int] = {}

    def text(self, language: str) -> Text:
        """What is said in a language, else in the first of the deployment's languages it is said in."""
        offered = [language, *(code for code, _ in settings.LANGUAGES), *self.texts]
        return next(self.texts[code] for code in offered if code in self.texts)

    def messages(self, rows: Iterable[Row]) -> dict[int, Message]:
        """A message for each row whose address can be read, by delivery id."""
        wanted = list(rows)
        addresses, valid_s = _addresses(wanted), self._valid_s()
        return {
            row.id: self._message(row, addresses[row.id], valid_s) for row in wanted if row.id in addresses
        }

    def parts(self, language: str, backend: Backend) -> int:
        """In how many parts a gateway counts this text."""
        if language not in self._parts:
            sample = Message("", to=_SAMPLE_TO, language=language, text=self.text(language), kind=self.kind)
            try:
                self._parts[language] = max(1, backend.fit(sample).parts)
            except DeliveryError:  # it will be refused message by message
                self._parts[language] = 1
        return self._parts[language]

    def broadcast(self, reference: str) -> Message:
        return Message(
            reference, kind=self.kind, texts=self.texts, valid_s=self._valid_s(), thread=self.thread
        )

    def _valid_s(self) -> int:
        return max(0, int((self.expires_at - clock.now()).total_seconds()))

    def _message(self, row: Row, to: str, valid_s: int) -> Message:
        text = self.text(row.language)
        if text.unsubscribe_url:
            text = replace(text, unsubscribe_url=unsubscribe.personal(text.unsubscribe_url, row.person))
        if row.earlier is not None:
            text = replace(text, reply_to_id=references.reference(row.earlier))
        return Message(
            references.reference(row.id),
            to,
            row.language,
            text,
            self.kind,
            valid_s=valid_s,
            thread=self.thread,
            window_open=_was_written_to(self.kind, text),
        )


def _was_written_to(kind: str, text: Text) -> bool:
    """Say whether this answers somebody who has just written to us; a code is asked for on a page."""
    return kind == "answer" or (kind == "confirmation" and not text.code)


def _addresses(rows: list[Row]) -> Mapping[int, str]:
    """Open all addresses with one query; those that cannot be read are left out."""
    sealed = [(row.person, ADDRESS, row.address) for row in rows]
    try:
        opened = keys.open_many(sealed)
    except keys.SealBroken:  # one broken address must not keep the others from being told
        opened = [_open(*one) for one in sealed]
    return {row.id: plain.decode() for row, plain in zip(rows, opened, strict=True) if plain}


def _open(person: UUID, field: str, sealed: bytes) -> bytes | None:
    try:
        return keys.open_many([(person, field, sealed)])[0]
    except keys.SealBroken:
        return None
