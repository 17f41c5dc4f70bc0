"""The beat searches the log, an auditor judges: no flag twice, none about oneself, none deleted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.models import Case
from cases.page import call
from tests import people
from tests.alerts import scene
from tests.alerts.test_race import at_once
from trust import audit, clock, reading
from trust.models import AuditEntry, Officer, ReadingFlag, ReadingMark, Task
from trust.reading import JudgingRefused
from trust.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.READING_CASES_AN_HOUR = {"officer": 2, "approver": 9}
    settings.READING_NIGHT = (0, 0)  # never


def adil() -> Officer:
    return people.officer("adil", Role.AUDITOR, display_name="Adil Chraïbi", at=people.unit())


def read(officer: Officer, *cases: Case) -> None:
    for case in cases:
        audit.viewed(officer, case, "case page")


def flagged() -> ReadingFlag:
    read(people.ines(), scene.case(), scene.case())
    assert reading.watch() == 1
    return ReadingFlag.objects.get()


def refusal(act) -> str:
    with pytest.raises(JudgingRefused) as caught:
        act()
    return caught.value.code


def test_many_cases_raise_one_flag_however_often_the_clock_looks():
    flag = flagged()
    assert (flag.officer, flag.kind, flag.count, flag.unit) == (people.ines(), "many", 2, people.unit())
    assert [reading.watch() for _round in range(3)] == [0, 0, 0]
    assert Task.objects.filter(kind=reading.REVIEW, subject=flag.pk).count() == 1


def test_the_count_grows_while_nobody_has_judged():
    flag = flagged()
    read(people.ines(), scene.case())
    assert reading.watch() == 0
    assert ReadingFlag.objects.get().count == 3
    reading.judge(flag, adil(), "duty", "Il tenait la permanence.")
    read(people.ines(), scene.case())
    reading.watch()
    assert ReadingFlag.objects.get().count == 3


def test_what_was_read_while_the_clock_stood_still_is_found(monkeypatch):
    reading.watch()
    read(people.ines(), scene.case(), scene.case())
    monkeypatch.setattr(clock, "SHIFT", timedelta(days=3))
    assert reading.watch() == 1
    assert ReadingMark.objects.get().read_to_at > clock.now() - timedelta(minutes=1)


def test_an_approver_called_about_a_case_of_another_unit_is_expected(settings):
    settings.READING_OTHER_UNITS = 1
    paul = people.officer("paul", Role.APPROVER, at=people.unit("hay-riad"))
    case = scene.case()
    call(paul, case, case.pk, "new_report")
    read(paul, case)
    assert reading.watch() == 0
    read(paul, scene.case())
    assert reading.watch() == 1
    assert ReadingFlag.objects.get().kind == "other_unit"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_two_rounds_at_once_raise_one_flag():
    read(people.ines(), scene.case(), scene.case())
    at_once(reading.watch, reading.watch)
    assert ReadingFlag.objects.count() == 1


class TestJudging:
    def test_a_verdict_is_kept_once_with_a_name_and_ends_the_task(self):
        flag, auditor = flagged(), adil()
        reading.judge(flag, auditor, "explained", "Renfort demandé par le chef.")
        now = ReadingFlag.objects.get()
        assert (now.looked_by, now.verdict) == (auditor, "explained")
        assert not Task.objects.still_open().filter(kind=reading.REVIEW).exists()
        assert refusal(lambda: reading.judge(now, auditor, "mistake", "autre")) == "judged"
        assert AuditEntry.objects.filter(
            action="reading.judged", subject=flag.pk, reason="explained"
        ).exists()

    def test_nobody_judges_their_own(self):
        flag, auditor = flagged(), adil()
        ReadingFlag.objects.update(officer=auditor)
        flag.refresh_from_db()
        assert refusal(lambda: reading.judge(flag, auditor, "duty", "moi")) == "own"

    @pytest.mark.parametrize("who", [people.ines, people.omar, people.nadia])
    def test_only_an_auditor_judges(self, who):
        flag = flagged()
        assert refusal(lambda: reading.judge(flag, who(), "duty", "x")) == "no_right"

    @pytest.mark.parametrize(
        ("verdict", "reason", "code"), [("fine", "x", "no_verdict"), ("duty", " ", "no_reason")]
    )
    def test_a_verdict_has_a_code_and_a_reason(self, verdict, reason, code):
        assert refusal(lambda: reading.judge(flagged(), adil(), verdict, reason)) == code


class TestAtTheDesk:
    def test_the_auditor_finds_it_on_the_home_page_with_the_looks_and_no_case(self, desk):
        flag = flagged()
        client = desk(adil())
        page = reverse("admin:trust_readingflag_change", args=[flag.pk])
        assert page in client.get(reverse("admin:index")).content.decode()
        answer = client.get(page)
        told = answer.content.decode()
        assert len(answer.context["looks"]) == 2
        assert not any(word in told for word in ("Amina", *Case.objects.values_list("reference", flat=True)))
        client.post(page, {"verdict": "duty", "reason": "Permanence."})
        assert ReadingFlag.objects.get().verdict == "duty"

    def test_whom_it_concerns_and_others_learn_nothing_and_delete_nothing(self, desk):
        flag = flagged()
        stranger = people.officer("ali", Role.AUDITOR, at=people.unit("x", people.agency("autre")))
        for officer, code in (
            (people.ines(), 403),
            (people.omar(), 403),
            (people.nadia(), 403),
            (stranger, 404),
        ):
            client = desk(officer)
            home = client.get(reverse("admin:index")).content.decode()
            assert str(flag.pk) not in home
            assert "readingflag" not in home or officer == stranger
            assert "reading_flag" not in home
            for act in ("change", "delete"):
                answer = client.post(
                    reverse(f"admin:trust_readingflag_{act}", args=[flag.pk]), {"post": "yes"}
                )
                assert answer.status_code in {403, 404}, (officer, act)
            assert client.get(reverse("admin:trust_readingflag_change", args=[flag.pk])).status_code == code
            task = Task.objects.get(kind=reading.REVIEW)
            assert client.get(reverse("admin:trust_task_change", args=[task.pk])).status_code != 200
        assert ReadingFlag.objects.get().looked_at is None

    def test_a_flag_about_the_auditor_is_not_shown_to_them(self, desk):
        flag, auditor = flagged(), adil()
        ReadingFlag.objects.update(officer=auditor)
        client = desk(auditor)
        assert client.get(reverse("admin:trust_readingflag_change", args=[flag.pk])).status_code == 404
        assert str(flag.pk) not in client.get(reverse("admin:index")).content.decode()
