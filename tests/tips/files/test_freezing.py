"""Suspected abuse material is shut at once by one; to look, or to release it, takes two."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.people import ines, lea, officer, omar, unit
from tests.tips import arrivals
from tips import retention
from tips.files import attaching, custody, footage, freezing, likening, sealing_files, verdicts, working
from tips.media.prints import Print as Looks
from tips.models import Attachment, Print, Tip
from tips.refusals import TipRefused
from trust import clock
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_memory():
    likening.forget()
    yield
    likening.forget()


def sami():
    return officer("sami", Role.APPROVER, display_name="Sami Bennis", at=unit())


def refusal(act, *arguments, **named):
    with pytest.raises(TipRefused) as refused:
        act(*arguments, **named)
    assert str(refused.value)
    return refused.value.code


def frozen(data=None):
    row = arrivals.worked(data or arrivals.jpeg(1))
    freezing.freeze(row, ines())
    return arrivals.fresh(row)


def files_of(row):
    return [
        path for key in (row.copy_key, row.still_key) if key for path in Path(settings.VAULT_DIR).rglob(key)
    ]


def test_one_officer_shuts_it_and_every_file_of_the_same_bytes(django_capture_on_commit_callbacks):
    row, twin = arrivals.worked(arrivals.jpeg(1)), arrivals.worked(arrivals.jpeg(1))
    shown = files_of(row) + files_of(twin)
    assert len(shown) == 4
    with django_capture_on_commit_callbacks(execute=True):
        assert freezing.freeze(row, ines()) == 2
    assert not any(path.exists() for path in shown)
    for one in (arrivals.fresh(row), arrivals.fresh(twin)):
        assert (one.state, one.copy_bytes(), one.still_key, one.likenesses) == ("frozen", None, "", None)
        assert sealing_files.original(one) == arrivals.jpeg(1)  # for custody
    looks = Looks.unpacked(base64.b64decode(Print.objects.get().packed))
    assert (looks.grey, len(looks.points)) == (b"", 0)
    assert AuditEntry.objects.filter(action="attachment.frozen", actor=ines().pk).count() == 2


def test_what_is_frozen_is_shut_when_it_comes_again_and_known_when_it_is_changed():
    row = frozen()
    again = arrivals.worked(arrivals.jpeg(1))
    assert (again.state, again.copy_key, again.frozen_by) == ("frozen", "", None)
    changed = arrivals.worked(arrivals.jpeg(1, 50))
    assert [one["attachment"] for one in changed.likenesses] == [str(row.pk)]


def test_who_has_no_right_or_another_desk_freezes_nothing():
    row = arrivals.worked(arrivals.jpeg(1))
    elsewhere = officer("rim", Role.OFFICER, at=lea().unit)
    assert refusal(freezing.freeze, row, lea()) == "no_permission"
    assert refusal(freezing.freeze, row, elsewhere) == "not_yours"
    assert arrivals.fresh(row).state == "ready"


def test_a_worker_in_the_middle_of_it_shows_nothing_any_more():
    row = arrivals.with_file(arrivals.jpeg(1))
    row_of_worker = working._claim(row.pk)
    assert row_of_worker is not None
    freezing.freeze(row, ines())
    working._look(row_of_worker)
    assert (arrivals.fresh(row).state, arrivals.fresh(row).copy_key) == ("frozen", "")


def test_looking_takes_two_a_fresh_factor_and_ends_after_an_hour(monkeypatch):
    row = frozen()
    assert refusal(freezing.look, row, omar()) == "not_open_frozen"
    asked = freezing.ask(freezing.OPEN, row, omar(), "identify_child")
    assert refusal(freezing.ask, freezing.OPEN, row, sami(), "court") == "second_waits"
    assert refusal(freezing.answer, asked, omar(), agree=True, factor_at=clock.now()) == "same_person"
    assert refusal(freezing.answer, asked, sami(), agree=True, factor_at=None) == "factor_not_fresh"
    assert refusal(freezing.answer, asked, ines(), agree=True, factor_at=clock.now()) == "no_permission"
    assert freezing.waiting(omar()) == []
    assert freezing.waiting(sami()) == [(asked, row)]
    freezing.answer(asked, sami(), agree=True, factor_at=clock.now())
    picture, media_type = freezing.look(row, omar())
    assert (picture[:2], media_type) == (b"\xff\xd8", "image/jpeg")
    assert refusal(freezing.look, row, sami()) == "not_open_frozen"  # who agreed has not asked
    assert arrivals.fresh(row).copy_key == ""
    monkeypatch.setattr(clock, "SHIFT", timedelta(hours=1, minutes=1))
    assert refusal(freezing.look, row, omar()) == "not_open_frozen"
    acts = AuditEntry.objects.filter(subject=row.pk).values_list("action", flat=True)
    assert list(acts.order_by("id"))[-3:] == [
        "attachment.frozen_open_asked", "attachment.freeze_answered", "attachment.frozen_opened",
    ]  # fmt: skip


def test_a_refusal_opens_nothing():
    row = frozen()
    asked = freezing.ask(freezing.OPEN, row, omar(), "court")
    freezing.answer(asked, sami(), agree=False, factor_at=clock.now())
    assert refusal(freezing.look, row, omar()) == "not_open_frozen"


def test_two_release_it_and_a_worker_makes_its_copy_anew():
    row = frozen()
    asked = freezing.ask(freezing.RELEASE, row, omar(), "mistake")
    freezing.answer(asked, sami(), agree=True, factor_at=clock.now())
    assert attaching.due() == [row.pk]
    attaching.work(row.pk)
    row = arrivals.fresh(row)
    assert (row.state, row.frozen_at) == ("ready", None)
    assert row.copy_bytes()
    assert row.prints.count() == 1


def test_nothing_else_is_done_with_what_is_frozen():
    row = frozen()
    assert refusal(verdicts.give, row, ines(), "old", "Known from 2023") == "frozen"
    assert refusal(footage.add, row, ines(), "A title", "An origin", None) == "frozen"
    assert refusal(custody.export, row, omar(), "court") == "not_open_frozen"
    assert refusal(freezing.freeze, row, ines()) == "frozen"


def test_a_tip_with_a_frozen_file_outlives_its_term(monkeypatch):
    row = frozen()
    Tip.objects.filter(pk=row.tip_id).update(state="false", state_at=clock.now() - timedelta(days=400))
    retention.purge()
    assert sealing_files.original(arrivals.fresh(row)) == arrivals.jpeg(1)
    assert Attachment.objects.count() == 1
