"""What the desk shows of each channel before anybody signs: the words, what they cost, what is lost."""

import pytest
from django.utils import translation

from alerts import composing, preview, render
from tests.alerts import scene
from trust import clock

pytestmark = pytest.mark.django_db


def shown(about=None, channels=None):
    every = channels or composing.sayable()
    version = scene.drafted(about or scene.case(channels=("web", *composing.sayable())), channels=every)
    columns = preview.columns(render.composed(version, clock.now()))
    return {column.code: {said.code: said for said in column.said} for column in columns}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_every_channel_is_shown_in_every_language_and_none_is_broken():
    for said in shown().values():
        assert set(said) == {"page", "cap", *composing.sayable()}
        assert not any(one.broken for one in said.values())
        assert all(one.text.strip() for one in said.values())


def test_whatsapp_is_shown_as_its_template_reads_and_says_what_is_lost():
    one = shown(channels=["whatsapp"])["fr"]["whatsapp"]
    assert one.shape == "chat"
    assert one.text.startswith("Vous avez demandé à être prévenu")
    assert "ALERTE – Fille disparue : Amina El Idrissi, 9 ans. Lieu : " in one.text


def test_a_notice_says_what_it_leaves_out():
    one = shown(channels=["webpush"])["fr"]["webpush"]
    assert (one.shape, one.subject) == ("notice", "ALERTE – Fille disparue : 9 ans")
    assert "http" not in one.text
    assert "Nom" in one.note
    assert "Signalement" in one.note
    assert "Âge" not in one.note


def test_instagram_counts_all_languages_as_one_caption():
    said = shown(channels=["instagram"])
    counts = {column["instagram"].note for column in said.values()}
    assert len(counts) == 1
    assert "2200" in counts.pop()


def test_an_sms_that_says_all_leaves_nothing_out():
    about = scene.case(fields=("name", "sex", "age", "last_seen_place"), channels=("web", "sms"))
    said = shown(about, ["sms"])["fr"]["sms"]
    assert said.note == f"Parts: 1 · gsm7 · characters: {len(said.text)}"
