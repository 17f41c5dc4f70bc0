"""A file on its way: sealed part by part, going on where the line broke, and never lost by a tip."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.tips import arrivals
from tips.files import attaching, destroying, sealing_files, uploads
from tips.files.uploads import PART, UploadRefused
from tips.models import Attachment, Upload
from trust import clock

pytestmark = pytest.mark.django_db
MARKER = b"NAJDA-CLEAR-TEXT-MARKER"


def sealed_files():
    return sorted(path for path in Path(settings.VAULT_DIR).rglob("*") if path.is_file())


def refusal(act, *arguments):
    with pytest.raises(UploadRefused) as refused:
        act(*arguments)
    return refused.value.code, refused.value.received


def test_a_broken_line_goes_on_where_it_stopped():
    data = arrivals.jpeg() + bytes(PART)
    token = uploads.begin(len(data), "film.mp4", "video/mp4")
    assert uploads.put(token, 0, data[:PART]) == PART
    assert uploads.put(token, 0, data[:PART]) == PART  # its answer was lost, and it comes again
    assert refusal(uploads.put, token, 10, b"x" * PART) == ("wrong_offset", PART)
    assert uploads.state(token).received == PART
    assert uploads.put(token, PART, data[PART:]) == len(data)
    assert uploads.state(token).is_whole


@pytest.mark.parametrize(
    ("size", "code"),
    [(0, "empty"), (-5, "empty"), (4 * 1024**3, "too_large"), (uploads.MOST_BYTES + 1, "too_large")],
)
def test_four_gigabytes_are_refused_before_a_byte_of_them_came(size, code):
    assert refusal(uploads.begin, size, "film.mp4", "video/mp4") == (code, 0)
    assert not Upload.objects.exists()


def test_more_than_was_announced_is_not_taken():
    token = uploads.begin(10, "a", "image/jpeg")
    assert refusal(uploads.put, token, 0, b"x" * 11) == ("too_much", 0)
    assert refusal(uploads.put, "somebody else's guess", 0, b"x") == ("unknown", 0)


def test_a_part_that_lost_a_race_leaves_no_file():
    token = uploads.begin(20, "a", "image/jpeg")
    upload = Upload.objects.get()
    stale = Upload.objects.get(pk=upload.pk)
    uploads.put(token, 0, b"x" * 10)
    before = sealed_files()
    with pytest.raises(UploadRefused):
        uploads._append(stale, b"y" * 10)
    assert sealed_files() == before


def test_a_tip_takes_an_upload_once_and_a_worker_seals_it_anew():
    data = arrivals.jpeg() + MARKER + bytes(2 * PART)
    token = uploads.begin(len(data), "IMG.jpg", "image/jpeg")
    for start in range(0, len(data), PART):
        uploads.put(token, start, data[start : start + PART])
    upload = Upload.objects.get()
    tip = arrivals.a_tip()
    (row,) = attaching.take(tip, [upload.pk])
    assert attaching.take(arrivals.a_tip(), [upload.pk]) == []
    assert refusal(uploads.put, token, 0, b"x")[0] == "taken"
    assert attaching.work(row.pk)
    row = arrivals.fresh(row)
    assert (row.state, row.size, row.name) == ("ready", len(data), "IMG.jpg")
    assert not Upload.objects.exists()
    assert MARKER in b"".join(sealing_files.parts_of(row))


def test_an_upload_that_is_not_whole_stays_behind():
    token = uploads.begin(10, "a", "image/jpeg")
    uploads.put(token, 0, b"x" * 5)
    assert attaching.take(arrivals.a_tip(), [uploads.state(token).id]) == []
    assert not Attachment.objects.exists()


def test_an_upload_silent_for_a_day_is_removed_with_its_parts():
    token = uploads.begin(10, "a", "image/jpeg")
    uploads.put(token, 0, b"x" * 5)
    other = uploads.begin(10, "b", "image/jpeg")
    (key,) = Upload.objects.get(pk=uploads.state(token).id).parts
    Upload.objects.filter(pk=uploads.state(token).id).update(heard_at=clock.now() - timedelta(hours=25))
    assert destroying.uploads(dry_run=True) == 1
    assert destroying.uploads() == 1
    assert refusal(uploads.state, token)[0] == "unknown"
    assert not list(Path(settings.VAULT_DIR).rglob(key))
    assert uploads.state(other).received == 0
