"""What reading is unusual: looks in, windows out."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from trust.reading_rules import CLOSED, MANY, NIGHT, OTHER_UNIT, Limits, Look, Reader, Reading, Subject

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOME, BESIDE, ME = uuid4(), uuid4(), uuid4()
LIMITS = Limits(
    many={"officer": 3, "approver": 5}, other_unit=2, night_from=22, night_until=6, closed_after=14 * DAY
)
EVERY_DAY = tuple((NOON - 4 * HOUR + n * DAY, NOON + 4 * HOUR + n * DAY) for n in range(-3, 4))


def reader(*roles: str, **changes) -> Reader:
    values = {"zone": ZoneInfo("UTC"), "shifts": EVERY_DAY, **changes}
    return Reader(ME, HOME, frozenset(roles or {"officer"}), **values)


def reading(looks: list[tuple[datetime, Subject]], of: Reader | None = None, **changes) -> Reading:
    """Read one case a look, unless two looks share a Subject."""
    keys: dict[int, UUID] = {}
    made = [Look(at, keys.setdefault(id(subject), uuid4())) for at, subject in looks]
    subjects = {keys[id(subject)]: subject for _at, subject in looks}
    return Reading(of or reader(), made, subjects, LIMITS, **changes)


def own(count: int, *, start: datetime = NOON, step: timedelta = MINUTE, **changes):
    return [(start + n * step, Subject(HOME, **changes)) for n in range(count)]


def kinds(found: Reading) -> list[tuple[str, int]]:
    return [(window.kind, window.count) for window in found.unusual()]


class TestMany:
    def test_as_many_as_the_limit_within_an_hour(self):
        assert kinds(reading(own(2))) == []
        assert kinds(reading(own(3))) == [(MANY, 3)]

    def test_one_case_looked_at_often_is_one(self):
        same = Subject(HOME)
        assert kinds(reading([(NOON + n * MINUTE, same) for n in range(9)])) == []

    def test_spread_over_hours_they_are_work(self):
        assert kinds(reading(own(9, step=timedelta(minutes=31)))) == []

    def test_a_window_runs_over_the_full_hour_on_the_clock(self):
        assert kinds(reading(own(3, start=NOON - MINUTE))) == [(MANY, 3)]

    def test_each_role_has_its_own_limit_and_the_widest_counts(self):
        assert kinds(reading(own(4), reader("approver"))) == []
        assert kinds(reading(own(4), reader("approver", "officer"))) == []
        assert kinds(reading(own(5), reader("approver", "officer"))) == [(MANY, 5)]

    def test_a_role_that_nobody_set_has_the_strictest(self):
        assert kinds(reading(own(3), reader("communicator"))) == [(MANY, 3)]

    def test_two_bursts_are_two_windows(self):
        assert kinds(reading([*own(3), *own(4, start=NOON + 2 * HOUR)])) == [(MANY, 3), (MANY, 4)]

    def test_what_a_flag_covers_is_not_raised_again(self):
        looks = own(6)
        first = reading(looks[:3]).unusual()[0]
        covered = {MANY: [(first.start, first.end)]}
        assert kinds(reading(looks, covered=covered)) == []
        assert reading(looks, covered=covered).count_in(MANY, (first.start, first.end)) == 6

    def test_the_order_of_the_rows_does_not_matter(self):
        looks = own(5)
        assert kinds(reading(looks[::-1])) == kinds(reading(looks)) == [(MANY, 5)]


class TestOtherUnits:
    def elsewhere(self, count: int, **changes):
        return [(NOON + n * MINUTE, Subject(BESIDE, **changes)) for n in range(count)]

    def test_cases_of_another_unit_count_and_ones_own_unit_does_not(self):
        assert kinds(reading(own(2))) == []
        assert kinds(reading(self.elsewhere(2))) == [(OTHER_UNIT, 2)]

    def test_its_holder_and_whoever_was_called_are_expected(self):
        assert kinds(reading(self.elsewhere(2, expected=frozenset({ME})))) == []

    def test_whoever_acts_on_a_case_reads_it(self):
        found = reading(self.elsewhere(2))
        acted = [Look(look.at, look.subject, acted=True) for look in found.looks]
        assert kinds(Reading(found.reader, acted, found.subjects, LIMITS)) == []


class TestNight:
    NIGHT = datetime(2026, 3, 11, 2, tzinfo=UTC)

    def test_off_duty_at_night_is_flagged_and_by_day_is_not(self):
        assert kinds(reading(own(1, start=self.NIGHT))) == [(NIGHT, 1)]
        assert kinds(reading(own(1, start=NOON + 6 * HOUR))) == []

    def test_on_duty_at_night_is_work(self):
        on = reader(shifts=((self.NIGHT - HOUR, self.NIGHT + HOUR),))
        assert kinds(reading(own(1, start=self.NIGHT), on)) == []
        assert kinds(reading(own(1, start=self.NIGHT + HOUR), on)) == [(NIGHT, 1)]  # the shift is over

    def test_an_approver_called_at_home_is_expected(self):
        assert kinds(reading(own(1, start=self.NIGHT, expected=frozenset({ME})))) == []

    def test_without_a_roster_nobody_is_off_duty(self):
        assert kinds(reading(own(1, start=self.NIGHT), reader(keeps_roster=False, shifts=()))) == []

    def test_night_is_by_the_agencys_clock(self):
        cairo = reader(zone=ZoneInfo("Africa/Cairo"), shifts=())
        assert kinds(reading(own(1, start=datetime(2026, 3, 10, 19, 59, tzinfo=UTC)), cairo)) == []
        assert kinds(reading(own(1, start=datetime(2026, 3, 10, 20, 0, tzinfo=UTC)), cairo)) == [(NIGHT, 1)]

    def test_a_night_is_one_window(self):
        assert kinds(reading(own(2, start=self.NIGHT, step=2 * HOUR))) == [(NIGHT, 2)]


class TestClosed:
    def test_long_closed_is_flagged_and_lately_closed_is_not(self):
        assert kinds(reading(own(1, closed_at=NOON - 13 * DAY))) == []
        assert kinds(reading(own(1, closed_at=NOON - 15 * DAY))) == [(CLOSED, 1)]

    def test_its_holder_may_come_back_to_it(self):
        assert kinds(reading(own(1, closed_at=NOON - 15 * DAY, expected=frozenset({ME})))) == []

    def test_having_once_acted_on_it_is_no_reason_for_ever(self):
        found = reading(own(1, closed_at=NOON - 15 * DAY))
        acted = [Look(look.at, look.subject, acted=True) for look in found.looks]
        assert kinds(Reading(found.reader, acted, found.subjects, LIMITS)) == [(CLOSED, 1)]


def test_what_is_known_of_no_case_is_left_out():
    assert Reading(reader(), [Look(NOON, uuid4())] * 9, {}, LIMITS).unusual() == []


@pytest.mark.parametrize(
    ("start", "end", "hour", "is_night"), [(22, 6, 23, 1), (22, 6, 6, 0), (0, 5, 3, 1), (0, 5, 5, 0)]
)
def test_the_night_may_run_over_midnight_or_not(start, end, hour, is_night):
    limits = Limits(many={}, other_unit=9, night_from=start, night_until=end, closed_after=DAY)
    at, key = NOON.replace(hour=hour), uuid4()
    found = Reading(reader(shifts=()), [Look(at, key)], {key: Subject(HOME)}, limits).unusual()
    assert (NIGHT in {window.kind for window in found}) is bool(is_night)
