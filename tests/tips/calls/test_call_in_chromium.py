"""A call by keyboard alone in a real browser: how long it takes, what is offered, and what axe says.

The model: a call-taker needs 0.2 s a key, 1 s to think of a field, 2 s to read a screen. A key is one stroke,
with Tab and Enter; accents are one. The limit is 25 s from the first key to the receipt.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from bin import town
from project.invented import drawn_face

pytestmark = pytest.mark.long
KEY_S, FIELD_S, SCREEN_S = 0.2, 1.0, 2.0
LIMIT_S = 25.0
NARROW_PX = (320, 360, 1100)


class Taker:
    """Type as a call-taker does, counting."""

    def __init__(self, page):
        self.page, self.keys, self.fields, self.screens = page, 0, 0, 0

    @property
    def seconds(self):
        return self.keys * KEY_S + self.fields * FIELD_S + self.screens * SCREEN_S

    def types(self, words):
        self.page.keyboard.type(words)
        self.keys += len(words)
        self.fields += 1

    def presses(self, key):
        self.page.keyboard.press(key)
        self.keys += 1


@pytest.fixture(scope="module")
def ines(browser, standing):
    """Ines, while one alert is live."""
    family = town.person(browser, standing, phone=True)
    town.fill_report(family, "fr")
    reference, _secret = town.send_report(family)
    town.tell_more(family, "fr", drawn_face())
    ines, omar = town.person(browser, standing), town.person(browser, standing)
    town.sign_in(ines, standing, "ines")
    town.sign_in(omar, standing, "omar")
    town.speak(ines, "fr")
    town.speak(omar, "fr")
    town.propose(ines, reference)
    town.sign(omar)
    return ines


def faults(page, name):
    # Without reduced motion axe measures links while they fade from one scheme's colour to the other's.
    found = [
        f"{name}: {violation['id']}: {node['target']} {node['html'][:120]}"
        for scheme in ("light", "dark")
        if not page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    for width in NARROW_PX:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name}: wider than {width} px")
    page.set_viewport_size({"width": 1100, "height": 900})
    return found


def tell(taker, words):
    """Type one call: place, hour, words; the live alert is chosen already, as it is the only one."""
    taker.types("Gare Rabat Agdal")
    taker.presses("Tab")
    taker.types("10")
    taker.presses("Tab")
    taker.types(words)


def test_a_sighting_is_typed_and_linked_within_25_seconds(ines, standing):
    ines.goto(f"{standing.base}/police/tips/call/")
    taker = Taker(ines)
    taker.screens += 1
    assert ines.evaluate("document.activeElement.name") == "last_seen_words"
    assert ines.input_value("[name=alert]") == "1"
    tell(taker, "petite fille robe rouge avec un homme")
    with ines.expect_navigation():
        taker.presses("Enter")
    receipt = ines.inner_text(".receipt")
    assert "NJ-" in receipt
    print(
        f"a call: {taker.seconds:.1f} s ({taker.keys} keys, {taker.fields} fields, {taker.screens} screens)"
    )
    assert taker.seconds <= LIMIT_S
    assert ines.evaluate("document.activeElement.name") == "last_seen_words", "the next call begins at once"
    ines.click(".receipt a")
    assert "robe rouge" in ines.inner_text("main")


def test_who_told_the_same_is_offered_while_typing_and_joined_by_a_key(ines, standing):
    ines.goto(f"{standing.base}/police/tips/call/")
    tell(Taker(ines), "fillette en robe rouge avec un homme")
    ines.wait_for_selector("#alike input[type=radio]")
    assert ines.eval_on_selector_all("#places option", "all => all.length") > 0
    assert ines.evaluate("document.activeElement.name") == "told_words", "what comes takes no focus"
    ines.keyboard.press("Alt+1")
    assert ines.is_checked("#alike input[type=radio] >> nth=0")
    with ines.expect_navigation():
        ines.keyboard.press("Enter")
    assert "NJ-" in ines.inner_text(".receipt")


def test_a_missing_child_goes_on_to_the_report(ines, standing):
    ines.goto(f"{standing.base}/police/tips/call/")
    tell(Taker(ines), "son fils n’est pas rentré")
    with ines.expect_navigation():
        ines.click("button[value=begin]")
    assert ines.input_value("[name=told_words]") == "son fils n’est pas rentré"
    assert ines.input_value("[name=last_seen_words]") == "Gare Rabat Agdal"


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_axe_finds_nothing_and_nothing_is_pushed_sideways(ines, standing, language):
    town.speak(ines, language)
    pages = ("tips/call/", "tips/found/", "alerts/statement/", "alerts/statement/new/?kind=rumour",
             "alerts/statement/find/", "alerts/statement/communique/")  # fmt: skip
    found = []
    for page in pages:
        ines.goto(f"{standing.base}/police/{page}")
        found += faults(ines, page)
    town.speak(ines, "fr")
    assert found == []
