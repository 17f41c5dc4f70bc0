"""What "the public" received and what a gateway refused: lines of JSON, and the last few for the page."""

import json
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

Event = Literal["message", "post", "edit", "delete"]
SHOWN = 60
PEOPLE, EACH = 2_000, 12  # whose messages are kept for the page, and how many of each


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


@dataclass(slots=True)
class Said:
    """The latest of some messages in the same words, and how many people got them."""

    line: Line
    people: int = 1


class Recorder:
    """One alias's two files under `out` (none when it is None). Lines wait in memory until flush().

    Beside the files it keeps what the page shows: the latest lines, what was said in which words to how many,
    and what the latest two thousand people have. All of it is bounded: a drill tells a million.
    """

    def __init__(self, out: Path | None, alias: str) -> None:
        self.alias = alias
        self.latest: deque[Line] = deque(maxlen=SHOWN)
        self.refusals: Counter[str] = Counter()
        self.counts = {"received": 0, "refused": 0}
        self._said: OrderedDict[str, Said] = OrderedDict()
        self._people: OrderedDict[str, deque[Line]] = OrderedDict()
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
        if event == "message":
            self._remember(line)
        self._keep("received", line)

    def refused(self, event: Event, to: str, text: str, *, code: str) -> None:
        """Note what was refused, and with which code."""
        self.refusals[code] += 1
        self._keep("refused", Line(event, to, text, _now(), "", code))

    @property
    def said(self) -> list[Said]:
        """What was said lately, each in its words once, the latest last."""
        return list(self._said.values())

    def heard_by(self, person: str) -> list[Said]:
        """What one of the latest people has, the latest last."""
        return [Said(line) for line in self._people.get(person, ())]

    def latest_people(self, count: int) -> list[str]:
        """Who heard something lately, the latest first."""
        return list(islice(reversed(self._people), count))

    def _remember(self, line: Line) -> None:
        words = line.subject or line.text  # a mail's text holds a link of its reader's own
        before = self._said.pop(words, None)
        self._said[words] = Said(line, before.people + 1 if before else 1)
        if len(self._said) > SHOWN:
            self._said.popitem(last=False)
        mine = self._people.pop(line.to, None) or deque(maxlen=EACH)
        mine.append(line)
        self._people[line.to] = mine
        if len(self._people) > PEOPLE:
            self._people.popitem(last=False)

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
