"""The pages of the anonymous door on weak telephones, bad lines, other ways of reading; and one long film."""

import hashlib
import os
import sqlite3
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

from bin import town
from project.processes import wait_until

pytestmark = pytest.mark.long

PAGE_BYTES = 100 * 1024
FILM_BYTES = 200 * 1024**2
MEMORY_KB = 80 * 1024  # that one film may cost the web process at most
BROKEN = """document.querySelector(".file-list .hint").textContent
            .startsWith(document.querySelector(".files").dataset.broken)"""
LOOKS = [(language, scheme) for language in ("ar", "fr", "en") for scheme in ("light", "dark")]


def of_process(pid, name):
    """Return the words of a file of /proc."""
    return Path(f"/proc/{pid}/{name}").read_text(errors="replace")


def web_processes(standing):
    """Return the ids of the web server's processes: those that descend from the town and are granian."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = entry.read_text()
        except OSError:
            continue
        parents[int(entry.parent.name)] = int(text.rsplit(")", 1)[1].split()[1])
    found = []
    for pid in parents:
        up = pid
        while up and up != standing.process.pid:
            up = parents.get(up, 0)
        if up and "granian" in of_process(pid, "cmdline"):
            found.append(pid)
    return found


def peak_kb(standing):
    """Return the most memory that the largest of them ever had."""
    lines = [line for pid in web_processes(standing) for line in of_process(pid, "status").splitlines()]
    return max(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def rows(standing, query):
    """Return what the town's database answers, read beside it."""
    environment = of_process(standing.process.pid, "environ").split("\0")
    var = next(line.split("=", 1)[1] for line in environment if line.startswith("VAR_DIR="))
    with sqlite3.connect(f"file:{var}/najda.sqlite3?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


class Reader:
    """Somebody who looks at every page: axe, how wide it is, what it weighs."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        self.requests: list[Request] = []
        page.on("requestfinished", lambda one: self.requests.append(one))

    def reads(self, name):
        self.page.wait_for_load_state("networkidle")
        sizes = [one.sizes() for one in self.requests]
        weight = sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)
        self.requests.clear()
        if weight > PAGE_BYTES:
            self.found.append(f"{name}: {weight} bytes")
        for violation in Axe().run(self.page).response["violations"]:
            for node in violation["nodes"]:
                self.found.append(f"{name}: {violation['id']}: {node['html'][:120]}")
        for width in (320, 180):
            self.page.set_viewport_size({"width": width, "height": 740})
            if self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            ):
                self.found.append(f"{name}: wider than {width} px")
        self.page.set_viewport_size(town.PHONE)


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_page_is_light_and_open_to_all(browser, standing, language, scheme):
    context = browser.new_context(base_url=standing.base, viewport=town.PHONE, color_scheme=scheme)
    page = context.new_page()
    reader = Reader(page)
    page.goto(f"/{language}/tip/")
    page.click("[data-do=map]")
    page.wait_for_selector(".tap-picture svg")
    reader.reads("form")
    page.click("button.send")
    page.wait_for_selector(".error-summary")
    reader.reads("form with errors")
    page.fill("[name=words]", "x")
    film = {"name": "v.mp4", "mimeType": "video/mp4", "buffer": b"abc"}
    page.set_input_files("[name=attached]", film)
    page.wait_for_selector(".file-list .arrived")
    reader.reads("form with a file")
    page.click("button.send")
    words, main = page.inner_text(".secret.words"), page.inner_text(".code.secret")
    reader.reads("receipt")
    page.click("button[value=noted]")
    reader.reads("retype")
    page.fill("[name=typed]", "a b c")
    page.press("[name=typed]", "Enter")
    page.wait_for_selector(".compared")
    reader.reads("retype, wrong")
    page.fill("[name=typed]", words)
    page.press("[name=typed]", "Enter")
    page.wait_for_selector(".banner.success")
    reader.reads("noted")
    page.goto(f"/{language}/tip/follow/")
    reader.reads("follow")
    page.fill("[name=reference]", main)
    page.fill("[name=secret]", words)
    page.press("[name=secret]", "Enter")
    page.wait_for_selector(".thread")
    page.click("#write details summary")
    reader.reads("thread")
    context.close()
    assert reader.found == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_it_is_told_without_script_and_with_a_map_to_tap(browser, standing, language):
    context = browser.new_context(
        base_url=standing.base, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"/{language}/tip/")
    page.fill("[name=words]", "vu")
    page.set_input_files("[name=attached]", {"name": "v.mp4", "mimeType": "video/mp4", "buffer": b"abc"})
    page.click("button[value=map]")
    for _time in range(3):
        page.click("input[type=image]", position={"x": 120, "y": 60})
    assert page.input_value("[name=words]") == "vu"
    page.check("[name=seen][value=minutes]")
    page.click("button.send")
    page.wait_for_selector(".secret.words")
    context.close()
    kind = rows(standing, "SELECT size FROM tips_attachment ORDER BY rowid DESC LIMIT 1")
    assert kind, "the file chosen before the map was opened is kept"


def test_it_is_told_with_the_keyboard_alone(browser, standing):
    page = town.person(browser, standing, phone=True)
    page.goto("/fr/tip/")
    page.focus("[name=words]")
    page.keyboard.type("vu")
    for _stop in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('send')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".secret.words")
    page.context.close()


def test_it_passes_a_network_of_two_bars(browser, standing):
    """50 kbit/s and 800 ms each way and back, as a browser simulates them."""
    page = town.person(browser, standing, phone=True)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    speed = 50_000 / 8
    slow = {"offline": False, "latency": 800, "downloadThroughput": speed, "uploadThroughput": speed}
    wire.send("Network.emulateNetworkConditions", slow)
    page.set_default_timeout(90_000)
    begun = time.monotonic()
    page.goto("/ar/tip/")
    page.fill("[name=words]", "رأيت الطفل")
    page.click("button.send")
    page.wait_for_selector(".secret.words")
    print(f"two bars: {time.monotonic() - begun:.0f} s")
    page.context.close()


def test_a_film_of_200_mb_arrives_whole_over_a_line_that_breaks_and_a_reload(browser, standing, tmp_path):
    film = tmp_path / "film.mp4"
    told = hashlib.sha256()
    with film.open("wb") as out:
        for _part in range(FILM_BYTES // 2**20):
            part = os.urandom(2**20)
            told.update(part)
            out.write(part)
    page = town.person(browser, standing, phone=True)
    page.set_default_timeout(300_000)
    page.goto("/fr/tip/")
    page.fill("[name=words]", "vu")
    before, begun = peak_kb(standing), time.monotonic()
    page.set_input_files("[name=attached]", film)
    arrives(page, 15)
    page.context.set_offline(True)
    wait_until(lambda: page.evaluate(BROKEN), 60, "the page to say that the line is broken")
    page.context.set_offline(False)
    arrives(page, 40)
    page.reload()
    page.wait_for_selector(".file-list li")
    page.set_input_files("[name=attached]", film)
    page.fill("[name=words]", "vu")
    page.click("button.send")  # while it is on its way: everything is sent once it has arrived
    page.wait_for_selector(".hold:not([hidden])")
    page.wait_for_selector(".secret.words")
    took, grown = time.monotonic() - begun, peak_kb(standing) - before
    digest = told.hexdigest()
    query = f"SELECT size FROM tips_attachment WHERE original_sha256 = '{digest}'"
    wait_until(lambda: rows(standing, query) == [(FILM_BYTES,)], 120, "the film to be sealed whole")
    print(f"200 MB: {took:.0f} s, the web process grew by {grown // 1024} MB")
    page.context.close()
    assert grown < MEMORY_KB


def arrives(page, percent):
    """Wait until that much of the first file has come."""
    come = "document.querySelector('.file-list progress').value"
    wait_until(lambda: page.evaluate(come) >= percent, 300, f"{percent} % of the film")


def test_a_file_too_large_is_explained_without_script_and_the_words_arrive(browser, standing, tmp_path):
    """300 MB in one form: read to its end, thrown away, told; the memory of the server does not grow."""
    film = tmp_path / "large.mp4"
    with film.open("wb") as out:
        out.truncate(300 * 1024**2)
    context = browser.new_context(base_url=standing.base, viewport=town.PHONE, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(300_000)
    page.goto("/fr/tip/")
    page.fill("[name=words]", "vu")
    page.set_input_files("[name=attached]", film)
    before = peak_kb(standing)
    page.click("button.send")
    page.wait_for_selector(".secret.words")
    assert page.locator(".banner.warning").count() == 1
    grown = peak_kb(standing) - before
    print(f"300 MB without script: the web process grew by {grown // 1024} MB")
    context.close()
    assert grown < MEMORY_KB
