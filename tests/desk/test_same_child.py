"""The page where an officer decides whether two reports are of one child: she sees both first."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from cases.models import Case, MoveRefused, Resemblance
from cases.same_child import merge
from cases.telling import Told, amend
from tests import people
from tests.desk import pages, rich
from trust import keys
from trust.models import AuditEntry, Officer, Unit
from trust.roles import Role

pytestmark = pytest.mark.django_db


def address(verb: str = "same") -> str:
    older = Case.objects.order_by("received_at").first()
    assert older is not None
    return reverse(f"admin:cases_case_{verb}", args=[older.pk, Resemblance.objects.get().pk])


def two() -> tuple[Case, Case]:
    case = rich.case()
    return case, rich.uncle(case)


def english(officer: Officer) -> Officer:
    Officer.objects.filter(pk=officer.pk).update(language="en")
    return Officer.objects.get(pk=officer.pk)


def line(page, label: str) -> tuple[str, str]:
    """Return what the two cells of a line say."""
    found = page.context["comparison"]
    lines = [*found.reports, *found.seen, *(one for pair in found.pairs for one in pair.lines)]
    cells = next(one.cells for one in lines if one.label == label)
    return tuple(cell.said.words if cell.said else cell.phone for cell in cells)


def test_both_reports_stand_side_by_side(desk) -> None:
    case, _uncle = two()
    page = desk(english(people.ines())).get(address())
    names = [name.replace("\u2068", "").replace("\u2069", "") for name in line(page, "name")]
    assert names[0] == "Aminatou El Idrissi · Amina El Idrissi · أمينة الإدريسي"
    assert names[1] == "أمينة الإدريسي"
    assert line(page, "sex") == ("girl", "girl")
    assert line(page, "age") == ("9", "8")
    assert line(page, "place last seen")[0] == "12 rue des Orangers"
    assert line(page, "Relation to the child") == ("father", "uncle or aunt")
    assert line(page, "Phone") == ("+212612345678", "+212612345699")
    words = pages.words(page)
    assert "last seen near the same place" in words
    assert str(case.unit) in words
    child = case.children.first()
    assert child is not None
    photo = child.photos.first()
    assert photo is not None
    assert reverse("admin:cases_case_photo", args=[case.pk, photo.pk]) in page.content.decode()


def test_what_one_family_did_not_tell_is_said_to_be_missing(desk) -> None:
    two()
    page = desk(english(people.ines())).get(address())
    assert line(page, "height") == ("134 cm", "")
    assert "not told" in pages.words(page)
    assert "No photo." in pages.words(page)


def test_children_who_are_alike_stand_together_and_the_brother_alone(desk) -> None:
    two()
    pairs = desk(people.ines()).get(address()).context["comparison"].pairs
    assert [tuple(map(bool, pair.names)) for pair in pairs] == [(True, True), (True, False)]


def test_a_child_of_the_other_report_alone_is_shown_too(desk) -> None:
    _case, uncle = two()
    child = uncle.children.get()
    amend(child, "name", {"given_name": "Zineb", "family_name": "Ouali", "name_arabic": ""}, told())
    pairs = desk(people.ines()).get(address()).context["comparison"].pairs
    assert [tuple(map(bool, pair.names)) for pair in pairs] == [(True, False), (True, False), (False, True)]


def told() -> Told:
    return Told("officer", "fr", people.ines())


def test_who_may_not_read_what_is_restricted_sees_no_name_and_no_phone_of_who_reported(desk) -> None:
    two()
    pages.take_right(Role.OFFICER.value, "view_restricted")
    words = pages.words(desk(english(people.ines())).get(address()))
    assert "+2126123456" not in words
    assert "Karim Benali" not in words
    assert "Your role does not show who reported." in words
    assert "girl" in words


def test_the_comparison_costs_few_queries(desk, django_assert_max_num_queries) -> None:
    two()
    client, page = desk(people.ines()), address()
    keys.forget()
    with django_assert_max_num_queries(34):
        client.get(page)


def test_a_choice_that_is_wrong_is_said_where_the_page_begins(desk) -> None:
    case, _uncle = two()
    page = desk(english(people.ines())).post(address(), {"keep": str(case.pk)})
    words = pages.words(page)
    assert words.index("Say which child is the same one.") < words.index("For it:")
    assert 'href="#id_child_0"' in page.content.decode()


def test_another_child_can_be_said_where_both_are_seen(desk) -> None:
    two()
    client = desk(people.ines())
    assert address("different") in client.get(address()).content.decode()
    client.post(address("different"))
    assert Resemblance.objects.get().verdict == Resemblance.Verdict.DIFFERENT


# ---- one child, two units


def at_two(unit_of: Callable[[], Unit]) -> tuple[Case, Case]:
    case, uncle = two()
    unit = unit_of()
    Case.objects.filter(pk=uncle.pk).update(unit=unit, agency=unit.agency)
    return case, uncle


def hassan() -> Unit:
    return named(people.unit("hassan"), "Hassan", "+212537000777")


def akanda() -> Unit:
    unit = people.lea().unit
    assert unit is not None
    return named(unit, "Akanda", "+212537000888")


def named(unit: Unit, name: str, phone: str) -> Unit:
    unit.names, unit.phone = {"en": name}, phone
    unit.save()
    return unit


def answer() -> dict[str, str]:
    """Return the form that joins the uncle's report to the first."""
    older, younger = Case.objects.order_by("received_at")
    return {"keep": str(older.pk), "child_0": str(younger.children.get().pk)}


def test_an_approver_compares_and_joins_reports_of_two_units_and_the_log_says_so(desk) -> None:
    case, uncle = at_two(hassan)
    omar = people.omar()
    client = desk(omar)
    assert address() in client.get(pages.of_case(case)).content.decode()
    assert client.get(address()).status_code == 200
    client.post(address(), answer())
    assert Case.objects.get(pk=uncle.pk).merged_into == case
    log = AuditEntry.objects.filter(actor=omar.pk)
    assert log.filter(action="case.merged", subject=uncle.pk).exists()
    seen = log.filter(purpose="compared").values_list("subject", flat=True)
    assert set(seen) == {case.pk, uncle.pk}


def test_an_officer_reads_whom_to_call_of_a_report_of_another_unit_and_nothing_it_says(desk) -> None:
    case, uncle = at_two(hassan)
    client = desk(english(people.ines()))
    page = client.get(pages.of_case(case))
    words = pages.words(page)
    assert "Hassan" in words
    assert 'href="tel:+212537000777"' in page.content.decode()
    for said in (uncle.reference, "حسن", "last seen near the same place", "Another child"):
        assert said not in words
    for verb in ("same", "different"):
        assert client.post(address(verb), answer()).status_code == 404
    assert Resemblance.objects.get().verdict == Resemblance.Verdict.OPEN
    assert Case.objects.get(pk=uncle.pk).merged_into is None


@pytest.mark.parametrize("who", ["ines", "omar"])
def test_a_report_of_another_force_is_shown_by_a_phone_alone_and_joined_by_nobody(desk, who) -> None:
    case, uncle = at_two(akanda)
    client = desk(english(getattr(people, who)()))
    page = client.get(pages.of_case(case))
    words = pages.words(page)
    assert "It lies with another force." in words
    assert 'href="tel:+212537000888"' in page.content.decode()
    for said in (uncle.reference, "Akanda", "Gendarmerie", "last seen near the same place"):
        assert said not in words
    assert client.get(address()).status_code == 404
    assert client.post(address(), answer()).status_code == 404
    client.post(address("different"))
    assert Resemblance.objects.get().verdict == Resemblance.Verdict.DIFFERENT


def test_reports_of_two_forces_are_never_joined_whoever_asks() -> None:
    case, uncle = at_two(akanda)
    child = case.children.first()
    assert child is not None
    pairs = {uncle.children.get().pk: child.pk}
    with pytest.raises(MoveRefused, match="other_force"):
        merge(Case.objects.get(pk=uncle.pk), case, people.ines(), pairs)
