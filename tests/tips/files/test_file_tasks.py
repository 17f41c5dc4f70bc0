"""The tasks around files: what no wake-up reached is found, and no two workers chase each other."""

import pytest

from notifier import waking
from tests.tips import arrivals
from tips import tasks
from tips.files import attaching, rooms

pytestmark = pytest.mark.django_db


@pytest.fixture
def woken(monkeypatch):
    sent = []
    monkeypatch.setattr(waking, "send", lambda task, argument: sent.append((task, argument)))
    return sent


def test_the_sweep_wakes_a_few_and_each_that_is_done_wakes_the_next(woken):
    rows = [arrivals.with_file(arrivals.grey_jpeg(300 + n)) for n in range(4)]
    tasks.sweep_files()
    asked = [argument for _task, argument in woken]
    assert asked == [str(row.pk) for row in rows[: rooms.count(rooms.SHORT)]]
    woken.clear()
    tasks.work_attachment(asked[0])
    assert arrivals.fresh(rows[0]).state == "ready"
    assert (attaching.WORK, str(rows[1].pk)) in woken


def test_a_worker_without_room_wakes_nobody(woken):
    row = arrivals.with_file(arrivals.clip(), media_type="video/mp4")
    with rooms.room(rooms.LONG):
        tasks.work_attachment(str(row.pk))
    assert woken == []
    assert arrivals.fresh(row).state == "kept"


def test_what_is_gone_is_nothing_to_do():
    tasks.work_attachment("00000000-0000-4000-8000-000000000000")
