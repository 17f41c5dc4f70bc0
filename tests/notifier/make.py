"""What the core's tests are made of: people with sealed addresses, batches, and gateways that do as told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from notifier import dispatch, outbox, waking
from notifier.backends.base import Backend
from notifier.exceptions import DeliveryError
from notifier.message import (
    Accepted,
    Fit,
    Inbound,
    Message,
    Outcome,
    Problem,
    RawRequest,
    RecallDone,
    RecallResult,
    ReceiptEvent,
    Text,
)
from notifier.models import Batch, Chunk, Delivery
from trust import clock, keys

SECRET = "the girl with the red scarf"
PASSING = DeliveryError(permanent=False, kind="gateway_down")
NO_SUCH_NUMBER = DeliveryError(permanent=True, kind="bad_address")

sent: dict[str, list[Message]] = {}
scripts: dict[str, Callable[[Message], Outcome]] = {}
found: dict[str, Outcome | None] = {}
problems: dict[str, list[Problem]] = {}
checks: dict[str, Callable[[], object]] = {}
recalls: dict[str, RecallResult | DeliveryError] = {}
recalled: list[str] = []
hook_events: list[ReceiptEvent | Inbound | Problem] = []


class ScriptedBackend(Backend):
    """Keeps what it is asked to send and answers by `scripts`; the flags are options."""

    can_recall = can_read_back = True
    secret_options = ("secret",)

    def __init__(self, alias: str, options: Mapping[str, Any]) -> None:
        super().__init__(alias, options)
        for flag in ("direct", "resend_unknown", "can_read_back", "has_receipts"):
            if flag in options:
                setattr(self, flag, options[flag])

    def fit(self, message: Message) -> Fit:
        return Fit(message.text.short, parts=self.options.get("parts", 1))

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        return [self._answer(message) for message in messages]

    def read_back(self, message: Message) -> Outcome | None:
        return found.get(self.alias)

    def check(self) -> list[Problem]:
        checks.get(self.alias, list)()
        return problems.get(self.alias, [])

    def problems(self, request: RawRequest) -> list[Problem]:
        return [event for event in hook_events if isinstance(event, Problem)]

    def recall(self, external_id: str) -> RecallResult:
        answer = recalls.get(self.alias, RecallDone())
        if isinstance(answer, DeliveryError):
            raise answer
        recalled.append(external_id)
        return answer

    def verify(self, request: RawRequest) -> bool:
        return request.header("X-Secret") == str(self.options["secret"])

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        return [event for event in hook_events if not isinstance(event, Problem)]

    def _answer(self, message: Message) -> Outcome:
        sent.setdefault(self.alias, []).append(message)
        script = scripts.get(self.alias)
        return script(message) if script else Accepted(f"id-{message.reference}")


def gateway(channel: str, **options: Any) -> dict[str, Any]:
    backend = "tests.notifier.make.ScriptedBackend"
    return {"BACKEND": backend, "CHANNEL": channel, "OPTIONS": {"secret": "s3"}, "SIMULATOR": options}


GATEWAYS = {
    "blunt": gateway("sms", resend_unknown=True),
    "strict": gateway("whatsapp", can_read_back=False),
    "wall": gateway("page", direct=False),
}


@pytest.fixture
def gateways(settings: Settings, db: None) -> Iterator[None]:
    """Three scripted gateways: blunt (sms, re-sends what was lost), strict (whatsapp), wall (a Page)."""
    settings.NOTIFIER = GATEWAYS
    settings.HOOK_TOKENS = {"blunt": "t" * 32, "wall": "w" * 32}
    forget()
    waking._muted_until = 0.0
    yield
    forget()


def forget() -> None:
    for kept in (sent, scripts, found, recalls, problems, checks):
        kept.clear()
    recalled.clear()
    hook_events.clear()


def texts(said: str = SECRET) -> dict[str, Text]:
    return {code: Text(said, f"{said} {code}", f"{said} {code}") for code in ("fr", "ar")}


def batch(channel: str = "sms", **changes: Any) -> Batch:
    """A batch under a key of its own, valid for an hour."""
    owner = uuid4()
    keys.create(owner, "case")
    given = {
        "kind": "alert",
        "subject": uuid4(),
        "channel": channel,
        "texts": texts(),
        "key_owner": owner,
        "expires_at": clock.now() + timedelta(hours=1),
        **changes,
    }
    return outbox.open_batch(**given)


def people(count: int, *, language: str = "fr") -> list[tuple[UUID, str, str]]:
    return [(uuid4(), f"+2126{number:08}", language) for number in range(count)]


def told(count: int = 3, channel: str = "sms", **changes: Any) -> Batch:
    """A batch recorded for so many new people."""
    made = batch(channel, **changes)
    outbox.record_people(made, people(count))
    return made


def work(channel: str = "sms", turns: int = 1) -> None:
    for _ in range(turns):
        dispatch.work(channel)


def addresses(alias: str = "blunt") -> list[str]:
    return [message.to for message in sent.get(alias, [])]


def states(of: Batch) -> list[str]:
    return list(of.deliveries.order_by("pk").values_list("state", flat=True))


def due_now() -> None:
    """Back-off over: what waits for its time may go."""
    at = clock.now() - timedelta(seconds=1)
    Delivery.objects.exclude(not_before=None).update(not_before=at)
    Chunk.objects.filter(done_at=None).update(due_at=at)


def worker_dies(at: datetime | None = None) -> None:
    """As a killed worker leaves it: the lease runs out, nobody writes what the gateway said."""
    Chunk.objects.filter(done_at=None).update(lease_until=(at or clock.now()) - timedelta(seconds=1))


def people_numbers(count: int) -> list[str]:
    """The numbers of so many people."""
    return [number for _, number, _ in people(count)]
