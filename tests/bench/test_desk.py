"""The bench of the desk over a small archive: it measures what it says, and lists ask few queries."""

import json

import pytest
from django.test import Client
from django.test.utils import override_settings

from bench import desk, desk_cases, desk_pages
from cases.models import Case, Child
from tests import people
from trust import audit
from trust.roles import Role

pytestmark = pytest.mark.django_db
CASES = 60


@pytest.fixture
def readers():
    return {role: people.officer(f"b-{role}", role, at=people.unit()) for role in desk.ROLES}


@pytest.fixture
def archive(readers):
    units = [people.unit(), people.unit("hassan"), people.unit("x", people.agency("autre"))]
    return desk_cases.fill(CASES, units, readers[Role.OFFICER], readers[Role.APPROVER])


@pytest.mark.long
def test_an_archive_is_sealed_and_its_log_true(archive):
    assert Case.objects.count() == CASES
    assert {child.family_name for child in Child.objects.filter(family_name__isnull=False)} > {"Tamsamani"}
    audit.seal()
    assert {finding.kind for finding in audit.verify()} <= {"unanchored"}


@pytest.mark.long
def test_a_list_asks_as_few_queries_for_many_rows_as_for_few(archive, readers):
    counted = {}
    with override_settings(ROOT_URLCONF="bench.desk_rival"):
        for role, reader in readers.items():
            client = Client()
            people.login(client, reader)
            for asked in desk_pages.pages(archive, reader):
                counted[f"{asked.case} {role}"] = desk_pages.measured(asked, "ours", client, 1).queries
    lists = {case: count for case, count in counted.items() if not case.startswith("home")}
    assert len(lists) > 20
    assert {case: count for case, count in lists.items() if count > desk.MOST_QUERIES} == {}


@pytest.mark.long
def test_a_name_is_found_by_its_digests_in_either_script(archive, readers):
    officer = readers[Role.OFFICER]
    for typed in ("Tamsamani", "التمسماني"):
        assert desk_pages.by_digest(desk_pages.name_digests(typed), officer)
    assert desk_pages.by_digest(desk_pages.name_digests("Xyzzyx"), officer) == []


@pytest.mark.long
def test_a_page_that_shows_nothing_is_no_figure(archive, readers):
    client = Client()
    people.login(client, readers[Role.OFFICER])
    lost = desk_pages.Asked("case_list", desk_pages.CASES, "NJ-0000-00", {"q": "NJ-0000-00"})
    with pytest.raises(desk_pages.NotFound):
        desk_pages.measured(lost, "ours", client, 1)


def test_a_figure_is_a_line_of_the_contract_and_says_what_is_too_much():
    slow = desk.Figure("log_auditor", "ours", "sqlite", 20_000, 301.0, "ms", 200.0, 400.0)
    assert json.loads(slow.line) == {
        "bench": "desk", "case": "log_auditor", "rival": "ours", "database": "sqlite", "n": 20_000,
        "value": 301.0, "unit": "ms", "low": 200.0, "high": 400.0,
    }  # fmt: skip
    assert slow.is_too_much
    assert not desk.Figure("log_auditor", "stock_admin", "sqlite", 1, 900.0, "ms").is_too_much
    assert desk.Figure("log_auditor", "ours", "sqlite", 1, 16, "queries").is_too_much
