"""A push service and the phones behind it: RFC 8030's answers, and an eye that opens what was sealed for it.

A push for endpoint https://HOST/PATH comes as POST /HOST/PATH. Magic addresses, by the path's last part:
sim-ok, sim-gone (410), sim-unknown (404), sim-later (429), sim-busy (503), sim-huge (413), sim-moved (307),
sim-other-key (403), sim-html, sim-lost (taken, the answer lost), sim-hang; sim-off-… is a phone that is off
until POST /_sim/wake, and of each Topic it hears the last word only. GET /_sim/opened/<last part> answers
what one of the phones heard of lately read last, for a test to hand it to a browser.
"""

import json
import re
import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from notifier.protocols.webpush import Subscription
from notifier.protocols.webpush_crypto import LONGEST_TOKEN_S, read_authorization
from notifier.simulators.modes import Meter, Switch
from notifier.simulators.record import Recorder
from notifier.simulators.server import Answered, Asked, Fault

MOST_SEALED = 4096
KEPT_S = 28 * 24 * 3600  # a service keeps nothing longer, and says so in its answer
MOST_REMEMBERED = 100
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
MAGIC: dict[str, Answered | Fault] = {
    "sim-gone": Answered(410),
    "sim-unknown": Answered(404),
    "sim-later": Answered(429, headers={"Retry-After": "2"}),
    "sim-busy": Answered(503),
    "sim-huge": Answered(413),
    "sim-moved": Answered(307, headers={"Location": "http://169.254.169.254/latest/"}),
    "sim-other-key": Answered(
        403, b"the VAPID credentials in the authorization header do not correspond to the credentials used"
    ),
    "sim-html": Answered(400, b"<html>Bad gateway</html>", "text/html"),
    "sim-hang": Fault.HANG,
}
MODES: dict[str, Answered | Fault] = {
    "refuse": Answered(410),
    "later": Answered(429, headers={"Retry-After": "2"}),
    "500": Answered(500),
    "denied": Answered(403, b'{"reason": "BadJwtToken"}', "application/json"),
    "hang": Fault.HANG,
    "close": Fault.CLOSE,
}

# Every simulated phone has the same keys, so that what it was sent can be shown.
_PHONE = ec.derive_private_key(0x5EED, ec.SECP256R1())
_PHONE_POINT = _PHONE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
_PHONE_AUTH = b"simulated-phone!"


def subscription(name: str, host: str = "push.invalid") -> str:
    """The address of a simulated phone."""
    return Subscription(f"https://{host}/{name}", _PHONE_POINT, _PHONE_AUTH).as_address()


def opened(sealed: bytes) -> bytes:
    """What one aes128gcm record holds for our phones, written anew from RFC 8291. Raise ValueError."""
    salt, record, key_length = sealed[:16], int.from_bytes(sealed[16:20]), sealed[20]
    sender, body = sealed[21 : 21 + key_length], sealed[21 + key_length :]
    if record < len(body):
        raise ValueError("more than one record")
    shared = _PHONE.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    keying = _derived(shared, _PHONE_AUTH, b"WebPush: info\0" + _PHONE_POINT + sender, 32)
    key = _derived(keying, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(keying, salt, b"Content-Encoding: nonce\0", 12)
    try:
        padded = AESGCM(key).decrypt(nonce, body, None)
    except InvalidTag:
        raise ValueError("not sealed for this phone") from None
    plain, mark, _ = padded.rpartition(b"\x02")
    if not mark:
        raise ValueError("no end")
    return plain


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@dataclass(frozen=True, slots=True)
class PushAccount:
    """Whose key the phones subscribed with; empty takes anybody's."""

    public_key: str = ""


class PushGateway:
    """Answers synchronously."""

    def __init__(self, account: PushAccount, recorder: Recorder, meter: Meter) -> None:
        self.account = account
        self.recorder = recorder
        self.meter = meter
        self.switch = Switch()
        self.waiting: dict[tuple[str, str], bytes] = {}  # phones that are off: (endpoint, Topic)
        self.opened: dict[str, bytes] = {}  # the last that each phone read

    def handle(self, asked: Asked) -> Answered | Fault:
        """One request by its path."""
        if asked.path == "/_sim/mode" and asked.method == "POST":
            return self.switch.control(asked)
        if asked.path == "/_sim/wake" and asked.method == "POST":
            return self._wake()
        if asked.path.startswith("/_sim/opened/") and asked.method == "GET":
            read = self.opened.get(asked.path.rpartition("/")[2])
            return Answered(404) if read is None else Answered(200, read, "application/json")
        if asked.method == "GET":
            return Answered(200, json.dumps(self.recorder.counts).encode(), "application/json")
        return self._push(asked) if asked.method == "POST" else Answered(405)

    def _push(self, asked: Asked) -> Answered | Fault:
        endpoint = f"https://{asked.path[1:]}" + (f"?{asked.query}" if asked.query else "")
        last = asked.path.rpartition("/")[2]
        fault = self._fault(asked) or self._as_told(last)
        if fault is not None:
            code = str(fault.status) if isinstance(fault, Answered) else fault.name.lower()
            self.recorder.refused("message", _address(endpoint), "", code=code)
            return fault
        if last.startswith("sim-off"):
            self.waiting[endpoint, asked.headers.get("topic", "") or str(len(self.waiting))] = asked.body
        else:
            self._show(endpoint, asked.body)
        if last == "sim-lost" or self.switch.mode == "lose_answer":
            self.switch.take()
            return Fault.CLOSE
        ttl = {
            "TTL": str(min(int(asked.headers["ttl"]), KEPT_S)),
            "Location": f"https://push.invalid/m/{time.monotonic_ns()}",
        }
        return Answered(201, headers=ttl)

    def _as_told(self, last: str) -> Answered | Fault | None:
        if self.switch.mode in MODES:
            return MODES[self.switch.take()]
        if last in MAGIC:
            return MAGIC[last]
        return None if self.meter.allows() else MODES["later"]

    def _fault(self, asked: Asked) -> Answered | None:
        """What RFC 8030, 8188 and 8292 refuse."""
        if not asked.headers.get("ttl", "").isdigit():
            return Answered(400, b"TTL")
        if not _TOPIC.fullmatch(asked.headers.get("topic", "x")):
            return Answered(400, b"Topic")
        if asked.headers.get("urgency", "normal") not in ("very-low", "low", "normal", "high"):
            return Answered(400, b"Urgency")
        if asked.headers.get("content-encoding") != "aes128gcm":
            return Answered(415)
        if len(asked.body) > MOST_SEALED:
            return Answered(413)
        return self._unproven(asked)

    def _unproven(self, asked: Asked) -> Answered | None:
        try:
            claims = read_authorization(asked.headers.get("authorization", ""))
            left_s = float(str(claims["exp"])) - time.time()
        except (ValueError, KeyError, AttributeError):
            return Answered(401, b"VAPID")
        host = asked.path.split("/")[1]
        tells_whom = str(claims.get("sub", "")).startswith(("mailto:", "https://"))
        if not 0 < left_s <= LONGEST_TOKEN_S or claims.get("aud") != f"https://{host}" or not tells_whom:
            return Answered(403, b'{"reason": "BadJwtToken"}', "application/json")
        if self.account.public_key not in ("", claims["k"]):
            return MAGIC["sim-other-key"] if isinstance(MAGIC["sim-other-key"], Answered) else None
        return None

    def _wake(self) -> Answered:
        woken, self.waiting = self.waiting, {}
        for (endpoint, _), sealed in woken.items():
            self._show(endpoint, sealed)
        return Answered(200, str(len(woken)).encode())

    def _show(self, endpoint: str, sealed: bytes) -> None:
        try:
            plain = opened(sealed)
            said = json.loads(plain)
        except (ValueError, IndexError):  # another phone's: a push service cannot read it either
            self.recorder.received("message", _address(endpoint), "")
            return
        self.opened[endpoint.rpartition("/")[2]] = plain
        if len(self.opened) > MOST_REMEMBERED:
            del self.opened[next(iter(self.opened))]
        words = "\n".join(str(said[part]) for part in ("title", "body", "url") if said.get(part))
        self.recorder.received("message", _address(endpoint), words, subject=str(said.get("title", "")))


def _address(endpoint: str) -> str:
    return Subscription(endpoint, _PHONE_POINT, _PHONE_AUTH).as_address()
