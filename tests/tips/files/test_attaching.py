"""What comes along with a tip is fetched, sealed and looked at once, whoever is killed on the way."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from notifier.exceptions import DeliveryError, Gone, TooLarge
from notifier.incoming import IncomingFile
from notifier.models import InboundEvent
from tests.tips import arrivals
from tests.tips.arrivals import STORE, Store
from tips.files import attaching, facts, rooms, working
from tips.models import Attachment, Mark
from trust import clock, keys, vault
from trust.models import AuditEntry

pytestmark = pytest.mark.django_db
BUSY = DeliveryError(permanent=False, kind="limited")


@pytest.fixture(autouse=True)
def store():
    Store.answers, Store.let_gone = [], []
    with override_settings(NOTIFIER={**settings.NOTIFIER, **STORE}):
        yield


def waits(**about):
    """An attachment that lies with the gateway "store"."""
    (row,) = attaching.expect(
        arrivals.a_tip(), [IncomingFile(media_id="7", media_type="image/jpeg", **about)]
    )
    row.source = {**row.source, "alias": "store"}
    row.save()
    return row


def later(**span):
    clock.SHIFT += timedelta(**span)


@pytest.fixture
def passing(monkeypatch):
    monkeypatch.setattr(clock, "SHIFT", timedelta())
    return later


def audited(row):
    entries = AuditEntry.objects.filter(subject=row.pk).order_by("id")
    return [(entry.action, entry.reason) for entry in entries]


@pytest.mark.postgresql
def test_a_photo_is_fetched_sealed_and_copied():
    data = arrivals.jpeg()
    row = waits(name="IMG-20261122-WA0001.jpg", sha256=vault.sha256(data).upper())
    Store.answers = [data]
    attaching.work(row.pk)
    row = arrivals.fresh(row)
    assert (row.state, row.kind, row.original_sha256) == ("ready", "photo", vault.sha256(data))
    assert vault.get(row.tip_id, row.original_key) == data
    assert row.copy_bytes().startswith(b"\xff\xd8")
    assert row.copy_bytes() != data
    assert len(vault.get(row.tip_id, row.still_key)) < len(row.copy_bytes())
    assert audited(row) == [("attachment.sealed", ""), ("attachment.copied", "")]
    assert row.facts["against"] == [["no_metadata", ""]]
    assert Mark.objects.filter(tip=row.tip, kind="file").count() == 1  # neighbours are found by it
    assert Store.let_gone  # what is kept here need not lie there
    assert attaching.due() == []
    assert row.next_at is None


@pytest.mark.postgresql
def test_two_workers_never_do_it_twice():
    row = waits()
    assert working._claim(row.pk) is not None
    assert working._claim(row.pk) is None
    Store.answers = []  # asked now, the gateway would fail
    attaching.work(row.pk)
    assert arrivals.fresh(row).state == "waiting"


def test_what_a_killed_worker_held_is_tried_again(passing):
    row = arrivals.with_file(arrivals.jpeg())
    assert working._claim(row.pk)  # whereupon the worker is killed
    assert attaching.due() == []
    passing(minutes=16)
    assert attaching.due() == [row.pk]
    attaching.work(row.pk)
    assert arrivals.fresh(row).state == "ready"


def test_a_file_that_killed_its_worker_again_and_again_is_left_alone(passing):
    row = arrivals.with_file(arrivals.jpeg())
    for _ in range(working.MOST_TRIES):
        assert working._claim(row.pk)
        passing(minutes=16)
    attaching.work(row.pk)
    row = arrivals.fresh(row)
    assert (row.state, row.facts["trouble"], row.next_at) == ("unreadable", "gave_up", None)
    assert vault.get(row.tip_id, row.original_key) == arrivals.jpeg()


@pytest.mark.postgresql
def test_who_finishes_after_its_lease_writes_nothing(passing):
    row = arrivals.with_file(arrivals.jpeg())
    slow = working._claim(row.pk)
    assert slow is not None
    passing(minutes=16)
    attaching.work(row.pk)
    done = arrivals.fresh(row)
    working._look(slow)
    assert (arrivals.fresh(row).copy_key, arrivals.fresh(row).state) == (done.copy_key, "ready")
    assert [action for action, _reason in audited(row)].count("attachment.copied") == 1


def test_a_busy_gateway_is_asked_again_after_growing_pauses_for_seven_days(passing):
    row = waits()
    pauses = []
    for _ in range(80):
        if (row := arrivals.fresh(row)).state != "waiting":
            break
        Store.answers = [BUSY]
        before = row.next_at
        attaching.work(row.pk)
        row = arrivals.fresh(row)
        if row.next_at:
            pauses.append(row.next_at - before)
            passing(seconds=(row.next_at - clock.now()).total_seconds() + 1)
    assert row.state == "gone"
    assert pauses[0] < timedelta(minutes=1) < timedelta(hours=2) < pauses[-1]
    assert clock.now() - row.tip.received_at > timedelta(days=7)
    assert audited(row)[-1] == ("attachment.gone", "gone")


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        (Gone(), "gone", "gone"),
        (TooLarge(), "refused", "too_large"),
        (DeliveryError(permanent=True, kind="invalid"), "gone", "refused"),
    ],
)
def test_what_cannot_be_had_is_said_on_the_row_and_in_the_log(answer, state, code):
    row = waits()
    Store.answers = [answer]
    attaching.work(row.pk)
    row = arrivals.fresh(row)
    assert (row.state, row.facts["trouble"], row.next_at) == (state, code, None)
    assert audited(row) == [("attachment.gone", code)]
    assert attaching.due() == []


def test_an_unknown_gateway_is_a_setting_to_mend_and_no_lost_file():
    (row,) = attaching.expect(arrivals.a_tip(), [IncomingFile(media_id="1", media_type="image/jpeg")])
    attaching.work(row.pk)
    row = arrivals.fresh(row)
    assert row.state == "waiting"
    assert row.next_at > clock.now()


def test_bytes_that_are_not_the_announced_ones_are_kept_and_said():
    row = waits(sha256="0" * 64)
    Store.answers = [arrivals.jpeg()]
    attaching.work(row.pk)
    row = arrivals.fresh(row)
    assert row.state == "ready"
    assert ["other_bytes", ""] in row.facts["against"]
    assert audited(row)[0] == ("attachment.sealed", "differs")


def test_a_message_with_too_many_files_keeps_thirty_and_names_the_rest():
    files = [IncomingFile(media_id=str(n), media_type="image/jpeg") for n in range(attaching.MOST_FILES + 2)]
    rows = attaching.expect(arrivals.a_tip(), files)
    assert [row.state for row in rows].count("waiting") == attaching.MOST_FILES
    assert [row.facts["trouble"] for row in rows[-2:]] == ["too_many", "too_many"]


def test_a_voice_note_is_one_by_its_flag_and_a_long_name_is_cut():
    (row,) = attaching.expect(
        arrivals.a_tip(), [IncomingFile(media_id="1", media_type="audio/ogg", name="é" * 5000, is_voice=True)]
    )
    assert (row.kind, len(row.name)) == ("audio", 200)


def test_videos_leave_room_for_photos_and_no_room_is_waited_for():
    video = arrivals.with_file(arrivals.clip(), media_type="video/mp4")
    photo = arrivals.with_file(arrivals.jpeg())
    with rooms.room(rooms.LONG) as mine:
        assert mine
        assert not attaching.work(video.pk)
        assert attaching.work(photo.pk)
    assert arrivals.fresh(video).state == "kept"
    assert arrivals.fresh(photo).state == "ready"
    assert attaching.due() == [video.pk]


def test_no_name_and_no_picture_lies_in_clear(tmp_path):
    data = arrivals.jpeg(3) + b"CLEAR-MARKER-OF-A-FILE"
    row = arrivals.worked(data, tip=arrivals.a_tip())
    held = [path.read_bytes() for path in settings.VAULT_DIR.rglob("*") if path.is_file()]
    assert held
    assert not any(b"CLEAR-MARKER" in one or b"\xff\xd8\xff" in one[:64] for one in held)
    stored = Attachment.objects.filter(pk=row.pk).values_list("name", "facts", "likenesses", "source").get()
    assert b"IMG-1" not in b"".join(bytes(one) for one in stored if one is not None)
    keys.destroy(row.tip_id)
    keys.forget()
    assert arrivals.fresh(row).copy_bytes() is None


def test_what_was_passed_on_is_said_to_be():
    event = InboundEvent(alias="store", channel="whatsapp", event_key="1", received_at=clock.now())
    keys.create(event.pk, "inbound")
    event.sender, event.text, event.raw = "+212600000009", "", {"forwarded": "yes"}
    event.save(force_insert=True)
    row = arrivals.worked(arrivals.jpeg(), tip=arrivals.a_tip(event_id=event.pk))
    assert ["forwarded", ""] in row.facts["against"]
    assert str(facts.AGAINST["forwarded"]) in facts.words(row)
