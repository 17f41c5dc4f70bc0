"""Two officers at one computer: whoever comes after finds nothing of whoever was before, by no button."""

import pytest

from bin import town

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def reference(browser, standing) -> str:
    family = town.person(browser, standing, phone=True)
    town.fill_report(family, "fr")
    told, _secret = town.send_report(family)
    return told


def leave(page) -> None:
    page.goto("/police/")
    page.click("details.tools summary")
    page.click("form[action='/police/account/logout/'] button")
    page.wait_for_url("**/account/login/**")


def seen_going_back(page, steps: int) -> str:
    """Return all that the browser shows while somebody presses its back button so often, then reloads."""
    shown = []
    for _press in range(steps):
        page.go_back()
        shown.append(page.inner_text("body"))
    page.reload()
    return " ".join([*shown, page.inner_text("body")])


def test_the_back_button_and_the_next_officer_find_nothing(browser, standing, reference) -> None:
    page = town.person(browser, standing)
    town.sign_in(page, standing, "ines")
    page.click(f"a:has-text('{reference}')")
    page.wait_for_selector("h1")
    case = page.url
    assert reference in page.inner_text("h1")
    assert "Ines" in page.inner_text("header")
    leave(page)
    shown = seen_going_back(page, 3)
    assert reference not in shown
    assert "Ines" not in shown
    assert "login" in page.url
    town.sign_in(page, standing, "lea")  # of another force
    shown = page.inner_text("body")
    page.goto(case)
    shown += page.inner_text("body") + seen_going_back(page, 2)
    assert reference not in shown
    assert "Ines" not in shown
    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
    assert "Ines" not in " ".join(cookie["value"] for cookie in page.context.cookies())
