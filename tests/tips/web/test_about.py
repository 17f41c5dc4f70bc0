"""A tip names its alert: by the button on the alert's page, by a title, by a code, or not at all."""

import pytest

from tests.alerts import scene
from tests.tips.web.told import TIP, sends, text
from tips.models import Tip

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(witness):
    return scene.signed().alert


def test_the_button_on_an_alert_carries_its_code_and_no_more(witness, alert) -> None:
    page = text(witness.get(f"/fr/a/{alert.code}/"))
    assert f'href="/fr/tip/?alert={alert.code}" rel="noreferrer"' in page
    asked = text(witness.get(f"/fr/tip/?alert={alert.code}"))
    assert f'value="{alert.code}"' in asked
    assert asked.index(f'value="{alert.code}"') < asked.index("checked") < asked.index('name="words"')


@pytest.mark.parametrize("field", ["about", "code"])
def test_the_alert_is_named_by_its_title_or_its_code(witness, alert, field: str) -> None:
    sends(witness, **{field: alert.code})
    assert Tip.objects.get().alert_id == alert.pk


def test_another_child_is_no_alert(witness, alert) -> None:
    sends(witness, about="")
    assert Tip.objects.get().alert_id is None


def test_an_alert_that_ended_meanwhile_is_still_named(witness, alert) -> None:
    type(alert).objects.update(state="ended", ended_as="found")
    sends(witness, about=alert.code)
    assert Tip.objects.get().alert_id == alert.pk


def test_a_code_nobody_issued_is_asked_about_and_one_in_the_address_is_not_a_mistake(witness, alert) -> None:
    assert sends(witness, code="ABCD2345").status_code == 422
    assert sends(witness, about="nichts").status_code == 200
    assert witness.get(f"{TIP}?alert=%00%00").status_code == 200


@pytest.mark.parametrize("page", ["tip/", "tip/follow/"])
def test_the_bare_address_leads_to_a_language_and_is_kept_by_nobody(witness, page: str) -> None:
    answer = witness.get(f"/{page}", headers={"Accept-Language": "ar"})
    assert (answer.status_code, answer["Location"]) == (302, f"/ar/{page}")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_the_page_says_plainly_what_is_and_is_not_hidden(witness) -> None:
    page = text(witness.get("/en/tip/"))
    assert "WhatsApp, SMS and a call are not anonymous" in page
    assert 'href="tel:' in page
    assert "no longer anonymous to the police" in page
