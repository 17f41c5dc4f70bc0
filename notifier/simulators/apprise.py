"""A staff room that takes Apprise's JSON: POST /<room>.

Magic rooms: room-refuse (404), room-later (503), room-busy (429), room-denied (401), room-lost (taken, the
answer lost), room-hang.
"""

import json

from notifier.simulators.modes import Switch
from notifier.simulators.record import Recorder
from notifier.simulators.server import Answered, Asked, Fault

MAGIC: dict[str, Answered | Fault] = {
    "room-refuse": Answered(404),
    "room-later": Answered(503),
    "room-busy": Answered(429),
    "room-denied": Answered(401),
    "room-hang": Fault.HANG,
}
MODES: dict[str, Answered | Fault] = {
    "refuse": Answered(404),
    "later": Answered(503),
    "500": Answered(500),
    "denied": Answered(401),
    "hang": Fault.HANG,
    "close": Fault.CLOSE,
}


class StaffRooms:
    """Answers synchronously."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.switch = Switch()

    def handle(self, asked: Asked) -> Answered | Fault:
        """One request by its path."""
        if asked.path == "/_sim/mode" and asked.method == "POST":
            return self.switch.control(asked)
        if asked.method != "POST":
            return Answered(405)
        room = asked.path.strip("/")
        said = json.loads(asked.body)
        mode = self.switch.take()
        refusal = MODES.get(mode) or MAGIC.get(room)
        if refusal is not None:
            self.recorder.refused("message", room, str(said["message"]), code=mode if mode in MODES else room)
            return refusal
        self.recorder.received("message", room, str(said["message"]), subject=str(said["title"]))
        return Fault.CLOSE if room == "room-lost" or mode == "lose_answer" else Answered(200)
