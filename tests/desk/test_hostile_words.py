"""What somebody may type to harm whoever reads it: followed from the form to every place it is shown."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from alerts import issue, render
from alerts.models import Version
from cases.accept import accept
from cases.models import Case
from notifier.message import Message
from notifier.protocols import mime
from tests import people
from tests.alerts import scene
from tests.cases import family
from tests.desk import pages
from tests.desk.walk import TOLD, completed, filed
from trust import clock

pytestmark = pytest.mark.django_db
GAPS = (
    "\n",
    "\u2028",
    *(pytest.param(gap, marks=pytest.mark.long) for gap in ("\r\n", *"\r\u2029\x0b\x85\t")),
)

MARKUP = "<img src=x onerror=alert(1)>\"'</script>&amp;]]>"
BROKEN = (b"<img src=x", b"<IMG SRC", b"onerror=alert(1)>", b"]]><")


def test_a_name_stored_with_a_line_break_becomes_one_line_in_public() -> None:
    """Not every case comes from the form: what an officer or another system stores passes here too."""
    people.unit()
    case = scene.case()
    child = case.children.get()
    child.name_latin = "Amina\nBcc: x@example.org"
    child.save()
    version = scene.signed(case)
    mail = render.message(version, "email", clock.now())
    assert mail
    assert "\n" not in mail["fr"].subject


def proposed(case: Case) -> Version:
    accept(case, people.ines())
    return scene.proposed(Case.objects.get())


def signed(case: Case) -> Version:
    version = proposed(case)
    return issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now())


def test_markup_in_every_field_runs_on_no_page(desk) -> None:
    typed = dict.fromkeys(
        ("given_name", "family_name", "other_name", "circumstances", "name", "words"), MARKUP
    )
    case = filed(**typed, first={"lat": "33.995", "lon": "-6.85", "last_seen_words": MARKUP})
    version = signed(case)
    Client().post("/police/account/login/", {"login": MARKUP, "password": "x"})
    ines, omar = desk(people.ines()), desk(people.omar())
    ines.post(pages.of_case(case, "write"), {"body": MARKUP})
    seen = [
        *(Client().get(f"/{language}/{page}") for language in ("ar", "fr", "en")
          for page in ("", f"a/{version.alert.code}/")),
        *(Client().get(f"/feeds/{feed}") for feed in ("cap.atom", "cap.rss")),
        Client().get(f"/a/{version.alert.code}/cap/{version.identifier}.xml"),
        *(officer.get(page) for officer in (ines, omar) for page in (
            reverse("admin:index"), reverse("admin:cases_case_changelist"), pages.of_case(case),
            pages.of_version(version), pages.of_alert(version.alert))),
        ines.get(pages.of_case(case, "close")),
    ]  # fmt: skip
    for answer in seen:
        assert answer.status_code == 200
        assert not [mark for mark in BROKEN if mark in answer.getvalue()], answer.request["PATH_INFO"]
    mail = render.message(version, "email", clock.now())
    assert mail
    assert "<img src=x" not in mail["fr"].html
    assert "&lt;img src=x" in mail["fr"].html


def test_machines_read_the_name_as_it_was_typed() -> None:
    version = signed(filed(given_name=MARKUP, family_name="Test"))
    document = Client().get(f"/a/{version.alert.code}/cap/{version.identifier}.xml").getvalue()
    headlines = [element.text for element in etree.fromstring(document).iter("{*}headline")]
    assert headlines
    assert all(MARKUP in (text or "") for text in headlines)
    feed = json.loads(Client().get("/feeds/alerts.json").getvalue())
    assert MARKUP in feed["alerts"][0]["title"]
    atom = etree.fromstring(Client().get("/feeds/cap.atom").getvalue())
    assert len(list(atom.iter("{*}entry"))) == 1


@pytest.mark.parametrize("gap", GAPS)
def test_a_name_is_one_line_whatever_was_sent(gap: str) -> None:
    """A browser never sends it; a line break would end a subject, and begin a header or a line of its own."""
    case = filed(given_name=f"Amal{gap}Bcc: x@example.org", name=f"Mina{gap}Test")
    child = case.children.get()
    assert child.given_name == "Amal Bcc: x@example.org"
    assert case.reporter["name"] == "Mina Test"
    version = signed(case)
    texts = render.message(version, "email", clock.now())
    assert texts
    for language, text in texts.items():
        message = Message("r", to="n@example.org", language=language, text=text, kind="alert")
        head = mime.head(
            message, sender="a@example.org", sender_name="", domain="example.org", at=clock.now()
        )
        assert b"\r\nBcc:" not in head


def test_what_the_family_tells_keeps_its_lines() -> None:
    case = filed(circumstances="première ligne\nseconde ligne")
    (sheet,) = case.sheets.filter(child=None)
    assert sheet.entries["circumstances"][0]["value"] == "première ligne\nseconde ligne"


def test_a_name_that_looks_like_an_address_is_no_link_in_a_mail() -> None:
    version = signed(filed(given_name="https://evil.example/x", family_name="y"))
    mail = render.message(version, "email", clock.now())
    assert mail
    for text in mail.values():
        assert 'href="https://evil.example' not in text.html
        assert re.findall(r'href="([^"]+)"', text.html) == [render.page_url(version)]


@pytest.mark.few(1)
@pytest.mark.parametrize(
    "words",
    [
        "\x00",
        "\ud800",
        "%s%n{0}{__class__}",
        *(
            pytest.param(words, marks=pytest.mark.long)
            for words in ("a\x00b", "\u202e" * 50, "é" * 80, "𝔄" * 80, "{person}", "$$(x)")
        ),
    ],
)
def test_no_name_breaks_the_way_to_the_signature(words: str) -> None:
    people.unit()
    raw = {**family.form(), "name_1": words.encode("utf-8", "surrogatepass")}
    answer = Client().post("/fr/report/", raw)
    assert answer.status_code in {200, 422}
    if answer.status_code == 200:
        case = Case.objects.get()
        name = case.children.get().given_name or ""
        version = signed(completed(case, {**TOLD, "given_name": name[:80], "family_name": ""}))
        for channel in ("sms", "email", "facebook"):
            assert render.message(version, channel, clock.now())
        for language in ("ar", "fr", "en"):
            assert Client().get(f"/{language}/a/{version.alert.code}/").status_code == 200
