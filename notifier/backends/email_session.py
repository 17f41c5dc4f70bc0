"""One connection to a mail server: opened, one letter after another given over it, left politely."""

import smtplib
import ssl
from collections.abc import Mapping
from io import BufferedReader
from typing import Any

from notifier import http
from notifier.message import DeliveryError
from notifier.protocols import smtp


class Closing(Exception):  # noqa: N818  never leaves the backend
    """The server says 421: what follows on this connection must wait."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.outcome = DeliveryError(permanent=False, kind="throttled", detail=str(code))


class LostLetter(Exception):  # noqa: N818  never leaves the backend
    """The whole letter left and no answer came."""


class _Bounded:
    """What smtplib reads replies from, a reply of at most MAX_REPLY bytes: its own loop knows no end."""

    def __init__(self, file: BufferedReader) -> None:
        self.file = file
        self.left = smtp.MAX_REPLY

    def readline(self, size: int) -> bytes:
        if self.left <= 0:
            raise smtplib.SMTPServerDisconnected("too_big")
        line = self.file.readline(size)
        self.left -= len(line)
        return line

    def close(self) -> None:
        self.file.close()


class _Reading(smtplib.SMTP):
    file: Any

    def getreply(self) -> tuple[int, bytes]:
        """One reply. Raise SMTPServerDisconnected for one that does not end."""
        if self.file is None and self.sock is not None:
            self.file = _Bounded(self.sock.makefile("rb"))
        elif isinstance(self.file, _Bounded):
            self.file.left = smtp.MAX_REPLY
        try:
            return super().getreply()
        except smtplib.SMTPServerDisconnected:
            self.close()
            raise


class _ReadingByTls(_Reading, smtplib.SMTP_SSL):
    """The same from the first byte in TLS."""


def connected(options: Mapping[str, Any], name: str) -> smtplib.SMTP:
    """Greet, secure, log in; `name` is what we call ourselves. Raise DeliveryError, Closing."""
    try:
        return _connected(options, name)
    except smtplib.SMTPResponseException as error:
        if error.smtp_code == 421:
            raise Closing(421) from None
        raise smtp.meaning(error.smtp_code, _text(error.smtp_error), at_recipient=False) from None
    except smtplib.SMTPNotSupportedError:  # no TLS where it was agreed: perhaps somebody in between
        raise DeliveryError(permanent=False, kind="configuration", detail="not_supported") from None
    except ssl.SSLCertVerificationError as error:
        detail = http.fault_of_certificate(error.verify_code)
        raise DeliveryError(permanent=False, kind="certificate", detail=detail) from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(permanent=False, kind="connection", detail=type(error).__name__) from None


def give(server: smtplib.SMTP, sender: str, to: str, letter: bytes) -> None:
    """Hand one letter over. Raise DeliveryError when it was refused or did not leave, Closing, LostLetter."""
    try:
        _envelope(server, sender, to)
        server.send(letter)
    except (smtplib.SMTPException, OSError) as error:  # the last dot was not sent: nothing was accepted
        server.close()
        raise DeliveryError(permanent=False, kind="connection", detail=type(error).__name__) from None
    try:
        reply = server.getreply()
    except (smtplib.SMTPException, OSError):
        server.close()
        raise LostLetter("closed") from None
    _expect(reply, 250)


def leave(server: smtplib.SMTP | None) -> None:
    """Say good-bye, whatever comes of it."""
    if server is None or not server.sock:
        return
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _connected(options: Mapping[str, Any], name: str) -> smtplib.SMTP:
    timeout_s = float(options.get("timeout_s", 15.0))
    trusted = ssl.create_default_context(cafile=options.get("authorities") or None)
    where = str(options["host"]), int(options["port"]), name
    server: smtplib.SMTP
    if options.get("use_ssl"):
        server = _ReadingByTls(*where, timeout=timeout_s, context=trusted)
    else:
        server = _Reading(*where, timeout=timeout_s)
    try:
        if options.get("use_tls"):
            server.starttls(context=trusted)
        if options.get("username"):
            server.login(options["username"], options.get("password", ""))
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def _envelope(server: smtplib.SMTP, sender: str, to: str) -> None:
    wide = not to.isascii()
    if wide and not server.has_extn("smtputf8"):
        raise DeliveryError(permanent=True, kind="bad_address", detail="no SMTPUTF8")
    if wide:
        server.command_encoding = "utf-8"
    try:
        _expect(server.mail(sender, ["SMTPUTF8", "BODY=8BITMIME"] if wide else []), 250)
        _expect(server.rcpt(to), 250, at_recipient=True)
        _expect(server.docmd("DATA"), 354)
    except DeliveryError:
        server.rset()
        raise
    finally:
        server.command_encoding = "ascii"


def _expect(reply: tuple[int, bytes], wanted: int, *, at_recipient: bool = False) -> None:
    code, text = reply
    if code == 421:
        raise Closing(code)
    if code != wanted and not (wanted == 250 and code in (251, 252)):
        raise smtp.meaning(code, _text(text), at_recipient=at_recipient)


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
