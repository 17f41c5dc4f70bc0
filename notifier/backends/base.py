"""What a channel is: its flags, and what it can be asked."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from notifier import http
from notifier.exceptions import CannotCarry, ConfigurationError
from notifier.message import (
    Fetched,
    Fit,
    Inbound,
    Message,
    Outcome,
    Problem,
    RawAnswer,
    RawRequest,
    RecallImpossible,
    RecallResult,
    ReceiptEvent,
    Text,
)


class Backend:
    """One gateway spoken to with one set of options. No database, no clock, no lookups.

    `send` never raises for a message: it answers one Outcome per message, in order. `recall` raises
    DeliveryError only when the call should be repeated (passing); what a person must do is a RecallTask.
    """

    direct: ClassVar[bool] = True  # to one address each; False: a broadcast, one post for all
    can_edit: ClassVar[bool] = False
    can_recall: ClassVar[bool] = False
    has_receipts: ClassVar[bool] = False
    carries_media: ClassVar[bool] = False
    leaves_country: ClassVar[bool] = False
    prepares: ClassVar[bool] = False  # prepare() makes what nobody sees yet, and send() publishes it
    can_read_back: ClassVar[bool] = False  # read_back() finds a message whose answer was lost
    resend_unknown: ClassVar[bool] = False  # a lost answer is re-sent once; a double is the lesser harm
    takes_once: ClassVar[bool] = False  # a repeated message is taken once: asked again until it is answered
    stands_apart: ClassVar[bool] = False  # each address is a gateway of its own: one's trouble is its alone
    answers_only: ClassVar[bool] = False  # reaches only those who wrote first: offered to nobody else
    most_body: ClassVar[int] = 4_000_000  # bytes of one call-back that are read; Meta's end at 3 MB (U)
    max_length: ClassVar[Mapping[str, int]] = {}  # by encoding, in that encoding's units
    required_options: ClassVar[tuple[str, ...]] = ()
    secret_options: ClassVar[tuple[str, ...]] = ()

    # An option of the same name overrides these; None is no limit.
    per_second: float | None = None  # parts where a channel has parts, else messages
    per_day: int | None = None  # people in any 24 hours
    in_flight: int | None = 1
    receipt_s: float | None = None  # without a receipt by then another way is taken; None waits for none
    falls_to: str = ""  # a channel the same address may be told by, when a person has no way of their own

    def __init__(
        self, alias: str, options: Mapping[str, Any], *, transport: http.Transport = http.send
    ) -> None:
        missing = [name for name in self.required_options if name not in options]
        if missing:
            raise ConfigurationError(f"{alias}: OPTIONS lacks {', '.join(missing)}")
        self.alias = alias
        self.options = dict(options)
        self.transport = transport
        for name in ("per_second", "per_day", "in_flight", "receipt_s", "falls_to"):
            if name in options:
                setattr(self, name, options[name])

    def fit(self, message: Message) -> Fit:
        """Say what will be sent. Raise CannotCarry when it cannot be."""
        raise NotImplementedError

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """One outcome per message, in order."""
        raise NotImplementedError

    def prepare(self, message: Message) -> str:
        """Make what must be there before the message can be sent, seen by nobody, and return its name.

        It is kept and given back as `message.prepared`. Raise DeliveryError, passing where no answer came:
        what was made in vain is never seen.
        """
        return ""

    def edit(self, external_id: str, texts: Mapping[str, Text]) -> Outcome:
        """Replace what a post says. The photo stays."""
        raise NotImplementedError

    def recall(self, external_id: str) -> RecallResult:
        """Take a post back. Raise DeliveryError (passing) when it should be asked again."""
        return RecallImpossible("not_recallable")

    def read_back(self, message: Message) -> Outcome | None:
        """Look for a message whose answer was lost: Accepted, None when it is not there, DeliveryError."""
        return None

    def verify(self, request: RawRequest) -> bool:
        """Say whether the provider made this call-back, over the raw bytes, in constant time."""
        return False

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        """Read a verified call-back. Raise HookUnreadable. Events of no interest give an empty list."""
        return []

    def fetch(self, source: Mapping[str, str]) -> Fetched:
        """Get one file somebody sent ("media_id" or "url", "sha256", "media_type"), of at most MOST_BYTES or
        the option most_media_bytes. Raise Gone, TooLarge, DeliveryError, ConnectFailed, AnswerLost.
        """
        raise CannotCarry(kind="invalid", detail="no files here")

    def let_go(self, source: Mapping[str, str]) -> None:
        """Have the provider forget a file we keep ourselves now. Raise as fetch does."""

    def answer(self, request: RawRequest) -> RawAnswer:
        """What a verified call-back is answered with."""
        return RawAnswer()

    def check(self) -> list[Problem]:
        """Ask the gateway whether it is alive and our credentials good. One request at most."""
        return []

    def check_templates(self) -> list[Problem]:
        """Compare what we may say with what the provider allows. One request; raise as a call does."""
        return []

    def problems(self, request: RawRequest) -> list[Problem]:
        """What a verified call-back says of our account. Raise HookUnreadable."""
        return []

    def price(self, parts: int) -> Decimal | None:
        """What `parts` cost, from the option price_per_part; None when the deployment gave none."""
        per_part = self.options.get("price_per_part")
        return None if per_part in (None, "") else Decimal(str(per_part)) * parts
