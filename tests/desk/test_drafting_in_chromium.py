"""A live alert widened in a real browser, by its map and its numbers; axe and narrow screens everywhere."""

import pytest

from bin import town
from project.invented import drawn_face
from tests.desk.test_filing_in_chromium import faults, ines

__all__ = ["ines"]
SENTENCE = {"ar": "معها حقيبة حمراء.", "fr": "Elle a un sac rouge.", "en": "She has a red bag."}


@pytest.mark.long
def test_an_alert_is_drafted_signed_updated_and_watched(browser, standing, ines) -> None:
    complaints: list[str] = []
    ines.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    ines.on("pageerror", lambda error: complaints.append(str(error)))
    family = town.person(browser, standing, phone=True)
    town.fill_report(family, "ar")
    reference, _secret = town.send_report(family)
    town.tell_more(family, "ar", drawn_face())
    omar = town.person(browser, standing)
    town.sign_in(omar, standing, "omar")
    town.speak(ines, "ar")
    town.propose(ines, reference)
    town.sign(omar)
    live = omar.url
    ines.goto(live)
    found = faults(ines, "live")

    ines.click("a[href$='/update/']")
    ines.check("[name=shape][value=polygon]")
    assert not ines.is_visible("[name=radius_km]")
    ines.click("[data-do=map]")
    picture = ines.wait_for_selector(".area-picture svg").bounding_box()
    for x, y in ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7)):
        spot = {"x": picture["width"] * x, "y": picture["height"] * y}
        ines.click(".area-picture svg", position=spot)
    north_west, north_east, south_east, _last = ines.input_value("[name=corners]").splitlines()
    assert north_west.split(", ")[0] == north_east.split(", ")[0]
    assert north_east.split(", ")[1] == south_east.split(", ")[1]
    assert float(north_east.split(", ")[0]) > float(south_east.split(", ")[0])
    ines.click("[data-do=undo]")
    assert len(ines.input_value("[name=corners]").splitlines()) == 3
    found += faults(ines, "map")

    ines.check("[name=shape][value=circle]")
    ines.fill("[name=radius_km]", "٦٠")
    for code, words in SENTENCE.items():
        ines.fill(f"[name=addition_{code}]", words)
    assert "UCS-2" in ines.inner_text("[name=addition_ar] + .letters")
    ines.click("button[name=check]")
    assert ines.query_selector("ins")
    found += faults(ines, "checked")
    ines.click("form[data-drafting] .button-primary")
    found += faults(ines, "version")
    for tick in ines.query_selector_all("[name=seen]"):
        tick.check()
    town.press(ines, "/propose/")
    omar.goto(ines.url)
    found += faults(omar, "sign")
    town.press(omar, "/sign/")
    omar.goto(live)
    omar.wait_for_selector("main >> text=2")
    found += faults(omar, "updated")
    assert found == []
    assert complaints == []
