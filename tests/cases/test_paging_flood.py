"""A flood of doubtful reports calls the officer on duty a few times; a report without doubts always calls."""

from datetime import timedelta

import pytest

from cases import paging_flood, waiting
from cases.accept import accept
from cases.models import Case
from notifier.models import Delivery
from tests import people
from tests.cases import family
from tests.cases.shifts import MINUTE, later, nora, on_shift, sami
from trust import clock
from trust.models import Officer, Task

pytestmark = pytest.mark.django_db
EACH = paging_flood.EACH


@pytest.fixture(autouse=True)
def duty(ines):
    """Ines is on duty, and one of the windows in which several are said once begins."""
    window_s = paging_flood.WITHIN.total_seconds()
    with later(timedelta(seconds=window_s - clock.now().timestamp() % window_s)):
        on_shift(ines, -1, 8)
        people.omar()
        yield


def doubtful(count: int, *doubts: str) -> list[Case]:
    return [family.a_case(doubts=doubts or ("no_work",)) for _ in range(count)]


def texts() -> list[str]:
    """Return what each SMS says, oldest first."""
    sent = Delivery.objects.filter(channel="sms").select_related("batch").order_by("pk")
    return [str(call.batch.content) for call in sent]


def again(minutes: float) -> list[str]:
    """Return who gets an SMS when beat wakes twice at that minute."""
    known = list(Delivery.objects.values_list("pk", flat=True))
    with later(minutes * MINUTE):
        waiting.page_waiting()
        waiting.page_waiting()
    fresh = Delivery.objects.filter(channel="sms").exclude(pk__in=known).order_by("pk")
    return [Officer.objects.get(pk=call.person).username for call in fresh]


@pytest.mark.parametrize("doubt", sorted(paging_flood.DOUBTS))
def test_the_first_few_call_one_by_one_and_the_rest_call_once(doubt):
    reports = doubtful(EACH + 5, doubt)
    said = texts()
    assert len(said) == EACH + 1
    assert all(report.reference in call for report, call in zip(reports, said, strict=False))


def test_every_report_keeps_its_task_and_its_owner(ines):
    reports = doubtful(EACH + 5)
    tasks = Task.objects.still_open().filter(kind="new_report")
    assert set(tasks.values_list("subject", "owner")) == {(report.pk, ines.pk) for report in reports}


@pytest.mark.parametrize("doubts", [(), ("said_only",)])
def test_a_report_without_doubts_calls_at_once_in_the_middle_of_a_flood(doubts):
    doubtful(EACH + 5)
    before = len(texts())
    real = family.a_case(doubts=doubts)
    assert len(texts()) == before + 1
    assert real.reference in texts()[-1]
    assert Delivery.objects.filter(subject=real.pk).exists()


def test_reports_without_doubts_are_no_flood_however_many():
    for _ in range(EACH + 3):
        family.a_case()
    assert len(texts()) == EACH + 3
    one = doubtful(1)[0]
    assert Delivery.objects.filter(subject=one.pk).exists()


def test_a_flood_that_lasts_calls_again_after_ten_minutes_and_ends():
    doubtful(EACH + 5)
    with later(10 * MINUTE):
        before = len(texts())
        doubtful(EACH + 2)
        assert len(texts()) == before + EACH + 1
    with later(60 * MINUTE):
        last = doubtful(1)[0]
        assert Delivery.objects.filter(subject=last.pk).exists()


def test_the_flood_of_one_unit_silences_no_other():
    case = doubtful(EACH + 5)[-1]
    assert paging_flood.gather(case, case.pk, "new_report")[1] == paging_flood.SEVERAL
    other = nora().unit
    assert other is not None
    case.unit = other
    case.save()
    assert paging_flood.gather(case, case.pk, "new_report") == (case.pk, "new_report")


def test_reports_that_wait_call_again_together_each_ten_minutes_one_officer_after_the_other(ines):
    on_shift(sami(), 8, 16)
    doubtful(EACH + 5)
    assert again(6) == []
    assert again(11) == ["sami"]
    assert again(21) == ["ines"]


def test_a_report_without_doubts_calls_again_in_the_middle_of_a_flood(ines):
    doubtful(EACH + 5)
    family.a_case()
    assert again(6) == ["ines"]


def test_reports_that_were_taken_wait_no_more(ines):
    reports = doubtful(EACH + 5)
    for report in reports[1:]:
        accept(report, ines)
    with later(6 * MINUTE):
        assert waiting.page_report(reports[0].pk) == 2
    assert reports[0].reference in texts()[-1]


def test_the_call_for_several_says_nothing_about_anybody():
    doubtful(EACH + 1)
    assert not [word for word in family.RESTRICTED.values() if word in texts()[-1]]
