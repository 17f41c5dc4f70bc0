"""The home page: what waits, each one tap away; and a case held for a unit where nobody is."""

from datetime import timedelta

import pytest
from django.urls import reverse

from alerts import sent
from alerts.admin import VersionAdmin
from alerts.fanout import fan_out
from alerts.models import Alert, Version
from cases import checking, thread, transfer
from cases.accept import accept
from cases.models import Case, Transfer
from cases.report import receive
from cases.waiting import page_report
from notifier.models import Batch, Chunk, Delivery
from tests import people
from tests.alerts import scene
from tests.alerts import test_releasing as releasing_scene
from tests.desk import pages, rich
from tests.tips.test_intake import arrives
from tips.models import Tip
from trust import clock, reading
from trust import desk as trust_desk
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


def test_a_live_alert_says_for_how_many_a_network_took_it(desk) -> None:
    scene.neighbours(3)
    version = scene.signed()
    [item] = queue(desk, english(people.ines()), "Live alerts").items
    assert "nobody to tell yet" in item.detail
    fan_out(version.pk)
    told = list(Delivery.objects.filter(subject=version.alert_id))
    for delivery, state in zip(told, ("accepted", "delivered", "failed"), strict=True):
        Delivery.objects.filter(pk=delivery.pk).update(state=state)
    [item] = queue(desk, english(people.ines()), "Live alerts").items
    assert "taken by the networks for 2 of 3 people" in item.detail


def test_of_a_large_alert_the_share_of_work_is_said(desk, monkeypatch) -> None:
    monkeypatch.setattr(sent, "COUNTED_UP_TO", 2)
    scene.neighbours(3)
    version = scene.signed()
    fan_out(version.pk)
    [item] = queue(desk, english(people.ines()), "Live alerts").items
    assert "people: 3 · sent: 0 %" in item.detail
    Chunk.objects.update(done_at=clock.now())
    [item] = queue(desk, english(people.ines()), "Live alerts").items
    assert "people: 3 · sent: 100 %" in item.detail


def test_a_post_to_take_back_by_hand_stands_on_the_home_page(desk) -> None:
    people.unit()
    Task.open("recall_post", people.ines().pk, subject_kind="post", unit=people.unit())
    assert queue(desk, english(people.ines()), "To take back by hand").count == 1


MOST_QUERIES = 15
OF_THE_HOME = 16  # it shows what waits in every register there is


def fill(times: int) -> None:
    """Give every queue of the home page lines: several where the officer would have several."""
    scene.neighbours(1)
    for time in range(times):
        made = rich.case()
        thread.family_writes(made, "?")
        checking.ask(made, people.ines(), None, "visited", to=people.ines(), within_minutes=5)
        receive(scene.report())
        Task.open("recall_post", made.pk, subject_kind="post", unit=people.unit(), detail_code="facebook")
        fan_out(scene.signed().pk)
        scene.proposed()
        one_alone()
        releasing_scene.ask(releasing_scene.saying())
        arrives("je l’ai vue à la gare", key=f"event-{time}")


def one_alone() -> None:
    version = scene.proposed()
    now = clock.now()
    alone = {"sent_by": people.ines(), "sent_at": now, "provisional_until": now, "ground": "life"}
    Alert.objects.filter(pk=version.alert_id).update(state="live", live_at=now)
    Version.objects.filter(pk=version.pk).update(state="provisional", expires_at=now, **alone)


@pytest.mark.parametrize("times", [1, 3])
def test_the_home_page_asks_sixteen_questions_at_most_of_anybody(
    desk, django_assert_max_num_queries, times
) -> None:
    fill(times)
    auditor = people.officer("amal", Role.AUDITOR, at=people.unit())
    for who in (people.ines(), people.omar(), auditor):
        client = desk(who)
        client.get(reverse("admin:index"))  # the first look of a session writes it anew
        with django_assert_max_num_queries(OF_THE_HOME):
            page = client.get(reverse("admin:index"))
        assert all(one.items for one in page.context["queues"] if who == people.ines()), [
            one.title for one in page.context["queues"] if not one.items
        ]


def test_a_queue_shows_eight_and_counts_all(desk) -> None:
    people.unit()
    cases = [receive(scene.report()).case for _report in range(10)]
    found = queue(desk, english(people.ines()), "New reports")
    assert ([item.label for item in found.items], found.count, found.more) == (
        [case.reference for case in cases[:8]], 10, True,
    )  # fmt: skip
    accept(cases[0], people.ines())
    assert queue(desk, english(people.ines()), "New reports").count == 9
    mine = queue(desk, english(people.ines()), "My cases")
    assert ([item.label for item in mine.items], mine.count) == ([cases[0].reference], 1)


def test_what_is_owed_is_listed_by_when_it_is_due_and_counted_whole(desk) -> None:
    now = clock.now()
    for minutes in range(10, 0, -1):
        case = scene.case()
        Task.open("child_home", case.pk, unit=case.unit, due_at=now + timedelta(minutes=minutes))
    Task.open("consent_gone", people.ines().pk, unit=people.unit())  # due as soon as it was opened
    page = desk(english(people.ines())).get(reverse("admin:index"))
    owed = next(one for one in page.context["queues"] if one.title == "What is owed")
    assert owed.count == Task.objects.still_open().count() > 11
    kinds = [Task.objects.get(pk=item.url.split("/")[-3]).kind for item in owed.items]
    assert (kinds[0], kinds.count("child_home")) == ("consent_gone", 7)


def test_nobody_reads_the_same_line_twice(desk) -> None:
    people.unit()
    case = receive(scene.report()).case
    thread.family_writes(case, "?")
    checking.ask(case, people.ines(), None, "visited", to=people.ines(), within_minutes=5)
    Task.open("recall_post", case.pk, unit=people.unit())
    assert queue(desk, english(people.ines()), "What is owed").items == []
    sara = people.officer("sara", Role.OFFICER, at=people.unit(), language="en")
    owed = queue(desk, sara, "What is owed")  # the place is another's to check: no queue of hers shows it
    assert [Task.objects.get(pk=item.url.split("/")[-3]).kind for item in owed.items] == [checking.KIND]


def test_what_waits_stands_before_what_does_not_and_cases_before_other_registers(desk) -> None:
    people.unit()
    receive(scene.report())
    page = desk(english(people.ines())).get(reverse("admin:index"))
    words = pages.words(page)
    assert words.index("New reports") < words.index("Nothing waits here") < words.index("My cases")
    registers = words.partition("Registers")[2]
    assert registers.split()[:2] == ["Cases", "Found"]
    Case.objects.all().update(state="closed", owner=None)
    Task.objects.all().delete()
    assert "Nothing waits for you now." in pages.words(desk(people.ines()).get(reverse("admin:index")))


def test_tasks_of_other_units_and_of_other_roles_are_not_counted(desk) -> None:
    Task.open("recall_post", people.ines().pk, unit=people.unit("hassan"))
    Task.open(reading.REVIEW, people.ines().pk, unit=people.unit())
    assert queue(desk, english(people.ines()), "What is owed").count == 0


def test_a_list_that_is_slow_to_count_ends_and_says_so(desk, monkeypatch) -> None:
    monkeypatch.setattr(trust_desk, "MOST_LISTED", 2)
    monkeypatch.setattr(VersionAdmin, "list_per_page", 1)
    listed = reverse("admin:alerts_version_changelist")
    codes = [scene.drafted().alert.code for _version in range(3)]
    client = desk(english(people.ines()))
    pages_of_list = [client.get(listed, {"p": str(number)}) for number in (1, 2)]
    for page, code in zip(pages_of_list, reversed(codes[1:]), strict=True):
        assert page.context["cl"].result_count == 2
        assert "Only the first 2 are listed" in pages.words(page)
        assert [one for one in codes if one in pages.words(page)] == [code]
    assert codes[0] in client.get(listed, {"q": codes[0]}).content.decode().partition("<tbody>")[2]


@pytest.mark.parametrize("listed", ["alerts_version", "alerts_alert", "cases_case", "trust_task"])
def test_lists_ask_little_however_much_they_list(desk, django_assert_max_num_queries, listed) -> None:
    for _alert in range(3):
        scene.signed()
    client = desk(people.omar())
    client.get(reverse("admin:index"))
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(reverse(f"admin:{listed}_changelist"))
    assert page.context["cl"].result_count >= 3


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
