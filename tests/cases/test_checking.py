"""Places are given out, called or visited, and ticked off; what was found changes the order."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from cases import checking, spots, transfer
from cases.checking import Found
from cases.close import close
from cases.likely import Child as Situation
from cases.models import Case, MoveRefused, Place, PlaceCheck
from cases.same_child import merge
from cases.standing import milestones
from tests import people
from tests.alerts import scene
from tests.desk import rich
from trust import clock
from trust.models import AuditEntry, Officer, Task
from trust.roles import Role

pytestmark = pytest.mark.django_db
TEEN = Situation(age=13)


@pytest.fixture
def case() -> Case:
    return rich.case()


def friend(case: Case) -> Place:
    return next(place for place in case.places.all() if place.kind == "friend")


def listed(case: Case) -> list[spots.Spot]:
    return spots.order(case, case.places.all(), TEEN, checking.of(case), clock.now())


def kinds(case: Case) -> list[str]:
    return [spot.place.kind or "" if spot.place else "home" for spot in listed(case)]


def answered(case: Case, place: Place | None, result: str, **told: Any) -> PlaceCheck:
    return checking.answer(case, people.ines(), place, Found(result, **told))


def sara() -> Officer:
    return people.officer("sara", Role.OFFICER, at=people.unit())


def test_home_stands_first_though_the_family_did_not_name_it(case: Case) -> None:
    assert kinds(case) == ["home", "friend", "station"]


def test_a_home_that_was_named_is_the_home(case: Case) -> None:
    answered(case, None, "not_there", thoroughness="looked")
    named = Place(case=case, kind="home", position=9)
    named.words = "12 rue des Orangers"
    named.save()
    spot = next(spot for spot in listed(case) if spot.place and spot.place.pk == named.pk)
    assert kinds(case).count("home") == 1
    assert [row.result for row in spot.done] == ["not_there"]


def test_a_searched_home_falls_behind_the_friend(case: Case) -> None:
    answered(case, None, "not_there", thoroughness="searched")
    assert kinds(case)[0] == "friend"


def test_a_place_given_out_is_owed_by_somebody_until_its_answer(case: Case) -> None:
    check = checking.ask(case, people.ines(), friend(case), "visited", to=sara(), within_minutes=20)
    task = Task.objects.still_open().get(kind="place_check")
    assert (task.owner, task.unit, task.subject) == (sara(), case.unit, case.pk)
    assert timedelta(minutes=19) < check.due_at - clock.now() <= timedelta(minutes=20)
    done = answered(case, friend(case), "nobody", how="called", minutes=5, words="personne")
    assert done.pk == check.pk
    task.refresh_from_db()
    assert (task.result, task.done_by) == ("nobody", people.ines())
    assert AuditEntry.objects.filter(action="place.checked", reason="nobody", subject=case.pk).exists()


def test_asking_twice_is_asking_once(case: Case) -> None:
    first = checking.ask(case, people.ines(), friend(case), "visited")
    assert checking.ask(case, people.ines(), friend(case), "called", to=sara()).pk == first.pk
    assert Task.objects.filter(kind="place_check").count() == 1


def test_a_patrol_goes_and_the_officer_owes_the_answer(case: Case) -> None:
    check = checking.ask(case, people.ines(), None, "asked", words="patrouille 4")
    assert Task.objects.get(kind="place_check").owner == people.ines()
    assert check.told["to"] == "patrouille 4"
    stored: Any = PlaceCheck.objects.values_list("told", flat=True).get(pk=check.pk)
    assert b"patrouille" not in bytes(stored)


def test_an_answer_that_nobody_asked_for_is_kept_too(case: Case) -> None:
    check = answered(case, friend(case), "refused")
    assert (check.asked_by, check.done_by, check.result) == (people.ines(), people.ines(), "refused")
    assert not Task.objects.filter(kind="place_check").exists()


def test_the_results_are_there_for_a_map(case: Case) -> None:
    station = next(place for place in case.places.all() if place.kind == "station")
    answered(case, station, "not_there", thoroughness="looked", minutes=30)
    answered(case, None, "seen_there")
    checking.ask(case, people.ines(), friend(case), "called")
    first, second = checking.results(case)
    assert (first.place, first.point, first.thoroughness, first.minutes) == (
        station.pk,
        scene.AGDAL,
        "looked",
        30,
    )
    assert (second.is_home, second.place, second.point) == (True, None, None)


def test_a_place_taken_off_the_list_keeps_its_result_and_is_not_the_home(case: Case) -> None:
    gone = friend(case)
    answered(case, gone, "not_there", thoroughness="searched")
    gone.delete()
    [result] = checking.results(case)
    assert (result.place, result.is_home) == (None, False)
    assert kinds(Case.objects.get(pk=case.pk))[0] == "home"
    assert PlaceCheck.objects.get().told["what"] == "chez Houda, rue des Oliviers"


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (Found("vanished"), "unknown_check"),
        (Found("not_there", how="flown"), "unknown_check"),
        (Found("not_there", thoroughness="very"), "unknown_check"),
        (Found("not_there", minutes=-1), "unknown_check"),
        (Found("not_there", minutes=100_000), "unknown_check"),
    ],
)
def test_what_makes_no_sense_is_not_kept(case: Case, found: Found, code: str) -> None:
    with pytest.raises(MoveRefused, match=code):
        checking.answer(case, people.ines(), None, found)
    assert not PlaceCheck.objects.exists()


def test_a_place_of_another_case_and_an_officer_of_another_unit_are_refused(case: Case) -> None:
    stranger = rich.case()
    with pytest.raises(MoveRefused, match="not_a_place"):
        checking.ask(case, people.ines(), friend(stranger), "visited")
    elsewhere = people.officer("hana", Role.OFFICER, at=people.unit("hassan"))
    with pytest.raises(MoveRefused, match="not_holder"):
        checking.ask(case, people.ines(), friend(case), "visited", to=elsewhere)
    with pytest.raises(MoveRefused, match="no_permission"):
        checking.ask(case, people.omar(), friend(case), "visited")


def test_a_case_that_ends_ends_what_is_open_and_takes_no_more(case: Case) -> None:
    checking.ask(case, people.ines(), friend(case), "visited")
    close(case, people.ines(), "found_safe")
    assert Task.objects.get(kind="place_check").result == "case_over"
    assert checking.results(case) == ()
    assert not PlaceCheck.objects.open().exists()
    with pytest.raises(MoveRefused, match="case_over"):
        answered(case, friend(case), "not_there")


def test_places_of_a_joined_report_are_checked_on_the_case(case: Case) -> None:
    joined = rich.case()
    checking.ask(joined, people.ines(), friend(joined), "visited", to=sara())
    same = {child.pk: None for child in joined.children.all()}
    merge(joined, case, people.ines(), same)
    case, joined = Case.objects.get(pk=case.pk), Case.objects.get(pk=joined.pk)
    done = answered(case, friend(joined), "not_there")
    assert [row.pk for row in checking.of(case)] == [done.pk]
    assert Task.objects.get(kind="place_check").result == "not_there"


def test_a_transfer_takes_what_is_owed_along(case: Case) -> None:
    checking.ask(case, people.ines(), friend(case), "visited", to=sara())
    elsewhere = people.unit("hassan")
    hana = people.officer("hana", Role.OFFICER, at=elsewhere)
    transfer.accept(transfer.ask(case, people.ines(), elsewhere, "plus proche"), hana)
    task = Task.objects.get(kind="place_check")
    assert (task.unit, task.owner) == (elsewhere, hana)


def test_the_family_reads_that_places_are_being_checked_and_no_more(case: Case) -> None:
    with override("en"):
        assert "Places are being checked" not in [str(stone.name) for stone in milestones(case)]
        done = answered(case, friend(case), "not_there")
        told = {str(stone.name): stone.at for stone in milestones(case)}
        assert told["Places are being checked"] == done.done_at
        assert not any("Houda" in name or "friend" in name for name in told)


def test_the_places_given_are_those_checked_or_to_be_checked(case: Case) -> None:
    assert checking.places_given(case) == set()
    checking.ask(case, people.ines(), friend(case), "visited")
    answered(case, None, "not_there")
    assert checking.places_given(case) == {friend(case).pk}
