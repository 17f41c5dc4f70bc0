"""The child is seen: the places to check change at once, and change back when it proves to be wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from cases import checking, sightings, spots
from cases.checking import Found
from cases.close import close
from cases.forms.words import zone
from cases.likely import Child as Situation
from cases.models import Case, MoveRefused, PlaceCheck, Sighting
from cases.reported import ReportedPlace
from cases.same_child import merge
from cases.sightings import Seen
from tests import people
from tests.alerts import scene
from tests.desk import rich
from trust import clock
from trust.models import AuditEntry, Task

pytestmark = pytest.mark.django_db
TEEN = Situation(age=13)
STATION = ReportedPlace("gare de Rabat-Agdal, quai 2", point=scene.AGDAL, error_m=150, source="tapped")


@pytest.fixture
def case() -> Case:
    return rich.case()


def seen(minutes_ago: int = 14, **told: Any) -> Seen:
    values = {"certainty": "likely", "source_class": "witness", **told}
    return Seen(values.pop("place", STATION), clock.now() - timedelta(minutes=minutes_ago), **values)


def added(case: Case, minutes_ago: int = 14, **told: Any) -> Sighting:
    return sightings.add(case, people.ines(), seen(minutes_ago, **told))


def listed(case: Case) -> list[spots.Spot]:
    rows = sightings.of(case)
    return spots.order(case, case.places.all(), TEEN, checking.of(case), clock.now(), rows)


def kinds(case: Case) -> list[str]:
    return [
        "seen" if spot.sighting else (spot.place.kind or "") if spot.place else "home"
        for spot in listed(case)
    ]


def test_a_fresh_sighting_is_the_first_place_to_check(case: Case) -> None:
    assert kinds(case) == ["home", "friend", "station"]
    added(case)
    assert kinds(case) == ["seen", "home", "friend", "station"]
    assert listed(case)[0].ranked.band == "first"


def test_an_old_or_doubtful_one_stands_below_the_home(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(last_seen_at=clock.now() - timedelta(hours=9))
    added(case, 8 * 60)
    added(case, 10, certainty="doubtful")
    assert kinds(case)[0] == "home"
    assert set(kinds(case)[-3:]) == {"seen", "station"}


def test_it_falls_once_somebody_looked_there(case: Case) -> None:
    row = added(case)
    check = checking.ask(case, people.ines(), row, "visited")
    assert checking.ask(case, people.ines(), row, "called").pk == check.pk
    assert (check.sighting, check.is_home, check.told["kind"]) == (row, False, "seen")
    found = Found("not_there", thoroughness="searched")
    assert checking.answer(case, people.ines(), row, found).pk == check.pk
    assert kinds(case)[:2] == ["home", "friend"]
    spot = next(one for one in listed(case) if one.sighting)
    assert "was_not_there" in spot.ranked.reasons
    assert [row.result for row in spot.done] == ["not_there"]


def test_one_that_proves_false_moves_the_places_back_and_its_check_falls(case: Case) -> None:
    before = kinds(case)
    row = added(case)
    checking.ask(case, people.ines(), row, "visited")
    assert sightings.withdraw(row, people.ines(), "false", "le témoin a inventé") is True
    assert sightings.withdraw(row, people.ines(), "mistake") is False
    assert kinds(case) == before
    assert not PlaceCheck.objects.open().exists()
    assert Task.objects.get(kind="place_check").result == "withdrawn"
    assert AuditEntry.objects.filter(
        action="sighting.withdrawn", subject=case.pk, reason="false"
    ).count() == 1  # fmt: skip
    with pytest.raises(MoveRefused, match="not_a_place"):
        checking.ask(case, people.ines(), row, "visited")


def test_what_was_seen_is_sealed_and_the_log_holds_codes(case: Case) -> None:
    row = added(case, note="avec un homme en veste verte")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, point_json, note FROM cases_sighting")
        held = b"".join(bytes(value) for value in cursor.fetchone())
    assert b"gare" not in held
    assert b"veste" not in held
    entry = AuditEntry.objects.get(action="sighting.added")
    assert (entry.subject, entry.after, entry.reason) == (case.pk, str(row.pk), "likely")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"place": ReportedPlace("")}, "no_place"),
        ({"certainty": "perhaps"}, "unknown_sighting"),
        ({"source_class": "dream"}, "unknown_sighting"),
        ({"seen_error_min": 10**7}, "unknown_sighting"),
        ({"minutes_ago": -30}, "wrong_hour"),
        ({"minutes_ago": 60 * 24 * 3}, "wrong_hour"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(case: Case, told: dict[str, Any], code: str) -> None:
    with pytest.raises(MoveRefused) as refused:
        added(case, **told)
    assert refused.value.code == code
    assert not Sighting.objects.exists()


def test_who_has_no_right_or_sits_elsewhere_adds_none(case: Case) -> None:
    for stranger in (people.omar(), people.lea()):
        with pytest.raises(MoveRefused, match="no_permission"):
            sightings.add(case, stranger, seen())
    row = added(case)
    with pytest.raises(MoveRefused, match="no_permission"):
        sightings.withdraw(row, people.lea(), "false")


def test_a_closed_case_takes_no_sighting(case: Case) -> None:
    close(case, people.ines(), "found_safe")
    with pytest.raises(MoveRefused, match="case_over"):
        added(case)


def test_a_sighting_of_a_joined_report_stands_in_the_case_that_is_worked_on(case: Case) -> None:
    twin = rich.uncle(case)
    row = added(twin)
    first, _second = case.children.all()
    merge(twin, case, people.ines(), {twin.children.get().pk: first.pk})
    assert [one.pk for one in sightings.of(case)] == [row.pk]
    assert kinds(case)[0] == "seen"
    assert added(Case.objects.get(pk=twin.pk)).case == case


def test_the_page_says_when_by_whom_and_how_surely(client: Any, case: Case) -> None:
    added(case, seen_error_min=10)
    officer = people.ines()
    officer.language = "en"
    officer.save()
    people.login(client, officer)
    page = client.get(f"/police/cases/case/{case.pk}/change/").content.decode().replace("\xa0", " ")
    assert "Seen here 14 minutes ago, by a witness: likely (give or take 10 min)." in page
    assert "gare de Rabat-Agdal" in page
    assert ">1</text>" in page


def test_a_sighting_is_typed_in_by_hand_and_taken_back(client: Any, case: Case) -> None:
    people.login(client, people.ines())
    address = f"/police/cases/case/{case.pk}/sighting/"
    assert client.get(address).status_code == 200
    told = {"words": "souk de Salé", "certainty": "certain", "source_class": "camera"}
    assert b'role="alert"' in client.post(address, told).content  # no hour
    local = (clock.now() - timedelta(minutes=20)).astimezone(zone())
    told |= {"said_date": local.date().isoformat(), "said_time": f"{local:%H:%M}", "point": "34,03 ; x"}
    assert client.post(address, told).status_code == 200  # no point
    told["point"] = "34.03, -6.82"
    assert client.post(address, told).status_code == 302
    row = Sighting.objects.get()
    assert (row.words, row.source_class, row.error_m) == ("souk de Salé", "camera", 200)
    client.post(f"{address}{row.pk}/", {"why": "other_child", "words": ""})
    row.refresh_from_db()
    assert row.withdrawn_why == "other_child"
