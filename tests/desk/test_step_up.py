"""Ways round the second factor and round the registers, tried one by one."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests import people
from trust import granting
from trust.models import AuditEntry, Grant, Officer

pytestmark = pytest.mark.django_db
NEW = "sept moulins sous le vent"


# What cannot be taken back asks for the second factor again, by the last words of the address's name.
GRAVE = re.compile(
    r"_(sign|stop|export|reveal|secret|give|grant|at_once|decide|settle|password|factor|hold|confirm|named)$"
)
GRAVE_TOO = {"trust_glass_add", "cases_case_close"}


def asking(resolver: Any, before: str = "") -> Iterator[tuple[str, str, bool]]:
    """Yield (route, name, whether it asks for a fresh factor) of every address."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from asking(entry, route)
        else:
            yield route, entry.name or "", getattr(entry.callback, "asks_fresh_factor", False)


def test_every_grave_act_asks_for_a_fresh_factor() -> None:
    """Found in the URLconf, so that a new signature or export cannot be forgotten."""
    doors = [door for door in asking(get_resolver()) if door[0].startswith("police/")]
    acts = {name: asks for route, name, asks in doors if not route.startswith("police/account/")}
    grave = {name for name in acts if GRAVE.search(name) and name != "password_change"} | GRAVE_TOO
    assert {name for name in grave if not acts[name]} == set()
    known = {"alerts_version_sign", "alerts_alert_stop", "cases_case_secret", "trust_grant_give"}
    assert known | GRAVE_TOO <= {name for name, asks in acts.items() if asks}


@pytest.mark.parametrize("act", ["give", "password", "factor"])
def test_a_stale_factor_gives_no_right_and_makes_no_password(desk, act: str) -> None:
    rita = people.officer("rita", "administrator", at=people.unit())
    ines = people.ines()
    grant = granting.ask(ines, "role:approver", rita)
    assert grant
    page = ("trust_grant_give", grant.pk) if act == "give" else (f"trust_officer_{act}", ines.pk)
    answer = desk(people.nadia(), factor_age_s=600).post(reverse(f"admin:{page[0]}", args=[page[1]]))
    assert "reauthenticate" in answer["Location"]
    assert Officer.objects.get(pk=ines.pk).roles == {"officer"}
    assert Officer.objects.get(pk=ines.pk).check_password(people.PASSWORD)
    assert Grant.objects.count() == 1


def change(client: Client, address: str) -> None:
    form = {
        "old_password": people.PASSWORD, "new_password1": NEW, "new_password2": NEW,
        "oldpassword": people.PASSWORD, "password1": NEW, "password2": NEW,
    }  # fmt: skip
    client.post(address, form)


@pytest.mark.parametrize("page", ["account_change_password", "admin:password_change"])
def test_no_page_changes_a_password_without_a_fresh_factor(desk, page: str) -> None:
    client = desk(people.ines(), factor_age_s=600)
    change(client, reverse(page))
    assert Officer.objects.get(username="ines").check_password(people.PASSWORD)


def test_a_changed_password_is_in_the_log_and_no_longer_temporary(desk) -> None:
    Officer.objects.filter(pk=people.ines().pk).update(password_is_temporary=True)
    client = desk(people.ines())
    change(client, reverse("admin:password_change"))
    assert Officer.objects.get(username="ines").check_password(people.PASSWORD)
    change(client, reverse("account_change_password"))
    ines = Officer.objects.get(username="ines")
    assert ines.check_password(NEW)
    assert not ines.password_is_temporary
    assert AuditEntry.objects.filter(action="officer.password_changed", actor=ines.pk).count() == 1


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("trust_officer", "password__startswith=md5"),
        ("trust_officer", "is_superuser__exact=0"),
        ("trust_unit", "duty_officer__password__startswith=md5"),
    ],
)
def test_a_list_is_asked_by_its_filters_alone(desk, page: str, query: str) -> None:
    """Else a password's hash is read letter by letter, by whether a row is listed or not."""
    people.ines()
    answer = desk(people.nadia()).get(f"{reverse(f'admin:{page}_changelist')}?{query}")
    assert answer.status_code in {302, 400}


def test_a_secret_hash_of_a_case_is_no_filter(desk) -> None:
    address = f"{reverse('admin:cases_case_changelist')}?secret_hash__startswith=md5"
    assert desk(people.ines()).get(address).status_code in {302, 400}


def test_filters_that_a_list_offers_work(desk) -> None:
    assert desk(people.nadia()).get(reverse("admin:trust_officer_changelist"), {"is_active__exact": "1"})
    client = desk(people.ines())
    for page, query in (
        ("cases_case", {"state__exact": "received"}),
        ("alerts_alert", {"state__exact": "live", "kind__exact": "actual", "q": "x"}),
        ("notifier_batch", {"kind": "alert", "exercise__exact": "0", "created_at__year": "2026"}),
        ("notifier_post", {"recall_state": "asked"}),
    ):
        assert client.get(reverse(f"admin:{page}_changelist"), query).status_code == 200, page


@pytest.mark.parametrize("words", ["x", "' OR 1=1 --", "\x00", "١٢٣", "a" * 5000, "{{7*7}}", "%s"])
def test_no_search_breaks_a_list(desk, words: str) -> None:
    people.nadia()
    auditor = people.officer("adil", "auditor", at=people.unit())
    for officer, page in (
        (people.ines(), "cases_case"),
        (people.ines(), "alerts_alert"),
        (people.ines(), "alerts_version"),
        (people.nadia(), "trust_officer"),
        (auditor, "trust_auditentry"),
    ):
        assert desk(officer).get(reverse(f"admin:{page}_changelist"), {"q": words}).status_code in {200, 302}


@pytest.mark.parametrize(
    "target", ["abc", "a.b", "//evil.example/", "https://evil.example", "\\\\evil", "", "javascript:x"]
)
def test_the_language_form_survives_any_target(desk, target: str) -> None:
    answer = desk(people.ines()).post("/police/language/", {"language": "ar", "next": target})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/police/")


@pytest.mark.parametrize("door", ["account_login", "mfa_reauthenticate", "account_reauthenticate"])
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_nobody_is_led_elsewhere_after_signing_in(client, door: str, target: str) -> None:
    ines = people.ines()
    secret = people.with_second_factor(ines)
    if door != "account_login":
        people.login(client, ines, factor_age_s=900)
    said = {"login": "ines", "password": people.PASSWORD, "code": people.code(secret), "next": target}
    answer = client.post(f"{reverse(door)}?next={target}", said)
    assert "evil" not in answer.get("Location", "").split("next=")[0]


def test_an_officer_posts_no_rights_to_himself(desk) -> None:
    nadia = people.nadia()
    form = {
        "username": "nadia", "display_name": "Nadia", "language": "fr", "unit": str(nadia.unit_id),
        "is_active": "on", "groups": ["1", "2", "3"], "is_superuser": "on", "is_staff": "on",
        "password": "x", "password_is_temporary": "", "email": "", "phone": "",
    }  # fmt: skip
    desk(nadia).post(reverse("admin:trust_officer_change", args=[nadia.pk]), form)
    now = get_user_model().objects.get(pk=nadia.pk)
    assert now.roles == {"administrator"}
    assert not now.is_superuser
    assert now.check_password(people.PASSWORD)


def test_an_administrator_makes_nobody_a_superuser_by_a_field_that_is_not_asked(desk) -> None:
    ines = people.ines()
    form = {
        "username": "ines", "display_name": "Ines", "language": "fr", "unit": str(ines.unit_id),
        "is_active": "on", "is_superuser": "on", "password": "x", "id": str(people.nadia().pk),
    }  # fmt: skip
    desk(people.nadia()).post(reverse("admin:trust_officer_change", args=[ines.pk]), form)
    now = Officer.objects.get(username="ines")
    assert not now.is_superuser
    assert now.check_password(people.PASSWORD)
