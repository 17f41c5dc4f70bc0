"""The duty roster and the holder of a case at the desk: who plans, who reads, who takes over."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from cases import owning, transfer
from cases.accept import accept
from cases.models import Case, Transfer
from tests import people
from tests.cases import family
from tests.cases.shifts import nora, on_shift, sami, yara
from tests.desk import pages
from tests.desk.test_surface import inline
from trust import clock, rostering
from trust.models import AuditEntry, Shift, Task, Unit
from trust.roles import Role

pytestmark = pytest.mark.django_db
WEEK, ADD, COPY = (f"admin:trust_shift_{name}" for name in ("changelist", "add", "copy"))


def form(**changes: object) -> dict[str, object]:
    day = (clock.now() + timedelta(days=2)).date()
    told = {
        "unit": people.unit().pk, "officer": people.ines().pk, "role": "duty", "day": day.isoformat(),
        "begins": "20:00", "ends": "08:00",
    }  # fmt: skip
    return {**told, **changes}


def monday_of(at) -> str:
    return rostering.monday(at.astimezone(people.agency().zone).date()).isoformat()


def in_work() -> Case:
    """Return a case that Ines holds, with Sami at hand."""
    sami()
    Unit.objects.filter(pk=people.unit().pk).update(duty_officer=people.ines())
    case: Case = family.a_case()
    accept(case, people.ines())
    return case


# ---- the roster ----


@pytest.mark.parametrize("who", [people.omar, people.nadia])
def test_an_approver_and_an_administrator_plan_a_night(desk, who) -> None:
    answer = desk(who()).post(reverse(ADD), form())
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    shift = Shift.objects.get()
    begins = shift.starts_at.astimezone(people.agency().zone)
    assert begins.hour == 20
    assert shift.ends_at - shift.starts_at == timedelta(hours=12)
    assert AuditEntry.objects.get(action="shift.planned").actor == who().pk


def test_digits_of_any_script_are_read(desk) -> None:
    desk(people.omar()).post(reverse(ADD), form(begins="٢٠:٠٠", ends="٠٨:٠٠"))
    assert Shift.objects.count() == 1


@pytest.mark.parametrize("who", [people.ines, sami, people.lea])
def test_an_officer_reads_the_roster_and_plans_nothing(desk, who) -> None:
    client = desk(who())
    assert client.get(reverse(WEEK)).status_code == 200
    assert client.post(reverse(ADD), form()).status_code == 403
    on_shift(people.ines(), -1, 1)
    client.post(reverse(COPY), {"week": monday_of(clock.now())})
    assert Shift.objects.count() == 1


def test_an_overlap_is_explained_and_not_kept(desk) -> None:
    client = desk(people.omar())
    client.post(reverse(ADD), form())
    answer = client.post(reverse(ADD), form(begins="22:00", ends="23:00"))
    assert answer.context["adminform"].form.non_field_errors()
    assert Shift.objects.count() == 1


def test_an_approver_plans_for_no_other_agency(desk) -> None:
    answer = desk(people.omar()).post(reverse(ADD), form(unit=yara().unit_id, officer=yara().pk))
    assert set(answer.context["adminform"].form.errors) >= {"unit", "officer"}
    assert not Shift.objects.exists()


def test_the_week_shows_who_is_where_without_script(desk) -> None:
    on_shift(people.ines(), -1, 1)
    on_shift(yara(), -1, 1)
    page = desk(sami()).get(reverse(WEEK))
    said = pages.words(page)
    assert "Inès Alami" in said
    assert "Yara" not in said
    assert inline(page.content.decode()) == []
    assert "<script" not in page.content.decode()


@pytest.mark.parametrize("week", ["", "2026-02-30", "0001-01-01", "9999-12-31", "x' OR 1=1", "2026-03-04"])
def test_any_week_asked_for_is_answered(desk, week) -> None:
    assert desk(people.omar()).get(reverse(WEEK), {"week": week}).status_code == 200


def test_a_week_is_copied_to_the_next_once(desk) -> None:
    now = clock.now()
    on_shift(people.ines(), -1, 1)
    client = desk(people.omar())
    for _time in range(2):
        client.post(reverse(COPY), {"week": monday_of(Shift.objects.earliest("starts_at").starts_at)})
    assert Shift.objects.count() == 2
    assert Shift.objects.filter(starts_at__gt=now + timedelta(days=6)).count() == 1


def test_a_shift_that_began_keeps_its_officer_and_one_that_is_over_keeps_everything(desk) -> None:
    sami()
    running, over = on_shift(people.ines(), -1, 3), on_shift(people.ines(), -9, -8)
    client = desk(people.omar())
    address = reverse("admin:trust_shift_change", args=[running.pk])
    client.post(address, form(officer=sami().pk, ends="23:59"))
    running.refresh_from_db()
    assert running.officer == people.ines()
    assert client.post(reverse("admin:trust_shift_change", args=[over.pk]), form()).status_code == 403
    for shift in (running, over):
        gone = client.post(reverse("admin:trust_shift_delete", args=[shift.pk]), {"post": "yes"})
        assert gone.status_code == 403


def test_a_shift_to_come_is_taken_out_and_the_log_says_so(desk) -> None:
    shift = on_shift(people.ines(), 5, 9)
    desk(people.omar()).post(reverse("admin:trust_shift_delete", args=[shift.pk]), {"post": "yes"})
    assert not Shift.objects.exists()
    assert AuditEntry.objects.filter(action="shift.removed", subject=shift.pk).exists()


def test_the_roster_of_another_agency_is_neither_seen_nor_changed(desk) -> None:
    shift = on_shift(people.ines(), 5, 9)
    paul = people.officer("paul", Role.APPROVER, at=yara().unit)
    client = desk(paul)
    assert "Inès" not in pages.words(client.get(reverse(WEEK)))
    assert client.get(reverse("admin:trust_shift_change", args=[shift.pk])).status_code == 302
    client.post(reverse("admin:trust_shift_delete", args=[shift.pk]), {"post": "yes"})
    assert Shift.objects.filter(pk=shift.pk).exists()


def test_home_warns_of_a_gap_in_the_roster(desk) -> None:
    people.omar()
    gap = "banner warning"
    assert gap in desk(people.ines()).get(reverse("admin:index")).content.decode()
    on_shift(people.ines(), -1, 30)
    assert gap not in desk(people.ines()).get(reverse("admin:index")).content.decode()


# ---- who holds a case ----


def test_sami_takes_over_by_a_button(desk) -> None:
    case = in_work()
    desk(people.ines()).post(pages.of_case(case, "offer"))
    client = desk(sami())
    take = reverse("admin:cases_case_take", args=[case.pk])
    assert take in client.get(pages.of_case(case)).content.decode()
    client.post(take)
    assert Case.objects.get(pk=case.pk).owner == sami()
    assert take not in client.get(pages.of_case(case)).content.decode()


def test_a_task_of_taking_over_is_not_ticked_off_by_hand(desk) -> None:
    case = in_work()
    task = owning.offer(case, people.ines())
    address = reverse("admin:trust_task_finish", args=[task.pk])
    client = desk(sami())
    assert address not in client.get(reverse("admin:trust_task_change", args=[task.pk])).content.decode()
    assert client.post(address).status_code == 404
    assert Task.objects.still_open().filter(pk=task.pk).exists()


def test_a_transfer_goes_from_desk_to_desk(desk) -> None:
    case = in_work()
    sent = desk(people.ines()).post(
        pages.of_case(case, "transfer"), {"unit": nora().unit_id, "words": "Votre secteur."}
    )
    assert sent.status_code == 302
    asked = Transfer.objects.get()
    theirs = desk(nora())
    task = Task.objects.get(kind=transfer.TRANSFER)
    page = theirs.get(reverse("admin:trust_task_change", args=[task.pk]))
    address = reverse("admin:cases_case_transfer_answer", args=[asked.pk])
    assert address in page.content.decode()
    shown = theirs.get(address)
    assert "Votre secteur." in pages.words(shown)
    assert not [text for text in family.RESTRICTED.values() if text in pages.words(shown)]
    assert theirs.get(pages.of_case(case)).status_code == 404
    theirs.post(address, {"answer": "accept"})
    assert theirs.get(pages.of_case(case)).status_code == 200
    assert desk(people.ines()).get(pages.of_case(case)).status_code == 404


def test_a_refusal_without_a_reason_is_asked_for_one_and_then_read_by_the_sender(desk) -> None:
    case = in_work()
    asked = transfer.ask(case, people.ines(), nora().unit, "Votre secteur.")  # type: ignore[arg-type]  # she has one
    address = reverse("admin:cases_case_transfer_answer", args=[asked.pk])
    client = desk(nora())
    assert client.post(address, {"answer": "refuse"}).context["form"].errors["words"]
    client.post(address, {"answer": "refuse", "words": "Pas chez nous."})
    assert "Pas chez nous." in pages.words(desk(people.ines()).get(pages.of_case(case)))


def test_the_question_is_taken_back_by_a_button(desk) -> None:
    case = in_work()
    transfer.ask(case, people.ines(), nora().unit, "Votre secteur.")  # type: ignore[arg-type]  # she has one
    client = desk(people.ines())
    back = reverse("admin:cases_case_call_off", args=[case.pk])
    assert back in client.get(pages.of_case(case)).content.decode()
    client.post(back)
    assert Transfer.objects.get().outcome == Transfer.Outcome.CALLED_OFF


def test_who_was_not_asked_opens_no_question(desk) -> None:
    asked = transfer.ask(in_work(), people.ines(), nora().unit, "Votre secteur.")  # type: ignore[arg-type]  # she has one
    address = reverse("admin:cases_case_transfer_answer", args=[asked.pk])
    for stranger in (sami(), yara()):
        assert desk(stranger).get(address).status_code == 404
    assert desk(people.nadia()).get(address).status_code == 403


@pytest.mark.parametrize("name", ["take", "offer", "call_off"])
def test_an_address_alone_changes_nothing(desk, name) -> None:
    case = in_work()
    assert desk(people.ines()).get(reverse(f"admin:cases_case_{name}", args=[case.pk])).status_code == 405


def test_the_pages_hold_nothing_inline(desk) -> None:
    case = in_work()
    asked = transfer.ask(case, people.ines(), nora().unit, "Votre secteur.")  # type: ignore[arg-type]  # she has one
    answer = reverse("admin:cases_case_transfer_answer", args=[asked.pk])
    for who, address in ((people.ines(), pages.of_case(case, "transfer")), (nora(), answer)):
        html = desk(who).get(address).content.decode()
        assert inline(html) == []
        assert not re.search(r"<script", html)
