"""A reader with no script: gets pages, fills forms as they stand in the page, submits them.

The drill and the journey tests walk the product through it, so that what they prove is what a
person with the plainest browser can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import requests
from lxml import html

TIMEOUT_S = 30.0
Upload = tuple[str, bytes, str]  # file name, content, media type


class WalkError(RuntimeError):
    """A page did not show what the walk needs next; the text names page and status, no person."""


class Browser:
    """One person's cookies."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()

    def get(self, path: str) -> Page:
        return Page(self, self.session.get(urljoin(self.base, path), timeout=TIMEOUT_S))

    def close(self) -> None:
        self.session.close()


class Page:
    """One answer, and the forms in it."""

    def __init__(self, browser: Browser, response: requests.Response) -> None:
        self.browser = browser
        self.response = response
        self.status = response.status_code
        self.url = response.url

    @property
    def text(self) -> str:
        return self.response.text

    @property
    def tree(self) -> Any:
        return html.fromstring(self.response.content.decode("utf-8") or "<html/>", base_url=self.url)

    def expect(self, status: int = 200) -> Page:
        """Return self; raise WalkError where the status is another."""
        if self.status != status:
            raise WalkError(
                f"{self.response.request.method} {self.response.url}: {self.status}, not {status}"
            )
        return self

    def forms(self) -> list[Any]:
        return list(self.tree.forms)

    def form_with(self, *names: str) -> Any:
        """Return the first form that holds all the named fields or buttons; raise WalkError without one."""
        for form in self.forms():
            held = {element.get("name") for element in form.iter("input", "select", "textarea", "button")}
            if set(names) <= held:
                return form
        raise WalkError(f"{self.url} ({self.status}): no form with {', '.join(names)}")

    def form_to(self, ending: str) -> Any:
        """Return the form whose action ends so; raise WalkError without one."""
        for form in self.forms():
            if urljoin(self.url, form.get("action") or self.url).split("?")[0].endswith(ending):
                return form
        raise WalkError(f"{self.url} ({self.status}): no form to {ending}")

    def submit(
        self,
        form: Any,
        values: Mapping[str, str | list[str]] | None = None,
        files: Mapping[str, Upload] | None = None,
        *,
        button: str = "",
    ) -> Page:
        """Submit the form with its own values, changed by `values`; a named button is pressed."""
        filled: dict[str, list[str]] = {}
        for name, value in form.form_values():
            filled.setdefault(name, []).append(value)
        for name, given in (values or {}).items():
            filled[name] = list(given) if isinstance(given, list) else [given]
        if button:
            element = next(one for one in form.iter("button", "input") if one.get("name") == button)
            filled[button] = [element.get("value") or ""]
        pairs = [(name, value) for name, chosen in filled.items() for value in chosen]
        action = urljoin(self.url, form.get("action") or self.url)
        session = self.browser.session
        headers = {"Referer": self.url, "Origin": self.browser.base}
        if (form.get("method") or "get").lower() == "get":
            return Page(self.browser, session.get(action, params=pairs, timeout=TIMEOUT_S))
        response = session.post(action, data=pairs, files=files or None, headers=headers, timeout=TIMEOUT_S)
        return Page(self.browser, response)

    def link(self, part: str) -> str:
        """Return the address of the first link whose path holds the part; raise WalkError without one."""
        for anchor in self.tree.iter("a"):
            address = urljoin(self.url, anchor.get("href") or "")
            if part in address.split("?")[0]:
                return str(address)
        raise WalkError(f"{self.url} ({self.status}): no link to {part}")
