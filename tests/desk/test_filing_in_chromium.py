"""Filing by keyboard alone in a real browser; axe on the pages of a case, on filing and on the paper form."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from bin import town

NARROW_PX = (320, 360, 1100)


@pytest.fixture(scope="module")
def ines(browser, standing):
    page = town.person(browser, standing)
    town.sign_in(page, standing, "ines")
    return page


def faults(page, name: str) -> list[str]:
    """Return what axe finds, and the widths at which the page must be pushed sideways."""
    found = [
        f"{name}: {violation['id']}: {node['target']} {node['html'][:120]}"
        for scheme in ("light", "dark")
        if not page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    for width in NARROW_PX:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name}: wider than {width} px")
    return found


def tab_to(page, selector: str, *, most: int = 80) -> None:
    """Press Tab until the element has the focus; fail where no Tab leads there."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no Tab leads to {selector}")


def speak(page, standing, language: str) -> None:
    token = page.locator("form[action='/police/language/'] [name=csrfmiddlewaretoken]").first
    page.context.request.post(
        f"{standing.base}/police/language/",
        form={"language": language, "next": "/police/", "csrfmiddlewaretoken": token.get_attribute("value")},
        headers={"Referer": f"{standing.base}/police/"},
    )


@pytest.mark.long
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_an_officer_files_and_completes_a_report_without_a_mouse(ines, standing, language: str) -> None:
    page = ines
    page.goto("/police/")
    speak(page, standing, language)
    page.goto("/police/")
    tab_to(page, "a[href$='/case/file/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/case/file/")
    found = faults(page, "file")
    tab_to(page, "[name=how]")
    page.keyboard.press("ArrowDown")  # by telephone
    tab_to(page, "[name=name_1]")
    page.keyboard.type("Nour El Fassi")
    tab_to(page, "[name=age_1]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=last_seen_words]")
    page.keyboard.type("Agdal")
    tab_to(page, "[name=ago]")
    page.keyboard.press("Space")
    tab_to(page, "[name=phone]")
    page.keyboard.type("0612345679")
    page.keyboard.press("Enter")
    page.wait_for_selector(".slip .secret")
    found += faults(page, "slip")
    tab_to(page, "a[accesskey=n]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tell/child/1/**")
    found += faults(page, "child")
    tab_to(page, "[name=family_name]")
    page.keyboard.type("El Fassi")
    tab_to(page, "[name=sex]")
    page.keyboard.press("Space")
    tab_to(page, "button[accesskey=s]")  # a browser without a window hears no access keys
    page.keyboard.press("Enter")
    page.wait_for_url("**/tell/photos/1/**")
    assert "how=phone" in page.url
    found += faults(page, "photos")
    case = page.url.partition("/tell/")[0]
    for screen in ("clothes/1", "last_seen", "health/1", "places", "habits/1", "you", "consent/1"):
        page.goto(f"{case}/tell/{screen}/")
        found += faults(page, screen)
    page.goto(f"{case}/change/")
    found += faults(page, "case")
    assert "El Fassi" in page.content()
    assert found == []


@pytest.mark.long
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_paper_form_is_three_pages_at_most(browser, standing, language: str) -> None:
    page = town.person(browser, standing)
    page.goto(f"/{language}/report/paper/", wait_until="networkidle")
    printed = page.pdf(prefer_css_page_size=True)
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= 3
    assert faults(page, "paper") == []
    page.context.close()
