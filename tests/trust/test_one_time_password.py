"""A password that was handed over serves for the way to a new one, and nothing else."""

import pytest
from allauth.account import views as account
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse

from tests import people
from trust import enrolment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("desk")


account_patterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
urlpatterns = [path("police/account/", include(account_patterns)), path("police/", desk)]


@pytest.fixture
def nadia():
    officer = people.nadia()
    people.with_second_factor(officer)
    enrolment.issue_password(officer)
    return officer


def test_it_leads_to_the_page_for_a_new_one_and_nowhere_else(client, nadia):
    people.login(client, nadia)
    response = client.get("/police/")
    assert response["Location"].split("?")[0] == reverse("account_change_password")


def test_the_factor_comes_first(client, nadia):
    people.login(client, nadia, factor_age_s=600)
    response = client.get(reverse("account_change_password"))
    assert response["Location"].split("?")[0] == reverse("mfa_reauthenticate")


def test_a_new_one_opens_the_desk(client, nadia):
    old = enrolment.issue_password(nadia)
    people.login(client, nadia)
    chosen = {"oldpassword": old, "password1": people.PASSWORD, "password2": people.PASSWORD}
    client.post(reverse("account_change_password"), chosen)
    assert client.get("/police/").content == b"desk"
