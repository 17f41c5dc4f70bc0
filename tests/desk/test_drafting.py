"""Drafting at the desk: checked and counted before anything is kept, warnings ticked, previewed as sent."""

import pytest

from alerts.models import Version
from tests import people
from tests.alerts import scene
from tests.desk import pages
from tests.desk.test_alert import DRAFT, draft

pytestmark = pytest.mark.django_db

SAID = {
    "addition_ar": "شوهدت قرب سيارة.",
    "addition_fr": "Vue près d’une voiture.",
    "addition_en": "Seen near a car.",
}


def test_a_check_shows_the_texts_and_findings_and_keeps_nothing(desk) -> None:
    case = scene.case()
    answer = draft(desk(people.ines()), case, **SAID, check="1")
    assert answer.status_code == 200
    assert not Version.objects.exists()
    assert {finding.what for finding in answer.context["findings"]}
    assert "<mark>voiture</mark>" in answer.content.decode()
    assert 'name="addition_fr"' in answer.content.decode()


def test_a_check_of_a_revision_leaves_the_draft_as_it_was(desk) -> None:
    version = scene.drafted()
    url = pages.of_version(version, "revise")
    answer = desk(people.ines()).post(url, {**DRAFT, **SAID, "hours": "5", "check": "1"})
    assert answer.context["checked"]
    stored = scene.stored(version)
    assert (stored.additions, stored.duration_s) == (None, scene.DAY_S)


def test_a_sentence_in_one_language_is_refused_where_it_is_missing(desk) -> None:
    answer = draft(desk(people.ines()), scene.case(), addition_fr="Elle parle arabe.")
    assert set(answer.context["form"].errors) == {"addition_ar", "addition_en"}
    assert not Version.objects.exists()


def test_warnings_are_ticked_and_read_again_by_who_signs(desk) -> None:
    case = scene.case()
    ines = desk(people.ines())
    draft(ines, case, **SAID)
    version = Version.objects.get()
    page = ines.get(pages.of_version(version))
    ticks = [finding.key for finding in page.context["findings"]]
    assert page.content.decode().count('name="seen"') == len(ticks) == 3
    refused = ines.post(pages.of_version(version, "propose"), {"seen": ticks[:2]}, follow=True)
    assert pages.said(refused)
    assert scene.stored(version).state == Version.State.DRAFT
    ines.post(pages.of_version(version, "propose"), {"seen": ticks})
    assert scene.stored(version).state == Version.State.PROPOSED
    shown = desk(people.omar()).get(pages.of_version(version))
    assert [finding.key for finding in shown.context["findings"]] == ticks
    assert 'name="seen"' not in shown.content.decode()


def test_what_must_not_go_out_is_refused_by_a_direct_post_too(desk) -> None:
    case = scene.case()
    ines = desk(people.ines())
    said = {
        "addition_ar": "مصابة بالربو",
        "addition_fr": "Elle est asthmatique",
        "addition_en": "She has asthma",
    }
    draft(ines, case, **said)
    version = Version.objects.get()
    page = ines.get(pages.of_version(version))
    assert not page.context["may_propose"]
    keys = [finding.key for finding in page.context["findings"]]
    ines.post(pages.of_version(version, "propose"), {"seen": keys})
    assert scene.stored(version).state == Version.State.DRAFT


def test_an_sms_is_shown_in_the_parts_that_travel(desk) -> None:
    version = scene.drafted()
    columns = desk(people.ines()).get(pages.of_version(version)).context["columns"]
    for column in columns:
        sms = next(said for said in column.said if said.shape == "sms")
        assert "".join(piece.words for part in sms.pieces for piece in part) == sms.text
        assert len(sms.pieces) > 1
        assert {said.shape for said in column.said} == {"page", "machine", "sms", "email", "post"}


def test_the_price_is_shown_when_the_deployment_gave_one(desk, settings) -> None:
    notifier = {
        alias: {**told, "OPTIONS": dict(told["OPTIONS"])} for alias, told in settings.NOTIFIER.items()
    }
    for told in notifier.values():
        if told["CHANNEL"] == "sms":
            told["OPTIONS"]["price_per_part"] = "0.05"
    version = scene.drafted()
    assert desk(people.ines()).get(pages.of_version(version)).context["dearest"] is None
    settings.NOTIFIER = notifier
    shown = desk(people.ines()).get(pages.of_version(version)).context
    arabic = next(said for said in shown["columns"][0].said if said.shape == "sms")
    assert arabic.price == shown["dearest"]
    assert str(arabic.price) in arabic.note
