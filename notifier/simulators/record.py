"""What "the public" received and what a gateway refused: lines of JSON, and the last few for the page."""

import json
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

Event = Literal["message", "post", "edit", "delete"]
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Line:
    """`id` names a post; `code` says why a message was refused."""

    event: Event
    to: str
    text: str
    at: str
    id: str = ""
    code: str = ""
    subject: str = ""
    picture_url: str = ""

    def as_json(self) -> bytes:
        """One whole line; empty extras are left out."""
        fields = {"event": self.event, "to": self.to, "text": self.text, "at": self.at}
        fields |= {name: value for name, value in (("id", self.id), ("code", self.code)) if value}
        return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


class Recorder:
    """One alias's two files under `out` (none when it is None). Lines wait in memory until flush()."""

    def __init__(self, out: Path | None, alias: str) -> None:
        self.alias = alias
        self.latest: deque[Line] = deque(maxlen=SHOWN)
        self.counts = {"received": 0, "refused": 0}
        self._waiting: dict[str, list[bytes]] = {"received": [], "refused": []}
        self._files = {} if out is None else {name: _opened(out / name, alias) for name in self._waiting}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def received(
        self, event: Event, to: str, text: str, *, id_: str = "", subject: str = "", picture_url: str = ""
    ) -> None:
        """Note what was accepted, before the answer says so."""
        line = Line(event, to, text, _now(), id_, "", subject, picture_url)
        self.latest.append(line)
        self._keep("received", line)

    def refused(self, event: Event, to: str, text: str, *, code: str) -> None:
        """Note what was refused, and with which code."""
        self._keep("refused", Line(event, to, text, _now(), "", code))

    def flush(self) -> None:
        """Write whole lines in one call each, so that a reader never sees half a line."""
        for name, file in self._files.items():
            lines, self._waiting[name] = self._waiting[name], []
            if lines:
                file.write(b"".join(lines))

    def close(self) -> None:
        """Write what is left."""
        self.flush()
        for file in self._files.values():
            file.close()

    def _keep(self, name: str, line: Line) -> None:
        self.counts[name] += 1
        if self._files:
            self._waiting[name].append(line.as_json())


def _opened(folder: Path, alias: str) -> FileIO:
    folder.mkdir(parents=True, exist_ok=True)
    return FileIO(folder / f"{alias}.jsonl", "ab")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
