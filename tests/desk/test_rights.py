"""Accounts and new rights at the desk: forms, crafted posts, and the page of the second administrator."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from tests import people
from tests.desk import pages
from trust import granting
from trust.models import AuditEntry, Grant, Officer
from trust.roles import Role

pytestmark = pytest.mark.django_db


def rita() -> Officer:
    return people.officer("rita", Role.ADMINISTRATOR, display_name="Rita Bennis", at=people.unit())


def change(client: Client, officer: Officer, *roles: str, **changes: object):
    form = {
        "username": officer.username, "display_name": officer.display_name, "language": "fr",
        "unit": officer.unit_id, "phone": "", "email": "", "is_active": "on",
        "groups": [Group.objects.get(name=role).pk for role in roles], **changes,
    }  # fmt: skip
    form = {name: value for name, value in form.items() if value is not None}
    return client.post(reverse("admin:trust_officer_change", args=[officer.pk]), form, follow=True)


def waiting(officer: Officer) -> set[str]:
    return set(Grant.objects.open().filter(subject=officer.pk).values_list("ground", flat=True))


def held(officer: Officer) -> set[str]:
    return set(Officer.objects.get(pk=officer.pk).groups.values_list("name", flat=True))


def test_a_crafted_post_of_every_role_gives_none(desk):
    ines, everything = people.ines(), [role for role in Role if role != Role.SERVICE]
    elsewhere = people.lea().unit
    assert elsewhere
    answer = change(
        desk(people.nadia()), ines, *everything, unit=elsewhere.pk, is_superuser="on", is_staff="on",
        user_permissions=["1"], password="x",
    )  # fmt: skip
    assert held(ines) == {"officer"}
    assert Officer.objects.get(pk=ines.pk).unit == people.unit()
    assert waiting(ines) == {f"role:{role}" for role in everything} - {"role:officer"} | {
        f"unit:{elsewhere.pk}"
    }
    assert any("Waits for a second" in said or "second" in said for said in pages.said(answer))


def test_a_service_role_is_not_even_asked_for(desk):
    change(desk(people.nadia()), people.ines(), Role.OFFICER, Role.SERVICE)
    assert (held(people.ines()), waiting(people.ines())) == ({"officer"}, set())


def test_a_role_unticked_and_an_account_closed_are_gone_at_once(desk):
    client, ines, omar = desk(people.nadia()), people.ines(), people.omar()
    change(client, ines)
    assert held(ines) == set()
    change(client, omar, Role.APPROVER, is_active=None)
    assert not Officer.objects.get(pk=omar.pk).is_active
    change(client, omar, Role.APPROVER)
    assert not Officer.objects.get(pk=omar.pk).is_active
    assert waiting(omar) == {"active"}


def test_the_second_administrator_finds_it_on_the_home_page_and_gives_it(desk):
    ines = people.ines()
    change(desk(people.nadia()), ines, Role.OFFICER, Role.APPROVER)
    grant = Grant.objects.get()
    page = reverse("admin:trust_grant_change", args=[grant.pk])
    client = desk(rita())
    assert page in client.get(reverse("admin:index")).content.decode()
    assert "Nadia" in pages.words(client.get(page))
    client.post(reverse("admin:trust_grant_give", args=[grant.pk]))
    assert held(ines) == {"officer", "approver"}
    assert page not in client.get(reverse("admin:index")).content.decode()


def test_whoever_asked_finds_no_button_and_a_direct_post_gives_nothing(desk):
    ines = people.ines()
    client = desk(people.nadia())
    change(client, ines, Role.OFFICER, Role.APPROVER)
    grant = Grant.objects.get()
    give = reverse("admin:trust_grant_give", args=[grant.pk])
    assert give not in client.get(reverse("admin:trust_grant_change", args=[grant.pk])).content.decode()
    client.post(give)
    assert held(ines) == {"officer"}
    client.post(reverse("admin:trust_grant_call_off", args=[grant.pk]))
    assert waiting(ines) == set()


@pytest.mark.parametrize("who", [people.ines, people.omar, people.lea])
def test_no_other_role_reaches_the_page_of_new_rights(desk, who):
    grant = granting.ask(people.omar(), "role:officer", people.nadia())
    assert grant
    client = desk(who())
    assert client.get(reverse("admin:trust_grant_changelist")).status_code == 403
    for act in ("give", "refuse", "call_off"):
        assert client.post(reverse(f"admin:trust_grant_{act}", args=[grant.pk])).status_code in {302, 403}
    assert waiting(people.omar()) == {"role:officer"}


def test_an_auditor_reads_new_rights_and_decides_none(desk):
    grant = granting.ask(people.ines(), "role:approver", people.nadia())
    assert grant
    client = desk(people.officer("karim", Role.AUDITOR, at=people.unit()))
    assert client.get(reverse("admin:trust_grant_change", args=[grant.pk])).status_code == 200
    client.post(reverse("admin:trust_grant_give", args=[grant.pk]))
    assert waiting(people.ines()) == {"role:approver"}


def test_a_one_time_password_is_shown_once_and_the_officer_is_out_everywhere(desk):
    ines = people.ines()
    sitting = desk(ines)
    client = desk(people.nadia())
    page = reverse("admin:trust_officer_password", args=[ines.pk])
    assert Officer.objects.get(pk=ines.pk).check_password(people.PASSWORD)  # a look changes nothing
    assert client.get(page).status_code == 200
    shown = client.post(page).context["password"]
    now = Officer.objects.get(pk=ines.pk)
    assert now.check_password(shown)
    assert now.password_is_temporary
    assert sitting.get(reverse("admin:index")).status_code == 302
    assert shown not in "".join(AuditEntry.objects.values_list("after", flat=True))


@pytest.mark.parametrize("act", ["password", "factor", "sessions"])
def test_nobody_helps_themselves_so(desk, act):
    nadia = people.nadia()
    answer = desk(nadia).post(reverse(f"admin:trust_officer_{act}", args=[nadia.pk]))
    assert answer.status_code == 403
    assert Officer.objects.get(pk=nadia.pk).check_password(people.PASSWORD)
