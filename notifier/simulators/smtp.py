"""A mail server (aiosmtpd) that takes everything but magic addresses, by their local part:

sim-ok@ is taken, sim-nobody@ does not exist (550 5.1.1), sim-later@ is greylisted (451 4.7.1), sim-lost@ is
taken and the answer lost, sim-hang@ hangs, sim-busy@ ends the session with 421.
"""

import asyncio
import logging
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Mail
from functools import lru_cache
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from notifier.simulators.modes import Meter, Switch
from notifier.simulators.record import Recorder

# At INFO aiosmtpd writes every command with its addresses, several lines a mail.
logging.getLogger("mail.log").setLevel(logging.ERROR)

MAGIC = {
    "sim-ok": "ok",
    "sim-nobody": "refuse",
    "sim-later": "later",
    "sim-lost": "lose_answer",
    "sim-hang": "hang",
    "sim-busy": "close",
}
REFUSALS = {
    "refuse": "550 5.1.1 No such user here",
    "later": "451 4.7.1 Greylisted, try again later",
    "500": "451 4.3.0 Local error in processing",
    "denied": "550 5.7.1 Refused by policy",
}


class MailServer:
    """The handler of every session."""

    def __init__(self, recorder: Recorder, meter: Meter, *, per_session: int | None = None) -> None:
        self.recorder = recorder
        self.meter = meter
        self.switch = Switch()
        self.latest = b""  # the last letter taken, as it came
        self.latest_sender = ""
        self.per_session = per_session  # 421 after so many, None is no limit

    def session(self) -> SMTP:
        """A new connection's protocol."""
        return SMTP(self, hostname="simulator.invalid", enable_SMTPUTF8=True, ident="Simulator")

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer for one address."""
        mode = self.switch.take()
        mode = MAGIC.get(address.partition("@")[0], "ok") if mode == "ok" else mode
        if mode in REFUSALS:
            self.recorder.refused("message", address, "", code=mode)
            return REFUSALS[mode]
        if mode == "close" or self._is_full(session):
            return _ended(server, "421 4.7.0 Too many messages, come back later")
        session.sim_mode = mode  # type: ignore[attr-defined]  # aiosmtpd keeps no place for a handler's own
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take one mail; note its plain-text part, decoded."""
        mode = getattr(session, "sim_mode", "ok")
        if mode == "hang":
            await asyncio.sleep(3600)
        raw = envelope.original_content or b""
        subject, words = _subject(raw), _words(raw[max(raw.find(b"\r\nContent-Type:"), 0) :])
        self.latest, self.latest_sender = raw, envelope.mail_from or ""
        for address in envelope.rcpt_tos:
            self.recorder.received("message", address, words, subject=subject)
        session.sim_count = getattr(session, "sim_count", 0) + 1  # type: ignore[attr-defined]  # as above
        return _ended(server, "") if mode == "lose_answer" else "250 2.0.0 Ok: queued"

    def _is_full(self, session: Session) -> bool:
        over = self.per_session is not None and getattr(session, "sim_count", 0) >= self.per_session
        return over or not self.meter.allows()


def _ended(server: SMTP, last_words: str) -> str:
    transport: Any = server.transport
    if last_words:
        transport.write(last_words.encode() + b"\r\n")
    transport.close()
    return last_words or "250 2.0.0 never read"


@lru_cache(maxsize=256)
def _words(content: bytes) -> str:
    """The plain-text part. One alert's mails differ in their heads only, so the cache does the work."""
    mail = message_from_bytes(content.lstrip())
    plain = next((part for part in mail.walk() if part.get_content_type() == "text/plain"), mail)
    return _decoded(plain).replace("\r\n", "\n").rstrip("\n")


def _decoded(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return payload.decode(part.get_content_charset() or "utf-8", "replace")


def _subject(raw: bytes) -> str:
    head = raw[: raw.find(b"\r\n\r\n")]
    at = head.lower().find(b"\r\nsubject:")
    if at < 0:
        return ""
    lines = head[at + 10 :].split(b"\r\n")
    folded = b"".join([lines[0], *_folds(lines[1:])])
    return _header(folded.decode("ascii", "replace").strip())


def _folds(lines: list[bytes]) -> list[bytes]:
    end = next(
        (number for number, line in enumerate(lines) if not line.startswith((b" ", b"\t"))), len(lines)
    )
    return lines[:end]


@lru_cache(maxsize=256)
def _header(value: str) -> str:
    return str(make_header(decode_header(value)))
