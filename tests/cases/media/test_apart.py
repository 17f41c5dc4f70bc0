import fcntl
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest

from cases.media import apart
from cases.media.decode import PictureRefused, decode
from cases.media.voice import VoiceRefused, listen
from tests.cases import pictures
from tests.cases.media import recordings

# Writes down when it comes and goes, and works in between.
READER = """
import os, sys
log = os.open({log!r}, os.O_WRONLY | os.O_APPEND)
data = sys.stdin.buffer.read()
os.write(log, b"+")
sum(range(2_000_000))
os.write(log, b"-")
print(len(data))
"""


# Reads once whoever holds the gate lets go of it.
WAITS = """
import fcntl, sys
fcntl.flock(open({gate!r}), fcntl.LOCK_SH)
print(len(sys.stdin.buffer.read()))
"""


def asked(reader, size: int) -> int | None:
    """Return what the reader says, None for one told to come again."""
    try:
        return int(apart.answer(reader, bytes(size), timeout_s=30)[0])
    except apart.OutOfTimeError:
        return None


def test_ten_at_once_are_read_two_by_two_or_told_to_come_again(tmp_path):
    log, reader = tmp_path / "log", tmp_path / "reader.py"
    log.touch()
    reader.write_text(READER.format(log=str(log)))
    with ThreadPoolExecutor(10) as families:
        answers = list(families.map(lambda n: asked(reader, n), range(10)))
    read = [number for number, answer in enumerate(answers) if answer is not None]
    assert read == [answer for answer in answers if answer is not None]
    assert len(read) >= apart.AT_ONCE + apart.WAITING_LONG
    running, most = 0, 0
    for mark in log.read_text():
        running += 1 if mark == "+" else -1
        most = max(most, running)
    assert (most, running) == (apart.AT_ONCE, 0)


def test_three_of_six_hold_their_threads_and_the_others_are_told_at_once(tmp_path):
    gate, reader = tmp_path / "gate", tmp_path / "reader.py"
    gate.touch()
    reader.write_text(WAITS.format(gate=str(gate)))
    with ThreadPoolExecutor(6) as threads, gate.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        families = [threads.submit(asked, reader, 7) for _ in range(6)]
        free = [next_free.result() for next_free in islice(as_completed(families, timeout=20), 3)]
        busy = [family for family in families if not family.done()]
        fcntl.flock(held, fcntl.LOCK_UN)
        assert free == [None] * 3
        assert [family.result(20) for family in busy] == [7] * 3


def test_ten_floods_at_once_are_each_answered():
    with ThreadPoolExecutor(10) as attackers:
        floods = [attackers.submit(decode, pictures.wide_png()) for _ in range(10)]
    codes = {flood.exception().code for flood in floods}  # type: ignore[union-attr]
    assert "too_many_pixels" in codes <= {"too_many_pixels", "timed_out"}


@pytest.fixture
def no_room():
    for _ in range(apart.AT_ONCE):
        apart._rooms.acquire()
    yield
    for _ in range(apart.AT_ONCE):
        apart._rooms.release()


def test_who_waits_too_long_is_told_so(no_room):
    with pytest.raises(PictureRefused, match="timed_out"):
        decode(pictures.picture(), wait_s=0.01)
    with pytest.raises(VoiceRefused, match="timed_out"):
        listen(recordings.recorded(), wait_s=0.01)


def test_who_waits_is_served_once_there_is_room():
    for _ in range(apart.AT_ONCE):
        apart._rooms.acquire()
    with ThreadPoolExecutor(1) as family:
        waiting = family.submit(decode, pictures.picture())
        threading.Timer(0.05, apart._rooms.release, ()).start()
        assert waiting.result(20).kind == "jpeg"
    for _ in range(apart.AT_ONCE - 1):
        apart._rooms.release()


def test_room_comes_free_after_every_end(tmp_path):
    dies, hangs = tmp_path / "dies.py", tmp_path / "hangs.py"
    dies.write_text("import os; os.kill(os.getpid(), 9)")
    hangs.write_text("while True: pass")
    for reader in (dies, hangs, tmp_path / "missing.py") * 2:
        with pytest.raises(apart.OutOfTimeError):
            apart.answer(reader, b"", timeout_s=0.2, wait_s=1)
    assert decode(pictures.picture(), wait_s=1).kind == "jpeg"
