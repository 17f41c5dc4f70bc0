"""The approver at three in the morning, at home: a telephone, two bars, a telephone call that says "sign".

Bytes are those the browser counts as they travel (Network.loadingFinished), nothing kept from before.
"""

import io
import random
import time
from typing import Any

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Page

from bin import town
from tests.journeys.patience import Patient

BITS_PER_S, LATENCY_MS = 50_000, 800
SLOW = {
    "offline": False, "latency": LATENCY_MS,
    "downloadThroughput": BITS_PER_S / 8, "uploadThroughput": BITS_PER_S / 8,
}  # fmt: skip
MOST_BYTES = 150 * 1024
MOST_TAPS = 4
FACTOR_FRESH_S = 40  # so that the signature asks for the second factor again, as it does at three
PATIENCE_MS = 60_000
LANGUAGES = ("ar", "fr")


@pytest.fixture(scope="module")
def standing():
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SECOND_FACTOR_MAX_AGE_S", str(FACTOR_FRESH_S))
        with town.standing("ma") as found:
            yield found


class Wire:
    """Count what travels to a page, headers and redirects with it, and slow it down."""

    def __init__(self, page: Page) -> None:
        self.weights: dict[str, int] = {}
        self.addresses: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._came)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)

    def _asked(self, event: dict[str, Any]) -> None:
        redirect = event.get("redirectResponse")
        if redirect:
            self._add(redirect["url"], redirect["encodedDataLength"])
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _came(self, event: dict[str, Any]) -> None:
        self._add(self.addresses.get(event["requestId"], "?"), event["encodedDataLength"])

    def _add(self, address: str, count: float) -> None:
        self.weights[address] = self.weights.get(address, 0) + int(count)

    @property
    def total(self) -> int:
        return sum(self.weights.values())

    def __str__(self) -> str:
        heaviest = sorted(self.weights.items(), key=lambda one: -one[1])
        return "\n".join(f"{count:8d} {address}" for address, count in heaviest)


def photo_of_a_telephone() -> bytes:
    """Return a picture as large and as restless as a telephone takes it (3000 by 4000)."""
    chance = random.Random(3)
    small = Image.frombytes("RGB", (300, 400), chance.randbytes(300 * 400 * 3))
    whole = small.filter(ImageFilter.GaussianBlur(2)).resize((3000, 4000), Image.Resampling.BICUBIC)
    held = io.BytesIO()
    whole.save(held, "JPEG", quality=85)
    return held.getvalue()


def proposed(browser, standing, language) -> None:
    """Have a family report, and Ines propose, each at a table of their own."""
    family, ines = town.person(browser, standing, phone=True), town.person(browser, standing)
    town.fill_report(family, language)
    reference, _secret = town.send_report(family)
    town.tell_more(family, language, photo_of_a_telephone())
    town.sign_in(ines, standing, "ines")
    town.propose(ines, reference)
    for page in (family, ines):
        page.context.close()


def at_home(browser, standing, language) -> Page:
    """Return Omar's telephone, signed in for the night, with nothing kept in it but the session."""
    evening = town.person(browser, standing, phone=True)
    town.sign_in(evening, standing, "omar")
    town.speak(evening, language)
    context = browser.new_context(
        base_url=standing.base, viewport=town.PHONE, storage_state=evening.context.storage_state(),
        is_mobile=True, has_touch=True,
    )  # fmt: skip
    evening.context.close()
    page: Page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def grown_old(page: Page, signed_in_at: float) -> None:
    """Let the factor of the evening grow as old as it is at three."""
    page.wait_for_timeout(max(0.0, signed_in_at + FACTOR_FRESH_S + 1 - time.monotonic()) * 1000)


@pytest.mark.long  # it waits for the slow net it measures
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_approver_reads_verifies_and_signs_at_three_in_the_morning(browser, standing, language):
    page = at_home(browser, standing, language)
    signed_in_at = time.monotonic()
    proposed(browser, standing, language)
    wire, omar = Wire(page), Patient(page)
    omar.goes_to("/police/")  # what the call says
    omar.leaves("a[href*='/alerts/version/'][href$='/change/']")
    assert ("ياسمين" if language == "ar" else "Yasmine") in page.inner_text("main")
    assert page.is_visible("main img.photo")
    assert page.evaluate("document.documentElement.scrollWidth") <= town.PHONE["width"]
    grown_old(page, signed_in_at)
    read = omar.screens
    omar.leaves("form[action$='/sign/'] button")
    page.fill("[name=code]", standing.code("omar"))
    omar.leaves("main form:has([name=code]) button[type=submit]")
    omar.leaves("form[action$='/sign/'] button")
    print(f"{language}: {wire.total} bytes, {omar.screens - read} taps after reading\n{wire}")
    assert "/alerts/alert/" in page.url, page.inner_text("main")[:500]
    assert omar.screens - read <= MOST_TAPS
    assert wire.total <= MOST_BYTES, str(wire)
    page.context.close()
