from datetime import timedelta

import pytest

from trust import clock, retention, throttle
from trust.models import ThrottleHit

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def hit(key="NJ-4F7K-2Q", limit=3, scope="secret"):
    return throttle.hit(scope, key, limit=limit, period_s=3600)


def test_the_limit_passes_and_not_one_more():
    assert [hit() for _ in range(5)] == [True, True, True, False, False]


def test_keys_and_scopes_are_counted_apart():
    assert all(hit() for _ in range(3))
    assert hit("another")
    assert hit(scope="login")
    assert not hit()


def test_a_new_window_starts_afresh(monkeypatch):
    assert [hit(limit=1), hit(limit=1)] == [True, False]
    monkeypatch.setattr(clock, "SHIFT", timedelta(hours=1))
    assert hit(limit=1)


def test_a_limit_of_nothing_refuses_at_once():
    assert not hit(limit=0)


def test_the_value_itself_is_not_stored():
    hit("+212612345678")
    assert "612345678" not in str(ThrottleHit.objects.get().__dict__)


def test_windows_that_are_over_are_purged(monkeypatch):
    hit()
    assert retention.purge(dry_run=True)["throttle_hits"] == 0
    monkeypatch.setattr(clock, "SHIFT", timedelta(hours=2))
    assert retention.purge(dry_run=True)["throttle_hits"] == 1
    assert retention.purge()["throttle_hits"] == 1
    assert retention.purge()["throttle_hits"] == 0
