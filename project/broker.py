"""The embedded broker: kombu's filesystem transport, with messages that appear whole.

Kombu opens a message's file before it writes it, and a worker that looks in between reads nothing, fails to
parse it and ends (seen within seconds with three processes). Here a message is written under another name and
renamed, and a table read while it is being made is read again.
"""

import os
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

READ_AGAIN_S = 0.01
READINGS = 50


class Channel(filesystem.Channel):
    """Put messages atomically; read tables patiently."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # as kombu
        folder = Path(self.data_folder_out)
        draft = folder / f"{uuid.uuid4().hex}.draft"
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(folder / f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg")

    def get_table(self, exchange: str) -> Any:
        for reading in range(READINGS):
            try:
                return super().get_table(exchange)
            except ValueError:
                if reading == READINGS - 1:
                    raise
                time.sleep(READ_AGAIN_S)
        return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str | None) -> None:
        file: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]  # missing in the stubs
        if not file.exists():
            self.control_folder.mkdir(exist_ok=True)
            draft = file.with_suffix(f".{os.getpid()}-{uuid.uuid4().hex}")
            draft.write_text("[]", encoding="ascii")
            try:
                os.link(draft, file)
            except FileExistsError:
                pass  # another process made it first, as whole as this one
            finally:
                draft.unlink()
        super()._queue_bind(exchange, routing_key, pattern or "", queue or "")


class Transport(filesystem.Transport):
    Channel = Channel

    @property
    def default_connection_params(self) -> dict[str, Any]:
        return {"hostname": "files"}


def install() -> None:
    """Let `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = "project.broker:Transport"
