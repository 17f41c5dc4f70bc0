"""A family at the form in a real browser: how long it takes, with how few keys, and on how bad a network."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Request

from bin import town
from cases import vocabulary
from project.invented import REFERENCE, SECRET, drawn_face
from tests.journeys.patience import Patient

FIRST_MINUTE_S = 90
FULL_S = 8 * 60
FEW_KEYS = 20
PAGE_BYTES = 100 * 1024
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
SAYS = {
    "ar": {
        "name": "ياسمين", "family": "الزرهوني", "place": "حي الرياض", "friend": "سلمى",
        "quarter": "حي التقدم", "school": "مدرسة ابن خلدون", "mother": "سميرة الزرهوني",
        "story": "خرجت لشراء الخبز ولم تعد، ولا يجيب هاتفها", "medicine": "فنتولين", "account": "yasmine.zz",
    },
    "fr": {
        "name": "Yasmine", "family": "Zerhouni", "place": "Hay Riad", "friend": "Salma",
        "quarter": "Takaddoum", "school": "École Ibn Khaldoun", "mother": "Samira Zerhouni",
        "story": "Sortie acheter du pain, pas revenue, son téléphone ne répond pas", "medicine": "Ventoline",
        "account": "yasmine.zz",
    },
    "en": {
        "name": "Yasmine", "family": "Zerhouni", "place": "Hay Riad", "friend": "Salma",
        "quarter": "Takaddoum", "school": "Ibn Khaldoun school", "mother": "Samira Zerhouni",
        "story": "Went out to buy bread, did not come back, her phone does not answer",
        "medicine": "Ventolin", "account": "yasmine.zz",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with town.chromium(*MICROPHONE) as found:
        yield found


@pytest.fixture
def mother(browser, standing):
    page = town.person(browser, standing, phone=True)
    yield Patient(page)
    page.context.close()


def first_minute(mother, language):
    says = SAYS[language]
    mother.goes_to(f"/{language}/report/")
    mother.types("name_1", says["name"])
    mother.selects("age_1", "9")
    mother.types("last_seen_words", says["place"])
    mother.taps("ago", "hour")
    mother.types("phone", "٠٦٦١٠٠٠٠٠١" if language == "ar" else "0661000001")
    mother.leaves("button.send")
    words = mother.page.inner_text("main")
    assert REFERENCE.search(words), words
    assert SECRET.search(words), words


def goes_on(mother):
    mother.leaves(".go-on button.send")


def tells_of_the_child(mother, says):
    mother.types("family_name", says["family"])
    mother.taps("sex", "girl")
    goes_on(mother)
    mother.attaches("photos", drawn_face())
    goes_on(mother)
    mother.taps("clothing", "tshirt", "jeans", "trainers")
    mother.taps("clothing-colour-tshirt", "red")
    mother.taps("clothing-colour-jeans", "dark_blue")
    mother.taps("clothing-colour-trainers", "white")
    mother.opens("details:has([name=carried]) summary")
    mother.taps("carried", "schoolbag")
    goes_on(mother)
    mother.types("height", "128")
    mother.taps("build", "slim")
    mother.taps("hair", "black_long")
    mother.taps("eyes", "brown")
    goes_on(mother)
    mother.types("circumstances", says["story"])
    mother.taps("companion", "alone")
    goes_on(mother)
    mother.taps("health_now", "asthma")
    mother.types("medicine", says["medicine"])
    mother.types("medicine_hours", "12")
    goes_on(mother)


def tells_of_places_and_herself(mother, says):
    for kind, person, words in (("friend", says["friend"], says["quarter"]), ("school", "", says["school"])):
        mother.taps("kind", kind)
        if person:
            mother.types("person", person)
        mother.types("words", words)
        mother.leaves("button[name=act][value=add]")
    goes_on(mother)
    mother.taps("worry", "school_results")
    goes_on(mother)
    mother.taps("device", "smartphone")
    mother.selects("accounts-0-network", "instagram")
    mother.types("accounts-0-name", says["account"])
    goes_on(mother)
    mother.types("name", says["mother"])
    mother.taps("relation", "mother")
    goes_on(mother)
    mother.taps("answer", "all")
    goes_on(mother)


@pytest.mark.long
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_report_starts_in_ninety_seconds_and_is_full_in_eight_minutes(mother, language):
    first_minute(mother, language)
    assert mother.seconds <= FIRST_MINUTE_S
    started_s = mother.seconds
    mother.leaves(".next button.send")
    tells_of_the_child(mother, SAYS[language])
    tells_of_places_and_herself(mother, SAYS[language])
    assert mother.page.url.endswith("/report/more/")
    print(f"{language}: first minute {started_s:.0f} s, full {mother.seconds:.0f} s, {mother.keys} keys")
    assert mother.seconds <= FULL_S


@pytest.mark.long
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_who_cannot_write_reports_with_pictures_and_voice(mother, language):
    mother.goes_to(f"/{language}/report/")
    mother.speaks("voice_start")
    mother.types("phone", "0661000001")
    mother.leaves("button.send")
    assert REFERENCE.search(mother.page.inner_text("main"))
    mother.leaves(".next button.send")
    for screen in town.SCREENS:
        assert f"/more/{screen}/" in mother.page.url
        if screen == "photos":
            mother.attaches("photos", drawn_face())
        if screen == "last_seen":
            mother.speaks("voice_circumstances")
        if screen == "places":
            mother.taps("kind", "friend")
            mother.speaks("voice_places")
        if screen == "you":
            mother.speaks("voice_reporter")
        for name, value in town.CHOSEN.get(screen, {}).items():
            mother.taps(name, value)
        goes_on(mother)
    assert mother.page.url.endswith("/report/more/")
    assert mother.keys <= FEW_KEYS


@pytest.mark.long
def test_every_screen_counts_who_stayed_and_nobody_by_name(mother, browser, standing):
    officer = town.person(browser, standing)
    town.sign_in(officer, standing, "nadia")
    before = officer.goto("/police/cases/stepcount/") and officer.inner_text("#content")
    first_minute(mother, "fr")
    mother.leaves(".next button.send")
    after = officer.goto("/police/cases/stepcount/") and officer.inner_text("#content")
    assert after != before
    assert SAYS["fr"]["name"] not in officer.content()
    officer.context.close()


class Weighed:
    """The bytes that each page brings, as they travel."""

    def __init__(self, page):
        self.requests: list[Request] = []
        page.on("requestfinished", lambda request: self.requests.append(request))

    def since(self):
        sizes = [request.sizes() for request in self.requests]
        self.requests.clear()
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


LOOKS = (
    pytest.param("ar", "light", marks=pytest.mark.long),
    pytest.param("fr", "dark", marks=pytest.mark.long),
    pytest.param("en", "light", marks=pytest.mark.long),
)


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_screen_is_light_and_open_to_all(browser, standing, language, scheme):
    """Look with axe, at 320 px, at 200 %; weigh the bytes; a map script only where a place is asked."""
    context = browser.new_context(base_url=standing.base, viewport=town.PHONE, color_scheme=scheme)
    page = context.new_page()
    weighed, found = Weighed(page), []
    town.fill_report(page, language)
    town.send_report(page)
    page.click(".next button.send")
    addresses = [page.url.rsplit("/more/", 1)[0] + "/more/"]
    addresses += [addresses[0] + screen + "/" for screen in town.SCREENS]
    addresses += [addresses[0].replace("/more/", "/")]
    for address in addresses:
        weighed.since()
        page.goto(address, wait_until="networkidle")
        if (weight := weighed.since()) > PAGE_BYTES:
            found.append(f"{address}: {weight} bytes")
        for violation in Axe().run(page).response["violations"]:
            found += [f"{address}: {violation['id']}: {node['html'][:120]}" for node in violation["nodes"]]
        for width in (320, 180):  # the smallest telephone, and 360 px at 200 %
            page.set_viewport_size({"width": width, "height": 740})
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{address}: wider than {width} px")
        page.set_viewport_size(town.PHONE)
        asks_a_place = any(part in address for part in ("places", "last_seen")) or address.endswith("report/")
        if not asks_a_place and page.query_selector("script[src*=map]"):
            found.append(f"{address}: a map's script where no place is asked")
    context.close()
    assert found == []


@pytest.mark.long
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_screen_works_without_script(browser, standing, language):
    context = browser.new_context(base_url=standing.base, viewport=town.PHONE, java_script_enabled=False)
    page = context.new_page()
    town.fill_report(page, language)
    town.send_report(page)
    town.tell_more(page, language, drawn_face())
    assert page.url.endswith("/report/more/")
    context.close()


@pytest.mark.long  # it waits for the slow net it measures
def test_the_first_minute_passes_a_network_of_two_bars(browser, standing):
    """50 kbit/s and 800 ms each way and back, as a browser simulates them."""
    page = town.person(browser, standing, phone=True)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    slow = {
        "offline": False,
        "latency": 800,
        "downloadThroughput": 50_000 / 8,
        "uploadThroughput": 50_000 / 8,
    }
    wire.send("Network.emulateNetworkConditions", slow)
    page.set_default_timeout(90_000)
    town.fill_report(page, "ar")
    town.send_report(page)
    page.click(".next button.send")
    page.wait_for_url("**/report/more/child/")
    page.context.close()


def test_the_vocabulary_of_the_journey_exists():
    """The codes this file taps: a code that went would fail far from its cause."""
    for listed, code in (("garment", "tshirt"), ("carried", "schoolbag"), ("worry", "school_results")):
        assert vocabulary.has(listed, code)
