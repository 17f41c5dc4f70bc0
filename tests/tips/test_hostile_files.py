"""Many files from few hands: everybody's first comes first, and no flood of files fills the disk."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from notifier.incoming import IncomingFile
from tests.tips import arrivals
from tests.tips.arrivals import STORE, Store
from tips.files import attaching, uploads
from tips.models import Attachment
from trust import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store():
    Store.answers, Store.let_gone = [], []
    with override_settings(NOTIFIER={**settings.NOTIFIER, **STORE}):
        yield


def waiting(count: int, kind: str = "video/mp4") -> list[Attachment]:
    files = [IncomingFile(media_id=str(number), media_type=kind) for number in range(count)]
    return attaching.expect(arrivals.a_tip(), files, alias="store")


def test_thirty_videos_of_one_tip_do_not_stand_before_the_first_of_another(monkeypatch):
    flood = waiting(30)
    monkeypatch.setattr(clock, "SHIFT", timedelta(seconds=5))
    (other,) = waiting(1)
    Attachment.objects.filter(pk=flood[0].pk).update(state=Attachment.State.READY, next_at=None)
    assert attaching.due() == [other.pk]


def test_a_disk_that_is_nearly_full_leaves_files_with_their_provider(monkeypatch):
    (row,) = waiting(1, "image/jpeg")
    monkeypatch.setattr(uploads, "SPARE_BYTES", 2**60)
    Store.answers = [arrivals.jpeg()]
    attaching.work(row.pk)
    kept = arrivals.fresh(row)
    assert (kept.state, len(Store.answers)) == ("waiting", 1)
    assert kept.next_at > clock.now()
    monkeypatch.undo()
    monkeypatch.setattr(clock, "SHIFT", timedelta(minutes=5))
    attaching.work(row.pk)
    assert arrivals.fresh(row).state == "ready"
