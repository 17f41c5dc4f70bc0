"""What goes out, what comes back: the values every backend and the core share. Pure, frozen, no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from notifier.exceptions import DeliveryError

__all__ = [
    "ACCOUNT_KINDS",
    "ERROR_KINDS",
    "Accepted",
    "DeliveryError",
    "Enclosed",
    "Fetched",
    "Fit",
    "Inbound",
    "Message",
    "Outcome",
    "Problem",
    "RawAnswer",
    "RawRequest",
    "RecallDone",
    "RecallImpossible",
    "RecallResult",
    "RecallTask",
    "ReceiptEvent",
    "Recipient",
    "Text",
    "Unknown",
]

Kind = Literal["alert", "update", "end", "page", "answer", "confirmation", "notice"]
State = Literal["accepted", "delivered", "failed", "unknown"]

# One vocabulary for every provider's refusals; stored in Delivery.error_kind, worded in notifier.meanings.
ERROR_KINDS: tuple[str, ...] = (
    "bad_address",
    "unreachable",
    "opted_out",
    "rejected",
    "filtered",
    "too_long",
    "no_media",
    "throttled",
    "quota",
    "gateway_down",
    "connection",
    "credentials",
    "certificate",
    "clock",
    "permission",
    "policy",
    "duplicate",
    "missing",
    "expired",
    "invalid",
    "configuration",
    "unknown",
)

# The account is at fault and not the message: a person is paged.
ACCOUNT_KINDS = frozenset({"credentials", "certificate", "permission", "policy", "configuration"})

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person on one address."""

    person: UUID
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Text:
    """What is said in one language: `short` where characters cost (SMS), `subject` and `body` elsewhere.

    `short` and `body` hold `url` already, on a line of its own. `photo_name` names a file in the public media
    folder. `reply_to_id` is the reference of an earlier message, so that an update threads under its alert.
    `document` is a whole document in UTF-8 (CAP) for channels that carry one, byte for byte. `code` is the
    one-time code that `short` and `body` hold already, for channels that say it in words of their own.
    `by_person`: an officer wrote it to this one witness, which Messenger lets through for longer.
    """

    subject: str = ""
    body: str = ""
    short: str = ""
    url: str = ""
    photo_name: str = ""
    photo_alt: str = ""
    html: str = ""
    reply_to_id: str = ""
    unsubscribe_url: str = ""
    document: str = ""
    code: str = ""
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """All a backend may know: it looks nothing up.

    reference: our opaque id, without personal data; it returns in receipts (dlr-url, Message-ID).
    to: E.164 with its plus, or an e-mail address; empty for a broadcast, which speaks `texts` instead.
    headers: further e-mail headers (List-Id, Content-Language, ...), ignored by other channels.
    window_open: the person wrote to us within the provider's window (WhatsApp: 24 hours) and may be answered
    in free words.
    valid_s: seconds from now until nobody wants it any more, None when it is not said; a gateway that may
    hold a message back is told.
    thread: the same for everything said about one alert; where a channel can, the later replaces the earlier.
    prepared: what an earlier prepare() of this very message returned.
    """

    reference: str
    to: str = ""
    language: str = ""
    text: Text = field(default_factory=Text)
    kind: Kind = "alert"
    headers: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    texts: Mapping[str, Text] = field(default_factory=dict)
    window_open: bool = False
    valid_s: int | None = None
    thread: str = ""
    prepared: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """What will leave: the text as sent, in how many parts, at what price, and what is lost on the way."""

    text: str
    parts: int = 1
    encoding: str = "utf-8"
    price: Decimal | None = None
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it. `provider_id` is what receipts and recall will name."""

    provider_id: str
    url: str = ""
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Unknown:
    """It left and the answer was lost: counted as in flight, never as failed."""

    detail_code: str


Outcome = Accepted | Unknown | DeliveryError


@dataclass(frozen=True, slots=True)
class RecallDone:
    """Taken back; `at` when the provider says so itself."""

    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecallImpossible:
    """This channel cannot take anything back (an SMS, a mail)."""

    reason: str


@dataclass(frozen=True, slots=True)
class RecallTask:
    """A person must take it back by hand; `reason` is a key of ERROR_KINDS."""

    reason: str


RecallResult = RecallDone | RecallImpossible | RecallTask


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A call-back as it came: the bytes are what is signed, so nothing is decoded here. `url` as called."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The value of a header, whatever its case; empty when absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")

    def query(self) -> dict[str, str]:
        """The query's values, the last of each name, blank ones kept."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What our hook answers the provider with."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class ReceiptEvent:
    """What became of one message. One id may be empty. `event_key` is unique per alias and event."""

    provider_id: str
    reference: str
    state: State
    error_kind: str
    at: datetime | None
    event_key: str
    words: str = ""  # why, in the other side's own words (a CAP partner's)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that came inside a call-back (an attachment of a mail): its bytes go to the vault at once."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file as the provider gave it, its type as the provider names it, its SHA-256 in hex."""

    data: bytes
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """Something the public said to us: an SMS, a comment. `raw` is what the provider sent, for the vault, in
    the form that notifier.incoming reads. `channel`: how its sender is answered, where that is not the
    alias's own.
    """

    kind: Literal["text", "comment", "mention", "message"]
    provider_id: str
    sender: str
    text: str
    at: datetime | None
    event_key: str
    to: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)
    enclosed: tuple[Enclosed, ...] = ()
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What check() found: `kind` of ERROR_KINDS, `detail` a code. Serious ones stop the alias."""

    kind: str
    detail: str = ""
    serious: bool = True
