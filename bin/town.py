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

from playwright.sync_api import Browser, Page, sync_playwright

from bin import need
from project import scratch

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"(\w+) \(\w+\) (\d{6})")
STANDS_WITHIN_S = 120.0
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1100, "height": 900}


class Town:
    """`manage.py run` in an environment of its own, and the one-time codes it prints."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.base = environment["PUBLIC_URL"]
        self.lines: list[str] = []
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
        threading.Thread(target=self._read, daemon=True).start()

    def codes(self) -> dict[str, str]:
        """Return each officer's newest code; raise RuntimeError with what was printed if the town falls."""
        deadline = time.monotonic() + STANDS_WITHIN_S
        while time.monotonic() < deadline and self.process.poll() is None:
            found = [dict(CODE.findall(line)) for line in list(self.lines) if CODE.search(line)]
            if found:
                return found[-1]
            threading.Event().wait(0.1)
        raise RuntimeError("The town does not stand:\n" + "".join(self.lines))

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(30)

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
def chromium() -> Iterator[Browser]:
    """Yield Debian's Chromium, headless, with a network of this machine only."""
    need.require("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(need.find("chromium")), args=list(need.CHROMIUM_FLAGS)
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
