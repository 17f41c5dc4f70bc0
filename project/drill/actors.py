"""The people of the journey, each with a browser of their own and no script: a family, officers, a reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from project import demo
from project.browser import Browser, Page, Upload, WalkError
from project.invented import PASSWORD, REFERENCE, SECRET

Values = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Receipt:
    """What the family was told: a reference, and the secret that opens their thread."""

    reference: str
    secret: str


class Family:
    """Somebody whose child is missing, on the plainest telephone."""

    def __init__(self, base: str, language: str) -> None:
        self.language = language
        self.browser = Browser(base)

    def report(self, values: Values) -> Receipt:
        """Send the first minute; return what the answer says, or raise WalkError."""
        page = self.browser.get(f"/{self.language}/report/").expect()
        answer = page.submit(page.form_with("name_1"), values)
        reference, secret = REFERENCE.search(answer.text), SECRET.search(answer.text)
        if reference is None or secret is None:
            raise WalkError(f"the report was not taken: {errors_of(answer)}")
        return Receipt(reference.group(), secret.group())

    def tell(self, screen: str, values: Values, photo: bytes | None = None) -> None:
        """Save one of the short screens after the first minute, or raise WalkError."""
        page = self.browser.get(f"/{self.language}/report/more/{screen}/").expect()
        files: dict[str, Upload] = {"photos": ("photo.jpg", photo, "image/jpeg")} if photo else {}
        form = page.form_to(f"/report/more/{screen}/")
        answer = page.submit(form, values, files, button="act")
        if answer.status != 200 or answer.url == page.url:
            raise WalkError(f"the screen {screen} was not taken: {errors_of(answer)}")

    def follow(self, receipt: Receipt) -> Page:
        """Open the thread."""
        page = self.browser.get(f"/{self.language}/report/follow/").expect()
        form = page.form_with("reference", "secret")
        return page.submit(form, {"reference": receipt.reference, "secret": receipt.secret}).expect()


class OfficerAtDesk:
    """An officer signed in with password and one-time code."""

    def __init__(self, base: str, username: str) -> None:
        self.username = username
        self.browser = Browser(base)

    def sign_in(self) -> Page:
        page = self.browser.get("/police/").expect()
        values = {"login": self.username, "password": PASSWORD}
        page = page.submit(page.form_with("login", "password"), values).expect()
        return page.submit(page.form_with("code"), {"code": demo.one_time_code(self.username)}).expect()

    def open(self, path: str) -> Page:
        return self.browser.get(path).expect()

    def press(self, page: Page, ending: str, values: Mapping[str, str | list[str]] | None = None) -> Page:
        """Submit the page's form whose address ends so."""
        return page.submit(page.form_to(ending), values).expect()


def errors_of(page: Page) -> str:
    """Return the sentences a form was refused with; they name fields, no values."""
    found = page.tree.xpath("//*[@class='error' or @class='error-summary']")
    return "; ".join(" ".join(element.text_content().split()) for element in found) or f"status {page.status}"
