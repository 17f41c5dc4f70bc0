"""Somebody on a telephone who takes one second a key, two a field and three a screen."""

from pathlib import Path

from playwright.sync_api import FilePayload, Page

from bin import town

KEY_S, FIELD_S, SCREEN_S = 1.0, 2.0, 3.0
SPOKEN_MS = 1200


class Patient:
    """A page that is used as a person uses it, and what that costs."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = self.fields = self.screens = 0

    @property
    def seconds(self) -> float:
        return self.keys * KEY_S + self.fields * FIELD_S + self.screens * SCREEN_S

    def goes_to(self, address: str) -> None:
        self.page.goto(address)
        self.screens += 1

    def types(self, name: str, words: str) -> None:
        self.page.fill(f"[name='{name}']", words)
        self.fields += 1
        self.keys += len(words)

    def selects(self, name: str, value: str) -> None:
        """Choose from a closed list: two taps, no key."""
        self.page.select_option(f"[name='{name}']", value)
        self.fields += 1

    def taps(self, name: str, *values: str) -> None:
        for value in values:
            wanted = f"[name='{name}'][value='{value}']"
            self.fields += 1 + town.unfold(self.page, wanted)
            self.page.check(wanted)

    def opens(self, selector: str) -> None:
        self.page.click(selector)
        self.fields += 1

    def attaches(self, name: str, data: bytes, kind: str = "image/jpeg") -> None:
        file: FilePayload = {"name": "photo.jpg", "mimeType": kind, "buffer": data}
        self.page.set_input_files(f"[name='{name}']", file)
        self.fields += 1

    def speaks(self, name: str) -> None:
        """Record a note for a second and stop: two taps."""
        root = self.page.locator(".voice", has=self.page.locator(f"input[name='{name}']"))
        root.locator("[data-part=record]").click()
        root.locator("[data-part=time]").wait_for()
        self.page.wait_for_timeout(SPOKEN_MS)
        root.locator("[data-part=stop]").click()
        root.locator("[data-part=audio]").wait_for()
        self.fields += 2

    def leaves(self, selector: str) -> None:
        """Press the button that ends the screen; what comes is a new one."""
        with self.page.expect_navigation():
            self.page.click(selector)
        self.screens += 1

    def shows(self, path: Path) -> None:
        """Keep a picture of the whole page."""
        self.page.screenshot(path=path, full_page=True)
