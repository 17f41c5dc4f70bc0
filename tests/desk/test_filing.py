"""An officer files for somebody who is here, on the phone, or who wrote on paper."""

import re
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases import thread
from cases.models import Amendment, Case, CaseState, Consent, VoiceNote
from cases.telling import Told, tell
from tests import people
from tests.cases.media import recordings
from tests.desk import pages, rich
from tests.desk.test_case_file import ines_in
from trust import clock
from trust.roles import Role

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo(settings.AGENCY_TIME_ZONE)
FILE = "admin:cases_case_file"
SAID = {
    "how": "phone", "language": "ar", "children": "1", "name_1": "Nour El Fassi", "age_1": "9",
    "last_seen_words": "Agdal", "ago": "60", "phone": "0612345679", "act": "send",
}  # fmt: skip


def tell_url(case: Case, screen: str, number: int | None = None, query: str = "") -> str:
    names = ("admin:cases_case_tell", [case.pk, screen])
    if number:
        names = ("admin:cases_case_tell_child", [case.pk, screen, number])
    return reverse(names[0], args=names[1]) + query


def blank(client: Client) -> dict[str, str]:
    """Return what the empty form sends by itself."""
    page = client.get(reverse(FILE)).content.decode()
    token = re.search(r'name="submission" value="([^"]+)"', page)
    assert token
    ago = re.search(r'name="ago" value="([^"]+)"', page)
    age = re.findall(r'<option value="([^"]+)"', page[page.index('name="age_1"') :])
    assert ago
    return {**SAID, "submission": unescape(token[1]), "ago": ago[1], "age_1": age[5]}


def filed(client: Client, **changes: str):
    return client.post(reverse(FILE), {**blank(client), **changes})


def at(hours_ago: int) -> dict[str, str]:
    local = (clock.now() - timedelta(hours=hours_ago)).astimezone(ZONE)
    return {"said_date": local.date().isoformat(), "said_time": local.strftime("%H:%M")}


def how(kind: str, language: str = "fr", **more: str) -> dict[str, str]:
    return {"told-how": kind, "told-language": language, **{f"told-{k}": v for k, v in more.items()}}


def test_a_call_taker_files_a_report_and_hands_over_the_secret(desk) -> None:
    people.unit()
    intake = people.officer("amal", Role.INTAKE, at=people.unit())
    page = filed(desk(intake))
    case = Case.objects.get()
    assert (case.filed_by, case.filed_how, case.language) == (intake, "phone", "ar")
    assert case.children.get().given_name == "Nour El Fassi"
    html = page.content.decode()
    secret = page.context["secret"]
    for shown in (case.reference, secret.digits, secret.words("ar")):
        assert shown in html
    assert thread.open_case(case.reference, secret.words("ar")) == case
    assert page.context["next_url"].startswith(tell_url(case, "child", 1))


def test_filing_twice_is_one_case_with_the_same_secret(desk) -> None:
    people.unit()
    client = desk(people.ines())
    form = blank(client)
    first, second = (client.post(reverse(FILE), form) for _click in range(2))
    assert Case.objects.count() == 1
    assert first.context["secret"] == second.context["secret"]


def test_what_lacks_is_said_beside_the_field_and_nothing_typed_is_lost(desk) -> None:
    people.unit()
    page = filed(desk(people.ines()), phone="12")
    assert page.status_code == 422
    assert page.context["form"].errors["phone"]
    assert "Nour El Fassi" in page.content.decode()
    assert not Case.objects.exists()


def test_an_hour_to_come_is_refused(desk) -> None:
    people.unit()
    page = filed(desk(people.ines()), **at(-5))
    assert page.context["filing"].errors["said_time"]
    assert not Case.objects.exists()


def test_a_second_child_gets_a_line_and_nothing_is_filed_yet(desk) -> None:
    people.unit()
    page = filed(desk(people.ines()), act="add_child")
    assert "name_2" in page.context["form"].fields
    assert not Case.objects.exists()


def test_who_may_not_file_finds_no_form(desk) -> None:
    people.unit()
    for stranger in (people.omar(), people.nadia()):
        assert desk(stranger).get(reverse(FILE)).status_code == 403


def test_a_form_of_another_site_is_refused(desk) -> None:
    people.unit()
    client = Client(enforce_csrf_checks=True)
    people.login(client, people.ines())
    assert client.post(reverse(FILE), SAID).status_code == 403
    case = rich.case()
    assert client.post(tell_url(case, "looks", 1), how("phone")).status_code == 403


def test_paper_typed_later_keeps_the_true_hours_beside_those_of_entry(desk) -> None:
    people.unit()
    client = desk(people.ines())
    page = filed(client, how="paper", **at(6))
    case = Case.objects.get()
    assert case.filed_how == "paper"
    assert timedelta(hours=5) < case.received_at - case.reported_at < timedelta(hours=7)
    assert "how=paper" in page.context["next_url"]
    assert "at=" in page.context["next_url"]
    answer = client.post(tell_url(case, "looks", 1), {**how("paper", "ar", **at(6)), "height": "131"})
    assert answer.status_code == 302
    entry = case.children.get().facts["height"][-1]
    said, entered = (datetime.fromisoformat(entry[name]) for name in ("at", "entered_at"))
    assert entry["source"] == "paper"
    assert timedelta(hours=5) < entered - said < timedelta(hours=7)
    ines_in("en")
    assert "entered" in pages.words(client.get(pages.of_case(case)))


def test_each_screen_leads_to_the_next_in_the_same_way(desk) -> None:
    case, client = rich.case(), desk(people.ines())
    answer = client.post(tell_url(case, "looks", 1), {**how("present", "ar"), "height": "131"})
    assert answer.url == tell_url(case, "looks", 2, "?how=present&in=ar")
    last = client.post(tell_url(case, "consent", 2), how("present"))
    assert last.url == pages.of_case(case)
    left = client.post(tell_url(case, "looks", 1), {**how("present"), "height": "132", "leave": "1"})
    assert left.url == pages.of_case(case)


def test_every_screen_opens_at_the_desk(desk) -> None:
    case, client = rich.case(), desk(people.ines())
    steps = client.get(tell_url(case, "child", 1)).context["steps"]
    assert len(steps) == 19
    assert {client.get(step["url"]).status_code for step in steps} == {200}


@pytest.mark.parametrize(("screen", "number"), [("start", None), ("looks", None), ("you", 1), ("looks", 9)])
def test_a_screen_that_is_none_is_not_found(desk, screen: str, number: int | None) -> None:
    assert desk(people.ines()).get(tell_url(rich.case(), screen, number)).status_code == 404


def test_an_officer_s_correction_keeps_what_the_family_said(desk) -> None:
    case, client = rich.case(), desk(people.ines())
    child = case.children.first()
    assert child is not None
    form = client.get(tell_url(case, "child", 1)).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields if not name.startswith("voice_")}
    shown |= {"given_name": "Imane", "birth_date": "03/05/2017"}
    answer = client.post(tell_url(case, "child", 1), {**shown, **how("officer")})
    assert answer.status_code == 302, answer.context["form"].errors
    child.refresh_from_db()
    assert child.given_name == "Imane"
    before = Amendment.objects.filter(child=child, field="name").last()
    assert before is not None
    assert before.before["given_name"] == "Aminatou"
    assert (before.source, before.officer) == ("officer", people.ines())


def test_a_voice_note_is_attached_at_the_desk(desk) -> None:
    case, client = rich.case(), desk(people.ines())
    sound = SimpleUploadedFile("note.webm", recordings.recorded(), "audio/webm")
    client.post(tell_url(case, "looks", 1), {**how("phone", "ar"), "voice_marks_note": sound})
    note = VoiceNote.objects.get(field="marks_note")
    assert (note.source, note.language) == ("assisted", "ar")


def test_a_call_taker_goes_on_with_a_case_that_went_to_another_unit(desk) -> None:
    people.unit()
    client = desk(people.ines())
    filed(client)
    case = Case.objects.get()
    Case.objects.filter(pk=case.pk).update(unit=people.unit("hassan"), owner=None)
    assert client.get(tell_url(case, "looks", 1)).status_code == 200
    assert client.get(pages.of_case(case)).status_code == 404
    end = client.post(tell_url(case, "consent", 1), how("phone"))
    assert end.url == reverse("admin:index")
    Case.objects.filter(pk=case.pk).update(received_at=clock.now() - timedelta(hours=13))
    assert client.get(tell_url(case, "looks", 1)).status_code == 404


def test_nothing_is_added_to_a_case_that_is_over(desk) -> None:
    case = rich.case()
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED)
    assert desk(people.ines()).get(tell_url(case, "looks", 1)).status_code == 404


# ---- consent

YES = {"answer": "all", "until": "found", "guardian": "Samira Zerhouni", "relation": "mother"}


def test_oral_consent_keeps_who_said_it_to_whom_before_whom_and_which_words(desk) -> None:
    case, client = rich.case(consent=None), desk(people.ines())
    page = client.get(tell_url(case, "consent", 1, "?how=phone&in=ar"))
    read_aloud = page.context["form"].text
    form = {**how("phone", "ar"), **YES, "text_language": "ar", "witness": "Agent 4411", "document": "CIN A1"}
    client.post(tell_url(case, "consent", 1), form)
    given = Consent.objects.get()
    assert (given.how, given.heard_by, given.witness) == ("oral", people.ines(), "Agent 4411")
    assert (given.text, given.language) == (read_aloud, "ar")
    assert given.guardian == {"name": "Samira Zerhouni", "phone": "", "document": "CIN A1"}
    assert given.entered_at is None
    assert case.reporter["name"] == "Karim Benali"  # who consents need not be who reported
    ines_in("en")
    assert "witness: Agent 4411" in pages.words(client.get(pages.of_case(case))).replace(
        "\u2068", ""
    ).replace("\u2069", "")


def test_consent_signed_on_paper_keeps_the_hour_of_signature_and_of_entry(desk) -> None:
    case, client = rich.case(consent=None), desk(people.ines())
    client.post(tell_url(case, "consent", 1), {**how("paper", "fr", **at(6)), **YES, "text_language": "fr"})
    given = Consent.objects.get()
    assert given.how == "paper"
    assert given.entered_at is not None
    assert timedelta(hours=5) < given.entered_at - given.given_at < timedelta(hours=7)


def test_a_double_click_is_one_consent(desk) -> None:
    case, client = rich.case(consent=None), desk(people.ines())
    for _click in range(2):
        client.post(tell_url(case, "consent", 1), {**how("paper", "fr", **at(6)), **YES})
    assert Consent.objects.count() == 1


def test_a_no_is_kept_as_a_refusal_and_no_answer_as_nothing(desk) -> None:
    case, client = rich.case(consent=None), desk(people.ines())
    client.post(tell_url(case, "consent", 1), how("phone"))
    assert not Consent.objects.exists()
    client.post(tell_url(case, "consent", 1), {**how("phone"), **YES, "answer": "none"})
    assert Consent.objects.get().is_refusal


# ---- restricted screens for who may not read them


def test_a_restricted_screen_shows_nothing_told_before_and_loses_nothing(desk) -> None:
    case, client = rich.case(), desk(people.ines())
    child = case.children.first()
    assert child is not None
    tell(case, child, {"health": "fièvre depuis hier"}, Told(language="fr"))
    pages.take_right(Role.OFFICER, "view_restricted")
    for screen, number, secret in (
        ("health", 1, "fièvre"), ("habits", 1, "natation"), ("phones", 1, "mimi.danse"),
        ("places", None, "Houda"), ("you", None, "Karim"), ("child", 1, "03/05/2017"),
    ):  # fmt: skip
        page = client.get(tell_url(case, screen, number))
        assert page.status_code == 200
        assert secret not in page.content.decode()
    answer = client.post(tell_url(case, "health", 1), {**how("phone"), "medicine_hours": "6"})
    assert answer.status_code == 302
    child = case.children.first()
    assert child is not None
    assert child.value("health") == "fièvre depuis hier"
    assert child.value("medicine") == "Ventoline, deux bouffées"
    assert child.value("medicine_hours") == 6
    client.post(tell_url(case, "you"), {**how("phone"), "email": "k@example.org"})
    who = Case.objects.get(pk=case.pk).reporter
    assert (who["name"], who["phone"], who["email"]) == ("Karim Benali", "+212612345678", "k@example.org")


def test_with_the_right_the_screen_shows_what_was_told(desk) -> None:
    page = desk(people.ines()).get(tell_url(rich.case(), "phones", 1))
    assert "mimi.danse" in page.content.decode()
