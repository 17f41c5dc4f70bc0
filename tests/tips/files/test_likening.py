"""What was seen before is found again: among tips, children's photos and known footage, and nobody else's."""

from dataclasses import replace

import pytest
from django.utils import timezone

from cases.models import CaseState
from cases.report import ReportedPhoto
from tests.cases import family
from tests.people import ines, lea
from tests.tips import arrivals
from tips import assessing
from tips.files import attaching, child_photos, likening
from tips.media.index import HASHES
from tips.models import Attachment, Print
from trust import keys
from trust.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_memory():
    likening.forget()
    yield
    likening.forget()


def named(row):
    return [(one.get("attachment") or one.get("photo") or one.get("footage")) for one in row.likenesses]


def test_a_cropped_and_recompressed_photo_is_found_and_another_is_not():
    first = arrivals.worked(arrivals.jpeg(1))
    again = arrivals.worked(arrivals.cropped_jpeg(1))
    other = arrivals.worked(arrivals.jpeg(2))
    assert first.likenesses == []
    assert named(again) == [str(first.pk)]
    assert again.likenesses[0]["how"] == "straight"
    assert 20 <= again.likenesses[0]["strength"] <= 100
    assert other.likenesses == []


def test_the_same_file_by_many_costs_one_reading_and_one_print(monkeypatch, django_assert_max_num_queries):
    data = arrivals.jpeg(1)
    first = arrivals.worked(data)
    asked = []
    monkeypatch.setattr("tips.files.copying.make", lambda *_: asked.append(1))
    rows = [arrivals.worked(data) for _ in range(8)]
    assert not asked
    assert Print.objects.count() == 1
    assert {tuple(named(row)) for row in rows} == {(str(first.pk),)}
    assert all(row.state == "ready" and row.copy_bytes() == first.copy_bytes() for row in rows)
    row = arrivals.with_file(data)
    with django_assert_max_num_queries(45):
        attaching.work(row.pk)


def test_twins_are_set_against_their_own_claims():
    data = arrivals.jpeg(1)
    arrivals.worked(data)
    liar = arrivals.worked(data, tip=arrivals.a_tip(seen_at=timezone.now()))
    assert liar.facts["against"] == [["no_metadata", ""]]


@pytest.mark.long
def test_a_crowd_of_alike_photos_is_not_taken_into_memory(monkeypatch):
    monkeypatch.setattr(likening, "CROWD", 2)
    rows = [arrivals.worked(arrivals.jpeg(1, quality)) for quality in (95, 90, 80, 70)]
    likening._known.catch_up()
    assert len(likening._known.pictures.points) == 2 * HASHES
    assert len(rows[-1].likenesses) == 2


def test_a_part_of_a_clip_is_found_with_where_it_lies():
    long = arrivals.worked(arrivals.clip(1, 12.0), media_type="video/mp4")
    part = arrivals.worked(arrivals.part_of_clip(), media_type="video/mp4")
    assert named(part) == [str(long.pk)]
    assert part.likenesses[0]["at_s"] == pytest.approx(5, abs=1)


def test_a_picture_taken_out_of_a_clip_is_found_with_its_moment():
    film = arrivals.worked(arrivals.clip(2, 8.0), media_type="video/mp4")
    shot = arrivals.worked(arrivals.frame_of_clip(2, 8.0, 4.2))
    (like,) = shot.likenesses
    assert (like["attachment"], like["kind"]) == (str(film.pk), "part")
    assert like["at_s"] == pytest.approx(4.2, abs=1)


def test_a_process_that_starts_later_knows_all_and_what_is_erased_no_more():
    first = arrivals.worked(arrivals.jpeg(1))
    erased = arrivals.worked(arrivals.jpeg(2))
    likening.forget()  # as in another process
    assert named(arrivals.worked(arrivals.cropped_jpeg(1))) == [str(first.pk)]
    keys.destroy(erased.tip_id)
    keys.forget()
    assert arrivals.worked(arrivals.cropped_jpeg(2)).likenesses == []


def test_a_childs_photo_is_found_by_its_own_agency_while_the_case_is_open():
    ines()
    shown = ReportedPhoto(arrivals.jpeg(4), arrivals.jpeg(4), 640, 480)
    case = family.a_case(children=(replace(family.report().children[0], photos=(shown,)),))
    assert child_photos.take_in() == 1
    assert child_photos.take_in() == 0
    ours = arrivals.worked(arrivals.cropped_jpeg(4))
    theirs = arrivals.worked(arrivals.cropped_jpeg(4) + b" ", unit=lea().unit)
    assert "photo" in ours.likenesses[0]
    assert "photo" not in str(theirs.likenesses)
    type(case).objects.filter(pk=case.pk).update(state=CaseState.CLOSED)
    child_photos.take_in()
    assert not Print.objects.filter(photo_id__isnull=False).exists()


def test_the_tip_is_assessed_again_once_its_file_was_looked_at(monkeypatch):
    seen = []
    monkeypatch.setattr(assessing, "assess", lambda tip: seen.append(tip.attachments.get().state))
    arrivals.worked(arrivals.jpeg(1))
    assert seen == ["ready"]


def test_a_fault_of_the_assessment_loses_no_copy(monkeypatch):
    def fails(tip):
        raise RuntimeError

    monkeypatch.setattr(assessing, "assess", fails)
    row = arrivals.with_file(arrivals.jpeg(1))
    attaching.work(row.pk)
    assert Task.objects.get(kind="tip_unassessed").subject == row.tip.pk
    assert Attachment.objects.get().state == "ready"
    assert ines().unit == row.tip.unit
