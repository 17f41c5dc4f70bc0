"""No tip waits past its limit without a logged rise; each clock ends with what it waited for."""

import random
from datetime import timedelta

import pytest

from notifier.models import Batch
from tests.alerts import handed
from tests.people import ines, lea, omar, unit
from tests.tips.told import tells
from tips import clocks, rising
from tips.models import Tip
from trust import clock
from trust.models import AuditEntry

pytestmark = pytest.mark.django_db
PLAIN = "quel est le numéro"


@pytest.fixture
def later(monkeypatch):
    def move(minutes):
        monkeypatch.setattr("trust.clock.SHIFT", timedelta(minutes=minutes))

    return move


@pytest.fixture(autouse=True)
def the_cast():
    return ines(), omar()


def rises(tip, which="look"):
    entries = AuditEntry.objects.filter(action="tip.risen", subject=tip.pk, reason=which)
    return [entry.after for entry in entries.order_by("id")]


def is_due_soon(tip: Tip) -> bool:
    return tip.look_due_at is not None and tip.look_due_at <= clock.now() + timedelta(minutes=10)


def test_a_report_is_due_sooner_than_a_question():
    report, question = tells("weldi ma rj3ch mn lmedrasa"), tells(PLAIN)
    assert report.look_due_at == report.received_at + timedelta(minutes=10)
    assert question.look_due_at == question.received_at + timedelta(minutes=60)


def test_while_an_alert_lives_every_tip_is_due_in_ten_minutes():
    before = tells(PLAIN)
    handed.live()
    assert is_due_soon(tells(PLAIN))
    rising.rise_due()
    before.refresh_from_db()
    assert is_due_soon(before)


def test_at_no_moment_is_a_tip_unread_past_its_limit_without_a_logged_rise(later):
    chance = random.Random(7)
    tips = []
    for _step in range(12):
        later(sum(chance.randint(1, 40) for _ in range(1)) + 30 * _step)
        if chance.random() < 0.6:
            tips.append(tells(chance.choice([PLAIN, "weldi ma rj3ch", "j'ai vu la fille"])))
        if tips and chance.random() < 0.3:
            read = chance.choice(tips)
            read.refresh_from_db()
            if read.state == Tip.State.NEW:
                read.move(Tip.State.SEEN, ines())
        rising.rise_due()
        now = clock.now()
        unread = Tip.objects.filter(state=Tip.State.NEW, look_due_at__lte=now)
        assert all(rises(tip) for tip in unread)
    assert any(rises(tip) for tip in tips)


def test_an_unread_tip_rises_to_a_superior_and_up_once_each_ten_minutes(later):
    tip = tells(PLAIN)
    later(61)
    assert rising.rise_due() == 1
    assert rising.rise_due() == 0
    later(72)
    assert rising.rise_due() == 1
    assert rises(tip) == ["1", "2"]
    first = Batch.objects.filter(kind="page").order_by("id").first()
    assert first is not None
    later(60 + 24 * 60)
    rising.rise_due()
    tip.refresh_from_db()
    assert tip.level == rising.RISES
    assert rising.rise_due() == 0


@pytest.mark.postgresql
def test_the_first_look_stops_its_clock_and_starts_that_of_the_decision(later):
    tip = tells(PLAIN)
    later(61)
    rising.rise_due()
    tip.refresh_from_db()
    tip.move(Tip.State.SEEN, ines())
    assert tip.level == 0
    later(120)
    assert rising.rise_due() == 0
    later(61 + 241)
    assert rising.rise_due() == 1
    assert rises(tip, "decide") == ["1"]
    tip.refresh_from_db()
    tip.move(Tip.State.UNRELATED, ines())
    later(2000)
    assert rising.rise_due() == 0


def test_what_was_handed_over_rises_until_it_is_acknowledged(later):
    other = unit("hassan")
    tip = tells("on m'a volé mon vélo")
    tip.move(Tip.State.SEEN, ines())
    tip.move(Tip.State.HANDED_OVER, ines())
    Tip.objects.filter(pk=tip.pk).update(handed_to=other, handed_at=clock.now())
    later(31)
    assert rising.rise_due() == 1
    assert rises(tip, "handed") == ["1"]
    Tip.objects.filter(pk=tip.pk).update(acknowledged_at=clock.now())
    later(60)
    assert rising.rise_due() == 0


def test_many_late_tips_are_each_in_the_log_and_call_once(later):
    tips = [tells(PLAIN, f"+2126610000{number:02}") for number in range(8)]
    later(61)
    assert rising.rise_due() == 8
    assert all(rises(tip) == ["1"] for tip in tips)
    told = Batch.objects.filter(kind="page").values_list("subject", flat=True)
    assert len(set(told)) == 1


@pytest.mark.postgresql
def test_the_home_page_shows_what_is_overdue_in_its_scope_alone(later, django_assert_max_num_queries):
    tip = tells(PLAIN)
    later(61)
    officer = ines()
    now = clock.now()
    officer.has_perm("tips.view_tip")
    with django_assert_max_num_queries(2):
        found, count = clocks.overdue(officer, now)
    assert ([one.tip.pk for one in found], count) == ([tip.pk], 1)
    assert found[0].clock == clocks.LOOK
    assert found[0].since == tip.look_due_at
    assert clocks.overdue(lea()) == ([], 0)
