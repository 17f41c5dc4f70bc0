"""E-mail over SMTP: a connection a batch, an envelope a person, a body once per text; and mail that comes."""

import hmac
import smtplib
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from notifier import http
from notifier.backends import email_session
from notifier.backends.base import Backend
from notifier.backends.email_session import Closing, LostLetter
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
from notifier.protocols import bounces, mail, mime

# A mail of 25 MB of files: base64 makes a third more of them, and its line ends 3 % more (RFC 2045, 6.8).
MOST_BODY = 36_000_000


class EmailBackend(Backend):
    """OPTIONS: host, port, from_address; username, password, use_tls, use_ssl, authorities, from_name,
    return_path, leave_address (both may hold {reference}: VERP, so that what comes back names its message),
    list_id, list_help, list_subscribe, list_owner, hook_url, timeout_s.
    """

    resend_unknown = True  # SMTP cannot be asked what it took; readers and servers drop a repeated Message-ID
    most_body = MOST_BODY
    required_options = ("host", "port", "from_address")
    secret_options = ("password",)

    def fit(self, message: Message) -> Fit:
        """Everything but the picture, which is linked: what is attached cannot be taken back."""
        self._head(message)
        lost = ("photo",) if message.text.photo_name and not message.text.html else ()
        return Fit(message.text.body, price=self.price(1), lost=lost)

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """A broken connection is opened anew for the next message; after a 421 the rest waits."""
        outcomes: list[Outcome] = []
        bodies: dict[tuple[str, str, str], bytes] = {}
        server: smtplib.SMTP | None = None
        try:
            for message in messages:
                server = server if server is not None and server.sock else self._connected()
                outcomes.append(self._outcome(server, message, bodies))
        except Closing as closing:
            outcomes += [closing.outcome] * (len(messages) - len(outcomes))
        except DeliveryError as error:  # raised by _connected alone: nobody to talk to
            outcomes += [error] * (len(messages) - len(outcomes))
        finally:
            email_session.leave(server)
        return outcomes

    def verify(self, request: RawRequest) -> bool:
        """The path must be ours: a mail server signs nothing, and a mail counts by its reference alone."""
        own, called = urlsplit(self.options.get("hook_url", "")).path, urlsplit(request.url).path
        return bool(own) and request.method == "POST" and hmac.compare_digest(own.encode(), called.encode())

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        """A mail that came back ends an address, any other is what the public said; holiday notes nothing."""
        found = self._returned(request)
        if found is None:
            return self._written(request)
        name = mime.message_id(found.reference, self._domain())
        code = f":{found.detail}" if found.what == "bounce" else ""
        key = f"{found.reference}:{found.what}{code}"
        return [ReceiptEvent(name, found.reference, found.state, found.kind, None, key)]

    def problems(self, request: RawRequest) -> list[Problem]:
        """A bounce that is our domain's fault or our reputation's: the address is good."""
        found = self._returned(request)
        if found is None or found.kind != "policy":
            return []
        return [Problem("policy", found.detail, serious=found.is_ours)]

    def check(self) -> list[Problem]:
        """Greet the server and log in."""
        try:
            email_session.leave(self._connected())
        except Closing as closing:
            return [Problem("throttled", closing.outcome.detail, serious=False)]
        except DeliveryError as error:
            return [http.problem(error)]
        return []

    def _returned(self, request: RawRequest) -> bounces.Returned | None:
        if len(request.body) > bounces.MOST_BYTES:
            return None
        return bounces.read(request.body, self._boxes(), request.query().get("to", ""))

    def _written(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        query = request.query()
        to = query.get("to", "")
        if bounces.is_returned(request.body, self._boxes(), to):
            return []
        is_cut = query.get("cut") == "yes"
        said = mail.read(request.body, domain=self._domain(), envelope_to=to, is_cut=is_cut)
        return [] if said is None else [said]

    def _boxes(self) -> bounces.Mailboxes:
        returned, leaving = (self.options.get(name, "") for name in ("return_path", "leave_address"))
        return bounces.Mailboxes(self._domain(), returned, leaving)

    def _connected(self) -> smtplib.SMTP:
        return email_session.connected(self.options, self._domain())

    def _outcome(
        self, server: smtplib.SMTP, message: Message, bodies: dict[tuple[str, str, str], bytes]
    ) -> Outcome:
        said = (message.text.body, message.text.html, message.language)
        sender = self.options.get("return_path") or self.options["from_address"]
        try:
            head = self._head(message)
            if said not in bodies:
                bodies[said] = mime.body(*said)
            letter = mime.dot_stuffed(head + bodies[said])
            to = mime.address(message.to)
            email_session.give(server, sender.replace("{reference}", message.reference), to, letter)
        except DeliveryError as error:
            return error
        except LostLetter as error:
            return Unknown(str(error))
        return Accepted(mime.message_id(message.reference, self._domain()))

    def _head(self, message: Message) -> bytes:
        options = self.options
        return mime.head(
            message,
            sender=options["from_address"],
            sender_name=options.get("from_name", ""),
            domain=self._domain(),
            at=datetime.now(UTC),
            leave_address=options.get("leave_address", ""),
            lists={name: options.get(name, "") for name in mime.LIST_OPTIONS},
        )

    def _domain(self) -> str:
        return str(self.options["from_address"]).rpartition("@")[2]
