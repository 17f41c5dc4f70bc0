"""What every page of the desk owes its reader: a language, a direction, and nothing inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from tests import people
from tests.alerts import scene
from tests.desk import pages
from trust.models import Officer
from trust.roles import Role

INLINE = re.compile(
    r"""\sstyle\s*=|<style|javascript:|\son[a-z]+\s*=\s*["']|<script(?![^>]*\bsrc=)(?![^>]*type="application/json")""",
    re.IGNORECASE,
)
DIRECTION = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
ERRORS = ("400.html", "403.html", "403_csrf.html", "404.html", "410.html", "500.html")


def inline(html: str) -> list[str]:
    """Return what a strict Content-Security-Policy would block."""
    return [html[max(0, found.start() - 60) : found.end() + 60] for found in INLINE.finditer(html)]


def of_ines() -> list[str]:
    version, live = scene.proposed(), scene.signed()
    return [
        reverse("admin:index"),
        reverse("admin:cases_case_changelist"),
        reverse("admin:alerts_alert_changelist"),
        reverse("admin:alerts_version_changelist"),
        pages.of_case(version.alert.case),
        pages.of_case(version.alert.case, "close"),
        pages.drafting(scene.case()),
        pages.of_version(version),
        pages.of_version(scene.drafted(), "revise"),
        pages.of_alert(live.alert),
        pages.of_alert(live.alert, "stop"),
    ]


def of_nadia() -> list[str]:
    unit = people.unit()
    return [
        reverse("admin:index"),
        reverse("admin:trust_officer_changelist"),
        reverse("admin:trust_officer_add"),
        reverse("admin:trust_officer_change", args=[people.ines().pk]),
        reverse("admin:trust_unit_add"),
        reverse("admin:trust_unit_change", args=[unit.pk]),
        reverse("admin:trust_agency_change", args=[unit.agency.pk]),
        reverse("admin:django_celery_beat_periodictask_changelist"),
    ]


def faults(client: Client, officer: Officer, addresses: list[str], language: str) -> list[str]:
    Officer.objects.filter(pk=officer.pk).update(language=language)
    found = []
    for address in addresses:
        answer = client.get(address)
        html = answer.content.decode()
        if answer.status_code != 200:
            found.append(f"{address}: {answer.status_code}")
        if f'<html lang="{language}" dir="{DIRECTION[language]}">' not in html:
            found.append(f"{address}: {html[:120]}")
        if 'name="viewport"' not in html or "noindex" not in html:
            found.append(f"{address}: head")
        found += [f"{address}: {part}" for part in inline(html)]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("language", sorted(DIRECTION))
def test_no_page_of_the_desk_holds_anything_inline(desk, language: str) -> None:
    ines, nadia = people.ines(), people.nadia()
    karim = people.officer("karim", Role.AUDITOR, at=people.unit())
    found = faults(desk(ines), ines, of_ines(), language)
    found += faults(desk(nadia), nadia, of_nadia(), language)
    found += faults(desk(karim), karim, [reverse("admin:trust_auditentry_changelist")], language)
    assert found == []


@pytest.mark.django_db
def test_the_pages_of_the_account_hold_nothing_inline(desk, client: Client) -> None:
    people.unit()
    found = inline(client.get(reverse("account_login")).content.decode())
    newcomer = people.officer("newcomer", Role.OFFICER, at=people.unit())
    client.post(reverse("account_login"), {"login": newcomer.username, "password": people.PASSWORD})
    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    found += inline(asked.content.decode())
    answer = client.post(reverse("account_reauthenticate"), {"password": people.PASSWORD})
    assert answer.status_code == 302
    enrolling = client.get(reverse("mfa_activate_totp"))
    assert enrolling.status_code == 200
    assert 'class="qr"' in enrolling.content.decode()
    found += inline(enrolling.content.decode())
    seated = desk(people.ines())
    seated.post(reverse("account_reauthenticate"), {"password": people.PASSWORD})
    for name in ("mfa_index", "mfa_reauthenticate", "mfa_generate_recovery_codes", "account_logout"):
        answer = seated.get(reverse(name))
        assert answer.status_code == 200, name
        assert "<html lang=" in answer.content.decode()
        found += inline(answer.content.decode())
    assert found == []


@pytest.mark.django_db
def test_an_officer_changes_the_language_and_stays_on_the_page(desk) -> None:
    client = desk(people.ines())
    answer = client.post(
        reverse("choose_language"), {"language": "ar", "next": reverse("admin:cases_case_changelist")}
    )
    assert answer.url == reverse("admin:cases_case_changelist")
    assert '<html lang="ar" dir="rtl">' in client.get(answer.url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:1", ""])
def test_the_language_form_leads_nowhere_else(desk, target: str) -> None:
    answer = desk(people.ines()).post(reverse("choose_language"), {"language": "xx", "next": target})
    assert answer.url == settings.LOGIN_REDIRECT_URL
    assert Officer.objects.get(username="ines").language == "fr"


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_stands_without_any_context(name: str) -> None:
    html = render_to_string(name)
    assert "<html lang=" in html
    assert "noindex" in html
    assert inline(html) == []


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_pages_for_when_nothing_works_speak_every_language(name: str) -> None:
    html = render_to_string(name)
    for language, direction in DIRECTION.items():
        assert f'lang="{language}" dir="{direction}"' in html


@pytest.mark.parametrize("language", sorted(DIRECTION))
def test_a_missing_page_answers_in_the_language_of_its_address(client: Client, language: str) -> None:
    answer = client.get(f"/{language}/no-such-page/")
    assert answer.status_code == 404
    assert f'<html lang="{language}" dir="{DIRECTION[language]}">' in answer.content.decode()


def test_the_error_page_gives_the_emergency_number_where_it_is_known() -> None:
    request = RequestFactory().get("/")
    html = render_to_string("403_csrf.html", request=request)
    assert f'href="tel:{settings.EMERGENCY_NUMBER}"' in html


@pytest.mark.parametrize("site", [("base.css", "police.css"), ("base.css", "public.css", "report.css")])
def test_the_styles_of_one_page_weigh_less_than_20_kb(site: tuple[str, ...]) -> None:
    folder = Path(settings.BASE_DIR) / "static" / "css"
    assert sum((folder / name).stat().st_size for name in site) < 20_000


def test_no_style_names_left_or_right_where_writing_turns_round() -> None:
    physical = re.compile(r"(?:margin|padding|border)-(?:left|right)\s*:|(?<![-\w])(?:left|right)\s*:")
    styles = (Path(settings.BASE_DIR) / "static" / "css").glob("*.css")
    assert [found for style in styles for found in physical.findall(style.read_text())] == []
