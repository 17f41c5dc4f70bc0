"""The real Kannel: bearerbox and smsbox on ports of their own, an air (fakesmsc) or an SMSC behind them."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from bin import need
from tests.servers import Running, free_port, listens, program, until

FAKESMSC = "/usr/lib/kannel/test/fakesmsc"
USERNAME, PASSWORD = "najda", "s3cret-of-kannel"
AIR = "smsc = fake\nhost = 127.0.0.1\nport = {smsc}\nconnect-allow-ip = 127.0.0.1"
OPERATOR = """smsc = smpp
host = 127.0.0.1
port = {smsc}
transceiver-mode = true
smsc-username = najda
smsc-password = air
system-type = ""
source-addr-ton = 5
dest-addr-ton = 1
dest-addr-npi = 1
enquire-link-interval = 30
reconnect-delay = 1
throughput = 0"""
# What docs/channels.md tells to write, and one service that lacks max-messages = 0.
CONF = """
group = core
admin-port = {admin}
admin-password = nobody
admin-interface = "127.0.0.1"
smsbox-port = {box}
smsbox-interface = "127.0.0.1"
box-allow-ip = "127.0.0.1"
dlr-storage = internal

group = smsc
smsc-id = air
{smsc_lines}

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = "127.0.0.1"
http-request-retry = 20
http-queue-delay = 1

group = sendsms-user
username = {username}
password = "{password}"
max-messages = 10
concatenation = true

group = sms-service
keyword = default
{incoming}
max-messages = 0

group = sms-service
keyword = trap
get-url = "{hook}?from=%p&to=%P&text=%b&t=%T&id=%I&charset=%C"
"""
POST_URL = 'post-url = "{hook}?t=%T&id=%I"\nsend-sender = true'
GET_URL = 'get-url = "{hook}?from=%p&to=%P&text=%b&t=%T&id=%I&charset=%C"'


@dataclass(frozen=True)
class Kannel:
    """A running gateway; `smsc` is the port of its air or SMSC."""

    sendsms: str
    smsc: int
    bearerbox: Running
    smsbox: Running

    def options(self, **more: object) -> dict[str, object]:
        """What a backend is made with to speak to it."""
        known = {"url": self.sendsms, "username": USERNAME, "password": PASSWORD, "sender": "NAJDA"}
        return {**known, "timeout_s": 5.0, **more}

    def fields(self, name: str) -> list[str]:
        """A field's values in the PDUs it sent, in order, as its log has them."""
        return re.findall(rf"DEBUG: +{name}: (.*)", self.bearerbox.said())


@contextmanager
def kannel(hook: str, *, smsc_lines: str = AIR, smsc: int = 0, incoming: str = POST_URL) -> Iterator[Kannel]:
    """Run it (under two seconds) with `hook` as the address the public's words go to."""
    need.require("kannel")
    ports = {"admin": free_port(), "box": free_port(), "sendsms": free_port(), "smsc": smsc or free_port()}
    lines = {"smsc_lines": smsc_lines.format(**ports), "incoming": incoming.format(hook=hook), "hook": hook}
    told = CONF.format(**ports, **lines, username=USERNAME, password=PASSWORD)
    with _written(told) as conf:
        bearer = [str(need.find("bearerbox")), "-v", "0", str(conf)]
        box = [str(need.find("smsbox")), "-v", "0", str(conf)]
        with (
            program(bearer, lambda: listens(ports["box"])) as bearerbox,
            program(box, lambda: listens(ports["sendsms"])) as smsbox,
        ):
            yield Kannel(
                f"http://127.0.0.1:{ports['sendsms']}/cgi-bin/sendsms", ports["smsc"], bearerbox, smsbox
            )


@contextmanager
def _written(text: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="najda-kannel-") as folder:
        path = Path(folder) / "kannel.conf"
        path.write_text(text)
        yield path


class Air:
    """fakesmsc: every phone there is."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.told = 0

    def write(self, sender: str, words: str, *, to: str = "5151") -> None:
        """A phone writes to us; Arabic as phones do it, in UCS-2."""
        kind = "text" if words.isascii() else "ucs2"
        data = words if words.isascii() else "".join(f"%{byte:02x}" for byte in words.encode("utf-16-be"))
        assert self.running.process.stdin is not None
        self.running.process.stdin.write(f"{sender} {to} {kind} {data}\n".encode())
        self.running.process.stdin.flush()
        self.told += 1
        said = f"sent message {self.told}"
        until(lambda: said in self.running.said(), "fakesmsc sending")

    def heard(self) -> list[tuple[str, str, str]]:
        """(to, coding, words) of each SMS that reached a phone, in order; parts of one message joined."""
        whole: dict[str, tuple[str, str, str]] = {}
        lines = re.findall(r"Got message \d+: <(.*)>$", self.running.said(), re.MULTILINE)
        for number, line in enumerate(lines):
            to, key, coding, words = _read(line, number)
            before = whole.get(key, (to, coding, ""))
            whole[key] = (to, coding, before[2] + words)
        return list(whole.values())

    def parts(self) -> int:
        """How many SMS travelled."""
        return len(re.findall(r"Got message \d+:", self.running.said()))

    def wait_for(self, parts: int) -> None:
        until(lambda: self.parts() >= parts, f"{parts} SMS reaching a phone", 10)


def _read(line: str, number: int) -> tuple[str, str, str, str]:
    """To, a key that parts of one message share, coding and words of a line of fakesmsc's."""
    _, to, kind, *rest = line.split(" ", 3)
    data = rest[0] if rest else ""
    if kind == "udh":
        header, kind, data = data.split(" ", 2)
        reference = unquote_to_bytes(header)[3]
        raw = unquote_to_bytes(data.replace("+", "%20"))
        # A part says "data" whatever its letters are; Arabic's every second byte is 06.
        wide = len(raw) % 2 == 0 and raw[:1] in (b"\x06", b"\x00")
        return (
            to,
            f"{to}-{reference}",
            "ucs2" if wide else "gsm7",
            raw.decode("utf-16-be" if wide else "utf-8"),
        )
    if kind == "ucs-2":
        return to, str(number), "ucs2", unquote_to_bytes(data.replace("+", "%20")).decode("utf-16-be")
    return to, str(number), "gsm7", data


@contextmanager
def air(gateway: Kannel) -> Iterator[Air]:
    """Switch the phones on."""
    line = [FAKESMSC, "-H", "127.0.0.1", "-r", str(gateway.smsc), "-i", "0.01"]
    connected = gateway.bearerbox.said().count("Fakesmsc client connected")
    joined = lambda: gateway.bearerbox.said().count("Fakesmsc client connected") > connected  # noqa: E731
    with program(line, joined, stdin=subprocess.PIPE) as running:
        yield Air(running)
