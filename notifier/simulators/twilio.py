"""Twilio's Messages API: messages made and listed, signed statuses, messages from the public, its limits.

Magic numbers, by their last eight digits, as at the SMS gateway (00000001 is delivered … 00000007 is reported
twice and in disorder). Besides: 000<code> is refused with that error (00021610), 001<code> is taken and
reported with it (00130003).
"""

import itertools
import json
import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode, urlsplit

from notifier.protocols import text as sms_text
from notifier.protocols import twilio, twilio_hooks
from notifier.simulators import forms
from notifier.simulators.caller import Caller
from notifier.simulators.modes import Meter, Switch
from notifier.simulators.record import Recorder
from notifier.simulators.server import Answered, Asked, Fault
from notifier.simulators.sms import MAGIC
from notifier.simulators.twilio_media import Files

PATH = re.compile(r"/2010-04-01/Accounts/(AC\w+)(?:/Messages(?:/(SM\w+))?)?\.json")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MEDIA = re.compile(r"/2010-04-01/Accounts/(AC\w+)/Messages/(SM\w+)/Media/(ME\w+)")
MODE_ERRORS = {"refuse": 21211, "later": 20429, "500": 20500, "denied": 20003}
STATUSES = {20003: 401, 20005: 403, 20404: 404, 20429: 429, 20500: 500}
STOPS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "ARRET", "ARRÊT", "توقف", "إلغاء"})
STARTS = frozenset({"START", "UNSTOP", "REPRISE", "ابدأ"})
HELPS = frozenset({"HELP", "AIDE", "مساعدة"})


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """Whom Twilio knows, what it may send by, and where it sends what the public writes.

    Limits as a first week has them: so many parts a second, so many requests at once, a day's messages.
    """

    account_sid: str = "AC00000000000000000000000000005151"
    auth_token: str = "simulated"  # noqa: S105  a simulator's
    api_key: str = "SK00000000000000000000000000005151"
    api_secret: str = "simulated-key"  # noqa: S105  a simulator's
    senders: tuple[str, ...] = ("NAJDA", "+15005550006")
    services: tuple[str, ...] = ("MG00000000000000000000000000005151",)
    hook_url: str = ""
    per_second: float | None = 30.0
    in_flight: int = 10
    per_day: int | None = None


class TwilioError(Exception):
    """A refusal on its way out."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class TwilioGateway:
    """Answers synchronously; call-backs are queued on `caller`. `open` counts requests not yet answered."""

    def __init__(self, account: TwilioAccount, recorder: Recorder, caller: Caller) -> None:
        self.account = account
        self.recorder = recorder
        self.caller = caller
        self.meter = Meter(account.per_second, account.per_second or 0.0)  # full: no first second of refusals
        self.switch = Switch()
        self.status, self.kind, self.slow_s, self.open = "active", "Full", 0.0, 0
        self.messages: dict[str, dict[str, object]] = {}
        self.opted_out: set[str] = set()
        self.files = Files()
        self._ids = itertools.count(1)

    def handle(self, asked: Asked) -> Answered | Fault:
        """One request by its path."""
        if asked.path.startswith("/_sim/media/"):
            return self.files.cdn(asked)
        if asked.path.startswith("/_sim/"):
            return self._control(asked)
        found = PATH.fullmatch(asked.path)
        try:
            if MEDIA.fullmatch(asked.path):
                self._authorised(asked, asked.path.split("/")[3])
                return self.files.answer(asked)
            if found is None:
                raise TwilioError(20404)
            return self._called(asked, found.group(1), found.group(2) or "")
        except TwilioError as error:
            return self._refusal(error.code)

    def _called(self, asked: Asked, account: str, sid: str) -> Answered | Fault:
        self._authorised(asked, account)
        if self.open >= self.account.in_flight:
            raise TwilioError(20429)
        if not asked.path.endswith("/Messages.json"):
            return self._known(asked, sid) if sid else self._json(self._account())
        if asked.method == "POST":
            return self._create(asked.fields())
        mode = self.switch.take() if self.switch.mode in ("hang", "500", "close") else "ok"
        faults: dict[str, Fault] = {"hang": Fault.HANG, "close": Fault.CLOSE}
        if mode == "500":
            raise TwilioError(20500)
        return faults.get(mode) or self._json(self._listed(asked.fields()))

    def _create(self, fields: dict[str, str]) -> Answered | Fault:
        to, words = fields.get("To", ""), fields.get("Body", "")
        mode = self.switch.take()
        mode = MAGIC.get(to[-8:], "ok") if mode == "ok" else mode
        try:
            self._refuse_bad(mode, fields)
        except TwilioError as error:
            self.recorder.refused("message", to, words, code=str(error.code))
            raise
        if mode in ("hang", "close"):
            return Fault.HANG if mode == "hang" else Fault.CLOSE
        message = self._made(fields)
        self.recorder.received("message", to, words)
        self._report(mode, message, fields.get("StatusCallback", ""))
        return Fault.CLOSE if mode == "lose_answer" else self._json(message, 201)

    def _refuse_bad(self, mode: str, fields: dict[str, str]) -> None:
        to, words = fields.get("To", ""), fields.get("Body", "")
        found = re.search(r"000(\d{5})$", to)
        scripted = int(found.group(1)) if found and int(found.group(1)) >= 10_000 else 0
        validity_s = int(fields.get("ValidityPeriod", "1"))
        day = self.account.per_day
        for code, is_so in (
            (20005, self.status != "active"),
            (MODE_ERRORS.get(mode, 0), mode in MODE_ERRORS),
            (21604, not to),
            (21211, not E164.fullmatch(to)),
            (21602, not words.strip()),
            (21617, len(words) > twilio.MAX_CHARACTERS),
            (20001, not 1 <= validity_s <= twilio.LONGEST_S),
            (21609, "_" in (urlsplit(fields.get("StatusCallback", "")).hostname or "")),
            (self._sender_fault(fields), bool(self._sender_fault(fields))),
            (21610, to in self.opted_out),
            (scripted, bool(scripted)),
            (63038, day is not None and len(self.messages) >= day),
        ):
            if is_so:
                raise TwilioError(code)
        if not self.meter.allows(sms_text.count(words).parts):
            raise TwilioError(20429)

    def _sender_fault(self, fields: dict[str, str]) -> int:
        if "MessagingServiceSid" in fields:
            return 0 if fields["MessagingServiceSid"] in self.account.services else 21701
        if "From" not in fields:
            return 21603
        return 0 if fields["From"] in self.account.senders else 21606

    def _made(self, fields: dict[str, str]) -> dict[str, object]:
        number = next(self._ids)
        message: dict[str, object] = {
            "sid": f"SM{number:032x}",
            "account_sid": self.account.account_sid,
            "to": fields["To"],
            "from": fields.get("From") or None,
            "messaging_service_sid": fields.get("MessagingServiceSid") or None,
            "body": fields["Body"],
            "status": "accepted" if "MessagingServiceSid" in fields else "queued",
            "num_segments": str(sms_text.count(fields["Body"]).parts),
            "direction": "outbound-api",
            "date_created": format_datetime(datetime.now(UTC)),
            "date_sent": None,
            "price": None,
            "error_code": None,
            "error_message": None,
        }
        self.messages[str(message["sid"])] = message
        return message

    def _report(self, mode: str, message: dict[str, object], callback: str) -> None:
        found = re.search(r"001(\d{5})$", str(message["to"]))
        code = found.group(1) if found else "30005" if mode == "undelivered" else ""
        statuses = ["queued", "sent", "undelivered" if code else "delivered"]
        if mode == "twice":
            statuses = [*reversed(statuses), *statuses]
        for status in statuses if callback else ():
            self._tell(callback, message, status, code if status == "undelivered" else "")

    def _tell(self, url: str, message: dict[str, object], status: str, code: str) -> None:
        sid = str(message["sid"])
        said = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "SmsStatus": status}
        where = {"To": str(message["to"]), "From": str(message["from"] or self.account.senders[0])}
        done = {"RawDlrDoneDate": "2610040912"} if status in ("delivered", "undelivered") else {}
        self._call(url, {**said, **where, **done, **({"ErrorCode": code} if code else {})})

    def _call(self, url: str, fields: dict[str, str]) -> None:
        fields = {**fields, "AccountSid": self.account.account_sid, "ApiVersion": "2010-04-01"}
        signed = twilio_hooks.signature(self.account.auth_token, url, list(fields.items()))
        form = "application/x-www-form-urlencoded; charset=UTF-8"
        headers = {"Content-Type": form, "X-Twilio-Signature": signed, "User-Agent": "TwilioProxy/1.1"}
        self.caller.call("POST", url, urlencode(fields).encode(), headers)

    def _listed(self, fields: dict[str, str]) -> dict[str, object]:
        named = [message for message in self.messages.values() if fields.get("To") in (None, message["to"])]
        # What is queued has no date_sent, and a filter by it leaves it out.
        named = [message for message in named if "DateSent>" not in fields or message["date_sent"]]
        newest = list(reversed(named))[: int(fields.get("PageSize", "50"))]
        return {"messages": newest, "page": 0, "page_size": len(newest), "next_page_uri": None}

    def _known(self, asked: Asked, sid: str) -> Answered:
        if sid not in self.messages:
            raise TwilioError(20404)
        if asked.method == "DELETE":
            del self.messages[sid]
            return Answered(204)
        return self._json(self.messages[sid])

    def _account(self) -> dict[str, object]:
        return {"sid": self.account.account_sid, "status": self.status, "type": self.kind}

    def _authorised(self, asked: Asked, account: str) -> None:
        known = {
            (self.account.account_sid, self.account.auth_token),
            (self.account.api_key, self.account.api_secret),
        }
        try:
            given = b64decode(asked.headers.get("authorization", "").removeprefix("Basic ")).decode()
        except ValueError:
            given = ""
        user, _, password = given.partition(":")
        if (user, password) not in known or account != self.account.account_sid:
            raise TwilioError(20003)

    def _control(self, asked: Asked) -> Answered:
        fields = asked.fields()
        if asked.path == "/_sim/mode" and asked.method == "POST":
            return self.switch.control(asked)
        if asked.path == "/_sim/mo" and asked.method == "POST":
            return self._from_public(asked)
        if asked.path == "/_sim/account" and asked.method == "POST":
            self.status, self.kind = fields.get("status", self.status), fields.get("type", self.kind)
            self.slow_s = float(fields.get("slow_s", self.slow_s))
            return Answered(200, self.status.encode())
        if asked.path == "/_sim/state":
            state = {**self.recorder.counts, "calls_waiting": self.caller.waiting, "open": self.open}
            return Answered(200, json.dumps(state).encode(), "application/json")
        return Answered(404)

    def _from_public(self, asked: Asked) -> Answered:
        """`POST /_sim/mo` with from, to, text, and media (an address) or a file: the public writes to us."""
        if not self.account.hook_url:
            return Answered(409, b"no hook to call")
        fields, file = forms.uploaded(asked)
        sid, words = f"SM{next(self._ids):032x}", fields.get("text", "")
        sender, media = fields.get("from", ""), fields.get("media", "")
        media_type = file[1] if file else "image/jpeg"
        if file is not None:
            media = self.files.keep(file, self.account.account_sid, sid, asked.headers.get("host", ""))
        said = {"MessageSid": sid, "SmsMessageSid": sid, "SmsSid": sid, "SmsStatus": "received"}
        said |= {"From": sender, "To": fields.get("to", ""), "Body": words, "NumMedia": "1" if media else "0"}
        said["NumSegments"] = str(sms_text.count(words).parts)
        said |= {"MediaUrl0": media, "MediaContentType0": media_type} if media else {}
        said |= self._opting(sender, words.strip().upper())
        self._call(self.account.hook_url, said)
        return Answered(202, sid.encode())

    def _opting(self, sender: str, word: str) -> dict[str, str]:
        kinds = (("STOP", STOPS), ("START", STARTS), ("HELP", HELPS))
        kind = next((kind for kind, words in kinds if word in words), "")
        if kind == "STOP":
            self.opted_out.add(sender)
        elif kind == "START":
            self.opted_out.discard(sender)
        return {"OptOutType": kind} if kind else {}

    def _refusal(self, code: int) -> Answered:
        status = STATUSES.get(code, 400)
        told = {"code": code, "message": "simulated", "more_info": "", "status": status}
        return self._json(told, status, {"Retry-After": "1"} if status == 429 else {})

    def _json(self, data: object, status: int = 200, more: dict[str, str] | None = None) -> Answered:
        date = format_datetime(datetime.now(UTC), usegmt=True)
        headers = {"Date": date, "Twilio-Concurrent-Requests": str(self.open + 1), **(more or {})}
        return Answered(status, json.dumps(data).encode(), "application/json; charset=utf-8", headers)
