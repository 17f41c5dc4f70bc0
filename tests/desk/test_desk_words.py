"""At the desk the family's screens speak of whoever reports: the officer is not the mother."""

import pytest
from django.urls import reverse

from cases.reported import Reporter
from tests import people
from tests.desk import pages, rich
from trust.models import Officer

pytestmark = pytest.mark.django_db
SPOKEN_TO_THE_FAMILY = (
    "Your name",
    "You are",
    "Your phone",
    "your neighbour",
    "Say who you are",
    "Give your name",
)


@pytest.fixture
def ines(db):
    Officer.objects.filter(pk=people.ines().pk).update(language="en")
    return Officer.objects.get(username=people.ines().username)


def telling(case, screen: str) -> str:
    return pages.of_case(case).replace("/change/", f"/tell/{screen}/")


def speaks_to_the_family(page) -> list[str]:
    words = pages.words(page)
    return [said for said in SPOKEN_TO_THE_FAMILY if said in words]


@pytest.mark.parametrize("screen", ["you", "consent/1"])
def test_a_screen_at_the_desk_speaks_of_whoever_reports(desk, ines, screen) -> None:
    page = desk(ines).get(telling(rich.case(), screen))
    assert page.status_code == 200
    assert speaks_to_the_family(page) == []
    assert "Relation to the child" in pages.words(page)


def test_an_answer_without_a_guardian_is_refused_in_the_desks_words(desk, ines) -> None:
    nobody = rich.case(reporter=Reporter("", "+212612345678", ""))
    page = desk(ines).post(telling(nobody, "consent/1"), {"answer": "all", "act": "save"})
    assert page.status_code == 422
    assert "Give the name of whoever says yes or no." in pages.words(page)
    assert "Say who this person is to the child." in pages.words(page)
    assert speaks_to_the_family(page) == []


def test_a_guardian_who_was_cleared_is_not_taken_from_the_report(desk, ines) -> None:
    case = rich.case()
    before = case.consents.count()
    sent = {"answer": "all", "relation": "father", "guardian": "", "act": "save"}
    page = desk(ines).post(telling(case, "consent/1"), sent)
    assert page.status_code == 422
    assert case.consents.count() == before


def test_filing_without_a_number_asks_for_the_familys(desk, ines) -> None:
    page = desk(ines).post(reverse("admin:cases_case_file"), {"act": "send"})
    assert "Give a phone number on which the family can be called back." in pages.words(page)
    assert speaks_to_the_family(page) == []


def test_the_familys_own_screen_still_speaks_to_them(client) -> None:
    assert "Your phone" in pages.words(client.get("/en/report/"))
