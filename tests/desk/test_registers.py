"""Officers, units, the log and the schedule: who writes them, and who only reads."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from tests import people
from trust.models import AuditEntry, Grant, Officer, Unit
from trust.roles import Role

pytestmark = pytest.mark.django_db


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


def form(**changes: object) -> dict[str, object]:
    return {
        "username": "yasmine",
        "display_name": "Yasmine Rami",
        "language": "fr",
        "unit": people.unit().pk,
        "phone": "",
        "email": "",
        "is_active": "on",
        "groups": [role(Role.OFFICER)],
        **changes,
    }


def test_an_administrator_makes_an_account_without_a_password(desk) -> None:
    client = desk(people.nadia())
    answer = client.post(reverse("admin:trust_officer_add"), form())
    assert answer.status_code == 302
    made = Officer.objects.get(username="yasmine")
    assert made.roles == set()
    assert Grant.objects.get(subject=made.pk).ground == "role:officer"
    assert not made.has_usable_password()
    assert (
        "password"
        not in client.get(reverse("admin:trust_officer_change", args=[made.pk]))
        .context["adminform"]
        .form.fields
    )


def test_what_an_administrator_did_is_in_the_log(desk) -> None:
    desk(people.nadia()).post(reverse("admin:trust_officer_add"), form())
    made = Officer.objects.get(username="yasmine")
    acts = AuditEntry.objects.filter(subject=made.pk, actor=people.nadia().pk)
    assert "officer.enrolled" in set(acts.values_list("action", flat=True))
    assert "Yasmine" not in "".join(acts.values_list("after", flat=True))


def test_nobody_grants_a_role_to_himself(desk) -> None:
    nadia = people.nadia()
    desk(nadia).post(
        reverse("admin:trust_officer_change", args=[nadia.pk]),
        form(username="root", display_name="Nadia", groups=[role(Role.APPROVER)], is_active=""),
    )
    now = Officer.objects.get(pk=nadia.pk)
    assert (now.username, now.display_name, now.is_active) == ("nadia", "Nadia", True)
    assert set(now.groups.values_list("name", flat=True)) == {Role.ADMINISTRATOR}


def test_a_service_account_is_not_made_at_the_desk(desk) -> None:
    answer = desk(people.nadia()).post(reverse("admin:trust_officer_add"), form(groups=[role(Role.SERVICE)]))
    assert answer.context["adminform"].form.errors["groups"]
    assert not Officer.objects.filter(username="yasmine").exists()


def test_accounts_and_units_are_never_deleted(desk) -> None:
    client = desk(people.nadia())
    for page in (
        reverse("admin:trust_officer_delete", args=[people.ines().pk]),
        reverse("admin:trust_unit_delete", args=[people.unit().pk]),
    ):
        assert client.post(page, {"post": "yes"}).status_code == 403


def test_an_officer_reaches_no_register_of_officers(desk) -> None:
    client = desk(people.ines())
    for name in ("officer", "unit", "agency", "auditentry"):
        assert client.get(reverse(f"admin:trust_{name}_changelist")).status_code == 403


def test_a_unit_is_named_in_three_languages(desk) -> None:
    unit = people.unit()
    client = desk(people.nadia())
    page = reverse("admin:trust_unit_change", args=[unit.pk])
    shown = client.get(page).context["adminform"].form
    assert shown["name_ar"].value() == "أكدال"
    told = {
        "agency": unit.agency.pk,
        "code": "agdal",
        "name_ar": "أكدال",
        "name_fr": "Agdal Riad",
        "name_en": "Agdal",
    }
    client.post(page, {**told, "phone": "", "duty_officer": people.ines().pk})
    now = Unit.objects.get(pk=unit.pk)
    assert now.names["fr"] == "Agdal Riad"
    assert now.duty_officer == people.ines()


def test_no_administrator_alone_moves_a_unit_to_another_agency(desk) -> None:
    """It would open each agency's cases to the approvers of the other."""
    unit, elsewhere = people.unit(), people.lea().unit
    assert elsewhere
    told = {"agency": elsewhere.agency.pk, "code": "agdal", "phone": "", "duty_officer": ""}
    names = {"name_ar": "أكدال", "name_fr": "Agdal", "name_en": "Moved"}
    desk(people.nadia()).post(reverse("admin:trust_unit_change", args=[unit.pk]), {**told, **names})
    now = Unit.objects.get(pk=unit.pk)
    assert (now.agency, now.names["en"]) == (unit.agency, "Moved")


def test_a_unit_without_its_arabic_name_is_not_kept(desk) -> None:
    page = reverse("admin:trust_unit_add")
    told = {"agency": people.agency().pk, "code": "new", "name_ar": "", "name_fr": "Neuf", "name_en": "New"}
    answer = desk(people.nadia()).post(page, told)
    assert answer.context["adminform"].form.errors["name_ar"]


def test_an_auditor_reads_the_log_and_changes_nothing(desk) -> None:
    karim = people.officer("karim", Role.AUDITOR, at=people.unit())
    client = desk(karim)
    page = client.get(reverse("admin:trust_auditentry_changelist"))
    assert page.status_code == 200
    assert "Karim" in page.content.decode()
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert client.get(reverse("admin:trust_auditentry_add")).status_code == 403
    for act in ("delete", "change"):
        answer = client.post(reverse(f"admin:trust_auditentry_{act}", args=[entry.pk]), {"post": "yes"})
        assert answer.status_code == 403


def test_reading_the_log_is_in_the_log(desk) -> None:
    karim = people.officer("karim", Role.AUDITOR, at=people.unit())
    desk(karim).get(reverse("admin:trust_auditentry_changelist"))
    assert AuditEntry.objects.filter(action="audit.read", actor=karim.pk).count() == 1


def test_the_schedule_is_read_and_never_run_by_hand(desk) -> None:
    client = desk(people.nadia())
    page = reverse("admin:django_celery_beat_periodictask_changelist")
    answer = client.get(page)
    assert answer.status_code == 200
    assert "run_tasks" not in answer.content.decode()
    first = answer.context["cl"].result_list[0]
    before = (first.enabled, first.total_run_count)
    client.post(page, {"action": "run_tasks", "_selected_action": [first.pk]})
    client.post(page, {"action": "disable_tasks", "_selected_action": [first.pk]})
    first.refresh_from_db()
    assert (first.enabled, first.total_run_count) == before
    assert client.get(reverse("admin:django_celery_beat_periodictask_add")).status_code == 403
