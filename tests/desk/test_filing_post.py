"""An officer opens a case from a post on a social network, with no formal complaint."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from alerts import facts
from cases import retention, verification
from cases.accept import accept
from cases.close import close
from cases.erase import erase
from cases.models import Case, Consent, Photo, SeenPost
from tests import people
from tests.cases import family, pictures
from tests.desk import pages
from trust import clock, vault
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = pytest.mark.django_db
FILE = "admin:cases_case_file_post"
ADDRESS = "https://www.facebook.com/groups/77/posts/99/?mibextid=zz"
SAID = {
    "address": ADDRESS, "author": "Voisine de Salé", "language": "fr", "said": "Cherche Nour, 9 ans, Agdal",
    "children": "1", "name_1": "Nour El Fassi", "age_1": "9", "last_seen_words": "Agdal", "ago": "two_hours",
    "act": "send",
}  # fmt: skip


def at_home() -> None:
    """Make the unit of the cast the one that gets cases of its region."""
    unit = people.unit()
    unit.duty_officer = people.ines()
    unit.save()


def blank(client: Client) -> dict[str, str]:
    page = client.get(reverse(FILE)).content.decode()
    token = re.search(r'name="submission" value="([^"]+)"', page)
    assert token
    assert "<script>" not in page
    return {"submission": unescape(token[1])}


def filed(client: Client, **changes):
    return client.post(reverse(FILE), {**SAID, **blank(client), **changes})


@pytest.fixture
def ines_s(desk) -> Client:
    at_home()
    people.ines().__class__.objects.update(language="en")
    signed_in: Client = desk(people.ines())
    return signed_in


def test_a_post_becomes_a_case_without_a_complaint_and_nothing_may_be_published(ines_s) -> None:
    answer = filed(ines_s, photo=family.upload(pictures.picture()))
    case, post = Case.objects.get(), SeenPost.objects.get()
    assert answer.url == pages.of_case(case)
    assert (case.filed_how, case.filed_by, case.lacks_complaint) == ("post", people.ines(), True)
    assert (post.network, post.address, post.author) == ("facebook", ADDRESS, "Voisine de Salé")
    assert verification.stands_in_the_way(case)
    assert not Consent.objects.exists()
    assert facts.allowed(case.children.get(), "web", clock.now()) == set()
    assert AuditEntry.objects.filter(action="case.post_noted", subject=case.pk).exists()
    page = ines_s.get(pages.of_case(case))
    words = pages.words(page)
    for shown in ("no formal complaint yet", "Voisine de Salé", "Cherche Nour", "noted by Inès Alami"):
        assert shown in words.replace("\u2068", "").replace("\u2069", "")
    assert ADDRESS in unescape(page.content.decode())
    assert f'href="{ADDRESS}"' not in unescape(page.content.decode())
    listed = pages.words(ines_s.get(reverse("admin:cases_case_changelist")))
    assert "no formal complaint yet" in listed
    Case.objects.update(spoken_at=clock.now())
    for address in (pages.of_case(case), reverse("admin:cases_case_changelist")):
        assert "no formal complaint yet" not in pages.words(ines_s.get(address))


def test_the_picture_is_sealed_evidence_and_no_photo_of_the_child(ines_s, desk) -> None:
    filed(ines_s, address="", network="snapchat", photo=family.upload(pictures.picture()))
    case, post = Case.objects.get(), SeenPost.objects.get()
    assert not Photo.objects.exists()
    address = reverse("admin:cases_case_capture", args=[case.pk, post.pk])
    assert ines_s.get(address).content.startswith(b"\xff\xd8")
    pages.take_right(Role.OFFICER.value, "view_restricted")
    assert ines_s.get(address).status_code == 403
    assert "Voisine" not in pages.words(ines_s.get(pages.of_case(case)))
    sami = people.officer("sami", Role.OFFICER, at=people.unit("hassan"))
    assert desk(sami).get(address).status_code == 404


def test_nothing_of_the_post_lies_in_the_clear_and_it_goes_with_the_case(ines_s) -> None:
    filed(ines_s, photo=family.upload(pictures.picture()), seen_by="Un enseignant")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_seenpost")
        row = " ".join(
            str(bytes(cell) if isinstance(cell, memoryview) else cell) for cell in cursor.fetchone()
        )
    for said in ("facebook.com/groups", "posts/99", "Voisine", "enseignant"):
        assert said not in row
    case, original = Case.objects.get(), SeenPost.objects.get().original_key
    accept(case, people.ines())
    close(case, people.ines(), "found_safe")
    erase(Case.objects.get())
    assert not SeenPost.objects.exists()
    assert vault.find(case.pk, original) is None
    assert retention.DECLARED["SeenPost"]["address"].data_class == "restricted"


def test_the_same_post_offers_the_first_case_and_is_filed_again_only_if_said_so(ines_s) -> None:
    filed(ines_s)
    first = Case.objects.get()
    copied = "m.facebook.com/groups/77/posts/99"
    page = filed(ines_s, address=copied)
    assert page.status_code == 422
    assert f'href="{pages.of_case(first)}"' in page.content.decode()
    assert Case.objects.count() == 1
    assert filed(ines_s, address=copied, again="on").status_code == 302
    assert Case.objects.count() == 2


def test_a_post_that_another_unit_filed_shows_whom_to_call_and_no_case(ines_s) -> None:
    filed(ines_s)
    first = Case.objects.get()
    hassan = people.unit("hassan")
    hassan.phone = "+212537000777"
    hassan.save()
    Case.objects.update(unit=hassan)
    page = filed(ines_s)
    assert 'href="tel:+212537000777"' in page.content.decode()
    assert first.reference not in page.content.decode()


def test_a_double_click_is_one_case(ines_s) -> None:
    form = {**SAID, **blank(ines_s), "again": "on"}
    for _click in range(2):
        ines_s.post(reverse(FILE), form)
    assert (Case.objects.count(), SeenPost.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": ""}, "address"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "", "photo": family.upload(b"no picture")}, "photo"),
        ({"said_date": "2999-01-01", "said_time": "10:00"}, "said_time"),
        ({"network": "minitel"}, "network"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    ines_s, changes, field: str
) -> None:
    page = filed(ines_s, **changes)
    assert page.status_code == 422
    assert page.context["post"].errors[field]
    assert "Nour El Fassi" in page.content.decode()
    assert not Case.objects.exists()


def test_both_halves_of_the_form_are_said_in_one_summary(ines_s) -> None:
    page = filed(ines_s, address="perdu", phone="12").content.decode()
    assert page.count('id="errors"') == 1
    assert 'href="#id_address"' in page
    assert 'href="#id_phone"' in page


def test_a_post_that_says_little_is_filed_all_the_same(ines_s) -> None:
    answer = filed(ines_s, name_1="", age_1="", last_seen_words="", ago="", author="")
    assert answer.status_code == 302
    case = Case.objects.get()
    assert case.reporter["phone"] == ""
    case_facts = {name for sheet in case.sheets.all() for name in sheet.entries}
    assert {"last_seen_sure", "circumstances"} <= case_facts


def test_who_may_not_file_finds_no_form_and_another_site_cannot_send_it(desk) -> None:
    at_home()
    assert desk(people.omar()).get(reverse(FILE)).status_code == 403
    client = Client(enforce_csrf_checks=True)
    people.login(client, people.ines())
    assert client.post(reverse(FILE), SAID).status_code == 403
