"""The pages that matter for those who read, type or connect otherwise: axe, keyboard, no script, slow net."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Request

from bin import town
from project.invented import drawn_face

LOOKS = (("ar", "light", town.PHONE), ("fr", "dark", town.DESK))
NARROW_PX = (320, 550)  # the smallest telephone; a desk of 1100 pixels enlarged twice
SLOW_NET_BYTES = 60 * 1024
# What has the focus: the button that sends by its class, everything else by its name.
AT = "(at => at.classList.contains('send') ? 'send' : at.name || at.className)(document.activeElement)"


@pytest.fixture(scope="module")
def officers(browser, standing):
    """Ines and Omar, signed in for the night: a one-time code opens the desk once."""
    pages = [town.person(browser, standing), town.person(browser, standing)]
    for page, name in zip(pages, ("ines", "omar"), strict=True):
        town.sign_in(page, standing, name)
    return pages


def weight(browser, standing, address):
    """Return the bytes that a first visit costs, photos apart."""
    page = town.person(browser, standing, phone=True)
    answers: list[Request] = []
    page.on("requestfinished", lambda one: answers.append(one))
    page.goto(address, wait_until="networkidle")
    sizes = [one.sizes() for one in answers if "/m/" not in one.url]
    page.context.close()
    return sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)


class Reader:
    """Somebody who reads every page in one look: a language, a colour scheme, a size of window."""

    def __init__(self, scheme, size):
        self.scheme, self.size = scheme, size
        self.found = []

    def reads(self, page, name):
        """Keep what axe finds, and whether the page must be pushed sideways to be read."""
        page.wait_for_load_state()
        page.emulate_media(color_scheme=self.scheme, reduced_motion="reduce")
        page.set_viewport_size(self.size)
        for violation in Axe().run(page).response["violations"]:
            for node in violation["nodes"]:
                self.found.append(f"{name}: {violation['id']}: {node['target']} {node['html'][:120]}")
        for width in NARROW_PX:
            page.set_viewport_size({"width": width, "height": 740})
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                self.found.append(f"{name}: wider than {width} px")
        page.set_viewport_size(self.size)


def report(reader, page, language):
    """Send a report, with an error on the way; return its reference."""
    page.goto(f"/{language}/report/")
    page.click(".tap-map [data-do=map]")
    page.wait_for_selector(".tap-picture svg")
    reader.reads(page, "form")
    page.click("button.send")
    page.wait_for_selector(".error-summary")
    reader.reads(page, "form with errors")
    town.fill_report(page, language)
    reference, _secret = town.send_report(page)
    reader.reads(page, "received")
    town.tell_more(page, language, drawn_face())
    reader.reads(page, "overview")
    page.goto(f"/{language}/report/follow/")
    reader.reads(page, "thread")
    page.context.clear_cookies()
    page.goto(f"/{language}/report/follow/")
    reader.reads(page, "follow")
    return reference


def decide(reader, ines, omar, reference):
    """Propose and sign an alert, reading each page of the desk on the way."""
    ines.goto("/police/")
    reader.reads(ines, "home")
    ines.click(f"a:has-text('{reference}')")
    reader.reads(ines, "case")
    town.propose(ines, reference)
    omar.goto("/police/")
    omar.click("a[href*='/alerts/version/'][href$='/change/']")
    reader.reads(omar, "version")
    town.press(omar, "/sign/")
    omar.wait_for_selector("#live")
    reader.reads(omar, "progress")


@pytest.mark.long
@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_axe_finds_nothing_from_the_form_to_the_stand_down(
    browser, standing, officers, language, scheme, size
):
    ines, omar = officers
    reader = Reader(scheme, size)
    family, public = town.person(browser, standing, phone=True), town.person(browser, standing)
    reference = report(reader, family, language)
    for officer in officers:
        town.speak(officer, language)
    decide(reader, ines, omar, reference)
    for address, name in (("", "live list"), ("subscribe/", "subscribe"), ("privacy/", "privacy")):
        public.goto(f"/{language}/{address}")
        reader.reads(public, name)
    public.goto(f"/{language}/")
    public.click("main a[href*='/a/']")
    reader.reads(public, "alert")
    assert public.query_selector("script") is None, "an alert must need no script"
    assert weight(browser, standing, public.url) <= SLOW_NET_BYTES
    town.close_case(ines, reference)
    public.reload()
    reader.reads(public, "ended")
    assert reader.found == []


@pytest.mark.long
def test_the_report_is_written_and_sent_with_the_keyboard_alone(browser, standing):
    page = town.person(browser, standing, phone=True)
    town.fill_report(page, "fr")
    page.focus("[name=name_1]")
    stops: list[str] = []
    while "send" not in "".join(stops[-1:]) and len(stops) < 100:
        page.keyboard.press("Tab")
        stops.append(page.evaluate(AT))
    page.keyboard.press("Enter")
    page.wait_for_selector(".secret")
    asked = ["age_1", "last_seen_words", "ago", "phone"]
    assert [name for name in dict.fromkeys(stops) if name in asked] == asked


@pytest.mark.long
def test_the_report_needs_no_script(browser, standing):
    context = browser.new_context(base_url=standing.base, viewport=town.PHONE, java_script_enabled=False)
    page = context.new_page()
    town.fill_report(page, "ar")
    assert not page.is_visible(".tap-map"), "a map that cannot be tapped must not be shown"
    assert town.send_report(page)


@pytest.mark.long
@pytest.mark.parametrize("address", ["/ar/report/", "/fr/subscribe/"])
def test_a_first_visit_weighs_little_on_a_slow_net(browser, standing, address):
    assert 0 < weight(browser, standing, address) <= SLOW_NET_BYTES
