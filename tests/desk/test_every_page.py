"""Every page of the desk that some role opens, in a browser: axe, the content policy, 320 pixels.

The pages are those of tests/desk/table.py. They are rendered first and served to Chromium from memory, with
the headers they were sent with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Page, Route, ViewportSize

from bin import town
from tests.desk.doors import Door, doors
from tests.desk.doors_world import OWN, PLANTED, Person, World
from tests.desk.table import TABLE, To, expected, is_allowed
from tests.desk.test_every_door import address_of
from trust.models import Officer
from trust.roles import Role

pytestmark = pytest.mark.django_db

SITE = "https://desk.example"
NARROW_PX = 320
NARROW: ViewportSize = {"width": NARROW_PX, "height": 740}
WIDE: ViewportSize = {"width": 1100, "height": 900}
LOOKS = [(language, scheme) for language in ("ar", "fr") for scheme in ("light", "dark")]
WATCH = """
window.reports = [];
document.addEventListener("securitypolicyviolation", one =>
  reports.push([one.violatedDirective, one.blockedURI, one.sourceFile, one.lineNumber].join(" ")));
"""


@dataclass(frozen=True)
class Rendered:
    """Hold one page as it was sent."""

    name: str
    address: str
    body: bytes
    headers: dict[str, str]

    @property
    def title(self) -> str:
        """Return what a browser keeps in its history and shows in its tab."""
        return unescape(self.body.decode().partition("<title>")[2].partition("</title>")[0])


def names_in(title: str) -> list[str]:
    """Return the names of persons in a title: of officers, and what is planted in the case."""
    known = Officer.objects.values_list("display_name", flat=True)
    return [name for name in {*PLANTED, *known} if name.lower() in title.lower()]


def rendered(world: World, language: str) -> Iterator[Rendered]:
    """Yield each page that shows words, as the first role that opens it reads it."""
    Officer.objects.update(language=language)
    client = Client()
    for door in doors():
        who = _reader(door)
        if who is None:
            continue
        client.cookies = SimpleCookie({"session": world.cookies[who]})
        address = address_of(world, door)
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield Rendered(door.name, address, answer.content, dict(answer.headers))


def _reader(door: Door) -> Person | None:
    """Return the first role that the page answers with 200."""
    row = TABLE[door.name]
    known = (Person(role, OWN) for role in Role if role != Role.SERVICE)
    shown = (who for who in known if is_allowed(row, "get", who) and expected(row, "get", who) == 200)
    return next(shown, None) if row.to is not To.ALL or row.inside else Person("nobody")


class Shelf:
    """Answer a browser from memory: pages as they were sent, files of the static folders, nothing else."""

    def __init__(self, pages: list[Rendered], theme: bytes) -> None:
        self.pages, self.theme = {page.address: page for page in pages}, theme

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        page = self.pages.get(path)
        if page and route.request.is_navigation_request():
            route.fulfill(status=200, headers=page.headers, body=page.body)
        elif path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/").partition("?")[0])
            route.fulfill(path=found) if isinstance(found, str) else route.fulfill(status=404)
        elif path == "/theme.css":
            route.fulfill(status=200, content_type="text/css", body=self.theme)
        else:
            route.fulfill(status=204)  # a photo, a sound, a poll: rows that no look needs


def faults(page: Page, one: Rendered, said: list[str]) -> Iterator[str]:
    """Yield what is wrong with a page; axe comes last, for it breaks the policy itself to read a style."""
    page.goto(f"{SITE}{one.address}")
    yield from (f"{one.name}: policy: {report}" for report in page.evaluate("reports"))
    yield from (f"{one.name}: {words}" for words in said)
    page.set_viewport_size(NARROW)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield f"{one.name}: wider than {NARROW_PX} px"
    page.set_viewport_size(WIDE)
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"]:
            yield f"{one.name}: {violation['id']}: {node['target']} {node['html'][:120]}"
    said.clear()


@pytest.mark.long
@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_page_is_open_to_all_and_keeps_the_policy(language, scheme):
    pages = list(rendered(World(), language))
    assert len(pages) > 70
    assert [(one.name, one.title) for one in pages if names_in(one.title)] == []
    theme = Client().get("/theme.css").content
    wrong: list[str] = []
    with town.chromium() as browser:  # no row is read in here: its loop and Django's would meet
        context = browser.new_context(color_scheme=scheme, viewport=WIDE, service_workers="block")
        context.add_init_script(WATCH)
        page, said = context.new_page(), list[str]()
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        context.route("**/*", Shelf(pages, theme).answer)
        for one in pages:
            assert f'lang="{language}"' in one.body.decode()[:400], one.name
            wrong += faults(page, one, said)
        context.close()
    assert wrong == [], "\n" + "\n".join(wrong)
