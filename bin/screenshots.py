"""Take the README's pictures: a form, the desk, an alert's page, its progress. All of it invented."""

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from bin import town
from project.invented import drawn_face

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
TALL: ViewportSize = {"width": 360, "height": 1150}


def take(page: Page, name: str) -> None:
    """Write what the page shows now to docs/pictures."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
    print(f"docs/pictures/{name}.png")


def take_case(officer: Page) -> None:
    """Take the page of the case in Arabic, as a desk shows it."""
    town.speak(officer, "ar")
    officer.goto("/police/cases/case/")
    officer.click("#result_list tbody th a")
    take(officer, "case")
    town.speak(officer, "fr")


def take_proposal(approver: Page) -> None:
    """Take what waits for a signature, in Arabic, as a telephone shows it."""
    desk = approver.viewport_size
    town.speak(approver, "ar")
    approver.goto("/police/")
    approver.click("a[href*='/alerts/version/'][href$='/change/']")
    approver.set_viewport_size(TALL)
    take(approver, "sign")
    if desk:
        approver.set_viewport_size(desk)
    town.speak(approver, "fr")


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with town.standing("ma") as standing, town.chromium() as browser:
        family, public = (town.person(browser, standing, phone=True) for _number in range(2))
        ines, omar = (town.person(browser, standing) for _number in range(2))
        town.fill_report(family, "ar")
        family.evaluate("scrollTo(0, 0)")
        family.set_viewport_size(TALL)
        take(family, "form")
        reference, _secret = town.send_report(family)
        town.tell_more(family, "ar", drawn_face())
        town.sign_in(ines, standing, "ines")
        town.speak(ines, "fr")
        take(ines, "desk")
        town.propose(ines, reference)
        take_case(ines)
        town.sign_in(omar, standing, "omar")
        take_proposal(omar)
        town.sign(omar)
        ines.goto("/police/")
        ines.click("a[href*='/alerts/alert/'][href$='/change/']")
        ines.wait_for_timeout(4_000)  # the picture is of an alert under way, not of its first second
        take(ines, "progress")
        public.goto("/ar/")
        public.click("main a[href*='/a/']")
        public.set_viewport_size(TALL)
        take(public, "alert")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
