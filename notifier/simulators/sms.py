"""An operator's gateway as Kannel shapes it: `GET /cgi-bin/sendsms`, reports, messages from the public.

Magic numbers, by their last eight digits: 00000001 is delivered, 00000002 does not exist, 00000003 must be
tried later, 00000004 is taken and the answer lost, 00000005 hangs, 00000006 is taken and reported as
undeliverable, 00000007 is delivered and reported twice, the last event first.
"""

import itertools
import json
import re
import time
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from notifier.protocols import text as sms_text
from notifier.simulators import forms
from notifier.simulators.caller import Caller
from notifier.simulators.modes import Meter, Switch
from notifier.simulators.record import Recorder
from notifier.simulators.server import Answered, Asked, Fault

ACCEPTED = Answered(202, b"0: Accepted for delivery")
LATER = Answered(503, b"Temporal failure, try again later.")
NO_NUMBER = Answered(400, b"Not routable. Do not try again: no such number.")
MAGIC = {
    "00000001": "ok",
    "00000002": "refuse",
    "00000003": "later",
    "00000004": "lose_answer",
    "00000005": "hang",
    "00000006": "undelivered",
    "00000007": "twice",
}
DELIVERED, FAILED, AT_SMSC = 1, 2, 8


@dataclass(frozen=True, slots=True)
class SmsAccount:
    """Whom the gateway knows, and where it sends what the public writes (Kannel's get-url)."""

    username: str = "simulated"
    password: str = "simulated"  # noqa: S105  a simulator's
    hook_url: str = ""


class SmsGateway:
    """Answers synchronously; call-backs are queued on `caller`."""

    def __init__(self, account: SmsAccount, recorder: Recorder, caller: Caller, meter: Meter) -> None:
        self.account = account
        self.recorder = recorder
        self.caller = caller
        self.meter = meter
        self.switch = Switch()
        self._numbers = itertools.count(1)

    def handle(self, asked: Asked) -> Answered | Fault:
        """One request by its path."""
        if asked.path == "/cgi-bin/sendsms":
            return self._sendsms(asked)
        if asked.path == "/_sim/mode" and asked.method == "POST":
            return self.switch.control(asked)
        if asked.path == "/_sim/mo" and asked.method == "POST":
            return self._from_public(forms.uploaded(asked)[0])
        if asked.path == "/_sim/state":
            state = {**self.recorder.counts, "calls_waiting": self.caller.waiting}
            return Answered(200, json.dumps(state).encode(), "application/json")
        return Answered(404, b"Unknown request.")

    def _sendsms(self, asked: Asked) -> Answered | Fault:
        fields = asked.fields()
        if (fields.get("username"), fields.get("password")) != (self.account.username, self.account.password):
            return Answered(403, b"Authorization failed for sendsms")
        to, words = fields.get("to", ""), _words(asked, fields)
        if not to:
            return Answered(400, b"Missing receiver number, rejected")
        if not words:
            return Answered(400, b"Empty text not allowed, rejected")
        mode = self.switch.take()
        mode = MAGIC.get(to[-8:], "ok") if mode == "ok" else mode
        return self._as(mode, to, words, fields.get("dlr-url", ""), int(fields.get("dlr-mask") or 0))

    def _as(self, mode: str, to: str, words: str, dlr_url: str, mask: int) -> Answered | Fault:
        refusals: dict[str, Answered | Fault] = {
            "refuse": NO_NUMBER,
            "later": LATER,
            "500": Answered(500, b"Internal error"),
            "denied": Answered(403, b"Authorization failed for sendsms"),
            "hang": Fault.HANG,
            "close": Fault.CLOSE,
        }
        if mode not in refusals and not self.meter.allows(sms_text.count(words).parts):
            mode = "later"
        if mode in refusals:
            self.recorder.refused("message", to, words, code=mode)
            return refusals[mode]
        self.recorder.received("message", to, words)
        if dlr_url:
            self._report(mode, dlr_url, mask)
        return Fault.CLOSE if mode == "lose_answer" else ACCEPTED

    def _report(self, mode: str, dlr_url: str, mask: int) -> None:
        events = [AT_SMSC, FAILED if mode == "undelivered" else DELIVERED]
        if mode == "twice":
            events = [*reversed(events), *events]
        foreign = f"sim{next(self._numbers):08d}"
        for event in events:
            if mask & event:
                self.caller.call("GET", _escaped(dlr_url, event, foreign))

    def _from_public(self, fields: dict[str, str]) -> Answered:
        """`POST /_sim/mo` with from, to and text: the public writes to us."""
        if not self.account.hook_url:
            return Answered(409, b"no hook to call")
        given = {name: fields.get(name, "") for name in ("from", "to", "text")}
        known = {"t": str(int(time.time())), "id": f"mo{next(self._numbers):08d}", "charset": "UTF-8"}
        separator = "&" if "?" in self.account.hook_url else "?"
        self.caller.call("GET", f"{self.account.hook_url}{separator}{urlencode({**given, **known})}")
        return Answered(202, known["id"].encode())


def _words(asked: Asked, fields: dict[str, str]) -> str:
    """The text as the handset shows it: a charset left out or a coding too narrow spoils it, as on air."""
    wide = fields.get("coding") == "2"
    charset = fields.get("charset", "") or ("UTF-16BE" if wide else "UTF-8")
    try:
        words = asked.raw_field("text").decode(charset, "replace")
    except LookupError:
        return ""
    if wide:
        return words
    return "".join(c if c in sms_text.BASIC or c in sms_text.EXTENSION else "?" for c in words)


def _escaped(dlr_url: str, event: int, foreign: str) -> str:
    state = "DELIVRD" if event == DELIVERED else "UNDELIV"
    answer = f"id:{foreign} sub:001 dlvrd:001 stat:{state} err:000" if event != AT_SMSC else "ACK/"
    values = {"d": str(event), "A": answer, "F": foreign, "T": str(int(time.time())), "%": "%"}
    return re.sub(r"%(.)", lambda found: _quoted(found.group(1), values), dlr_url)


def _quoted(escape: str, values: dict[str, str]) -> str:
    return "%" if escape == "%" else quote(values.get(escape, ""), safe="")
