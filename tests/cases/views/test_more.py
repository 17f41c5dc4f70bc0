"""The short screens after the first minute: reached by a key, saved as they are left."""

import re
import time
from datetime import timedelta
from html import unescape
from itertools import pairwise

import pytest
from django.core import signing
from django.http import HttpResponse, QueryDict
from django.test import Client

from cases import thread
from cases.forms.screens import PER_CHILD, SCREENS
from cases.models import Case, CaseState, Facts, StepCount
from cases.report import ReportedChild, receive
from cases.views import carry, key, steps
from tests.cases import family
from trust import clock, secrets

pytestmark = pytest.mark.django_db
MORE = "/fr/report/more/"
real_time = time.time


@pytest.fixture
def received(ines):
    return receive(family.report())


@pytest.fixture
def case(received):
    return received.case


@pytest.fixture
def mother(client, case):
    """A browser that keeps our cookie."""
    client.post(MORE, {"key": key.field(case)})
    assert key.COOKIE in client.cookies
    return client


@pytest.fixture
def plain(case):
    """A browser that keeps no cookies."""

    class Plain(Client):
        def request(self, **request):
            self.cookies.clear()
            return super().request(**request)

    return Plain()


def text(response) -> str:
    return unescape(response.content.decode())


def save(client, case, screen, **values):
    return client.post(f"{MORE}{screen}/", {"key": key.field(case), "act": "save", **values})


def value(case, name):
    return case.children.get().value(name)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_opens_in_every_language(mother, case, screen, language):
    mother.post(f"/{language}/report/more/", {"key": key.field(case)})
    response = mother.get(f"/{language}/report/more/{screen}/")
    page = text(response)
    assert response.status_code == 200
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|<script(?![^>]*\ssrc=)", page)
    assert ("report-map.js" in page) is (screen in {"last_seen", "places"})
    title = re.search(r"<title>(.*?)</title>", page)
    assert title
    assert "Yasmine" not in title.group()


def test_the_way_leads_from_screen_to_screen_by_redirects_where_cookies_are_kept(mother, case):
    for here, following in pairwise(SCREENS):
        response = mother.post(f"{MORE}{here}/", {"key": key.field(case), "act": "skip"})
        assert (response.status_code, response["Location"]) == (302, f"{MORE}{following}/")
    last = mother.post(f"{MORE}consent/", {"key": key.field(case), "act": "skip"})
    assert last["Location"] == MORE
    assert mother.get(MORE).status_code == 200


def test_without_cookies_each_answer_is_the_next_page_itself(plain, case):
    response = save(plain, case, "clothes", clothing="jacket", **{"clothing-colour-jacket": "blue"})
    assert response.status_code == 200
    assert 'action="/fr/report/more/looks/"' in text(response)
    assert 'name="key"' in text(response)
    assert value(case, "clothing") == [{"garment": "jacket", "colour": "blue"}]


def test_a_cookie_alone_changes_nothing(mother, case):
    response = mother.post(f"{MORE}looks/", {"act": "save", "height": "150"})
    assert response.status_code == 403
    assert value(case, "height") is None


def test_a_key_of_something_else_opens_nothing(client, case):
    for bad in ("", "rubbish", signing.dumps(str(case.pk), salt="other"), signing.dumps("x", salt=key.SALT)):
        assert client.post(f"{MORE}looks/", {"key": bad, "act": "save", "height": "150"}).status_code == 403
    client.cookies[key.COOKIE] = "rubbish"
    assert 'name="secret"' in text(client.get(f"{MORE}looks/"))


def test_what_was_typed_on_a_page_left_open_is_saved_once_the_key_is_given_again(
    client, received, case, monkeypatch
):
    monkeypatch.setattr(key, "AGE_S", -1)
    over = save(client, case, "looks", height="150", hair="black_long", eyes="")
    monkeypatch.setattr(key, "AGE_S", 1800)
    carried = over.context["carried"]
    assert over.status_code == 403
    assert "150" not in carried
    wrong = client.post(
        f"{MORE}looks/", {"reference": case.reference, "secret": secrets.new().digits, "carried": carried}
    )
    assert (wrong.status_code, wrong.context["carried"]) == (403, carried)
    right = {"reference": case.reference, "secret": received.secret.words("fr"), "carried": carried}
    assert client.post(f"{MORE}looks/", right).status_code == 200
    assert (value(case, "height"), value(case, "hair")) == (150, "black_long")


def test_what_was_typed_wrong_before_the_key_ran_out_is_there_to_be_mended(
    client, received, case, monkeypatch
):
    monkeypatch.setattr(key, "AGE_S", -1)
    carried = save(client, case, "looks", height="15000").context["carried"]
    monkeypatch.setattr(key, "AGE_S", 1800)
    given = {"reference": case.reference, "secret": received.secret.digits, "carried": carried}
    mended = client.post(f"{MORE}looks/", given)
    assert mended.status_code == 422
    assert 'value="15000"' in text(mended)


def test_carried_words_are_sealed_and_grow_old(monkeypatch):
    sealed = carry.seal(QueryDict("a=1&a=2&key=k&secret=s&b=%C3%A9"))
    opened = carry.unseal(sealed)
    assert opened is not None
    assert dict(opened.lists()) == {"a": ["1", "2"], "b": ["é"]}
    for bad in ("", "rubbish", "é", sealed[:-8] + "AAAAAAAA"):
        assert carry.unseal(bad) is None
    monkeypatch.setattr(carry, "AGE_S", -1)
    assert carry.unseal(sealed) is None


def test_a_page_open_for_long_is_saved_where_another_page_kept_the_cookie_fresh(mother, case, monkeypatch):
    stale = key.field(case)
    monkeypatch.setattr(time, "time", lambda: real_time() + key.AGE_S + 60)
    mother.cookies[key.COOKIE] = key.field(case)
    saved = mother.post(f"{MORE}looks/", {"key": stale, "act": "save", "height": "150"})
    assert (saved.status_code, value(case, "height")) == (302, 150)
    mother.cookies[key.COOKIE] = key.field(receive(family.report()).case)
    other = mother.post(f"{MORE}looks/", {"key": stale, "act": "save", "height": "160"})
    assert (other.status_code, value(case, "height")) == (403, 150)


def test_a_mistake_is_said_beside_its_field_and_the_rest_stays(mother, case):
    response = save(mother, case, "health", medicine="Ventoline", medicine_hours="9999", health_now="asthma")
    assert response.status_code == 422
    page = text(response)
    assert set(response.context["form"].errors) == {"medicine_hours"}
    assert "Ventoline</textarea>" in page
    assert re.search(r'value="asthma"[^>]*checked', page)
    assert not Facts.objects.filter(group="health").exists()


def test_what_was_told_stands_in_the_page_and_can_be_taken_back(mother, case):
    save(mother, case, "health", medicine="Ventoline", health_now=["asthma", "allergy"])
    page = text(mother.get(f"{MORE}health/"))
    assert "Ventoline</textarea>" in page
    save(mother, case, "health", medicine="", health_now="asthma")
    assert (value(case, "medicine"), value(case, "health_now")) == (None, ["asthma"])
    assert len(case.children.get().facts["medicine"]) == 2  # what was said before stays in the file


def test_saving_twice_tells_once(mother, case):
    for _ in range(2):
        save(mother, case, "looks", height="150")
    assert len(case.children.get().facts["height"]) == 1


def test_a_screen_of_several_children_names_the_child(ines):
    children = (ReportedChild("Yasmine", age_years=9), ReportedChild("Adam", age_years=4))
    case = receive(family.report(children=children)).case
    client = Client()
    client.post(MORE, {"key": key.field(case)})
    second = text(client.get(f"{MORE}looks/2/"))
    assert re.search(r"<h1>[^<]*<bdi>Adam</bdi>", second)
    client.post(f"{MORE}looks/2/", {"key": key.field(case), "height": "101"})
    assert [child.value("height") for child in case.children.all()] == [None, 101]
    assert len(steps.steps(case)) == 2 * len(PER_CHILD) + len(SCREENS) - len(PER_CHILD)


@pytest.mark.parametrize("address", ["nothing/", "looks/2/", "looks/0/", "you/2/", "start/", "looks/99999/"])
def test_a_screen_that_is_none_is_not_found(mother, case, address):
    assert mother.get(f"{MORE}{address}").status_code == 404


def test_the_overview_puts_the_most_urgent_first(mother, case):
    response = mother.get(MORE)
    assert [step.screen for step in response.context["missing"]] == ["health", "phones", "habits"]
    told = [step.screen for step in response.context["told"]]
    assert told == ["child", "photos", "clothes", "looks", "last_seen", "places", "you", "consent"]


def test_a_closed_case_takes_no_more_and_shows_nothing(mother, case):
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, closed_at=clock.now())
    assert save(mother, case, "looks", height="150")["Location"] == "/fr/report/follow/"
    assert "Yasmine" not in text(mother.get(MORE))
    assert value(case, "height") is None


def test_an_erased_case_has_no_key(mother, case):
    Case.objects.filter(pk=case.pk).update(state=CaseState.ERASED)
    assert 'name="secret"' in text(mother.get(MORE))


def test_screens_are_counted_shown_and_answered_without_persons(mother, case):
    mother.get(f"{MORE}looks/")
    save(mother, case, "looks", height="9999")
    save(mother, case, "looks", height="150")
    mother.get(f"{MORE}health/")
    mother.post(f"{MORE}health/", {"key": key.field(case), "act": "skip"})
    counted = {row.screen: (row.shown, row.answered) for row in StepCount.objects.filter(language="fr")}
    assert counted["looks"] == (1, 1)
    assert counted["health"] == (1, 0)


def test_the_key_of_a_thread_that_was_left_is_forgotten(client, case):
    response = HttpResponse()
    key.forget(response)
    assert response.cookies[key.COOKIE]["max-age"] == 0


def test_guesses_at_the_secret_are_limited_on_these_pages_too(client, case, monkeypatch):
    monkeypatch.setattr(thread, "TRIES", 2)
    wrong = {"reference": case.reference, "secret": secrets.new().digits}
    assert [client.post(MORE, wrong).status_code for _ in range(3)] == [403, 403, 429]


def test_nothing_of_the_family_stands_in_the_log(mother, case, caplog):
    save(mother, case, "health", medicine="Ventoline du soir", medicine_hours="9999")
    save(mother, case, "health", medicine="Ventoline du soir")
    assert "Ventoline" not in caplog.text


def test_a_page_is_kept_for_half_an_hour(mother):
    assert mother.get(MORE).cookies[key.COOKIE]["max-age"] == timedelta(minutes=30).total_seconds()
