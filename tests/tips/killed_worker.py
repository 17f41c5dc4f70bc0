"""Runs by itself, on a database of its own: workers take in events and are killed, again and again.

    python -m tests.tips.killed_worker DATABASE OUTBOX ROUNDS SEED

Each worker is a process of its own and dies by SIGKILL in the middle of whatever it does. At the end others
work off the rest. Prints what became of every event as JSON. OUTBOX: a line for each message that left.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings

EVENTS_A_ROUND = 4
LONGEST_S = 0.35
GATEWAY = {"BACKEND": "tests.tips.killed_gateway.OnPaper", "CHANNEL": "sms"}


def main(database: str, outbox: str, rounds: int, seed: int) -> Mapping[str, Any]:
    settings.DATABASES["default"]["NAME"] = database
    gateway = {**GATEWAY, "OPTIONS": {"outbox": outbox}, "SIMULATOR": {}}
    settings.NOTIFIER = {"sms": gateway}
    django.setup()
    from tests import people

    people.unit()
    first_s = _undisturbed()
    chance, sent = random.Random(seed), 1
    for _round in range(rounds):
        sent += _store(sent, EVENTS_A_ROUND)
        _killed(chance.uniform(0.02, LONGEST_S))
    _drain()
    return {"events": sent, "first_answer_s": first_s, **_found(Path(outbox))}


def _store(begin: int, count: int) -> int:
    from notifier import inbound
    from notifier.message import Inbound
    from trust import clock

    for number in range(begin, begin + count):
        told = Inbound(
            "text", f"id{number}", _number(number), f"شفتها {number}", clock.now(), f"event:{number}"
        )
        inbound.store("sms", told)
        inbound.store("sms", told)  # gateways call twice
    return count


def _number(number: int) -> str:
    return f"+21266{number:07d}"


def _undisturbed() -> float:
    """Return in how many seconds the answer to one event has left, with nobody killed."""
    began = time.monotonic()
    _store(0, 1)
    _turn()
    return time.monotonic() - began


def _turn() -> int:
    from notifier import dispatch, inbound
    from notifier.models import InboundEvent

    waiting = (
        InboundEvent.objects.filter(handled_at=None).order_by("received_at").values_list("pk", flat=True)
    )
    found = list(waiting[:20])
    for pk in found:
        inbound.announce(pk)
        dispatch.work("sms", 0.2)
    dispatch.work("sms", 0.2)
    return len(found)


def _killed(after_s: float) -> None:
    """Let a worker work for a moment, then kill it."""
    from django.db import connections

    connections.close_all()
    worker = os.fork()
    if worker == 0:
        while True:
            if not _turn():
                time.sleep(0.005)
    time.sleep(after_s)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)


def _drain() -> None:
    """Work off the rest, as later workers would once the leases of the dead ones have run out."""
    from notifier import dispatch, inbound
    from notifier.models import Chunk, InboundEvent
    from trust import clock

    for minute in range(60):
        clock.SHIFT = timedelta(minutes=2 * minute)
        while inbound.announce_unhandled():
            pass
        while dispatch.work("sms", 1.0):
            pass
        left = (
            InboundEvent.objects.filter(handled_at=None).exists()
            or Chunk.objects.filter(done_at=None).exists()
        )
        if minute > 2 and not left:
            return


def _found(outbox: Path) -> Mapping[str, Any]:
    from cases.models import ThreadEntry
    from notifier.models import InboundEvent
    from tips.models import Tip

    words = [tip.words for tip in Tip.objects.all()]
    told: Sequence[str] = outbox.read_text().split() if outbox.exists() else []
    return {
        "tips": len(words),
        "different": len(set(words)),
        "said": ThreadEntry.objects.filter(author="family").count(),
        "unhandled": InboundEvent.objects.filter(handled_at=None).count(),
        "answers": [told.count(_number(number)) for number in range(len(words))],
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
