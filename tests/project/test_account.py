"""The door: tries are counted by name and by the true address, and a guesser shuts out nobody else."""

from ipaddress import ip_network

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import people
from trust.models import Officer

pytestmark = pytest.mark.django_db
PROXY = "10.0.0.1"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()  # allauth counts tries there
    yield
    cache.clear()


def knock(officer: Officer | str, password: str, *, via: str = "", address: str = "192.0.2.7") -> bool:
    """Try a password; say whether the door asked for the second factor."""
    name = officer if isinstance(officer, str) else officer.username
    headers = {"X-Forwarded-For": via} if via else {}
    answer = Client(headers=headers, REMOTE_ADDR=address).post(
        reverse("account_login"), {"login": name, "password": password}
    )
    return answer.status_code == 302 and "authenticate" in answer["Location"]


@pytest.fixture
def ines() -> Officer:
    people.with_second_factor(people.ines())
    return people.ines()


def test_after_five_wrong_passwords_the_right_one_waits_too(ines: Officer) -> None:
    for _try in range(5):
        assert not knock(ines, "wrong")
    assert not knock(ines, people.PASSWORD)


def test_one_address_cannot_try_every_name(ines: Officer) -> None:
    for number in range(10):
        knock(f"nobody{number}", "wrong")
    assert not knock(ines, people.PASSWORD)
    assert knock(ines, people.PASSWORD, address="192.0.2.8")


def test_behind_our_proxy_a_guesser_shuts_out_nobody_else(ines: Officer, settings) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/24")]
    for number in range(10):
        knock(f"nobody{number}", "wrong", via="198.51.100.1", address=PROXY)
    assert not knock(ines, people.PASSWORD, via="198.51.100.1", address=PROXY)
    assert knock(ines, people.PASSWORD, via="198.51.100.2", address=PROXY)


def test_a_made_up_header_is_no_way_round(ines: Officer) -> None:
    for number in range(10):
        knock(f"nobody{number}", "wrong", via=f"198.51.100.{number}")
    assert not knock(ines, people.PASSWORD, via="198.51.100.99")


def test_behind_a_socket_officers_still_come_in(ines: Officer) -> None:
    assert knock(ines, people.PASSWORD, address="")
