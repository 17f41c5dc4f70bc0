"""The people of the journey, each with a browser of their own and no script: a family, officers, a reader."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw

from project import demo
from project.browser import Browser, Page, Upload, WalkError

SECRET = re.compile(r"\b\d{4}(?:[ \u00a0]\d{4}){4}\b")
REFERENCE = re.compile(r"\bNJ-[0-9A-Z]{4}-[0-9A-Z]{2,4}\b")


@dataclass(frozen=True)
class Receipt:
    """What the family was told: a reference, and the secret that opens their thread."""

    reference: str
    secret: str


def drawn_face(seed: int = 0) -> bytes:
    """Return a drawn face as JPEG: nobody's."""
    picture = Image.new("RGB", (600, 800), (214, 226, 232))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((150, 180, 450, 580), fill=(226, 178 - seed % 40, 140))
    pen.pieslice((140, 150, 460, 480), 180, 360, fill=(52, 36, 28))
    for left in (225, 335):
        pen.ellipse((left, 350, left + 40, 380), fill=(40, 30, 26))
    pen.arc((240, 430, 360, 510), 20, 160, fill=(150, 60, 60), width=8)
    pen.rectangle((100, 600, 500, 800), fill=(190, 40, 50))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


class Family:
    """Somebody whose child is missing, on the plainest telephone."""

    def __init__(self, base: str, language: str) -> None:
        self.language = language
        self.browser = Browser(base)

    def report(self, values: Mapping[str, str | list[str]], photo: bytes | None) -> Receipt:
        """Fill in the form and send it; return what the answer says, or raise WalkError."""
        page = self.browser.get(f"/{self.language}/report/").expect()
        upload: Upload = ("photo.jpg", photo or b"", "image/jpeg")
        files = {"photo": upload} if photo else None
        answer = page.submit(page.form_with("given_name"), values, files)
        reference, secret = REFERENCE.search(answer.text), SECRET.search(answer.text)
        if reference is None or secret is None:
            raise WalkError(f"the report was not taken: {errors_of(answer)}")
        return Receipt(reference.group(), secret.group())

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
        values = {"login": self.username, "password": demo.PASSWORD}
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
