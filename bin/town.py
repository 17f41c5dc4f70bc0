"""An invented town in a scratch world, and people at its pages in a real browser.

The browser test asserts on it, and the README's pictures are taken of it.
"""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, sync_playwright

from bin import need
from project import scratch
from project.invented import PASSWORD, REFERENCE, SECRET

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"(\w+) \(\w+\) (\d{6})")
STANDS_WITHIN_S = 120.0
SIGNED_IN_WITHIN_MS = 120_000  # where the machine has other work as well
PHONE: ViewportSize = {"width": 360, "height": 740}
CHANNELS = ("sms", "email", "facebook", "whatsapp", "instagram", "webpush", "cap_partner")
DESK: ViewportSize = {"width": 1100, "height": 900}

SCREENS = (
    "child", "photos", "clothes", "looks", "last_seen", "health", "places", "habits", "phones", "you",
    "consent",
)  # fmt: skip
# What a mother chooses with one tap each.
CHOSEN = {
    "child": {"sex": "girl"},
    "clothes": {"clothing": "dress", "clothing-colour-dress": "red"},
    "looks": {"hair": "black_long"},
    "last_seen": {"companion": "alone"},
    "health": {"health_now": "asthma"},
    "you": {"relation": "mother"},
    "consent": {"answer": "all"},
}


class Town:
    """`manage.py run` in an environment of its own, and the one-time codes it prints."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.base = environment["PUBLIC_URL"]
        self.lines: list[str] = []
        self.given: set[tuple[str, str]] = set()
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "run"],
            env={
                **environment,
                "DJANGO_SETTINGS_MODULE": "project.settings",
                "NO_COLOR": "1",
                "COLUMNS": "400",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def codes(self) -> dict[str, str]:
        """Return each officer's newest code; raise RuntimeError with what was printed if the town falls."""
        deadline = time.monotonic() + STANDS_WITHIN_S
        while time.monotonic() < deadline and self.process.poll() is None:
            found = [dict(CODE.findall(line)) for line in list(self.lines) if CODE.search(line)]
            if found:
                return found[-1]
            threading.Event().wait(0.1)
        raise RuntimeError("The town does not stand:\n" + "".join(self.lines))

    def code(self, username: str) -> str:
        """Return a code of the officer's that nobody was given yet: each opens the desk once.

        Waits for the next one where needed, half a minute at most.
        """
        while (username, code := self.codes()[username]) in self.given:
            threading.Event().wait(0.2)
        self.given.add((username, code))
        return code

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(30)
        self.reader.join(5)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(iter(self.process.stdout.readline, ""))


@contextmanager
def standing(country: str | None = None) -> Iterator[Town]:
    """Yield a town that answers; it and all it wrote is gone afterwards."""
    with scratch.world(country) as environment:
        town = Town(environment)
        try:
            town.codes()
            yield town
        finally:
            town.end()


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Yield Debian's Chromium, headless, with a network of this machine only, and flags of the caller's."""
    need.require("chromium", "arabic")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(need.find("chromium")), args=[*need.CHROMIUM_FLAGS, *flags]
        )
        try:
            yield started
        finally:
            started.close()


def person(browser: Browser, town: Town, *, phone: bool = False) -> Page:
    """Return a page of somebody with cookies of their own."""
    size = PHONE if phone else DESK
    context = browser.new_context(
        base_url=town.base, viewport={"width": size["width"], "height": size["height"]}
    )
    return context.new_page()


def sign_in(page: Page, town: Town, username: str) -> None:
    """Sign in at the desk with password and one-time code."""
    page.goto("/police/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.fill("[name=code]", town.code(username))
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/police/", timeout=SIGNED_IN_WITHIN_MS)


def speak(page: Page, language: str) -> None:
    """Have the desk speak another language, by its own switch."""
    page.goto("/police/")
    if page.get_attribute("html", "lang") != language:
        page.click("details.tools summary")
        page.click(f"form.languages [value={language}]")
        page.wait_for_selector(f"html[lang={language}]")


def fill_report(page: Page, language: str) -> None:
    """Fill in the first minute as a mother would."""
    page.goto(f"/{language}/report/")
    page.fill("[name=name_1]", {"ar": "ياسمين", "fr": "Yasmine", "en": "Yasmine"}[language])
    page.select_option("[name=age_1]", "9")
    page.fill("[name=last_seen_words]", {"ar": "الرباط", "fr": "Rabat", "en": "Rabat"}[language])
    page.check("[name=ago][value=two_hours]")
    page.fill("[name=phone]", "٠٦٦١٠٠٠٠٠١" if language == "ar" else "06 61 00 00 01")


def send_report(page: Page) -> tuple[str, str]:
    """Send the first minute; return the reference and the secret of the answer, else raise what it says."""
    page.click("button.send")
    words = page.inner_text("main")
    reference, secret = REFERENCE.search(words), SECRET.search(words)
    if reference is None or secret is None:
        raise AssertionError(words)
    return reference.group(), secret.group()


def tell_more(page: Page, language: str, photo: bytes) -> None:
    """Go on from the answer through every short screen, as a mother would; end at the overview."""
    page.click(".next button.send")
    for screen in SCREENS:
        page.wait_for_url(f"**/report/more/{screen}/")
        fill_screen(page, screen, language, photo)
        leave_screen(page)


def fill_screen(page: Page, screen: str, language: str, photo: bytes) -> None:
    """Fill in what a mother knows of a screen that is open."""
    if screen == "child":
        page.fill("[name=family_name]", {"ar": "الزرهوني"}.get(language, "Zerhouni"))
    if screen == "photos":
        file: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo}
        page.set_input_files("[name=photos]", file)
    if screen == "places":
        page.check("[name=kind][value=friend]")
        page.fill("[name=words]", {"ar": "صديقتها سلمى، حي التقدم"}.get(language, "Salma, Takaddoum"))
    if screen == "you":
        page.fill("[name=name]", {"ar": "سميرة"}.get(language, "Samira"))
    for name, value in CHOSEN.get(screen, {}).items():
        unfold(page, f"[name={name}][value={value}]")
        page.check(f"[name={name}][value={value}]")


def unfold(page: Page, selector: str) -> int:
    """Open every folded part in which the field lies by its heading; return how many taps it took."""
    folded = page.locator("details:not([open])", has=page.locator(selector))
    taps = 0
    while folded.count():
        folded.first.locator("> summary").click()
        taps += 1
    return taps


def leave_screen(page: Page) -> None:
    """Save the screen and go on."""
    page.click(".go-on button.send")


def press(page: Page, action: str) -> None:
    """Submit the form whose address ends so."""
    page.click(f"form[action$='{action}'] button")


def call_back(ines: Page) -> None:
    """On the page of a case: Ines calls the family, and the mother confirms."""
    ines.select_option("[name=relation]", "mother")
    ines.click("form[action$='/spoken/'] [value=confirmed]")


def propose(ines: Page, reference: str) -> None:
    """Ines opens the case from her home, accepts it, drafts and proposes."""
    ines.goto("/police/")
    ines.click(f"a:has-text('{reference}')")
    press(ines, "/accept/")
    call_back(ines)
    press(ines, "/open/")
    ines.click("a[href*='/draft/']")
    for channel in CHANNELS:
        ines.check(f"[name=channels][value={channel}]")
    ines.click("form.card button[type=submit]")
    press(ines, "/propose/")


def sign(omar: Page) -> None:
    """Omar opens what waits for his signature, and signs it."""
    omar.goto("/police/")
    omar.click("a[href*='/alerts/version/'][href$='/change/']")
    press(omar, "/sign/")


def close_case(ines: Page, reference: str) -> None:
    """Ines closes the case: the child is found, safe."""
    ines.goto("/police/")
    ines.click(f"a:has-text('{reference}')")
    ines.click("a[href$='/close/']")
    ines.select_option("[name=outcome]", "found_safe")
    if ines.query_selector("[name=confirm]"):
        ines.check("[name=confirm]")
    ines.click("form.card button[type=submit]")
