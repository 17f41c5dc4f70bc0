import threading
import time
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from trust import clock, networks
from trust.models import ThrottleHit

PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48")]


def request(address="198.51.100.7", forwarded="", method="post"):
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return getattr(RequestFactory(), method)("/", REMOTE_ADDR=address, **extra)


@pytest.mark.django_db
@pytest.mark.postgresql
class TestCrowded:
    @pytest.fixture(autouse=True)
    def _few(self, settings):
        settings.CROWDED_REPORTS = 3

    def test_after_its_reports_of_an_hour_a_network_is_crowded(self, monkeypatch):
        assert [networks.crowded(request()) for _ in range(5)] == [False, False, False, True, True]
        assert networks.crowded(request("198.51.100.200"))
        assert not networks.crowded(request("198.51.101.7"))
        monkeypatch.setattr(clock, "SHIFT", timedelta(hours=1))
        assert not networks.crowded(request())

    def test_looking_counts_nothing_and_sees_what_was_counted(self):
        assert not any(networks.crowded(request(method="get")) for _ in range(5))
        for _ in range(3):
            networks.crowded(request())
        assert networks.crowded(request(method="get"))

    def test_who_cannot_be_told_apart_is_never_crowded(self):
        assert not any(networks.crowded(request("127.0.0.1")) for _ in range(5))
        assert not any(networks.crowded(request("")) for _ in range(5))
        assert not ThrottleHit.objects.exists()

    def test_no_address_is_kept(self):
        networks.crowded(request())
        assert "198.51" not in str(ThrottleHit.objects.get().__dict__)


@pytest.mark.parametrize(
    ("address", "forwarded", "network"),
    [
        ("198.51.100.7", "", "198.51.100.0/24"),
        ("2001:db8:1:2::7", "", "2001:db8:1::/48"),
        ("::ffff:198.51.100.7", "", "198.51.100.0/24"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.0/24"),
        ("10.0.0.1", "203.0.113.9, 10.2.3.4", "203.0.113.0/24"),
        ("10.0.0.1", "192.0.2.1, 203.0.113.9", "203.0.113.0/24"),  # the left one was the client's own claim
        ("2001:db8:ffff::1", "2001:db8:2::9", "2001:db8:2::/48"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.0/24"),  # no proxy of ours: what it says is not read
        ("10.0.0.1", "", None),
        ("10.0.0.1", "rubbish", None),
        ("127.0.0.1", "", None),
        ("::1", "", None),
        ("", "", None),
        ("unix:/run/socket", "", None),
    ],
)
def test_the_network_is_that_of_the_nearest_stranger(settings, address, forwarded, network):
    settings.TRUSTED_PROXIES = PROXIES
    assert networks.client_network(request(address, forwarded)) == (network and ip_network(network))


def test_without_trusted_proxies_the_header_is_not_read(settings):
    settings.TRUSTED_PROXIES = []
    assert networks.client_network(request("10.0.0.1", "203.0.113.9")) == ip_network("10.0.0.0/24")


def test_an_unproved_post_waits_but_never_more_than_half_the_threads(monkeypatch):
    asleep, wake = threading.Barrier(networks.PAUSED_AT_ONCE + 1), threading.Event()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        asleep.wait(5)
        wake.wait(5)

    monkeypatch.setattr(time, "sleep", sleep)
    sleepers = [threading.Thread(target=networks.pause_unproved) for _ in range(networks.PAUSED_AT_ONCE)]
    for sleeper in sleepers:
        sleeper.start()
    asleep.wait(5)
    assert networks.pause_unproved() is False  # at once: all places are taken
    wake.set()
    for sleeper in sleepers:
        sleeper.join(5)
    assert slept == [networks.PAUSE_S] * networks.PAUSED_AT_ONCE
    monkeypatch.setattr(time, "sleep", slept.append)
    assert networks.pause_unproved() is True
