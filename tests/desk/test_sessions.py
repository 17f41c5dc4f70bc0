"""Sessions end: by idleness, by age, by number, by hand; the next one at the same screen finds nothing."""

import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import people
from tests.alerts import scene
from tests.desk import pages
from tests.desk.doors import doors
from trust import sessions
from trust.models import AuditEntry, Officer, SignIn
from trust.roles import Role

pytestmark = pytest.mark.django_db
HOME = "/police/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()  # allauth counts tries there


def is_out(client: Client) -> bool:
    answer = client.get(HOME)
    return answer.status_code == 302 and "login" in answer["Location"]


def sign_in(client: Client, officer: Officer, secret: str) -> None:
    """Come in as a person does, by the pages."""
    client.post(reverse("account_login"), {"login": officer.username, "password": people.PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": people.code(secret)})


def test_a_session_ends_when_it_has_lasted_as_long_as_one_may(desk) -> None:
    client = desk(people.ines())
    session = client.session
    session[sessions.BEGAN] = time.time() - settings.SESSION_LONGEST_S + 60
    session.save()
    assert client.get(HOME).status_code == 200
    session[sessions.BEGAN] = time.time() - settings.SESSION_LONGEST_S - 1
    session.save()
    assert is_out(client)
    assert AuditEntry.objects.filter(action="session.too_long").count() == 1
    assert not SignIn.objects.exists()


def test_a_session_that_does_not_say_when_it_began_is_over(desk) -> None:
    client = desk(people.ines())
    session = client.session
    for name in (sessions.BEGAN, "account_authentication_methods"):
        del session[name]
    session.save()
    assert is_out(client)


def test_an_idle_session_is_over_and_work_keeps_one(desk) -> None:
    assert settings.SESSION_COOKIE_AGE <= 3600
    client = desk(people.ines())
    before = client.session.get_expiry_date()
    session = client.session
    session["seen_at"] = time.time() - 400
    session.save()
    client.get(HOME)
    assert client.session["seen_at"] > time.time() - 5
    assert client.session.get_expiry_date() > before
    Session.objects.update(expire_date=before.replace(year=2020))
    assert is_out(client)


def test_a_further_session_ends_the_oldest(settings) -> None:
    settings.SESSIONS_AT_MOST = 2
    clients = [Client() for _number in range(3)]
    for client in clients:
        people.login(client, people.ines())
    assert [is_out(client) for client in clients] == [True, False, False]
    assert AuditEntry.objects.filter(action="session.oldest_ended").exists()


def test_an_officer_sees_the_own_sessions_and_ends_the_others(desk) -> None:
    mine, other, stranger = desk(people.ines()), desk(people.ines()), desk(people.omar())
    page = mine.get(reverse("admin:trust_signin_changelist"))
    assert {row.officer for row in page.context["cl"].result_list} == {people.ines()}
    assert len(page.context["cl"].result_list) == 2
    mine.post(reverse("admin:trust_signin_end_others"))
    assert [is_out(client) for client in (mine, other, stranger)] == [False, True, False]


def test_closing_an_account_or_taking_a_role_ends_its_sessions(desk) -> None:
    ines, nadia = desk(people.ines()), desk(people.nadia())
    nadia.post(reverse("admin:trust_officer_sessions", args=[people.ines().pk]))
    assert is_out(ines)
    assert not is_out(nadia)


def test_the_key_changes_at_log_in_and_with_each_factor(client) -> None:
    ines = people.ines()
    secret = people.with_second_factor(ines)
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": ines.username, "password": people.PASSWORD})
    before = client.session.session_key
    client.post(reverse("mfa_authenticate"), {"code": people.code(secret)})
    signed_in = client.session.session_key
    assert signed_in != before
    cache.clear()
    later = people.code(secret, at=time.time() + 30)  # the next one, within the tolerance
    client.post(reverse("mfa_reauthenticate"), {"code": later})
    again = client.session.session_key
    assert again not in (signed_in, before)
    assert [row.session_key for row in SignIn.objects.all()] == [again]
    assert not Session.objects.filter(pk=signed_in).exists()
    assert client.get(HOME).status_code == 200


def test_a_stolen_older_key_opens_nothing(desk) -> None:
    client = desk(people.ines())
    stolen = client.session.session_key
    session = client.session
    session.cycle_key()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert is_out(thief)


def test_signing_out_leaves_nothing_in_the_browser(client) -> None:
    ines = people.ines()
    sign_in(client, ines, people.with_second_factor(ines))
    client.post(reverse("choose_language"), {"language": "ar", "next": HOME})
    case = scene.case()
    assert client.get(pages.of_case(case)).status_code == 200
    before = client.session.session_key
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer["Cache-Control"] == "no-store"
    kept = {name for name, cookie in client.cookies.items() if cookie.value}
    assert kept <= {settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME}
    assert not Session.objects.filter(pk=before).exists()
    assert set(client.session.keys()) <= {"_messages"}  # a new session, which says that one signed out
    assert is_out(client)
    assert not SignIn.objects.exists()


def test_the_next_officer_gets_neither_language_nor_messages_of_the_last(client) -> None:
    """A language chosen at the door is whose log-in follows, once."""
    ines, omar = people.ines(), people.omar()
    secrets = [people.with_second_factor(ines), people.with_second_factor(omar)]
    client.post(reverse("choose_language"), {"language": "en", "next": reverse("account_login")})
    sign_in(client, ines, secrets[0])
    assert Officer.objects.get(pk=ines.pk).language == "en"
    case = scene.case()
    client.post(pages.of_case(case, "write"), {"body": ""})  # leaves a message that is not read
    client.post(reverse("account_logout"))
    cache.clear()
    sign_in(client, omar, secrets[1])
    assert Officer.objects.get(pk=omar.pk).language == "ar"
    said = [str(message) for message in client.get(HOME).context["messages"]]
    assert not any("Write something" in line or "ines" in line for line in said)


def test_no_answer_under_police_is_kept_by_anybody(desk) -> None:
    """Whatever a view says of caching: pages, refusals, redirects, files."""
    kept = []
    for officer in (people.ines(), people.nadia(), people.officer("karim", Role.AUDITOR, at=people.unit())):
        client = desk(officer)
        for door in doors():
            if not door.keys:
                answer = client.get(f"/{door.route}")
                kept += [door.route] if answer["Cache-Control"] != "no-store" else []
    assert kept == []


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge, Windows"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_in_two_words(agent: str, said: str) -> None:
    assert sessions.device_of(agent) == said
