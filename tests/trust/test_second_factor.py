"""Log-in as a person does it, over allauth's own pages, and what the session then opens."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from tests import people
from trust import secondfactor
from trust.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
DESK = "/police/"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()  # allauth counts tries there


def password_login(client, officer, next_page=DESK):
    answers = {"login": officer.username, "password": people.PASSWORD}
    return client.post(f"{reverse('account_login')}?next={next_page}", answers)


def is_sent_to(response, name):
    return response.status_code == 302 and response["Location"].split("?")[0] == reverse(name)


def step_up(client):
    """What a view under fresh_factor_required answers to this session: its own page, or where it sends."""
    request = RequestFactory().get("/police/sign/")
    request.session = client.session
    request.user = people.ines()
    return secondfactor.fresh_factor_required(lambda request: HttpResponse("signed"))(request)


def test_nobody_unknown_enters(client):
    response = client.get("/police/trust/officer/?q=1")
    assert is_sent_to(response, "account_login")
    assert "next=/police/trust/officer/%3Fq%3D1" in response["Location"]


def test_an_address_that_does_not_exist_tells_a_stranger_nothing(client):
    assert is_sent_to(client.get("/police/no/such/page/"), "account_login")


def test_the_password_alone_leads_to_the_code(client):
    ines = people.ines()
    people.with_second_factor(ines)
    assert is_sent_to(password_login(client, ines), "mfa_authenticate")
    assert is_sent_to(client.get(DESK), "account_login")


def test_password_and_code_open_the_desk(client):
    ines = people.ines()
    secret = people.with_second_factor(ines)
    password_login(client, ines)
    response = client.post(reverse("mfa_authenticate"), {"code": people.code(secret)})
    assert (response.status_code, response["Location"]) == (302, DESK)
    assert client.get(DESK).status_code == 200
    assert step_up(client).content == b"signed"
    assert {"officer.logged_in", "factor.used"} <= set(AuditEntry.objects.values_list("action", flat=True))


def test_a_wrong_code_opens_nothing_and_is_logged(client):
    ines = people.ines()
    people.with_second_factor(ines)
    password_login(client, ines)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert is_sent_to(client.get(DESK), "account_login")
    assert AuditEntry.objects.filter(action="factor.failed", actor=ines.pk).exists()


def test_a_code_serves_once(client):
    ines = people.ines()
    secret = people.with_second_factor(ines)
    shown = people.code(secret)
    password_login(client, ines)
    client.post(reverse("mfa_authenticate"), {"code": shown})
    client.post(reverse("mfa_reauthenticate"), {"code": shown})
    assert AuditEntry.objects.filter(action="factor.used").count() == 1


def test_a_failed_log_in_is_logged_without_the_name(client):
    people.ines()
    client.post(reverse("account_login"), {"login": "inez", "password": "wrong"})
    entry = AuditEntry.objects.get(action="officer.login_failed")
    assert entry.after
    assert "inez" not in str(entry.__dict__)


def test_an_officer_without_a_factor_is_led_to_set_one_up_and_nowhere_else(client):
    ines = people.ines()
    password_login(client, ines)
    for page in (DESK, reverse("mfa_index"), reverse("mfa_view_recovery_codes")):
        assert is_sent_to(client.get(page), "mfa_activate_totp")


def test_setting_up_a_factor_opens_the_desk(client):
    ines = people.ines()
    password_login(client, ines)
    asked = client.get(reverse("mfa_activate_totp"))
    if asked.status_code == 302:  # allauth asks for the password again before a factor is added
        client.post(asked["Location"], {"password": people.PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": people.code(secret)})
    assert Authenticator.objects.filter(user=ines, type="totp").exists()
    assert client.get(DESK).status_code == 200
    assert AuditEntry.objects.filter(action="factor.added", reason="totp").exists()


def test_recovery_codes_alone_are_no_factor(client):
    ines = people.ines()
    Authenticator.objects.create(user=ines, type="recovery_codes", data={})
    password_login(client, ines)
    assert is_sent_to(client.get(DESK), "mfa_activate_totp")


def test_a_session_without_the_factor_is_asked_for_it_and_led_back(client):
    ines = people.ines()
    secret = people.with_second_factor(ines)
    client.force_login(ines, backend="trust.auth.RolesBackend")
    response = client.get("/police/?page=2")
    assert is_sent_to(response, "mfa_reauthenticate")
    back = client.post(response["Location"], {"code": people.code(secret)})
    assert back["Location"] == "/police/?page=2"
    assert client.get("/police/?page=2").status_code == 200


def test_the_password_given_again_does_not_open_what_needs_the_factor(client):
    ines = people.ines()
    people.login(client, ines, factor_age_s=600)
    assert client.get(DESK).status_code == 200
    assert is_sent_to(step_up(client), "mfa_reauthenticate")
    client.post(reverse("account_reauthenticate"), {"password": people.PASSWORD})
    methods = client.session["account_authentication_methods"]
    assert methods[-1]["method"] == "password"
    assert time.time() - methods[-1]["at"] < 60
    assert is_sent_to(step_up(client), "mfa_reauthenticate")


def test_the_factor_given_again_opens_it_for_five_minutes(client, settings):
    ines = people.ines()
    secret = people.with_second_factor(ines)
    people.login(client, ines, factor_age_s=301)
    assert is_sent_to(step_up(client), "mfa_reauthenticate")
    client.post(reverse("mfa_reauthenticate"), {"code": people.code(secret)})
    assert step_up(client).content == b"signed"
    settings.SECOND_FACTOR_MAX_AGE_S = 0
    assert is_sent_to(step_up(client), "mfa_reauthenticate")


def test_a_proof_dated_in_the_future_is_none(client):
    people.login(client, people.ines(), factor_age_s=-60)
    assert is_sent_to(step_up(client), "mfa_reauthenticate")


def test_a_removed_factor_counts_no_more(client):
    ines = people.ines()
    people.login(client, ines)
    people.with_second_factor(ines)  # a new one in its place
    assert is_sent_to(client.get(DESK), "mfa_reauthenticate")
    assert is_sent_to(step_up(client), "mfa_reauthenticate")


def test_a_proof_of_another_officer_counts_for_nobody_else(client):
    people.login(client, people.omar())
    session = client.session
    session["account_authentication_methods_user"] = str(people.ines().pk)
    session.save()
    people.with_second_factor(people.ines())
    assert is_sent_to(step_up(client), "mfa_reauthenticate")


@pytest.mark.parametrize("page", ["mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"])
def test_changing_the_factor_asks_for_the_factor_itself(client, page):
    people.login(client, people.ines(), factor_age_s=600)
    client.post(reverse("account_reauthenticate"), {"password": people.PASSWORD})
    assert is_sent_to(client.get(reverse(page)), "mfa_reauthenticate")


def test_an_officer_who_left_is_out_at_once(client):
    ines = people.ines()
    people.login(client, ines)
    assert client.get(DESK).status_code == 200
    ines.is_active = False
    ines.save()
    assert is_sent_to(client.get(DESK), "account_login")


def test_pages_for_everybody_are_not_its_business():
    request = RequestFactory().get("/ar/report/")
    middleware = secondfactor.SecondFactorMiddleware(lambda request: HttpResponse("open"))
    assert middleware(request).content == b"open"


def test_leaving_is_logged(client):
    ines = people.ines()
    people.login(client, ines)
    client.post(reverse("account_logout"))
    assert AuditEntry.objects.filter(action="officer.logged_out", actor=ines.pk).exists()


def test_after_a_whole_shift_the_factor_is_asked_for_again(client, settings):
    people.login(client, people.ines(), factor_age_s=settings.SHIFT_S + 1)
    answer = client.get("/police/")
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
