"""The page on which a demo is seen: phones, feeds, a mailbox and partners, live and in three languages."""

import re
from datetime import UTC
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from notifier.simulators import record, seen
from notifier.simulators.record import Recorder
from notifier.simulators.run import Simulators, running
from notifier.simulators.seen import Gateway

CAP = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{id}</identifier>'
    "<msgType>{type}</msgType>{references}<info><responseType>{response}</responseType>"
    "<headline>طفلة مفقودة</headline><area><areaDesc>Rabat</areaDesc></area></info></alert>"
)


def cap(identifier: str, kind: str = "Alert", after: str = "", response: str = "Monitor") -> str:
    references = f"<references>a@b,{after},2026-11-22T02:00:00-00:00</references>" if after else ""
    return CAP.format(id=identifier, type=kind, references=references, response=response)


@pytest.fixture(scope="module")
def simulators():
    with running() as running_ones:
        sms, email, facebook = running_ones.recorders
        for number in range(3):
            sms.received("message", f"+21260000000{number}", "طفلة <مفقودة> في الرباط")
        sms.received("message", "+212600000009", "Enfant disparue")
        for number in range(2):
            text = f"Bonjour\n\nhttps://a/u/{number}/"
            email.received("message", f"a{number}@example.org", text, subject="[ALERTE]")
        facebook.received(
            "post", "1", "Enfant disparue\n\nطفلة مفقودة", id_="1_2", picture_url="/_sim/picture/1_2"
        )
        facebook.received("edit", "1", "Enfant disparue, un sac rouge\n\nطفلة مفقودة", id_="1_2")
        facebook.received("post", "1", "Autre", id_="1_3", picture_url="/_sim/picture/1_3")
        facebook.received("delete", "1", "", id_="1_3")
        sms.refused("message", "+2126", "x", code="bad_address")
        yield running_ones


def page(simulators: Simulators, path: str = "fr/", **headers: str) -> str:
    with urlopen(Request(f"{simulators.page_url}{path}", headers=headers), timeout=5) as answer:
        return str(answer.read().decode())


def test_same_words_are_shown_once_with_how_many_have_them(simulators):
    text = page(simulators, "en/")
    assert text.count("طفلة &lt;مفقودة&gt; في الرباط") == 1
    assert "3 phones" in text
    assert "2 mailboxes" in text
    assert "7 received, 1 refused" not in text  # posts, edits and deletions are received too
    assert "10 received, 1 refused" in text


def test_arabic_and_latin_words_lie_on_phones_of_their_own_direction(simulators):
    phones = page(simulators).split('<div class="phone"')[1:]
    assert [re.findall(r'^ dir="(\w+)"', phone) for phone in phones] == [["rtl"], ["ltr"]]
    assert '<article class="note sms" dir="rtl">' in phones[0]


def test_one_person_sees_what_that_person_has(simulators):
    text = page(simulators, f"fr/?who={quote('+212600000009')}")
    assert "Enfant disparue" in text
    assert "طفلة &lt;مفقودة&gt;" not in text
    assert "Facebook" not in text
    nobody = page(simulators, "en/?who=%3Cscript%3E")
    assert "<script>" not in nobody
    assert "No phone has rung yet." in nobody


def test_an_edit_shows_what_was_said_before_and_a_deleted_post_is_struck_through(simulators):
    text = page(simulators, "en/")
    gone, edited = text.split('<article class="post ')[1:]
    assert "un sac rouge" in edited
    assert "What it said before" in edited
    assert f'src="{simulators.graph_url}/_sim/picture/1_2"' in edited
    assert "<s>Autre</s>" in gone
    assert "Taken back at" in gone
    assert "<img" not in gone


@pytest.mark.parametrize(
    ("asked", "language", "direction"),
    [
        ("", "en", "ltr"),
        ("ar-MA,fr;q=0.8", "ar", "rtl"),
        ("de, fr-CA;q=0.4", "fr", "ltr"),
        ("x" * 5000, "en", "ltr"),
    ],
)
def test_the_bare_address_speaks_what_the_browser_asks_for(simulators, asked, language, direction):
    assert f'<html lang="{language}" dir="{direction}">' in page(simulators, "", **{"Accept-Language": asked})


def test_nothing_runs_and_nothing_is_styled_but_by_the_pages_own_files(simulators):
    with urlopen(f"{simulators.page_url}ar/", timeout=5) as answer:
        text, policy = answer.read().decode(), answer.headers["Content-Security-Policy"]
    assert re.findall(r"<script[^>]*>", text) == ['<script src="/_sim/page.js" defer>']
    assert "style=" not in text
    assert "<style" not in text
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for name in re.findall(r'(?:src|href)="(/_sim/[^"]+)"', text):
        with urlopen(f"{simulators.page_url}{name[1:]}", timeout=5) as answer:
            assert answer.status == 200
    with pytest.raises(HTTPError):
        page(simulators, "_sim/page.py")


def test_nothing_received_is_a_calm_page():
    with running() as fresh:
        text = page(fresh, "en/")
    for words in (
        "No phone has rung yet.",
        "Nothing is posted.",
        "No mail yet.",
        "No partner has a document.",
    ):
        assert words in text


def test_a_partners_alert_is_struck_through_once_it_is_over_and_there_alone():
    kept = Recorder(None, "cap")
    for who in ("radio", "press"):
        kept.received("message", who, cap("a-1"), id_="a-1")
        kept.received("message", who, cap("a-2", "Update", "a-1"), id_="a-2")
    kept.received("message", "radio", cap("a-3", "Update", "a-2", "AllClear"), id_="a-3")
    found = {(one.partner, one.identifier): one for one in seen.notices([Gateway("cap", kept)], "", UTC)}
    assert [found["radio", name].stands for name in ("a-1", "a-2", "a-3")] == ["replaced", "over", ""]
    assert [found["press", name].stands for name in ("a-1", "a-2")] == ["replaced", ""]
    assert found["radio", "a-3"].kind == "AllClear"
    assert not found["radio", "a-1"].is_signed


def test_a_million_people_are_not_kept(monkeypatch):
    monkeypatch.setattr(record, "PEOPLE", 3)
    monkeypatch.setattr(record, "SHOWN", 2)
    kept = Recorder(None, "sms")
    for number in range(10):
        kept.received("message", str(number), f"words {number % 5}")
    assert kept.latest_people(9) == ["9", "8", "7"]
    assert [one.line.text for one in kept.said] == ["words 3", "words 4"]
    assert kept.heard_by("1") == []
