"""What the page of a case shows: everything that was told, by whom, and nothing to who may not read it."""

import gzip

import pytest
from django.urls import reverse

from cases import conflict, thread
from cases.models import Case, Consent, Resemblance
from cases.same_child import merge
from tests import people
from tests.desk import pages, rich
from trust import clock, keys
from trust.models import AuditEntry, Officer, Task
from trust.roles import Role

pytestmark = pytest.mark.django_db


def ines_in(language: str) -> Officer:
    ines = people.ines()
    Officer.objects.filter(pk=ines.pk).update(language=language)
    return Officer.objects.get(pk=ines.pk)


def shown(desk, case: Case, language: str = "en") -> str:
    return pages.words(desk(ines_in(language)).get(pages.of_case(case)))


def joined() -> tuple[Case, Case]:
    """Return a case of two children, and the uncle's report that was joined to it."""
    case = rich.case()
    uncle = rich.uncle(case)
    sister = case.children.first()
    assert sister is not None
    merge(uncle, case, people.ines(), {uncle.children.get().pk: sister.pk})
    return Case.objects.get(pk=case.pk), Case.objects.get(pk=uncle.pk)


def test_codes_rows_and_clothes_are_words_of_the_officer(desk) -> None:
    case = rich.case()
    english = shown(desk, case)
    for words in ("red dress", "black sandals", "barefoot", "blue school bag", "14 months", "28 kg", "12 h"):
        assert words in english
    assert (
        "days: Monday, Friday · time of day: in the afternoon · what and where: club de natation" in english
    )
    assert "network or game: TikTok · name of the account: mimi.danse" in english
    arabic = shown(desk, case, "ar")
    assert "فستان أحمر" in arabic
    assert "red dress" not in arabic


def test_the_newest_value_stands_first_with_its_source_and_the_former_below(desk) -> None:
    words = shown(desk, rich.case())
    assert words.index("134 cm") < words.index("130 cm")
    assert words.index("134 cm") < words.index("Said before", words.index("134 cm")) < words.index("130 cm")
    assert "Aminatou" in words
    assert "Amina El Idrissi" in words


def test_a_source_names_who_typed_and_when_it_was_entered(desk) -> None:
    words = shown(desk, rich.case()).replace("\u2068", "").replace("\u2069", "")
    assert "the family, typed by Inès Alami" in words
    paper = words.index("on paper, typed by Inès Alami")
    assert "entered" in words[paper : paper + 120]


def test_free_text_names_its_language(desk) -> None:
    page = desk(ines_in("en")).get(pages.of_case(rich.case())).content.decode()
    said = page.index("شامة صغيرة")
    assert 'lang="ar"' in page[said - 60 : said]
    assert "Arabic" in page[said : said + 120]


def test_a_field_that_was_only_spoken_says_listen(desk) -> None:
    words = shown(desk, rich.case())
    assert words.count("spoken, not typed yet: listen") == 1  # worry_note; medicine was typed too


def test_places_say_who_when_and_where_found_before(desk) -> None:
    words = shown(desk, rich.case()).replace("\u2068", "").replace("\u2069", "")
    for part in ("chez Houda", "+212612345670", "Houda", "found there before", "within 200 m"):
        assert part in words


def test_both_children_stand_each_with_photos_and_consents(desk) -> None:
    page = desk(ines_in("en")).get(pages.of_case(rich.case()))
    sheets = page.context["report"].children
    assert [len(sheet.photos) for sheet in sheets] == [2, 0]
    assert [len(sheet.consents) for sheet in sheets] == [1, 1]
    assert "Taken on 5 January 2026" in pages.words(page)


def test_doubts_are_sentences_and_nobody_has_called_back_yet(desk) -> None:
    case = rich.case()
    words = shown(desk, case)
    assert "Sent without script" in words
    assert "Not verified: nobody has spoken with the family yet" in words
    Case.objects.filter(pk=case.pk).update(spoken_at=clock.now())
    assert "Not verified" not in shown(desk, case)


def test_without_the_right_no_restricted_group_is_on_the_page(desk) -> None:
    case = rich.case()
    pages.take_right(Role.OFFICER, "view_restricted")
    words = shown(desk, case)
    assert "red dress" in words
    for hidden in ("Ventoline", "asthma", "chez Houda", "Karim", "mimi.danse", "3 May 2017", "+2126"):
        assert hidden not in words
    looks = AuditEntry.objects.filter(action="viewed", subject=case.pk).values_list("purpose", flat=True)
    assert set(looks) == {"case page"}


def test_a_refusal_and_what_ended_are_shown_apart(desk) -> None:
    case = rich.case()
    first, second = case.children.all()
    Consent.objects.filter(child=first).update(fields=[], channels=[])
    Consent.objects.filter(child=second).update(withdrawn_at=clock.now())
    page = desk(ines_in("en")).get(pages.of_case(case))
    sheets = page.context["report"].children
    assert [line.state for line in sheets[0].consents] == ["refused"]
    assert [line.state for line in sheets[1].ended] == ["over"]


def test_a_full_case_costs_few_queries_and_little_transfer(desk, django_assert_max_num_queries) -> None:
    case, uncle = joined()
    client = desk(people.ines())
    keys.forget()
    with django_assert_max_num_queries(67):  # eight panels, each of which follows what was joined
        page = client.get(pages.of_case(case))
    assert "خرجت ولم ترجع" in page.content.decode()
    assert len(gzip.compress(page.content)) < 60_000
    assert uncle.reference in page.content.decode()


def test_a_probable_duplicate_gives_reasons_and_two_answers(desk) -> None:
    case = rich.case()
    uncle = rich.uncle(case)
    page = desk(ines_in("en")).get(pages.of_case(case))
    words = pages.words(page)
    twin = Resemblance.objects.get()
    assert "Probably the same child as in another report" in words
    assert uncle.reference in words
    assert "last seen near the same place" in words
    assert reverse("admin:cases_case_same", args=[case.pk, twin.pk]) in page.content.decode()


def test_a_duplicate_of_another_unit_is_named_by_its_unit_alone(desk) -> None:
    case = rich.case()
    uncle = rich.uncle(case)
    elsewhere = people.unit("hassan")
    Case.objects.filter(pk=uncle.pk).update(unit=elsewhere)
    words = shown(desk, case)
    assert f"It lies with {elsewhere}" in words.replace("\u2068", "").replace("\u2069", "")
    assert uncle.reference not in words
    assert "أمينة الإدريسي, 8" not in words


def test_another_child_is_decided_once(desk) -> None:
    case = rich.case()
    rich.uncle(case)
    twin, client = Resemblance.objects.get(), desk(people.ines())
    address = reverse("admin:cases_case_different", args=[case.pk, twin.pk])
    client.post(address)
    twin.refresh_from_db()
    assert twin.verdict == Resemblance.Verdict.DIFFERENT
    assert client.post(address).status_code == 404


def test_the_same_child_is_joined_child_by_child(desk) -> None:
    case = rich.case()
    uncle = rich.uncle(case)
    twin, client = Resemblance.objects.get(), desk(people.ines())
    address = reverse("admin:cases_case_same", args=[case.pk, twin.pk])
    form = client.get(address).context["form"]
    assert form.initial["keep"] == str(case.pk)
    sister, brother = case.children.all()
    assert form.fields["child_0"].initial == str(uncle.children.get().pk)
    assert form.fields["child_1"].initial == ""
    answer = client.post(address, {"keep": str(case.pk), "child_0": str(uncle.children.get().pk)})
    assert answer.url == pages.of_case(case)
    assert Case.objects.get(pk=uncle.pk).merged_into == case
    assert uncle.children.get().same_as == sister
    assert brother.also.count() == 0


def test_two_children_cannot_be_one(desk) -> None:
    case = rich.case()
    uncle = rich.uncle(case)
    twin, other = Resemblance.objects.get(), str(uncle.children.get().pk)
    address = reverse("admin:cases_case_same", args=[case.pk, twin.pk])
    answer = desk(people.ines()).post(address, {"keep": str(case.pk), "child_0": other, "child_1": other})
    assert answer.context["form"].errors["child_1"]
    assert Case.objects.get(pk=uncle.pk).merged_into is None


def test_both_threads_stand_on_the_case_and_each_is_answered_in_its_own(desk) -> None:
    case, uncle = joined()
    thread.family_writes(uncle, "هل من جديد؟")
    client = desk(people.ines())
    page = client.get(pages.of_case(case)).content.decode()
    assert "هل من جديد؟" in page
    assert page.count('name="body"') == 2
    client.post(pages.of_case(case, "write"), {"thread": str(uncle.pk), "body": "Nous cherchons."})
    assert [line.body for line in thread.entries(uncle.pk) if line.author == "police"] == ["Nous cherchons."]
    assert not [line for line in thread.entries(case.pk) if line.author == "police"]


def test_an_answer_to_a_thread_of_another_case_goes_nowhere_else(desk) -> None:
    case, stranger = rich.case(), rich.case()
    desk(people.ines()).post(
        pages.of_case(case, "write"), {"thread": str(stranger.pk), "body": "Nous cherchons."}
    )
    assert not [line for line in thread.entries(stranger.pk) if line.author == "police"]


def test_the_page_of_a_joined_report_leads_to_the_case(desk) -> None:
    case, uncle = joined()
    page = desk(people.ines()).get(pages.of_case(uncle))
    assert pages.of_case(case) in page.content.decode()
    assert not page.context["may_write"]


def test_who_may_not_read_what_is_restricted_sees_a_conflict_and_not_its_ground(desk) -> None:
    case = rich.case()
    conflict.raise_conflict(case, "protection_order", people.ines())
    assert "Ground:" in shown(desk, case)
    pages.take_right(Role.OFFICER.value, "view_restricted")
    words = shown(desk, case)
    assert "Guardians in conflict" in words
    assert "Ground:" not in words


def test_a_conflict_is_raised_with_a_ground_and_settled_by_an_approver_alone(desk) -> None:
    case = rich.case()
    ines, omar = desk(people.ines()), desk(people.omar())
    assert pages.said(ines.post(pages.of_case(case, "conflict"), {"ground": ""}, follow=True))
    assert not Case.objects.get(pk=case.pk).conflict
    ines.post(pages.of_case(case, "conflict"), {"ground": "reporter_danger"})
    assert Case.objects.get(pk=case.pk).conflict_ground == "reporter_danger"
    assert "Ground: the person reporting may be a danger to the child." in shown(desk, case)
    decision = {"authority": "TPI Rabat, 12/2026", "decision": "garde à la mère", "decided_on": "2026-01-05"}
    assert ines.post(pages.of_case(case, "settle"), decision).status_code == 403
    assert omar.post(pages.of_case(case, "settle"), {**decision, "authority": ""}).status_code == 200
    assert Case.objects.get(pk=case.pk).conflict
    omar.post(pages.of_case(case, "settle"), decision)
    settled = Case.objects.get(pk=case.pk)
    assert not settled.conflict
    assert conflict.decisions(settled)[0]["authority"] == "TPI Rabat, 12/2026"
    assert "TPI Rabat" in shown(desk, settled)


def test_settling_asks_for_the_factor_again(desk) -> None:
    case = rich.case()
    conflict.raise_conflict(case, "custody_order", people.ines())
    answer = desk(people.omar(), factor_age_s=900).get(pages.of_case(case, "settle"))
    assert "reauthenticate" in answer.url


def test_a_new_secret_is_asked_for_shown_once_and_opens_the_thread(desk) -> None:
    case = rich.case()
    client = desk(people.ines())
    assert "secret" not in (client.get(pages.of_case(case, "secret")).context or {})
    page = client.post(pages.of_case(case, "secret"))
    secret = page.context["secret"]
    assert secret.digits in page.content.decode()
    assert secret.words("fr") in page.content.decode()
    assert thread.open_case(case.reference, secret.digits) == case
    assert secret.digits not in client.get(pages.of_case(case)).content.decode()


def test_a_new_secret_wants_a_fresh_factor_and_a_case_of_one_s_own(desk) -> None:
    case, stranger = rich.case(), rich.case()
    old = desk(people.ines(), factor_age_s=900).post(pages.of_case(case, "secret"))
    assert "reauthenticate" in old.url
    wrong = desk(people.ines()).post(pages.of_case(case, "secret"), {"thread": str(stranger.pk)})
    assert wrong.status_code == 404


def test_every_kind_of_task_has_words_and_leads_to_its_case(desk) -> None:
    case = rich.case()
    for kind in ("conflict", "same_child", "erasure", "withdrawal_left", "child_home", "family_waits"):
        Task.open(kind, case.pk, subject_kind="case", unit=case.unit)
    words = pages.words(desk(ines_in("en")).get(reverse("admin:index")))
    for part in ("Another report is probably", "asks to be forgotten", "Guardians in conflict"):
        assert part in words
    assert "withdrawal_left" not in words


def test_the_list_and_the_queue_mark_what_stands_out(desk) -> None:
    case = rich.case()
    conflict.raise_conflict(case, "custody_order", people.ines())
    client = desk(ines_in("en"))
    for address in (reverse("admin:cases_case_changelist"), reverse("admin:index")):
        assert "conflict, doubts, not verified" in pages.words(client.get(address))
