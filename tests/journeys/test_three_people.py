"""A family in Arabic, an officer and an approver, from the report to the first message.

Over HTTP and without a browser (tests/journeys/test_browser.py has one). Each presses only what the page
before shows, with what it already holds; the mistakes on the way are those of a bad night.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alerts.models import Version
from cases.models import Case
from notifier.models import Delivery
from project.invented import drawn_face
from tests import people
from tests.alerts import telling
from tests.alerts.telling import gateways  # noqa: F401  a fixture
from trust import networks
from trust.models import AuditEntry

pytestmark = pytest.mark.django_db

MINUTE = {
    "name_1": "ياسمين", "age_1": "9", "last_seen_words": "الرباط", "ago": "two_hours", "phone": "٠٦٦١٠٠٠٠٠١",
}  # fmt: skip
TOLD: dict[str, dict[str, Any]] = {
    "child": {"family_name": "الزرهوني", "sex": "girl"},
    "clothes": {"clothing": ["dress"], "clothing-colour-dress": "red"},
    "looks": {"hair": "black_long"},
    "places": {"kind": "friend", "words": "حي التقدم"},
    "you": {"name": "سميرة", "relation": "mother"},
    "consent": {"answer": "all"},
}
# A sentence that the lint asks about and does not stop.
SENTENCE = {
    "addition_ar": "معها حقيبة حمراء!!", "addition_fr": "Elle a un sac rouge !!",
    "addition_en": "She has a red bag!!",
}  # fmt: skip


@dataclass
class Form:
    """Hold where a form of a page leads, which fields it has, and what they hold already."""

    action: str
    names: set[str] = field(default_factory=set)
    held: dict[str, list[str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """Read the forms of a page as a browser would send them untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.select, self.area = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if self.found:
            self.found[-1].names.add(told.get("name", ""))
        if tag == "form":
            self.found.append(Form(told.get("action", "")))
        elif tag == "input" and told.get("type") not in ("submit", "button", "file", "image"):
            is_box = told.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in told:
                self._hold(told.get("name", ""), told.get("value", "on" if is_box else ""))
        elif tag == "button" and self.found and told.get("name", "") not in self.found[-1].held:
            self._hold(told.get("name", ""), told.get("value", ""))  # what is pressed: the first of them
        elif tag == "select":
            self.select = told.get("name", "")
        elif tag == "option" and self.found:
            self._choose(told.get("value", ""), chosen="selected" in told)
        elif tag == "textarea":
            self.area = told.get("name", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area and data.strip():
            self._hold(self.area, data.strip("\n"))

    def _choose(self, value: str, *, chosen: bool) -> None:
        """Hold the chosen option, or the first one as a browser does."""
        if chosen or self.select not in self.found[-1].held:
            self.found[-1].held[self.select] = [value]

    def _hold(self, name: str, value: str) -> None:
        if name and self.found:
            self.found[-1].held.setdefault(name, []).append(value)


class Sitting:
    """Somebody before a page: goes to addresses, follows links, presses what the page offers."""

    def __init__(self) -> None:
        self.client = Client()
        self.page: Any = None

    def goes_to(self, address: str) -> None:
        self.page = self.client.get(address, follow=True)
        assert self.page.status_code == 200, address

    @property
    def html(self) -> str:
        return str(self.page.content.decode())

    @property
    def words(self) -> str:
        bare = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", self.html, flags=re.DOTALL)
        return re.sub(r"\s+", " ", unescape(bare))

    def follows(self, part: str) -> None:
        """Follow the first link whose address holds that part."""
        found = re.search(rf'<a[^>]*href="([^"]*{part}[^"]*)"', self.html)
        assert found, f"no link to {part}"
        self.goes_to(unescape(found[1]))

    def offers(self, ending: str = "", *fields: str) -> Form | None:
        """Return the first form of the page whose address ends so and that has these fields."""
        known = (form for form in Forms(self.html).found if set(fields) <= form.names)
        return next((form for form in known if form.action.partition("?")[0].endswith(ending)), None)

    def presses(self, ending: str = "", **typed: Any) -> None:
        """Send that form with what it holds and what is typed; None leaves a field out."""
        form = self.offers(ending, *typed)
        assert form, f"nothing to press for {ending}"
        told = {name: value for name, value in {**form.held, **typed}.items() if value is not None}
        address = form.action or self.page.request["PATH_INFO"]
        self.page = self.client.post(address, told, follow=True)


@pytest.fixture
def family(monkeypatch) -> Sitting:
    monkeypatch.setattr(networks, "PAUSE_S", 0)  # without proof of work a report waits a second
    return Sitting()


@pytest.fixture
def ines() -> Sitting:
    sitting = Sitting()
    people.login(sitting.client, people.officer("ines", "officer", at=people.unit(), language="ar"))
    return sitting


@pytest.fixture
def omar() -> Sitting:
    sitting = Sitting()
    people.login(sitting.client, people.omar())
    return sitting


def reports(family: Sitting) -> Case:
    """Report in Arabic: the first minute, then every screen that follows."""
    family.goes_to("/ar/report/")
    family.presses("/ar/report/", **MINUTE)
    case = Case.objects.get()
    assert case.reference in family.words
    family.presses("/more/child/") if family.offers("/more/child/") else family.follows("/more/child/")
    for _screen in range(20):
        screen = re.search(r"/more/(\w+)/$", family.page.request["PATH_INFO"])
        if screen is None:
            break
        photo = {"photos": SimpleUploadedFile("p.jpg", drawn_face(), "image/jpeg")}
        family.presses(act="save", **(photo if screen[1] == "photos" else TOLD.get(screen[1], {})))
        assert family.page.status_code == 200, family.words
    return case


@pytest.mark.usefixtures("gateways")
def test_from_a_report_in_arabic_to_a_signed_alert_and_its_first_message(family, ines, omar):
    people.unit()
    case = reports(family)
    telling.enrol(1, 2, 3)
    ines.goes_to("/police/")
    ines.follows(f"/cases/case/{case.pk}/change/")
    assert "ياسمين" in ines.words
    ines.presses("/accept/")
    drafts(ines)
    tries_too_early(ines)
    calls_back(ines, case)
    version = proposes(ines)
    tries_to_sign_alone(ines, version)
    signs(omar, version)
    telling.send(Version.objects.get())
    assert Delivery.objects.filter(batch__kind="alert", state="accepted").count() == 3
    assert len(telling.heard()) == 3
    acts = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    expected = ["case.received", "case.accepted", "version.drafted", "case.called_back", "version.proposed"]
    assert [act for act in acts if act in (*expected, "version.signed")] == [*expected, "version.signed"]


def drafts(ines: Sitting) -> None:
    ines.follows("/alerts/alert/draft/")
    ines.presses(check=None, channels=["sms", "email", "facebook"], radius_km="10", **SENTENCE)
    assert Version.objects.get().state == "draft", ines.words


def tries_too_early(ines: Sitting) -> None:
    """Nobody spoke with the family: whatever is ticked, nothing is proposed."""
    version = Version.objects.get()
    address = f"/police/alerts/version/{version.pk}/propose/"
    ines.page = ines.client.post(address, {}, follow=True)
    assert "لم يتحدث أحد مع الأسرة بعد" in ines.words
    assert Version.objects.get().state == "draft"


def calls_back(ines: Sitting, case: Case) -> None:
    ines.goes_to(f"/police/cases/case/{case.pk}/change/")
    ines.presses("/spoken/", relation="mother", result="confirmed")
    ines.presses("/checked/", place="home", how="visited", result="not_there")
    ines.follows("/alerts/version/")


def proposes(ines: Sitting) -> Version:
    """Tick nothing first: the warnings must be read."""
    form = ines.offers("/propose/")
    assert form
    ticks = re.findall(r'name="seen"[^>]*value="([^"]+)"', ines.html)
    assert ticks, "the sentence must be asked about"
    ines.presses("/propose/")
    assert Version.objects.get().state == "draft"
    form.held["seen"] = ticks
    ines.page = ines.client.post(form.action, form.held, follow=True)
    version = Version.objects.get()
    assert version.state == "proposed", ines.words
    return version


def tries_to_sign_alone(ines: Sitting, version: Version) -> None:
    assert ines.offers("/sign/") is None, "the proposer must not be offered to sign"
    address = f"/police/alerts/version/{version.pk}/sign/"
    assert ines.client.post(address, {"digest": version.digest}).status_code == 403
    assert Version.objects.get().state == "proposed"


def signs(omar: Sitting, version: Version) -> None:
    """Open what waits, sign another text by mistake, then what is shown."""
    omar.goes_to("/police/")
    omar.follows(f"/alerts/version/{version.pk}/change/")
    assert "ياسمين" in omar.words
    omar.presses("/sign/", digest="0" * 64)
    assert Version.objects.get().state == "proposed"
    omar.presses("/sign/")
    assert Version.objects.get().state == "signed", omar.words
    assert Version.objects.get().signed_by == people.omar()
