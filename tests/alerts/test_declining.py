"""A decision not to alert needs a reason and is kept."""

import pytest

from alerts import issue
from alerts.models import Decline, Version
from alerts.refusals import IssueRefused
from tests import people
from tests.alerts import scene
from tests.desk import pages
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = pytest.mark.django_db


def code_of(act) -> str:
    with pytest.raises(IssueRefused) as refused:
        act()
    return str(refused.value.code)


def test_a_refusal_is_kept_with_its_reason_its_words_and_the_checklist() -> None:
    case = scene.case()
    kept = issue.decline(case, people.ines(), "elsewhere", "  On vérifie d’abord chez la tante. ")
    kept = Decline.objects.get(pk=kept.pk)
    assert (kept.officer, kept.words) == (people.ines(), "On vérifie d’abord chez la tante.")
    assert kept.criteria["minor"] == "yes"
    entry = AuditEntry.objects.get(action="case.declined")
    assert (entry.subject, entry.actor, entry.reason) == (case.pk, people.ines().pk, "elsewhere")


@pytest.mark.parametrize(
    ("reason", "words", "code"), [("", "x", "reason"), ("no", "x", "reason"), ("harm", " ", "words")]
)
def test_no_refusal_without_reason_and_words(reason: str, words: str, code: str) -> None:
    case = scene.case()
    assert code_of(lambda: issue.decline(case, people.ines(), reason, words)) == code
    assert not Decline.objects.exists()


def test_who_may_not_draft_may_not_decline() -> None:
    case = scene.case()
    assert code_of(lambda: issue.decline(case, people.omar(), "harm", "x")) == "no_permission"
    stranger = people.officer("sami", Role.OFFICER, at=people.unit("hassan"))
    assert code_of(lambda: issue.decline(case, stranger, "harm", "x")) == "not_yours"


def test_a_draft_lapses_a_proposal_and_a_live_alert_do_not() -> None:
    version = scene.drafted()
    issue.decline(version.alert.case, people.ines(), "criteria", "Rien ne le justifie.")
    assert scene.stored(version).state == Version.State.LAPSED
    proposed = scene.proposed()
    assert (
        code_of(lambda: issue.decline(proposed.alert.case, people.ines(), "harm", "x")) == "already_drafted"
    )
    live = scene.signed()
    assert code_of(lambda: issue.decline(live.alert.case, people.ines(), "harm", "x")) == "already_live"


def test_an_alert_can_still_be_drafted_after_a_refusal() -> None:
    case = scene.case()
    issue.decline(case, people.ines(), "too_little", "Pas de photo.")
    assert scene.drafted(case).state == Version.State.DRAFT


def test_the_page_asks_why_and_the_case_shows_it(client) -> None:
    case = scene.case()
    people.login(client, people.ines())
    url = f"/police/alerts/alert/decline/{case.pk}/"
    assert url in client.get(pages.of_case(case)).content.decode()
    asked = client.get(url)
    assert {line.verdict for line in asked.context["criteria"]} >= {"yes", "unknown"}
    assert client.post(url, {"reason_code": "", "words": ""}).context["form"].errors
    client.post(url, {"reason_code": "harm", "words": "Le père est peut-être le danger."})
    shown = pages.words(client.get(pages.of_case(case)))
    assert "Le père est peut-être le danger." in shown


def test_without_the_right_to_restricted_fields_the_checklist_is_not_shown(client) -> None:
    case = scene.case()
    issue.decline(case, people.ines(), "harm", "Le père est peut-être le danger.")
    pages.take_right(Role.OFFICER, "view_restricted")
    people.login(client, people.ines())
    shown = client.get(pages.of_case(case))
    assert "Le père est peut-être" not in pages.words(shown)
    assert 'class="criteria"' not in shown.content.decode()
