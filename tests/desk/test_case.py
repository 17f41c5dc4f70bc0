"""A case at the desk: from the queue to its end."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.accept import accept
from cases.models import Case, CaseState, Consent
from cases.report import receive
from cases.telling import Told, tell
from tests import people
from tests.alerts import scene
from tests.desk import pages
from trust import clock, keys
from trust.models import Officer
from trust.roles import Role

pytestmark = pytest.mark.django_db


def reported() -> Case:
    people.unit()
    return receive(scene.report()).case


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_new_report_stands_first_on_the_home_page(desk) -> None:
    case = reported()
    client = desk(people.ines())
    queue = client.get(reverse("admin:index")).context["queues"][0]
    assert [item.label for item in queue.items] == [case.reference]
    assert queue.count == 1


def test_a_report_that_waits_grows_louder(desk, monkeypatch) -> None:
    reported()
    client = desk(people.ines())

    def loudness(minutes: int) -> str:
        monkeypatch.setattr(clock, "SHIFT", timedelta(minutes=minutes))
        level: str = client.get(reverse("admin:index")).context["queues"][0].level
        return level

    assert [loudness(minutes) for minutes in (0, 6, 16)] == ["", "warning", "danger"]


def test_an_empty_desk_says_so(desk) -> None:
    people.unit()
    answer = desk(people.ines()).get(reverse("admin:index"))
    assert answer.context["queues"]
    for queue in answer.context["queues"]:
        assert str(queue.empty_text) in pages.words(answer)


def test_the_list_names_the_child_and_finds_by_reference(desk) -> None:
    case, other = reported(), reported()
    client = desk(people.ines())
    answer = client.get(reverse("admin:cases_case_changelist"), {"q": case.reference.lower()})
    assert "Amina" in pages.words(answer)
    assert case.reference in pages.words(answer)
    assert other.reference not in pages.words(answer)


def test_the_list_costs_the_same_for_many(desk, django_assert_max_num_queries) -> None:
    for _case in range(6):
        reported()
    client = desk(people.ines())
    with django_assert_max_num_queries(15):
        client.get(reverse("admin:cases_case_changelist"))


def test_the_first_line_says_who_is_missing_and_drafting_is_not_pressed_before_the_call(desk) -> None:
    case = scene.case()
    Officer.objects.update(language="en")
    client = desk(people.ines())
    page = client.get(pages.of_case(case))
    words = pages.words(page)
    assert words.index("Amina El Idrissi · girl · Age: 9") < words.index("Not verified: nobody has spoken")
    drafting = f'href="{pages.drafting(case)}"'
    assert f'class="button" {drafting}' in page.content.decode()
    scene.verify(case)
    assert f'class="button button-primary" {drafting}' in client.get(pages.of_case(case)).content.decode()


def test_accepting_makes_it_mine(desk) -> None:
    case = reported()
    answer = desk(people.ines()).post(pages.of_case(case, "accept"), follow=True)
    assert again(case).owner == people.ines()
    assert again(case).state == CaseState.REVIEW
    assert len(pages.said(answer)) == 1


def test_the_second_to_accept_is_told_so(desk) -> None:
    case = reported()
    accept(again(case), people.officer("sara", Role.OFFICER, at=people.unit()))
    answer = desk(people.ines()).post(pages.of_case(case, "accept"), follow=True)
    assert again(case).owner != people.ines()
    assert len(pages.said(answer)) == 1


def test_an_answer_reaches_the_thread(desk) -> None:
    case = scene.case()
    client = desk(people.ines())
    client.post(pages.of_case(case, "write"), {"body": "Nous cherchons au parc."})
    assert "Nous cherchons au parc." in pages.words(client.get(pages.of_case(case)))


def test_an_empty_answer_is_not_sent(desk) -> None:
    case = scene.case()
    answer = desk(people.ines()).post(pages.of_case(case, "write"), {"body": "  "}, follow=True)
    assert len(pages.said(answer)) == 1
    assert pages.words(answer).count("Nous") == 0


def test_closing_asks_for_the_factor_again(desk) -> None:
    case = scene.case()
    answer = desk(people.ines(), factor_age_s=900).post(
        pages.of_case(case, "close"), {"outcome": "found_safe"}
    )
    assert answer.status_code == 302
    assert "reauthenticate" in answer.url
    assert again(case).state == CaseState.REVIEW


def test_closing_wants_an_outcome(desk) -> None:
    case = scene.case()
    answer = desk(people.ines()).post(pages.of_case(case, "close"), {"outcome": "", "reason": "…"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["outcome"]
    assert again(case).state == CaseState.REVIEW


def test_ines_closes_a_case(desk) -> None:
    case = scene.case()
    client = desk(people.ines())
    answer = client.post(
        pages.of_case(case, "close"), {"outcome": "found_safe", "reason": "chez sa tante"}, follow=True
    )
    assert answer.status_code == 200
    assert again(case).state == CaseState.CLOSED
    assert again(case).outcome == "found_safe"


def test_who_lacks_the_restricted_right_reads_no_phone_and_no_health(desk) -> None:
    case = scene.case()
    pages.take_right(Role.OFFICER, "view_restricted")
    shown = pages.words(desk(people.ines()).get(pages.of_case(case)))
    assert "Amina" in shown
    for hidden in ("+212612345678", "asthme sévère", "Karim Benali"):
        assert hidden not in shown


def test_withdrawn_consent_is_shown_as_withdrawn(desk) -> None:
    case = scene.case()
    client = desk(people.officer("ines_en", Role.OFFICER, at=people.unit(), language="en"))
    assert "in force" in pages.words(client.get(pages.of_case(case)))
    Consent.objects.filter(case=case).update(withdrawn_at=clock.now())
    assert "withdrawn or over" in pages.words(client.get(pages.of_case(case)))


def test_an_erased_case_still_opens_and_says_nothing(desk) -> None:
    case = scene.case()
    client = desk(people.ines())
    photo = case.children.get().photos.get()
    keys.destroy(case.pk)
    answer = client.get(pages.of_case(case))
    assert answer.status_code == 200
    for gone in ("Amina", "Orangers", "+212612345678"):
        assert gone not in pages.words(answer)
    assert client.get(reverse("admin:cases_case_changelist")).status_code == 200
    assert client.get(reverse("admin:cases_case_photo", args=[case.pk, photo.pk])).status_code == 404


def test_the_family_s_own_words_stand_on_the_case(desk) -> None:
    case = reported()
    tell(case, None, {"circumstances": "Sortie acheter du pain"}, Told(language="fr"))
    page = desk(people.ines()).get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
    assert "Sortie acheter du pain" in page


def test_the_language_chosen_at_the_door_stays(client) -> None:
    officer = people.ines()
    officer.set_password("a long pass phrase")
    officer.save()
    client.post(reverse("choose_language"), {"language": "fr", "next": "/police/"})
    client.post(reverse("account_login"), {"login": officer.username, "password": "a long pass phrase"})
    secret = people.with_second_factor(officer)
    client.post(reverse("account_login"), {"login": officer.username, "password": "a long pass phrase"})
    client.post(reverse("mfa_authenticate"), {"code": people.code(secret)})
    officer.refresh_from_db()
    assert officer.language == "fr"
