"""What the thread says once a button was pressed, with nothing personal in the address."""

from html import unescape

import pytest

from cases.models import Case, CaseState
from cases.report import receive
from cases.views.follow import ARRIVED
from tests.cases import family

pytestmark = pytest.mark.django_db
URL = "/en/report/follow/"
PRIVATE = "She took the blue bicycle"


@pytest.fixture
def received(ines):
    return receive(family.report())


@pytest.fixture
def key(client, received):
    told = {"reference": received.reference, "secret": str(received.secret)}
    return client.post(URL, told).context["key"]


def press(client, key, act, **more):
    return client.post(URL, {"key": key, "act": act, **more})


def words(page) -> str:
    return unescape(page.content.decode())


@pytest.mark.parametrize("act", ["write", "home", "erase"])
def test_what_was_sent_is_said_to_have_arrived_and_the_address_holds_a_fixed_word(client, key, act):
    answer = press(client, key, act, body=PRIVATE)
    assert answer.url == f"/en/report/follow/?said={act}"
    assert str(ARRIVED[act]) in words(client.get(answer.url))


def test_it_is_said_too_where_the_browser_keeps_no_cookies(client, key):
    client.cookies.clear()
    page = press(client, key, "write", body=PRIVATE)
    assert page.status_code == 200
    assert str(ARRIVED["write"]) in words(page)


def test_looking_for_answers_says_nothing_of_the_kind(client, key):
    page = words(client.post(URL, {"key": key, "act": "look"}, follow=True))
    assert not [said for said in ARRIVED.values() if str(said) in page]


def test_a_message_that_is_wrong_has_not_arrived(client, key):
    page = press(client, key, "write", body="")
    assert page.status_code == 422
    assert str(ARRIVED["write"]) not in words(page)


@pytest.mark.parametrize("said", ["", "nonsense", "<b>", "look"])
def test_another_word_in_the_address_says_nothing(client, key, said):
    page = words(client.get(URL, {"said": said}))
    assert "banner success" not in page
    assert "<b>" not in page


def test_a_closed_case_does_not_promise_a_call(client, key, received):
    Case.objects.filter(pk=received.case.pk).update(state=CaseState.CLOSED)
    page = words(press(client, key, "home") and client.get(URL, {"said": "home"}))
    assert str(ARRIVED["home"]) not in page
