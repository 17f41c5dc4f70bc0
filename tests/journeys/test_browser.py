"""One browser, from the family's form to the stand-down, in Arabic and in French."""

import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from bin import need
from project import scratch
from project.demo import PASSWORD
from project.drill.actors import REFERENCE, SECRET, drawn_face

CODE = re.compile(r"(\w+) \(\w+\) (\d{6})")


class Town:
    """`make run` in a scratch world, and the codes that it prints."""

    def __init__(self, environment):
        self.base = environment["PUBLIC_URL"]
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "run"],
            env={**environment, "DJANGO_SETTINGS_MODULE": "project.settings", "NO_COLOR": "1", "COLUMNS": "400"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        assert self.process.stdout is not None
        self.lines.extend(iter(self.process.stdout.readline, ""))

    def codes(self):
        """The newest line of codes; waits until the town stands."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            found = [dict(CODE.findall(line)) for line in list(self.lines) if "One-time codes" in line]
            if found:
                return found[-1]
            if self.process.poll() is not None:
                break
            threading.Event().wait(0.1)
        raise AssertionError("the town did not stand up:\n" + "".join(self.lines))

    def end(self):
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture(scope="module")
def town():
    with scratch.world() as environment:
        standing = Town({**environment, "DATABASE_URL": ""})
        try:
            standing.codes()
            yield standing
        finally:
            standing.end()


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=list(need.CHROMIUM_FLAGS))
        yield started
        started.close()


def person(browser, town, *, phone=False):
    size = {"width": 360, "height": 740} if phone else {"width": 1100, "height": 900}
    page = browser.new_context(base_url=town.base, viewport=size).new_page()
    page.problems = []
    page.on("console", lambda said: page.problems.append(said.text) if "Content Security" in said.text else None)
    return page


def sign_in(page, town, name):
    page.goto("/police/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.fill("[name=code]", town.codes()[name])
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/police/")


def report(page, language, tmp_path):
    page.goto(f"/{language}/report/")
    assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
    photo = Path(tmp_path) / "photo.jpg"
    photo.write_bytes(drawn_face())
    page.set_input_files("[name=photo]", str(photo))
    fill_report(page)
    page.click("main form button[type=submit]:not([name])")
    words = page.inner_text("main")
    reference, secret = REFERENCE.search(words), SECRET.search(words)
    assert reference, words
    assert secret, words
    return reference.group(), secret.group()
