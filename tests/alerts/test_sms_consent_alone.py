"""A guardian who agreed to SMS alone: nothing of the child stands anywhere else, whatever officers tick."""

import pytest
from django.test import Client

from alerts import preview, render
from alerts.composing import sayable
from alerts.refusals import IssueRefused
from tests.alerts import scene, telling
from tests.alerts.telling import SENTENCE
from trust import clock

pytestmark = pytest.mark.django_db
# Her name, age, clothes, looks, place and what an officer added of her, in three languages.
OF_HER = (
    "Amina", "أمينة", "9 ans", "9 years", "9 سنوات", "robe", "dress", "فستان", "130", "Rabat", "الرباط",
    "Agdal", "sac rouge", "red bag", "حقيبة", "fille", "girl", "طفلة",
)  # fmt: skip


def holds_nothing_of_her(said: object) -> bool:
    found = [word for word in OF_HER if word in str(said)]
    assert not found, (found, str(said))
    return True


def drafted(consent: tuple[str, ...], channels: list[str]):
    version = scene.drafted(scene.case(channels=consent), channels=channels)
    version.additions = SENTENCE
    version.save(update_fields=["additions"])
    return version


def test_a_draft_shows_nothing_of_her_on_other_channels_and_cannot_be_proposed():
    version = drafted(("sms",), sayable())
    for column in preview.columns(render.composed(version, clock.now())):
        shown = {said.code: (said.subject, said.text, said.pieces) for said in column.said}
        assert set(shown) >= {"page", "cap", "sms", "whatsapp", "instagram", "webpush", "cap_partner"}
        assert all(holds_nothing_of_her(said) for code, said in shown.items() if code != "sms")
    with pytest.raises(IssueRefused) as refused:
        scene.proposing(version)
    assert refused.value.code == "no_consent"


def test_where_she_may_be_told_of_by_sms_and_on_the_web_nothing_goes_into_an_app():
    with pytest.raises(IssueRefused) as refused:
        scene.proposing(drafted(("web", "sms"), ["sms", "webpush"]))
    assert (refused.value.code, refused.value.detail) == ("no_consent", "webpush")
    signed = scene.stored(telling.sign(drafted(("web", "sms"), ["sms"])))
    assert "Amina" in str(signed.texts["fr"]["sms"])
    assert all(set(said) == {"page", "cap", "sms"} for said in signed.texts.values())
    for channel in ("whatsapp", "instagram", "webpush", "cap_partner", "email", "facebook"):
        assert render.message(signed, channel, clock.now()) is None
    assert holds_nothing_of_her(Client().get("/sw.js").content.decode())


def test_an_officers_sentence_leaves_the_page_with_the_last_consent():
    drafted = scene.drafted(scene.case())
    drafted.additions = SENTENCE
    drafted.save(update_fields=["additions"])
    signed = telling.sign(drafted)
    path = f"/fr/a/{signed.alert.code}/"
    assert "sac rouge" in Client().get(path).content.decode()
    scene.withdraw_consent(signed.alert.case)
    assert "sac rouge" not in Client().get(path).content.decode()
