"""A witness who stays unknown: from the alert to the answer, and to a place that is checked."""

import re

import pytest

from bin import town
from project.invented import drawn_face
from tests.journeys.watching import watched

SAYS = {
    "ar": {
        "saw": "رأيت الطفلة بفستان أحمر تصعد إلى سيارة أجرة بيضاء", "where": "حي الرياض",
        "asked": "شكرًا لك. هل تذكر رقم سيارة الأجرة؟", "answered": "أظن أنه 4412",
    },
    "fr": {
        "saw": "J’ai vu la fille en robe rouge monter dans un taxi blanc", "where": "Hay Riad",
        "asked": "Merci. Vous rappelez-vous le numéro du taxi ?", "answered": "Le 4412, il me semble",
    },
}  # fmt: skip
REFERENCE = re.compile(r"NJ-\w{4}-\w{2}")
WAYS = ("ar", "fr")


@pytest.fixture
def witness(browser, standing, complaints):
    page = watched(town.person(browser, standing, phone=True), complaints)
    yield page
    page.context.close()


def issue(officers, browser, standing, language):
    """Have a family report and two officers sign; return the reference of the case."""
    ines, omar = officers
    family = town.person(browser, standing, phone=True)
    town.fill_report(family, language)
    reference, _secret = town.send_report(family)
    town.tell_more(family, language, drawn_face())
    family.context.close()
    town.speak(ines, language)
    town.propose(ines, reference)
    town.speak(omar, language)
    town.sign(omar)
    return reference


def tells(witness, says, film):
    """Press the button on the alert, tell, send a clip along; return reference and words of the receipt."""
    witness.click("main a[href*='/a/']")
    witness.click("a[href*='/tip/?alert=']")
    assert witness.is_checked("[name=about] >> nth=0"), "the alert of the page is chosen already"
    witness.fill("[name=words]", says["saw"])
    witness.fill("[name=where_words]", says["where"])
    witness.check("[name=seen][value=minutes]")
    witness.set_input_files("[name=attached]", {"name": "VID.mp4", "mimeType": "video/mp4", "buffer": film})
    witness.wait_for_selector(".file-list .arrived")
    witness.click("button.send")
    words = witness.inner_text(".secret.words")
    reference = REFERENCE.search(witness.inner_text("main"))
    assert reference is not None
    return reference.group(), words


def notes(witness, words):
    """Type the receipt again, once wrong, once right."""
    witness.click("button[value=noted]")
    assert words not in witness.inner_text("main")
    witness.fill("[name=typed]", " ".join(words.split()[:4]))
    witness.press("[name=typed]", "Enter")
    assert witness.locator(".compared .differs").count() == 1
    witness.fill("[name=typed]", words)
    witness.press("[name=typed]", "Enter")
    witness.wait_for_selector(".banner.success")
    kept = witness.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
    assert kept == ["", 0, 0], "the browser keeps nothing of it"


def opens(witness, language, reference, words):
    witness.goto(f"/{language}/tip/follow/")
    witness.fill("[name=reference]", reference)
    witness.fill("[name=secret]", words)
    witness.press("[name=secret]", "Enter")
    witness.wait_for_selector(".thread")


@pytest.mark.long
@pytest.mark.parametrize("language", WAYS)
def test_a_tip_without_a_name_is_answered_and_becomes_a_place_to_check(
    officers, browser, standing, witness, complaints, language
):
    ines, says = officers[0], SAYS[language]
    case = issue(officers, browser, standing, language)
    witness.goto(f"/{language}/")
    reference, words = tells(witness, says, b"\x00\x00\x00\x18ftypmp42" + bytes(2_500_000))
    notes(witness, words)

    ines.goto("/police/tips/tip/")
    ines.click(f":has(> a.tip):has-text('{reference}') > a.tip")
    assert reference in ines.inner_text("h1")
    assert says["saw"] in ines.inner_text("#said")
    ines.fill("#reply [name=body]", says["asked"])
    ines.click("#reply button")

    opens(witness, language, reference, words)
    assert says["asked"] in witness.inner_text(".thread")
    witness.fill("[name=body]", says["answered"])
    witness.click("#write button[value=write].button")
    assert says["answered"] in witness.inner_text(".thread")
    assert not witness.context.cookies(), "no page of this door sets a cookie"

    ines.reload()
    assert says["answered"] in ines.inner_text("main")
    ines.click("#acts a[href$='/sighting/']")
    ines.click("form.card button[type=submit]")
    ines.goto("/police/")
    ines.click(f"a:has-text('{case}')")
    assert says["where"] in ines.inner_text("#places")
    witness.click("button[value=look]")
    assert witness.inner_text(".card .lead")
    assert [said for said in complaints if "422" not in said] == []
