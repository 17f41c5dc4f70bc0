"""Partners that take CAP documents: one door a name, strict about signature, key and order.

POST /cap/<name>. Magic names: cap-ok, cap-refuse (422), cap-later (503), cap-busy (429), cap-denied (401),
cap-gone (410), cap-moved (302), cap-html (a page for an answer), cap-other (acknowledges another document),
cap-huge (an answer of 10 MB), cap-lost (taken, the answer lost), cap-hang, cap-refused-later (taken, then
reported as refused), cap-twice (acknowledged twice, the last word first), cap-mute (never acknowledges).

By default: what breaks the rules of the standard's text is refused (notifier.simulators.cap_reader); an
update of what a partner never had is taken as an alert, a cancel or an all-clear of it is refused; what has
expired is refused, and so is a second document with an identifier it has. With a certificate, a signature
(XML-DSig) is demanded of every document, over the whole of it.
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from signxml.exceptions import InvalidInput, InvalidSignature
from signxml.verifier import XMLVerifier

from notifier.protocols import cap_partner
from notifier.simulators import cap_reader
from notifier.simulators.caller import Caller
from notifier.simulators.modes import Meter, Switch
from notifier.simulators.record import Recorder
from notifier.simulators.server import Answered, Asked, Fault

_CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
_LATER = Answered(503)
MAGIC: dict[str, Answered | Fault] = {
    "cap-refuse": Answered(
        422,
        json.dumps({"error": "area", "reason": "Zone hors de notre antenne"}).encode(),
        "application/json",
    ),
    "cap-later": _LATER,
    "cap-busy": Answered(429, headers={"Retry-After": "2"}),
    "cap-denied": Answered(401),
    "cap-gone": Answered(410),
    "cap-moved": Answered(302, headers={"Location": "https://elsewhere.invalid/"}),
    "cap-html": Answered(200, b"<html>Welcome</html>", "text/html"),
    "cap-other": Answered(200, b'{"identifier": "another"}', "application/json"),
    "cap-huge": Answered(200, b" " * 10_000_000, "application/json"),
    "cap-hang": Fault.HANG,
    "cap-mute": Answered(204),
}
MODES: dict[str, Answered | Fault] = {
    "refuse": MAGIC["cap-refuse"],
    "later": _LATER,
    "500": Answered(500),
    "denied": Answered(401),
    "hang": Fault.HANG,
    "close": Fault.CLOSE,
}


@dataclass(frozen=True, slots=True)
class CapAccount:
    """The secret shared with every simulated partner (empty: no signature is asked), and our hook."""

    secret: str = "simulated"  # noqa: S105  a simulator's
    hook_url: str = ""
    certificate: str = ""  # PEM: documents must be signed with its key


class CapPartners:
    """Answers synchronously; acknowledgements are queued on `caller`."""

    def __init__(self, account: CapAccount, recorder: Recorder, caller: Caller, meter: Meter) -> None:
        self.account = account
        self.recorder = recorder
        self.caller = caller
        self.meter = meter
        self.switch = Switch()
        self.taken: dict[str, dict[str, bytes]] = {}  # by partner: identifier, document

    def handle(self, asked: Asked) -> Answered | Fault:
        """One request by its path."""
        if asked.path == "/_sim/mode" and asked.method == "POST":
            return self.switch.control(asked)
        if not asked.path.startswith("/cap/"):
            return Answered(404)
        if asked.method != "POST":
            return Answered(405)
        name = asked.path.removeprefix("/cap/")
        answer = self._refusal(name, asked)
        if answer is not None:
            code = str(answer.status) if isinstance(answer, Answered) else answer.name.lower()
            self.recorder.refused("message", name, asked.body.decode("utf-8", "replace"), code=code)
            return answer
        return self._take(name, asked)

    def _refusal(self, name: str, asked: Asked) -> Answered | Fault | None:
        if self.switch.mode in MODES:
            return MODES[self.switch.take()]
        if name in MAGIC:
            return MAGIC[name]
        if not self.meter.allows():
            return MAGIC["cap-busy"]
        signature = asked.headers.get(cap_partner.SIGNATURE.lower(), "")
        secret = self.account.secret
        if secret and not cap_partner.is_signed(secret, "cap", signature, asked.body):
            return Answered(401)
        if not asked.headers.get("content-type", "").startswith(cap_partner.MEDIA_TYPE):
            return Answered(415)
        return self._fault(name, asked)

    def _fault(self, name: str, asked: Asked) -> Answered | None:
        """Read as another reader would: not with our own code."""
        try:
            root = ElementTree.fromstring(asked.body)  # noqa: S314  a simulator, fed by our own backend
        except ElementTree.ParseError:
            return Answered(400)
        if root.tag != f"{_CAP}alert":
            return Answered(422)
        if root.findtext(f"{_CAP}identifier") != asked.headers.get("idempotency-key"):
            return Answered(400, b'{"error": "idempotency_key"}', "application/json")
        fault = cap_reader.fault(root, asked.body)
        return _refused(422, "invalid", fault) if fault else self._out_of_place(root, name, asked.body)

    def _out_of_place(self, root: ElementTree.Element, name: str, body: bytes) -> Answered | None:
        taken = self.taken.get(name, {})
        if taken.get(root.findtext(f"{_CAP}identifier", ""), body) != body:
            return _refused(409, "other_bytes", "This identifier has been used for another document")
        follows = {one.split(",")[1] for one in root.findtext(f"{_CAP}references", "").split()}
        ends = root.findtext(f"{_CAP}msgType") == "Cancel" or "AllClear" in _all(root, "responseType")
        if follows and ends and not taken.keys() & follows:
            return _refused(409, "unknown_reference", "")
        expires = _all(root, "expires")
        if expires and max(map(datetime.fromisoformat, expires)) <= datetime.now(UTC):
            return _refused(422, "expired", "The document has expired")
        if self.account.certificate and not _is_signed(body, self.account.certificate):
            return _refused(422, "signature", "The signature does not hold")
        return None

    def _take(self, name: str, asked: Asked) -> Answered | Fault:
        identifier = asked.headers["idempotency-key"]
        taken = self.taken.setdefault(name, {})
        again = identifier in taken
        if not again:
            taken[identifier] = asked.body
            self.recorder.received("message", name, asked.body.decode(), id_=identifier)
            self._acknowledge(name, asked.headers.get(cap_partner.REFERENCE.lower(), ""))
        if self.switch.take() == "lose_answer" or (name == "cap-lost" and not again):
            return Fault.CLOSE
        said = json.dumps({"identifier": identifier}).encode()
        return Answered(409 if again else 202, said, "application/json")

    def _acknowledge(self, name: str, reference: str) -> None:
        words = ["received", "refused" if name == "cap-refused-later" else "published"]
        if name == "cap-twice":
            words = [*reversed(words), *words]
        for word in words if self.account.hook_url else ():
            at = datetime.now(UTC).isoformat(timespec="seconds")
            body = json.dumps({"reference": reference, "state": word, "at": at}).encode()
            signed = cap_partner.sign(self.account.secret, "ack", int(time.time()), body)
            headers = {cap_partner.SIGNATURE: signed, cap_partner.PARTNER: name}
            self.caller.call("POST", self.account.hook_url, body, headers)


def _all(root: ElementTree.Element, tag: str) -> list[str]:
    return [found.text or "" for found in root.iter(f"{_CAP}{tag}")]


def _refused(status: int, error: str, reason: str) -> Answered:
    said = {"error": error, **({"reason": reason} if reason else {})}
    return Answered(status, json.dumps(said).encode(), "application/json")


def _is_signed(body: bytes, certificate: str) -> bool:
    """Verify with the certificate that was given us, never with the one inside."""
    try:
        XMLVerifier().verify(body, x509_cert=certificate)
    except (InvalidSignature, InvalidInput):
        return False
    return True
