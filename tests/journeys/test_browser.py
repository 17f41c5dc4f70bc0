"""One browser, from the family's form to the stand-down, in Arabic and in French."""

import json
import re
from urllib.request import urlopen

import pytest

from bin import town
from project.invented import drawn_face
from tests.journeys.watching import watched

WAYS = (("ar", "rtl"), pytest.param("fr", "ltr", marks=pytest.mark.long))


@pytest.fixture
def family(browser, standing, complaints):
    page = watched(town.person(browser, standing, phone=True), complaints)
    yield page
    page.context.close()


@pytest.fixture
def public(browser, standing, complaints):
    page = watched(town.person(browser, standing, phone=True), complaints)
    yield page
    page.context.close()


@pytest.mark.long
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr")])
def test_from_the_form_to_the_stand_down(officers, family, public, complaints, language, direction):
    ines, omar = officers
    town.fill_report(family, language)
    assert family.get_attribute("html", "dir") == direction
    reference, secret = town.send_report(family)
    town.tell_more(family, language, drawn_face())

    town.speak(ines, language)
    town.propose(ines, reference)
    assert ines.get_attribute("html", "dir") == direction
    assert not ines.query_selector("form[action$='/sign/']"), "the proposer must not be offered to sign"
    town.speak(omar, language)
    town.sign(omar)

    public.goto(f"/{language}/")
    public.click("main a[href*='/a/']")
    address = public.url
    assert ("ياسمين" if language == "ar" else "Yasmine") in public.inner_text("main")
    assert public.get_attribute("html", "dir") == direction

    family.context.clear_cookies()  # another telephone, another day: only what she wrote down opens it
    family.goto(f"/{language}/report/follow/")
    family.fill("[name=reference]", reference)
    family.fill("[name=secret]", secret)
    family.press("[name=secret]", "Enter")
    assert reference in family.inner_text("main")

    town.close_case(ines, reference)
    assert public.goto(address).status == 410
    assert "Yasmine" not in public.content()
    assert "ياسمين" not in public.content()
    assert public.get_attribute("html", "dir") == direction
    assert [said for said in complaints if "410" not in said] == []


@pytest.mark.long
def test_the_feed_answers_the_all_clear_once_it_is_over(standing):
    with urlopen(f"{standing.base}/feeds/alerts.json") as answer:
        feed = json.load(answer)
    assert not re.search("Yasmine|ياسمين", json.dumps(feed, ensure_ascii=False))
