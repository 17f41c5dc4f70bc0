"""E-mail over SMTP: one connection a batch, one envelope a person, the bodies built once per text."""

import smtplib
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime

from notifier.backends.base import Backend
from notifier.message import Accepted, DeliveryError, Fit, Message, Outcome, Problem, Unknown
from notifier.protocols import mime, smtp


class _Closing(Exception):  # noqa: N818  never leaves this file
    """The server says 421: what follows on this connection must wait."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.outcome = DeliveryError(permanent=False, kind="throttled", detail=str(code))


class EmailBackend(Backend):
    """OPTIONS: host, port, from_address; username, password, use_tls, use_ssl, from_name, return_path,
    timeout_s. `return_path` may hold {reference} (VERP), so that a bounce names its message.
    """

    resend_unknown = True  # SMTP cannot be asked what it took; readers and servers drop a repeated Message-ID
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
        except _Closing as closing:
            outcomes += [closing.outcome] * (len(messages) - len(outcomes))
        except DeliveryError as error:  # raised by _connected alone: nobody to talk to
            outcomes += [error] * (len(messages) - len(outcomes))
        finally:
            _leave(server)
        return outcomes

    def check(self) -> list[Problem]:
        """Greet the server and log in."""
        try:
            _leave(self._connected())
        except _Closing as closing:
            return [Problem("throttled", closing.outcome.detail, serious=False)]
        except DeliveryError as error:
            return [Problem(error.kind, error.detail)]
        return []

    def _connected(self) -> smtplib.SMTP:
        options = self.options
        timeout_s = float(options.get("timeout_s", 15.0))
        make = smtplib.SMTP_SSL if options.get("use_ssl") else smtplib.SMTP
        try:
            server = make(options["host"], int(options["port"]), self._domain(), timeout=timeout_s)
            if options.get("use_tls"):
                server.starttls(context=ssl.create_default_context())
            if options.get("username"):
                server.login(options["username"], options.get("password", ""))
            server.ehlo_or_helo_if_needed()
        except smtplib.SMTPResponseException as error:
            if error.smtp_code == 421:
                raise _Closing(421) from error
            raise smtp.meaning(error.smtp_code, _text(error.smtp_error), at_recipient=False) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(permanent=False, kind="connection", detail=type(error).__name__) from error
        return server

    def _outcome(
        self, server: smtplib.SMTP, message: Message, bodies: dict[tuple[str, str, str], bytes]
    ) -> Outcome:
        said = (message.text.body, message.text.html, message.language)
        try:
            head = self._head(message)
            if said not in bodies:
                bodies[said] = mime.body(*said)
            self._envelope(server, message)
            server.send(mime.dot_stuffed(head + bodies[said]))
        except DeliveryError as error:
            return error
        except (smtplib.SMTPException, OSError) as error:  # the last dot was not sent: nothing was accepted
            server.close()
            return DeliveryError(permanent=False, kind="connection", detail=type(error).__name__)
        try:
            _expect(server.getreply(), 250)
        except DeliveryError as error:
            return error
        except (smtplib.SMTPException, OSError):
            server.close()
            return Unknown("closed")
        return Accepted(mime.message_id(message.reference, self._domain()))

    def _envelope(self, server: smtplib.SMTP, message: Message) -> None:
        sender = self.options.get("return_path") or self.options["from_address"]
        try:
            _expect(server.mail(sender.format(reference=message.reference)), 250)
            _expect(server.rcpt(mime.address(message.to)), 250, at_recipient=True)
            _expect(server.docmd("DATA"), 354)
        except DeliveryError:
            server.rset()
            raise

    def _head(self, message: Message) -> bytes:
        return mime.head(
            message,
            sender=self.options["from_address"],
            sender_name=self.options.get("from_name", ""),
            domain=self._domain(),
            at=datetime.now(UTC),
        )

    def _domain(self) -> str:
        return str(self.options["from_address"]).rpartition("@")[2]


def _expect(reply: tuple[int, bytes], wanted: int, *, at_recipient: bool = False) -> None:
    code, text = reply
    if code == 421:
        raise _Closing(code)
    if code != wanted and not (wanted == 250 and code == 251):
        raise smtp.meaning(code, _text(text), at_recipient=at_recipient)


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply


def _leave(server: smtplib.SMTP | None) -> None:
    if server is None or not server.sock:
        return
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()
