"""A tip names its alert: by code, by button, by what it answers, by place and hour; else it stays open."""

from datetime import timedelta

import pytest

from alerts import fanout
from cases import receiving
from cases.models import Case
from notifier import dispatch, references
from notifier.models import Delivery, Post
from tests import people
from tests.alerts import scene, telling
from tests.alerts.telling import gateways  # noqa: F401  the fixture
from tests.tips.test_intake import arrives, pin
from tips import naming
from tips.intake import enter
from tips.models import Tip
from tips.telling import Told
from trust import clock
from trust.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]
RABAT = {"lat": scene.AGDAL.lat, "lon": scene.AGDAL.lon, "how": "pin", "error_m": 30.0, "words": ""}


@pytest.fixture
def version():
    naming._area.cache_clear()
    return scene.signed()


def named(tip=None):
    tip = tip or Tip.objects.get()
    return tip.alert_id, tip.named_by


def test_by_its_code_also_in_the_address_of_its_page(version):
    arrives(f"vu ici https://najda.example/fr/a/{version.alert.code}/")
    assert named() == (version.alert_id, "code")


def test_the_unit_of_its_case_gets_it(version):
    station = people.unit("kenitra")
    Case.objects.filter(pk=version.alert.case_id).update(unit=station)
    arrives(f"vu, {version.alert.code}")
    assert Tip.objects.get().unit == station


def test_an_alert_that_ended_is_still_named_by_its_code():
    alert = scene.ended()
    arrives(f"vu hier, {alert.code}")
    assert named() == (alert.pk, "code")


def test_a_draft_is_named_by_nobody():
    draft = scene.drafted()
    arrives(f"vu, {draft.alert.code}")
    assert named() == (None, "")
    assert enter(Told(door="web", alert_id=draft.alert_id)).tip.alert_id is None


def test_by_the_button_on_its_page(version):
    tip = enter(Told(door="web", words="vue", alert_id=version.alert_id, submission="a")).tip
    assert named(tip) == (version.alert_id, "button")


def test_by_answering_the_message_that_told_of_it(version):
    telling.enrol(1)
    fanout.fan_out(version.pk)
    dispatch.work("sms")
    sent = Delivery.objects.get(subject=version.alert_id)
    arrives("je l'ai vue", replies_to=sent.provider_id)
    assert named() == (version.alert_id, "reply")


def test_by_answering_an_update_of_it(version):
    telling.enrol(1)
    telling.send(version)
    updated = telling.update(version, additions=telling.SENTENCE)
    telling.send(updated)
    sent = Delivery.objects.filter(subject=updated.pk).get()
    arrives("je l'ai vue", replies_to=sent.provider_id)
    assert named() == (version.alert_id, "reply")


def test_a_comment_under_our_own_post_is_about_its_alert(version):
    fanout.fan_out(version.pk)
    Post.objects.update(external_id="12_34")
    arrives("شفتها", number="777", channel="facebook", kind="comment", post_id="12_34")
    tip = Tip.objects.get()
    assert named(tip) == (version.alert_id, "reply")
    assert tip.door == "comment"


def test_who_answers_a_photo_alone_is_answered_in_the_language_they_were_told_in(version):
    telling.enrol(1)
    fanout.fan_out(version.pk)
    dispatch.work("sms")
    sent = Delivery.objects.get(subject=version.alert_id)
    arrives(replies_to=sent.provider_id)
    assert Tip.objects.get().language == "fr"


def test_a_pin_inside_the_area_of_the_only_alert_names_it(version):
    arrives(**pin(lat=scene.AGDAL.lat, lon=scene.AGDAL.lon))
    assert named() == (version.alert_id, "place")


def test_a_pin_outside_every_area_names_none(version):
    arrives(**pin(lat=31.63, lon=-8.0))
    assert named() == (None, "")


def test_a_place_that_fits_two_alerts_names_none(version):
    scene.signed(scene.case())
    assert naming.by_place(RABAT, clock.now()).alert is None


def test_what_was_seen_before_the_child_went_missing_names_none(version):
    before = version.alert.case.last_seen_at - timedelta(hours=2)
    assert naming.by_place(RABAT, before).alert is None
    assert naming.by_place(RABAT, clock.now()).alert == version.alert


def test_an_alert_that_ended_is_named_by_no_place():
    scene.ended()
    assert naming.by_place(RABAT, clock.now()).alert is None


def test_a_message_id_of_ours_names_what_it_told(version):
    telling.enrol(1, channel="email")
    fanout.fan_out(version.pk)
    dispatch.work("email")
    sent = references.reference(Delivery.objects.get(channel="email").pk)
    assert naming.by_reply(naming.answered(f"<{sent}@najda.example>")).alert == version.alert


def test_an_id_that_is_nobodys_names_none():
    for stranger in ("", "wamid.unknown", "<x@y>", "1-000000000000", "-", "é" * 128):
        assert naming.by_reply(naming.answered(stranger)).alert is None


def test_without_an_alert_the_unit_of_the_places_region_gets_it():
    people.unit()
    region = receiving.region_code(scene.AGDAL)
    of_region = Unit.objects.create(agency=people.agency(), code=region.lower(), names={"fr": "Rabat"})
    officer = people.ines()
    Unit.objects.filter(pk=of_region.pk).update(duty_officer=officer)
    arrives(**pin(lat=scene.AGDAL.lat, lon=scene.AGDAL.lon))
    assert Tip.objects.get().unit == of_region


def test_naming_costs_few_queries(version, django_assert_max_num_queries):
    now = clock.now()
    naming.by_place(RABAT, now)
    with django_assert_max_num_queries(2):
        assert naming.by_place(RABAT, now).alert == version.alert
