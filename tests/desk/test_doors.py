"""Who comes in at all, and how far."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, CaseState
from cases.report import receive
from tests import people
from tests.alerts import scene
from tests.desk import pages
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = pytest.mark.django_db


def test_nobody_comes_in_without_signing_in(client: Client) -> None:
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_a_password_alone_opens_no_case(client: Client) -> None:
    case = scene.case()
    client.force_login(people.ines(), backend="trust.auth.RolesBackend")
    answer = client.get(pages.of_case(case))
    assert answer.status_code == 302
    assert "Amina" not in answer.content.decode()


def test_ines_sees_her_units_case(desk) -> None:
    case = scene.case()
    answer = desk(people.ines()).get(pages.of_case(case))
    assert answer.status_code == 200
    for told in ("Amina El Idrissi", "+212612345678", "12 rue des Orangers"):
        assert told in pages.words(answer)


@pytest.mark.parametrize("verb", ["change", "close"])
def test_lea_of_another_agency_finds_no_such_case(desk, verb: str) -> None:
    case = scene.case()
    assert desk(people.lea()).get(pages.of_case(case, verb)).status_code in {403, 404}


def test_lea_does_not_find_it_in_her_list_either(desk) -> None:
    case = scene.case()
    answer = desk(people.lea()).get(reverse("admin:cases_case_changelist"), {"q": case.reference})
    assert answer.status_code == 200
    assert case.reference not in pages.words(answer).replace(f'"{case.reference}"', "")
    assert "Amina" not in pages.words(answer)


def test_an_officer_of_another_unit_may_not_even_with_the_right(desk) -> None:
    case = scene.case()
    other = people.officer("sami", Role.OFFICER, at=people.unit("hassan"))
    client = desk(other)
    assert client.get(pages.of_case(case)).status_code == 404
    assert client.post(pages.of_case(case, "accept")).status_code == 404
    assert client.get(pages.drafting(case)).status_code == 404


def test_an_administrator_sees_no_case_and_no_alert(desk) -> None:
    version = scene.proposed()
    client = desk(people.nadia())
    closed = [
        reverse("admin:cases_case_changelist"),
        reverse("admin:alerts_alert_changelist"),
        reverse("admin:alerts_version_changelist"),
        pages.of_case(version.alert.case),
        pages.of_version(version),
        pages.of_version(version, "photo"),
        pages.of_alert(version.alert),
    ]
    assert [client.get(page).status_code for page in closed] == [403] * len(closed)
    assert "Amina" not in pages.words(client.get(reverse("admin:index")))


def test_an_officer_who_is_administrator_too_sees_no_case(desk) -> None:
    case = scene.case()
    both = people.officer("both", Role.OFFICER, Role.ADMINISTRATOR, at=people.unit())
    assert desk(both).get(pages.of_case(case)).status_code == 403


def test_a_role_without_the_right_cannot_post_directly(desk) -> None:
    people.unit()
    case = receive(scene.report()).case
    intake = people.officer("maha", Role.INTAKE, at=people.unit())
    client = desk(intake)
    for verb in ("accept", "spoken", "open", "write", "close"):
        assert client.post(pages.of_case(case, verb), {"outcome": "found_safe"}).status_code == 403
    assert Case.objects.get(pk=case.pk).state == CaseState.RECEIVED


def test_a_verb_is_never_done_by_a_link(desk) -> None:
    case = scene.case()
    client = desk(people.ines())
    for verb in ("accept", "spoken", "open", "write"):
        assert client.get(pages.of_case(case, verb)).status_code == 405


def test_a_form_from_elsewhere_is_refused() -> None:
    case = scene.case()
    client = Client(enforce_csrf_checks=True)
    people.login(client, people.ines())
    assert client.post(pages.of_case(case, "spoken")).status_code == 403
    assert Case.objects.get(pk=case.pk).spoken_at is None


@pytest.mark.parametrize("key", ["0", "x' OR 1=1", str(uuid4())])
def test_a_made_up_key_is_no_page(desk, key: str) -> None:
    client = desk(people.ines())
    for name in ("cases_case", "alerts_alert", "alerts_version"):
        assert client.get(reverse(f"admin:{name}_change", args=[key])).status_code == 404


def test_a_look_is_recorded_once_with_who_and_what(desk) -> None:
    case = scene.case()
    client = desk(people.ines())
    for _look in range(3):
        client.get(pages.of_case(case))
    looks = AuditEntry.objects.filter(action="viewed", subject=case.pk, purpose="case page")
    assert [look.actor for look in looks] == [people.ines().pk]


def test_pages_and_photos_are_kept_by_nobody(desk) -> None:
    case = scene.case()
    client = desk(people.ines())
    photo = case.children.get().photos.get()
    for page in (
        reverse("admin:index"),
        reverse("admin:cases_case_changelist"),
        pages.of_case(case),
        reverse("admin:cases_case_photo", args=[case.pk, photo.pk]),
    ):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]


def test_the_photo_of_another_case_does_not_open_under_mine(desk) -> None:
    mine, other = scene.case(), scene.case()
    photo = other.children.get().photos.get()
    assert (
        desk(people.ines()).get(reverse("admin:cases_case_photo", args=[mine.pk, photo.pk])).status_code
        == 404
    )
