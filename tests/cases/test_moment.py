from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from cases.moment import MomentRefused, is_doubled, moment, offset

CASABLANCA = ZoneInfo("Africa/Casablanca")  # leaves UTC+1 for UTC in Ramadan
CAIRO = ZoneInfo("Africa/Cairo")  # has summer time
BACK = date(2026, 2, 15)  # at 03:00 in Casablanca it is 02:00 again
FORWARD = date(2026, 3, 22)  # at 02:00 in Casablanca it is 03:00


def test_an_ordinary_hour_is_one_moment():
    assert moment(date(2026, 1, 5), time(16, 30), CASABLANCA) == datetime(2026, 1, 5, 15, 30, tzinfo=UTC)
    assert moment(date(2026, 1, 5), time(16, 30), CASABLANCA, fold=1) == datetime(
        2026, 1, 5, 15, 30, tzinfo=UTC
    )


def test_a_doubled_hour_is_asked_and_then_taken_at_its_word():
    with pytest.raises(MomentRefused, match="twice"):
        moment(BACK, time(2, 30), CASABLANCA)
    assert moment(BACK, time(2, 30), CASABLANCA, fold=0) == datetime(2026, 2, 15, 1, 30, tzinfo=UTC)
    assert moment(BACK, time(2, 30), CASABLANCA, fold=1) == datetime(2026, 2, 15, 2, 30, tzinfo=UTC)
    assert is_doubled(BACK, time(2, 30), CASABLANCA)
    assert not is_doubled(BACK, time(4, 30), CASABLANCA)


@pytest.mark.parametrize("fold", [None, 0, 1])
def test_an_hour_that_the_clocks_skipped_is_none(fold):
    with pytest.raises(MomentRefused, match="no_such_hour"):
        moment(FORWARD, time(2, 30), CASABLANCA, fold=fold)
    assert not is_doubled(FORWARD, time(2, 30), CASABLANCA)


def test_cairo_doubles_an_hour_too():
    assert is_doubled(date(2026, 10, 29), time(23, 30), CAIRO)


def test_the_distance_to_utc_is_said_plainly():
    assert offset(datetime(2026, 1, 5, tzinfo=UTC), CASABLANCA) == "UTC+1"
    assert offset(datetime(2026, 3, 1, tzinfo=UTC), CASABLANCA) == "UTC+0"
    assert offset(datetime(2026, 3, 1, tzinfo=UTC), ZoneInfo("Asia/Kolkata")) == "UTC+5:30"
    assert offset(datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("America/St_Johns")) == "UTC-3:30"
