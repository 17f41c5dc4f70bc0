"""What one guardian may not learn of the other, nor whoever reports of the police: by every screen."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from cases import same_child
from cases.accept import accept
from cases.close import close
from cases.consenting import give
from cases.forms.screens import SCREENS
from cases.models import Case, Consent, Facts
from cases.report import ReportedChild, ReportedPlace, Reporter, receive
from cases.telling import KEPT, Told, amend, tell
from cases.views import key
from tests import people
from tests.cases import family
from tests.desk import pages
from trust import clock

pytestmark = pytest.mark.django_db
MORE = "/fr/report/more/"
FATHER = Reporter("Karim Zerhouni", "+212611111111", "father")
OF_FATHER = ("sirop secret", "Maître Secrète", "Adam")


@pytest.fixture
def mother(ines) -> Case:
    case = receive(family.report()).case
    accept(case, ines)
    return case


@pytest.fixture
def father(mother, ines) -> Case:
    """The other guardian's report, of two children, joined to the mother's."""
    contacts = [{"who": "avocate Maître Secrète", "reach": "0699"}]
    facts = {"medicine": "sirop secret", "contacts": contacts}
    children = (
        ReportedChild("Yasmine", "Zerhouni", age_years=11, sex="girl"),
        ReportedChild("Adam", "Zerhouni", age_years=5, sex="boy", facts=facts, photos=(family.PHOTO,)),
    )
    places = (ReportedPlace("cachette du père", "friend"),)
    told = family.report(children=children, reporter=FATHER, consent=None, places=places)
    case = receive(told).case
    one, two = case.children.all()
    same_child.merge(case, mother, ines, {one.pk: mother.children.get().pk, two.pk: None})
    return Case.objects.get(pk=case.pk)


def shown(case: Case, address: str) -> str:
    page = Client().post(address, {"key": key.field(case), "act": "open"})
    return unescape(page.content.decode())


def test_no_screen_shows_a_child_that_only_the_other_guardian_reported(mother, father):
    addresses = [f"{MORE}{screen}/{number}" for screen in SCREENS for number in ("", "2/")]
    for address in (*addresses, MORE, "/fr/report/follow/"):
        page = shown(mother, address)
        assert not [secret for secret in (*OF_FATHER, "cachette") if secret in page], address


def test_the_joined_reporter_reads_nothing_of_the_other(mother, father):
    for screen in SCREENS:
        page = shown(father, f"{MORE}{screen}/")
        assert not [s for s in ("Samira", "Oliviers", "612345678") if s in page], screen


def test_where_an_officer_places_the_child_is_not_shown_to_whoever_reported(mother, ines):
    by_officer = Told("officer", "fr", ines)
    amend(mother, "last_seen_place", {"last_seen_words": "devant le foyer Secret"}, by_officer)
    amend(mother, "last_seen_at", {"last_seen_at": mother.last_seen_at - timedelta(days=400)}, by_officer)
    page = shown(mother, f"{MORE}last_seen/")
    assert "foyer Secret" not in page
    assert str((family.SEEN_AT - timedelta(days=400)).year) not in page
    Client().post(f"{MORE}last_seen/", {"key": key.field(mother), "act": "save", "transport": "on_foot"})
    assert Case.objects.get(pk=mother.pk).last_seen_words == "devant le foyer Secret"


def test_a_place_that_the_reporter_takes_off_the_list_stays_on_the_desk(mother, client, ines):
    place = mother.places.get()
    Client().post(f"{MORE}places/", {"key": key.field(mother), "remove": str(place.pk), "act": "add"})
    assert not mother.places.exists()
    people.login(client, ines)
    page = unescape(client.get(pages.of_case(mother)).content.decode())
    assert "Oliviers" in page


def test_what_a_family_says_often_never_pushes_out_what_an_officer_typed(mother, ines):
    child = mother.children.get()
    tell(mother, child, {"height": 50}, Told())
    tell(mother, child, {"height": 134}, Told("officer", "fr", ines))
    for height in range(60, 60 + 2 * KEPT):
        tell(mother, child, {"height": height}, Told())
    rows = Facts.objects.get(child=child, group="looks").entries["height"]
    assert len(rows) == KEPT
    assert [row["value"] for row in rows if row["source"] == "officer"] == [134]
    assert (rows[0]["value"], rows[-1]["value"]) == (50, 59 + 2 * KEPT)


def test_a_no_in_a_second_report_of_the_same_name_is_not_passed_over(mother, ines):
    second = receive(family.report(consent=None)).case
    same_child.merge(second, mother, ines, {second.children.get().pk: mother.children.get().pk})
    who = Reporter(family.RESTRICTED["mother"], family.RESTRICTED["phone"], "mother")
    give(second.children.get(), who, family.consent(fields=()))
    assert Consent.allows_for(mother.children.get(), "name", "sms", clock.now())
    assert Case.objects.get(pk=mother.pk).conflict


def test_the_form_sent_again_says_nothing_once_the_place_is_withheld(client, ines):
    form = family.form(submission=client.get("/fr/report/").context["submission"])
    client.post("/fr/report/", form)
    case = Case.objects.get()
    accept(case, ines)
    close(case, ines, "found_place_withheld")
    again = client.post("/fr/report/", form)
    assert (again.status_code, again["Location"]) == (302, "/fr/report/follow/")


def test_another_site_cannot_open_its_own_thread_in_a_familys_browser(client, mother):
    for address in (MORE, "/fr/report/follow/", f"{MORE}health/"):
        form = {"key": key.field(mother)}
        client.post(address, form, headers={"Sec-Fetch-Site": "cross-site"})
        assert key.COOKIE not in client.cookies
