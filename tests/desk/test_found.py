"""Found children at the desk: the form, the list, the page, and a report beside it."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from cases.found import deciding, matching
from cases.models import Case, FoundChild, FoundMatch
from tests import people
from tests.cases import a_found_child, family, pictures
from tests.desk import pages
from trust.models import AuditEntry, Officer
from trust.roles import Role

pytestmark = pytest.mark.django_db
ADD = "admin:cases_foundchild_add"
SAID = {
    "last_seen_words": "Rabat", "sex": "girl", "age_from": "9", "age_to": "11", "name_said": "ياسمين",
    "says_family": "maman s’appelle Samira", "where_now": "Centre Lalla Amina", "hair": "black_long",
    "marks": ["burn_arm"],
}  # fmt: skip


def url(found: FoundChild, verb: str = "change") -> str:
    return reverse(f"admin:cases_foundchild_{verb}", args=[found.pk])


def side_by_side(match: FoundMatch) -> str:
    return reverse("admin:cases_foundchild_match", args=[match.pk])


def sami() -> Officer:
    return people.officer("sami", Role.OFFICER, at=people.unit("hassan"), language="en")


def english(officer: Officer) -> Officer:
    Officer.objects.filter(pk=officer.pk).update(language="en")
    return officer


def blank(client: Client) -> dict[str, str]:
    page = client.get(reverse(ADD))
    token = re.search(r'name="submission" value="([^"]+)"', page.content.decode())
    assert token
    form = page.context["form"]
    when = {name: form[name].value() for name in ("seen_date", "seen_time")}
    shown = {"seen_date": when["seen_date"].isoformat(), "seen_time": when["seen_time"].strftime("%H:%M")}
    return {"submission": unescape(token[1]), **shown}


def pair(of: Officer) -> FoundMatch:
    """Return a match between a report of Ines' unit and a found child of this officer's."""
    unit = people.unit()
    unit.duty_officer = people.ines()
    unit.save()
    family.a_case()
    matching.look_among_reports(a_found_child.of(of))
    return FoundMatch.objects.get()


def test_an_officer_puts_a_child_on_file_corrects_it_and_finds_it_by_name(desk) -> None:
    client = desk(english(people.ines()))
    answer = client.post(reverse(ADD), {**SAID, **blank(client), "photo": family.upload(pictures.picture())})
    found = FoundChild.objects.get()
    assert answer.url == url(found)
    assert (found.unit, found.age_low_months, found.age_high_months) == (people.unit(), 108, 143)
    words = pages.words(client.get(url(found))).replace("\u2068", "").replace("\u2069", "")
    for shown in ("ياسمين", "9–11", "long black hair", "Centre Lalla Amina", "No open report fits yet"):
        assert shown in words
    assert client.get(url(found, "photo")).content.startswith(b"\xff\xd8")
    form = client.get(url(found, "tell")).context["form"]
    typed = {**SAID, "seen_date": form["seen_date"].value(), "seen_time": form["seen_time"].value()}
    client.post(url(found, "tell"), {**typed, "eyes": "green"})
    changed = FoundChild.objects.get()
    assert (changed.facts["eyes"], changed.facts["marks"]) == ("green", ["burn_arm"])
    assert changed.clean_key == found.clean_key
    listed = reverse("admin:cases_foundchild_changelist")
    assert found.reference in pages.words(client.get(listed, {"q": found.reference[:6]}))
    assert found.reference not in pages.words(client.get(listed, {"q": "Yasmine"}))  # a name in an address


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_seen_words": ""}, "last_seen_words"),
        ({"where_now": ""}, "where_now"),
        ({"age_from": "11", "age_to": "9"}, "age_to"),
        ({"seen_date": "2999-01-01"}, "seen_date"),
        ({"hair": "violet"}, "hair"),
        ({"photo": family.upload(b"no picture")}, "photo"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(desk, changes, field: str) -> None:
    client = desk(people.ines())
    page = client.post(reverse(ADD), {**SAID, **blank(client), **changes})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert not FoundChild.objects.exists()


def test_within_one_unit_both_are_read_side_by_side_and_identified(desk) -> None:
    match = pair(english(people.ines()))
    client = desk(people.ines())
    assert side_by_side(match) in client.get(url(match.found)).content.decode()
    assert side_by_side(match) in client.get(pages.of_case(match.case)).content.decode()
    page = client.get(side_by_side(match))
    words = pages.words(page)
    for shown in ("the same first name", "Look at the child, or ask it", "red jacket"):
        assert shown in words
    assert client.post(side_by_side(match), {"verdict": "same", "words": ""}).status_code == 200
    answer = client.post(side_by_side(match), {"verdict": "same", "words": "la veste et la voix"})
    assert answer.url == url(match.found)
    assert FoundChild.objects.get().case == match.case
    shown = unescape(client.get(pages.of_case(match.case)).content.decode())
    assert "The child was found" in shown
    assert {match.found_id, match.case_id} <= set(
        AuditEntry.objects.filter(purpose="compared").values_list("subject", flat=True)
    )


def test_the_form_that_closes_the_case_comes_filled_in(desk) -> None:
    match = pair(people.ines())
    deciding.same(match, people.ines())
    Case.objects.update(state="open")
    client = desk(people.ines())
    link = re.search(
        r'href="([^"]+outcome=found_safe)"', client.get(pages.of_case(match.case)).content.decode()
    )
    assert link
    assert client.get(unescape(link[1])).context["form"]["outcome"].value() == "found_safe"


def test_each_unit_sees_of_the_other_s_child_only_whom_to_call(desk) -> None:
    match = pair(sami())
    there, here = desk(sami()), desk(english(people.ines()))
    of_found = [there.get(url(match.found)), there.get(side_by_side(match))]
    of_case = [here.get(pages.of_case(match.case)), here.get(side_by_side(match))]
    for page in of_found:
        words = pages.words(page).replace("\u2068", "").replace("\u2069", "")
        assert match.case.reference in words
        assert "Inès Alami" in words
        for secret in ("Zerhouni", "Samira Zerhouni", "+212612345678", "tanneurs", "the same first name"):
            assert secret not in words
    for page in of_case:
        words = pages.words(page)
        assert match.found.reference in words
        for secret in ("Lalla Amina", "maman", "ياسمين Samira", "gare de Rabat", "the same first name"):
            assert secret not in words
    for address in (url(match.found), url(match.found, "photo"), url(match.found, "tell")):
        assert here.get(address).status_code == 404
    assert there.get(pages.of_case(match.case)).status_code == 404


def test_across_units_a_call_decides_and_only_who_has_the_child_identifies_it(desk) -> None:
    match = pair(sami())
    there, here = desk(sami()), desk(people.ines())
    told = {"words": "comparé au téléphone"}
    here.post(side_by_side(match), {**told, "verdict": "same", "called": "on"})
    there.post(side_by_side(match), {**told, "verdict": "same"})
    assert FoundMatch.objects.get().verdict == ""
    there.post(side_by_side(match), {**told, "verdict": "same", "called": "on"})
    assert (FoundMatch.objects.get().verdict, FoundChild.objects.get().state) == ("same", "known")
    page = pages.words(here.get(pages.of_case(match.case)))
    assert match.found.reference in page
    assert "Lalla Amina" not in page


def test_strangers_find_neither_child_nor_match(desk) -> None:
    match = pair(sami())
    third = people.officer("rita", Role.OFFICER, at=people.unit("sale"))
    for officer in (third, people.lea()):
        client = desk(officer)
        for address in (side_by_side(match), url(match.found)):
            assert client.get(address).status_code == 404
            assert client.post(address, {"verdict": "different", "words": "x"}).status_code in (403, 404)
    assert desk(people.nadia()).get(url(match.found)).status_code == 403
    intake = people.officer("amal", Role.INTAKE, at=people.unit("hassan"))
    assert desk(intake).get(side_by_side(match)).status_code == 200
    assert desk(intake).post(side_by_side(match), {"verdict": "different", "words": "x"}).status_code == 403
    assert FoundMatch.objects.get().verdict == ""


def test_without_the_right_to_what_is_restricted_the_child_s_place_and_words_stay_hidden(desk) -> None:
    found = a_found_child.of(people.ines())
    client = desk(people.ines())
    pages.take_right(Role.OFFICER.value, "view_restricted")
    words = pages.words(client.get(url(found)))
    assert "Lalla Amina" not in words
    assert "Samira" not in words
    assert client.get(url(found, "tell")).status_code == 403


def test_a_child_is_closed_with_a_reason_and_looked_for_again(desk) -> None:
    found = a_found_child.of(people.ines())
    client = desk(english(people.ines()))
    client.post(url(found, "close"), {"why": ""})
    assert FoundChild.objects.get().state == "open"
    client.post(url(found, "close"), {"why": "in_care", "words": "décision du juge"})
    assert "In the care of a judge" in pages.words(client.get(url(found)))
    client.post(url(found, "reopen"), {"words": "le juge s’est trompé"})
    assert FoundChild.objects.get().state == "open"


def test_the_list_names_nobody_and_its_page_costs_few_queries(desk, django_assert_max_num_queries) -> None:
    for _number in range(5):
        a_found_child.of(people.ines(), photo=None)
    client = desk(people.ines())
    client.get(reverse("admin:cases_foundchild_changelist"))
    with django_assert_max_num_queries(15):
        page = client.get(reverse("admin:cases_foundchild_changelist"))
    assert "ياسمين" not in pages.words(page)
