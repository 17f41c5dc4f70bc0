"""The home page: what waits, each one tap away; and a case held for a unit where nobody is."""

from datetime import timedelta

import pytest
from django.urls import reverse

from alerts.fanout import fan_out
from cases import checking, thread, transfer
from cases.accept import accept
from cases.models import Case, Transfer
from cases.report import receive
from cases.waiting import page_report
from notifier.models import Batch, Delivery
from tests import people
from tests.alerts import scene
from tests.desk import pages, rich
from tips.models import Tip
from trust import clock
from trust.desk import Queue
from trust.models import Officer, Task, Unit
from trust.roles import Role

pytestmark = pytest.mark.django_db


def queue(desk, officer: Officer, title: str) -> Queue:
    page = desk(officer).get(reverse("admin:index"))
    found: Queue = next(one for one in page.context["queues"] if one.title == title)
    return found


def english(officer: Officer) -> Officer:
    Officer.objects.filter(pk=officer.pk).update(language="en")
    return Officer.objects.get(pk=officer.pk)


def test_the_family_that_waits_longest_stands_first(desk, monkeypatch) -> None:
    first, second = scene.case(), scene.case()
    thread.family_writes(first, "Avez-vous du nouveau ?")
    monkeypatch.setattr(clock, "SHIFT", timedelta(minutes=7))
    thread.family_writes(second, "Et pour nous ?")
    waits = queue(desk, english(people.ines()), "Families wait for an answer")
    assert [item.label for item in waits.items] == [first.reference, second.reference]
    assert waits.items[0].url == pages.of_case(first) + "#thread"
    assert [item.level for item in waits.items] == ["warning", ""]
    thread.police_write(first, people.ines(), "Pas encore.")
    assert queue(desk, english(people.ines()), "Families wait for an answer").count == 1


def test_places_are_those_of_whoever_owes_them(desk, monkeypatch) -> None:
    case = rich.case()
    sara = people.officer("sara", Role.OFFICER, at=people.unit(), language="en")
    checking.ask(case, people.ines(), None, "visited", to=sara, within_minutes=5)
    assert queue(desk, english(people.ines()), "Places for me to check").items == []
    monkeypatch.setattr(clock, "SHIFT", timedelta(minutes=6))
    [item] = queue(desk, sara, "Places for me to check").items
    assert (item.label, item.level, item.detail) == (case.reference, "danger", "go there")


def test_a_live_alert_says_how_far_it_is(desk) -> None:
    scene.neighbours(3)
    version = scene.signed()
    fan_out(version.pk)
    [item] = queue(desk, english(people.ines()), "Live alerts").items
    assert "people: 3 · sent: 0 %" in item.detail


def test_a_post_to_take_back_by_hand_stands_on_the_home_page(desk) -> None:
    people.unit()
    Task.open("recall_post", people.ines().pk, subject_kind="post", unit=people.unit())
    assert queue(desk, english(people.ines()), "To take back by hand").count == 1


def test_the_home_page_costs_the_same_for_many(desk, django_assert_max_num_queries) -> None:
    for _case in range(4):
        made = rich.case()
        thread.family_writes(made, "?")
        checking.ask(made, people.ines(), None, "visited")
        receive(scene.report())
    client = desk(people.ines())
    with django_assert_max_num_queries(45):
        client.get(reverse("admin:index"))


def test_accepting_a_report_withdraws_the_calls_that_have_not_left(monkeypatch) -> None:
    people.unit()
    ines = people.ines()
    case = receive(scene.report()).case
    monkeypatch.setattr(clock, "SHIFT", timedelta(minutes=6))
    page_report(case.pk)
    calls = Delivery.objects.filter(batch__key_owner=case.pk, batch__kind=Batch.Kind.PAGE)
    assert set(calls.values_list("state", flat=True)) == {"queued"}
    accept(Case.objects.get(pk=case.pk), ines)
    assert set(calls.values_list("state", flat=True)) == {"withdrawn"}


@pytest.fixture
def stranded() -> tuple[Case, Officer]:
    """Return a case of a unit where nobody is, and the officer of another unit who was called for it."""
    empty: Unit = people.unit("agdal")
    hana = people.officer("hana", Role.OFFICER, at=people.unit("hassan"), language="en")
    case = receive(scene.report()).case
    Case.objects.filter(pk=case.pk).update(owner=hana, unit=empty)
    return Case.objects.get(pk=case.pk), hana


def test_who_holds_a_case_of_another_unit_reads_whom_to_call_and_nothing_else(desk, stranded) -> None:
    case, hana = stranded
    client = desk(hana)
    assert case.reference in pages.words(client.get(reverse("admin:index")))
    page = client.get(pages.of_case(case))
    assert page.status_code == 200
    assert 'href="tel:+212537000001"' in page.content.decode()
    for hidden in ("Amina", "El Idrissi", "Karim", "612345678", "Orangers"):
        assert hidden not in page.content.decode()


def test_one_tap_asks_ones_own_unit_to_take_it_and_somebody_else_answers(desk, stranded) -> None:
    case, hana = stranded
    client = desk(hana)
    client.post(pages.of_case(case, "bring"))
    asked = Transfer.objects.get()
    assert (asked.to_unit, asked.asked_by) == (hana.unit, hana)
    assert "Somebody else there must accept" in pages.words(client.get(pages.of_case(case)))
    assert not transfer.may_answer(hana, asked)
    sami = people.officer("sami", Role.OFFICER, at=hana.unit)
    transfer.accept(asked, sami)
    assert Case.objects.get(pk=case.pk).unit == hana.unit
    assert client.get(pages.of_case(case)).context["case"].unit == hana.unit


def test_nobody_else_of_another_unit_finds_that_page(desk, stranded) -> None:
    case, hana = stranded
    sami = desk(people.officer("sami", Role.OFFICER, at=hana.unit))
    assert sami.get(pages.of_case(case)).status_code == 404
    assert sami.post(pages.of_case(case, "bring")).status_code == 404
    assert not Transfer.objects.exists()


def test_open_tips_go_with_the_case_and_decided_ones_stay() -> None:
    version = scene.signed()
    case, former = version.alert.case, people.unit()
    elsewhere = people.unit("hassan")
    hana = people.officer("hana", Role.OFFICER, at=elsewhere)
    tips = {
        state: Tip.objects.create(
            reference=f"NT-{number}",
            state=state,
            state_at=clock.now(),
            door="web",
            language="fr",
            unit=former,
            alert_id=version.alert_id if number else None,
            said_at=clock.now(),
            received_at=clock.now(),
        )
        for number, state in enumerate(("duplicate", "new", "seen", "false"))
    }
    transfer.accept(transfer.ask(case, people.ines(), elsewhere, "plus proche"), hana)
    now_at = {state: Tip.objects.get(pk=tip.pk).unit for state, tip in tips.items()}
    assert now_at == {"duplicate": former, "new": elsewhere, "seen": elsewhere, "false": former}
