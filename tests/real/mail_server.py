"""A mail server by aiosmtpd that refuses by script, and keeps every letter as it came."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers import free_port

# What RCPT is answered, by the address's local part.
AT_RCPT = {
    "busy": "450 4.2.0 Mailbox busy",
    "storage": "452 4.3.1 Insufficient system storage",
    "full": "452 4.2.2 Mailbox full",
    "nobody": "550 5.1.1 No such user",
    "grey": "451 4.7.1 Greylisted, please try again in 300 seconds",
    "fast": "451 4.7.1 Rate limit exceeded",
    "policy": "554 5.7.1 Refused by policy",
    "secure": "530 5.7.0 Must issue a STARTTLS command first",
}
AT_DATA = {
    "big": "552 5.3.4 Message too big",
    "spam": "554 5.7.1 Looks like spam",
    "broken": "451 4.3.0 Local error",
}


@dataclass
class Letter:
    """One as it came: who it is from, for whom, by what options, and its bytes."""

    sender: str
    to: str
    raw: bytes
    options: list[str]
    by_tls: bool


@dataclass
class Server:
    """The handler of every session."""

    port: int
    most_a_session: int | None = None
    letters: list[Letter] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local = address.partition("@")[0]
        taken = getattr(session, "taken", 0)
        if self.most_a_session is not None and taken >= self.most_a_session:
            return _cut(server, b"421 4.7.0 Too many messages\r\n")
        if local in AT_RCPT:
            return AT_RCPT[local]
        if local == "flood":
            return _cut(server, b"250-" + b"x" * 4000 + b"\r\n", times=2500)
        envelope.rcpt_tos.append(address)
        return "250 Ok"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        (to,) = envelope.rcpt_tos
        local = to.partition("@")[0]
        if local in AT_DATA:
            return AT_DATA[local]
        if local == "cut":  # nothing is kept, and nobody can know
            return _cut(server, b"")
        self.letters.append(
            Letter(
                envelope.mail_from or "", to, envelope.original_content or b"", envelope.mail_options,
                by_tls=session.ssl is not None,
            )
        )  # fmt: skip
        session.taken = getattr(session, "taken", 0) + 1  # type: ignore[attr-defined]  # no place of its own
        return _cut(server, b"") if local == "lost" else "250 2.0.0 Ok: queued"


def _cut(server: SMTP, last_words: bytes, *, times: int = 1) -> str:
    transport: Any = server.transport
    for _ in range(times):
        transport.write(last_words)
    transport.close()
    return "250 never read"


def _login(server: SMTP, session: Session, envelope: Envelope, kind: str, given: Any) -> AuthResult:
    good = isinstance(given, LoginPassword) and (given.login, given.password) == (b"najda", b"s3cret-of-mail")
    return AuthResult(success=good, handled=False)


@contextmanager
def mail_server(
    *, certificate: Path | None = None, wants_login: bool = False, wide: bool = True, most: int | None = None
) -> Iterator[Server]:
    """Run one. With a certificate it offers STARTTLS, and demands it; `wide`: it speaks SMTPUTF8."""
    handler = Server(free_port(), most)
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    controller = Controller(
        handler, hostname="127.0.0.1", port=handler.port, tls_context=context, enable_SMTPUTF8=wide,
        require_starttls=bool(certificate), auth_required=wants_login, authenticator=_login,
    )  # fmt: skip
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()
