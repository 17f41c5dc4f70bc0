"""On the page of a case: calling the family back, places to check, who looked, and what happened."""

import re

import pytest
from django.urls import reverse

from cases import checking, verification
from cases.checking import Found
from cases.models import CallBack, Case, PlaceCheck
from cases.verification import Attempt
from tests import people
from tests.alerts import scene
from tests.desk import pages, rich
from tests.desk.test_case_file import ines_in, shown
from trust.models import Task
from trust.roles import Role

pytestmark = pytest.mark.django_db
FATHER = "+212612345678"
CALL = {"number": FATHER, "relation": "father", "proof": "identity", "seen": "picture", "words": "CIN vue"}


@pytest.fixture
def case() -> Case:
    return rich.case()


def friend_key(case: Case) -> str:
    return str(next(place.pk for place in case.places.all() if place.kind == "friend"))


def test_the_number_is_one_tap_away_and_the_call_is_kept_with_what_was_shown(desk, case) -> None:
    client = desk(ines_in("en"))
    assert f'href="tel:{FATHER}"' in client.get(pages.of_case(case)).content.decode()
    answer = client.post(pages.of_case(case, "spoken"), {**CALL, "result": "confirmed"})
    assert answer.url == pages.of_case(case) + "#family"
    words = pages.words(client.get(pages.of_case(case)))
    for part in ("verified", "spoke with: father", "identity paper (a picture of it)", "CIN vue"):
        assert part in words
    assert "not verified" not in words


def test_another_number_is_marked_as_none_of_the_report(desk, case) -> None:
    client = desk(ines_in("en"))
    told = {**CALL, "number": "other", "other_number": "٠٦١٢٣٤٥٦٠٠", "result": "not_reached"}
    client.post(pages.of_case(case, "spoken"), told)
    assert CallBack.objects.get().told["number"] == "+212612345600"
    assert "not a number of the report" in pages.words(client.get(pages.of_case(case)))


@pytest.mark.parametrize(
    "told",
    [
        {},
        {**CALL},
        {**CALL, "result": "confirmed", "relation": ""},
        {**CALL, "number": "other", "result": "not_reached"},
    ],
)
def test_a_call_half_told_stays_on_the_page_and_is_not_kept(desk, case, told) -> None:
    answer = desk(ines_in("en")).post(pages.of_case(case, "spoken"), told)
    assert answer.status_code == 422
    assert not CallBack.objects.exists()
    assert told.get("words", "") in answer.content.decode()


def test_a_child_said_to_be_home_leads_to_how_it_ended(desk, case) -> None:
    answer = desk(people.ines()).post(pages.of_case(case, "spoken"), {**CALL, "result": "child_home"})
    assert answer.url == pages.of_case(case, "close")


def test_an_override_is_loud_on_the_case_and_its_words_are_for_who_may_read_them(desk, case) -> None:
    client = desk(ines_in("en"))
    wanting = client.post(pages.of_case(case, "override"), {"ground": "witnessed", "words": ""})
    assert wanting.status_code == 422
    client.post(pages.of_case(case, "override"), {"ground": "witnessed", "words": "vu par la patrouille"})
    words = pages.words(client.get(pages.of_case(case)))
    assert "Nobody verified this case. An officer went on without it. Inès Alami" in words
    assert "vu par la patrouille" in words
    version = pages.words(client.get(pages.of_version(scene.drafted(case))))
    assert "Nobody verified this case" in version
    assert "An officer or an authority saw it happen" in version
    pages.take_right(Role.OFFICER, "view_restricted")
    assert "vu par la patrouille" not in shown(desk, case)


def test_who_may_not_read_what_is_restricted_sees_that_it_was_confirmed_and_not_by_whom(desk, case) -> None:
    verification.record(
        case, people.ines(), Attempt("confirmed", number=FATHER, relation="father", words="CIN")
    )
    pages.take_right(Role.OFFICER, "view_restricted")
    words = shown(desk, case)
    assert "verified" in words
    for hidden in (FATHER, "CIN", "spoke with", "chez Houda"):
        assert hidden not in words


def test_each_place_stands_with_its_reason_home_first(desk, case) -> None:
    words = shown(desk, case)
    home, friend, station = (
        words.index(part) for part in ("where the child lives", "chez Houda", "gare d’Agdal")
    )
    assert home < friend < station
    assert "the child was found there before" in words
    assert words.index("check first") < friend


def test_one_tap_takes_a_place_and_the_next_says_what_came_of_it(desk, case) -> None:
    client = desk(ines_in("en"))
    answer = client.post(pages.of_case(case, "check"), {"place": friend_key(case), "how": "called"})
    assert answer.url == pages.of_case(case) + "#places"
    assert "Call there: Inès Alami" in pages.words(client.get(pages.of_case(case))).replace(
        "\u2068", ""
    ).replace("\u2069", "")
    home = pages.words(client.get(reverse("admin:index")))
    assert "Places for me to check" in home
    told = {"place": friend_key(case), "how": "called", "result": "nobody", "minutes": "٥", "words": "sonne"}
    client.post(pages.of_case(case, "checked"), told)
    check = PlaceCheck.objects.get()
    assert (check.result, check.minutes) == ("nobody", 5)
    words = pages.words(client.get(pages.of_case(case)))
    assert "nobody answered: try again" in words
    assert "Ordered anew after the last answer" in words


def test_a_place_is_given_to_somebody_else(desk, case) -> None:
    sara = people.officer("sara", Role.OFFICER, at=people.unit())
    client = desk(ines_in("en"))
    form = client.get(pages.of_case(case, "check"), {"place": friend_key(case)})
    assert "chez Houda" in pages.words(form)
    client.post(
        pages.of_case(case, "check"),
        {"place": friend_key(case), "how": "visited", "to": str(sara.pk), "minutes": "30"},
    )
    assert Task.objects.get(kind="place_check").owner == sara
    elsewhere = people.officer("hana", Role.OFFICER, at=people.unit("hassan"))
    refused = client.post(
        pages.of_case(case, "check"), {"place": "home", "how": "visited", "to": str(elsewhere.pk)}
    )
    assert refused.context["form"].errors["to"]


def test_the_child_found_leads_to_how_it_ended(desk, case) -> None:
    answer = desk(people.ines()).post(
        pages.of_case(case, "checked"), {"place": "home", "how": "visited", "result": "child_found"}
    )
    assert answer.url == pages.of_case(case, "close")
    assert PlaceCheck.objects.get().is_home


@pytest.mark.parametrize("key", ["", "nowhere", "00000000-0000-0000-0000-000000000000"])
def test_a_place_that_is_none_of_the_case_is_not_found(desk, case, key) -> None:
    client = desk(people.ines())
    assert client.post(pages.of_case(case, "check"), {"place": key, "how": "called"}).status_code == 404
    assert client.post(pages.of_case(case, "checked"), {"place": key, "result": "refused"}).status_code == 404


def test_an_answer_without_a_result_is_shown_again_beside_its_place(desk, case) -> None:
    answer = desk(ines_in("en")).post(pages.of_case(case, "checked"), {"place": "home", "how": "visited"})
    assert answer.status_code == 422
    assert "Say what came of it" in pages.words(answer)


def test_the_clocks_say_how_long_each_took_and_what_came_late(desk, case) -> None:
    client = desk(ines_in("en"))
    verification.record(case, people.ines(), Attempt("confirmed", number=FATHER, relation="father"))
    checking.answer(case, people.ines(), None, Found("not_there"))
    names = [(line["name"], bool(line["at"])) for line in client.get(pages.of_case(case)).context["clocks"]]
    assert names == [
        ("Last seen", True),
        ("Reported", True),
        ("Spoken with the family", True),
        ("Accepted", True),
        ("Proposal", False),
        ("Signature", False),
        ("First sent", False),
        ("First place checked", True),
    ]
    took = {line["name"]: line["took"] for line in client.get(pages.of_case(case)).context["clocks"]}
    assert took["Reported"] == "2 h 0 min"


def test_who_looked_is_shown_to_who_holds_cases_and_not_to_intake(desk, case) -> None:
    desk(people.omar()).get(pages.of_case(case))
    page = desk(ines_in("en")).get(pages.of_case(case))
    lines = {line.name: line for line in page.context["readers"]}
    assert set(lines) == {"Omar Tazi", "Inès Alami"}
    assert lines["Omar Tazi"].roles == "Approver"
    assert "the page of the case" in lines["Omar Tazi"].purposes
    intake = people.officer("yto", Role.INTAKE, at=people.unit(), language="en")
    assert "Who looked at it" not in pages.words(desk(intake).get(pages.of_case(case)))


def test_the_timeline_tells_acts_newest_first_and_none_of_their_words(desk, case) -> None:
    verification.record(case, people.ines(), Attempt("not_reached", number=FATHER))
    checking.answer(case, people.ines(), None, Found("not_there", words="porte fermée"))
    scene.drafted(case)
    events = desk(ines_in("en")).get(pages.of_case(case)).context["timeline"]
    words = [line["words"] for line in events]
    assert words[0] == "An alert was drafted"
    assert words.index("A place was checked: not there") < words.index("Call back: not reached")
    assert words[-1] == "Last seen"
    assert not any("fermée" in one for one in words)


def test_a_form_of_the_page_has_each_label_once(desk, case) -> None:
    page = desk(ines_in("en")).get(pages.of_case(case)).content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
