"""Tips about one thing find each other; a new one opens again what was closed; copies are no witnesses."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import ines
from tests.tips.told import tells
from tips import assessing
from tips.models import Attachment, Mark, Tip
from trust import clock
from trust.models import AuditEntry, Task

pytestmark = pytest.mark.django_db
HERE = {"lat": 34.0163, "lon": -6.8355, "error_m": 50, "how": "pin"}
NEXT_DOOR = {"lat": 34.0200, "lon": -6.8300, "error_m": 50, "how": "pin"}
FAR = {"lat": 33.5731, "lon": -7.5898, "error_m": 50, "how": "pin"}
PHOTO = "ab" * 32


def with_photo(number, sha=PHOTO, words=""):
    tip = tells(words, number)
    Attachment.objects.create(tip=tip, kind="photo", original_sha256=sha, state="kept")
    assessing.assess(tip)
    tip.refresh_from_db()
    return tip


def closed(tip, state=Tip.State.UNRELATED):
    tip.move(Tip.State.SEEN, ines())
    tip.move(state, ines())
    Tip.objects.filter(pk=tip.pk).update(decided_by=ines())


def codes(tip):
    tip.refresh_from_db()
    return {code for code, _values in tip.reasons}


def test_two_tips_of_one_plate_are_one_cluster_named_by_the_first():
    first = tells("voiture blanche 12345-A-6 devant l'école", "+212661000001")
    second = tells("12345 | أ | 6 كانت واقفة هنا", "+212661000002")
    third = tells("voiture 54321-B-7", "+212661000003")
    assert second.cluster == first.pk
    assert third.cluster == third.pk


@pytest.mark.postgresql
def test_same_place_and_hour_agree_and_raise_each_other():
    now = clock.now()
    first = tells("j'ai vu la fille ici", "+212661000001", place=HERE, seen_at=now)
    alone = first.score
    second = tells("cheft lbnt hna", "+212661000002", place=NEXT_DOOR, seen_at=now - timedelta(minutes=30))
    assert second.cluster == first.pk
    assert "agrees" in codes(first)
    assert "agrees" in codes(second)
    assert first.score > alone


def test_a_theft_at_that_place_and_hour_is_another_thing():
    now = clock.now()
    seen = tells("j'ai vu la fille ici", "+212661000001", place=HERE, seen_at=now)
    theft = tells("on m'a volé mon téléphone", "+212661000002", place=NEXT_DOOR, seen_at=now)
    again = tells("srqo lia sak dyali, cheffara", "+212661000003", place=HERE, seen_at=now)
    assert (theft.guess, again.guess) == (Tip.Guess.OFFENCE, Tip.Guess.OFFENCE)
    assert seen.cluster != theft.cluster == again.cluster


def test_a_car_that_passed_two_places_does_not_make_one_of_them():
    now = clock.now()
    here = tells("j'ai vu la fille ici", "+212661000001", place=HERE, seen_at=now)
    far = tells("cheft lbnt hna", "+212661000002", place=FAR, seen_at=now)
    car = tells("voiture 12345-A-6", "+212661000003", place=HERE, seen_at=now)
    again = tells("12345 | أ | 6", "+212661000004", place=FAR, seen_at=now)
    far.refresh_from_db()
    assert here.cluster == car.cluster == again.cluster != far.cluster


def test_the_same_person_twice_agrees_with_nobody():
    now = clock.now()
    tells("j'ai vu la fille ici", "+212661000001", place=HERE, seen_at=now)
    again = tells("cheft lbnt hna", "+212661000001", place=HERE, seen_at=now)
    assert "agrees" not in codes(again)


@pytest.mark.parametrize(
    ("place", "later"),
    [(FAR, timedelta(0)), (HERE, timedelta(hours=5)), ({**HERE, "error_m": 8000}, timedelta(0))],
)
def test_another_place_or_hour_or_a_whole_town_is_no_neighbour(place, later):
    now = clock.now()
    tells("j'ai vu la fille ici", "+212661000001", place=HERE, seen_at=now - timedelta(hours=6))
    other = tells("cheft lbnt", "+212661000002", place=place, seen_at=now - timedelta(hours=6) + later)
    assert other.cluster == other.pk


def test_a_copy_of_one_photo_is_a_copy_and_no_further_witness():
    first = with_photo("+212661000001")
    copies = [with_photo(f"+2126610001{number:02}") for number in range(4)]
    assert {copy.cluster for copy in copies} == {first.pk}
    assert all(copy.is_copy for copy in copies)
    assert "agrees" not in codes(copies[-1])


def test_five_hundred_copies_cost_as_many_queries_each_as_a_few():
    with_photo("+212661000001")
    counted = []
    for number in range(30):
        tip = tells("", f"+2126620001{number:02}")
        Attachment.objects.create(tip=tip, kind="photo", original_sha256=PHOTO, state="kept")
        with CaptureQueriesContext(connection) as asked:
            assessing.assess(tip)
        counted.append(len(asked))
    assert counted[-1] <= counted[2] <= 25


def test_a_link_between_two_clusters_makes_them_one():
    first = tells("voiture 12345-A-6", "+212661000001")
    second = tells("https://www.facebook.com/groups/1/posts/77?fbclid=x", "+212661000002")
    assert second.cluster == second.pk
    tells("la voiture 12345-A-6 https://facebook.com/groups/1/posts/77", "+212661000003")
    second.refresh_from_db()
    assert second.cluster == first.pk


@pytest.mark.postgresql
def test_a_new_tip_opens_a_closed_neighbour_and_tells_who_closed_it():
    first = tells("voiture 12345-A-6 devant l'école", "+212661000001")
    closed(first)
    second = tells("une fille crie dans la voiture 12345-A-6", "+212661000002")
    first.refresh_from_db()
    assert first.state == Tip.State.SEEN
    assert Task.objects.still_open().filter(subject=first.pk, owner=ines()).count() == 1
    entry = AuditEntry.objects.get(action="tip.reopened")
    assert (entry.subject, entry.after) == (first.pk, str(second.pk))


def test_what_became_a_sighting_stays_one():
    first = tells("voiture 12345-A-6 devant l'école", "+212661000001")
    closed(first, Tip.State.SIGHTING)
    tells("voiture 12345-A-6 encore", "+212661000002")
    first.refresh_from_db()
    assert first.state == Tip.State.SIGHTING


def test_one_more_copy_of_an_old_photo_opens_nothing_but_new_words_do():
    first = with_photo("+212661000001")
    closed(first, Tip.State.OLD)
    with_photo("+212661000002")
    first.refresh_from_db()
    assert first.state == Tip.State.OLD
    other = tells("voiture 12345-A-6", "+212661000003")
    closed(other, Tip.State.FALSE)
    tells("j'ai revu la voiture 12345-A-6", "+212661000004")
    other.refresh_from_db()
    assert other.state == Tip.State.SEEN


def test_reading_a_tip_again_changes_nothing():
    tip = tells("cheft lbnt 12345-A-6 7da la gare Rabat Ville daba", "+212661000001")
    before = (tip.cluster, tip.score, tip.reasons, Mark.objects.filter(tip=tip).count())
    assessing.assess(tip)
    tip.refresh_from_db()
    assert (tip.cluster, tip.score, tip.reasons, Mark.objects.filter(tip=tip).count()) == before


def test_marks_say_nothing_to_whoever_reads_the_database():
    tip = tells("voiture 12345-A-6, appelez 0661234567", "+212661000001")
    tokens = "".join(Mark.objects.filter(tip=tip).values_list("token", flat=True))
    assert tokens
    assert "12345" not in tokens
