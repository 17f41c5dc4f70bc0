"""A simulated Page's private side: who wrote may be answered for a day, a comment once; files that die.

Magic people, by their id's last eight digits, as at the SMS gateway: 00000002 cannot be reached, 00000003
must be tried later, 00000004 gets it and the answer is lost, 00000005 hangs.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from notifier.incoming import COMMENT
from notifier.protocols import messenger
from notifier.simulators.record import Recorder
from notifier.simulators.sms import MAGIC
from notifier.simulators.whatsapp_media import Shelf

DAY_S, WEEK_S = 86_400.0, 604_800.0
REFUSALS = {"refuse": (551, 1545041), "later": (2, 0)}


class InboxError(Exception):
    """A Graph error's code and subcode on its way out."""

    def __init__(self, code: int, subcode: int = 0) -> None:
        super().__init__(code, subcode)
        self.code, self.subcode = code, subcode


class Inbox:
    """What was written to one account, and what it answered."""

    def __init__(self, recorder: Recorder, now: Callable[[], float] = time.monotonic) -> None:
        self.recorder = recorder
        self.now = now
        self.shelf = Shelf(now)
        self.heard_at: dict[str, float] = {}
        self.commented: set[str] = set()
        self.answered: set[str] = set()
        self._numbers = itertools.count(1)

    def answer(self, fields: Mapping[str, str]) -> tuple[dict[str, str], str]:
        """POST /{page-id}/messages: what it answers, and the fate ("ok", "hang", "lose_answer").

        Raise InboxError.
        """
        receiver, said = _object(fields.get("recipient")), str(_object(fields.get("message")).get("text", ""))
        if not said or len(said) > messenger.MAX_TEXT:
            raise InboxError(100)
        to = self._comment(receiver) if "comment_id" in receiver else self._person(receiver, fields)
        fate = MAGIC.get(to[-8:], "ok")
        if fate in REFUSALS:
            self.recorder.refused("message", to, "", code=str(REFUSALS[fate][0]))
            raise InboxError(*REFUSALS[fate])
        if fate != "hang":
            self.recorder.received("message", to, said)
        return {"recipient_id": to, "message_id": f"m_sim{next(self._numbers):08d}"}, fate

    def hear(
        self, sender: str, fields: Mapping[str, str], file: tuple[str, str, bytes] | None, host: str
    ) -> Any:
        """Somebody writes: `message`, latitude, longitude, replies_to, link, a file (name, type, bytes).

        Return the event as Meta tells it. It opens their window.
        """
        self.heard_at[sender] = self.now()
        told: dict[str, Any] = {"mid": f"m_mo{next(self._numbers):08d}"}
        told |= {"text": fields["message"]} if fields.get("message") else {}
        told |= {"reply_to": {"mid": fields["replies_to"]}} if fields.get("replies_to") else {}
        attached = [*self._attached(fields, file, host)]
        return {**told, "attachments": attached} if attached else told

    def address(self, file: tuple[str, str, bytes], host: str) -> str:
        """Where a file can be had for a while."""
        _name, media_type, body = file
        told = self.shelf.told(self.shelf.keep(media_type, body), f"http://{host}")
        return str(told["url"])

    def _attached(
        self, fields: Mapping[str, str], file: tuple[str, str, bytes] | None, host: str
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        if file is not None:
            major = file[1].partition("/")[0]
            kind = major if major in ("image", "video", "audio") else "file"
            found.append({"type": kind, "name": file[0], "payload": {"url": self.address(file, host)}})
        if fields.get("latitude"):
            where = {"lat": float(fields["latitude"]), "long": float(fields.get("longitude", "0"))}
            found.append({"type": "location", "title": "", "payload": {"coordinates": where}})
        if fields.get("link"):
            found.append({"type": "fallback", "title": "", "url": fields["link"], "payload": None})
        return found

    def _person(self, receiver: Mapping[str, Any], fields: Mapping[str, str]) -> str:
        person = str(receiver.get("id", ""))
        since_s = self.now() - self.heard_at.get(person, float("-inf"))
        tagged = fields.get("messaging_type") == "MESSAGE_TAG" and fields.get("tag") == messenger.HUMAN_AGENT
        if since_s > (WEEK_S if tagged else DAY_S):
            self.recorder.refused("message", person, "", code=f"10/{messenger.WINDOW_CLOSED}")
            raise InboxError(10, messenger.WINDOW_CLOSED)
        return person

    def _comment(self, receiver: Mapping[str, Any]) -> str:
        comment = str(receiver["comment_id"])
        if comment not in self.commented:
            raise InboxError(100, 33)
        if comment in self.answered:
            raise InboxError(10900)
        self.answered.add(comment)
        return f"{COMMENT}{comment}"


def _object(told: str | None) -> dict[str, Any]:
    try:
        found = json.loads(told or "")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
