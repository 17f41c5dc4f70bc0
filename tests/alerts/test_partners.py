"""Each partner an alert concerns gets the signed document, once, in order, until its end."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alerts import partners, withdrawal
from alerts.models import Document
from alerts.partners import desk
from alerts.partners.lines import lines
from cases.models import Consent
from geo.points import Point
from geo.shapes import Area, Circle
from notifier import receipts
from notifier.message import ReceiptEvent
from notifier.models import Batch, Delivery
from notifier.references import reference
from tests import people
from tests.alerts import scene
from tests.alerts.partnering import (
    CHANNEL,
    is_believed,
    partner,
    signed,
    state,
    stop,
    taken,
    update,
    work,
)
from trust import clock
from trust.models import Task

pytestmark = pytest.mark.django_db
FES = Area((Circle(Point(34.03, -5.0), 5_000.0),))
UTC = ZoneInfo("UTC")
RABAT, FES_REGION = "MA-04", "MA-03"


def owed() -> list[tuple[str, str]]:
    kinds = ("partner_refused", "partner_silent", "partner_recall")
    return sorted(Task.objects.still_open().filter(kind__in=kinds).values_list("kind", "detail_code"))


def test_the_very_bytes_of_the_public_document_arrive_and_xmlsec1_believes_them(
    doors, signing_key, xmlsec1: Path, tmp_path: Path, client
):
    partner()
    version = signed()
    work()
    served = client.get(f"/a/{version.alert.code}/cap/{version.identifier}.xml").content
    arrived = doors.cap.taken["radio"][version.identifier]
    assert arrived == served
    assert is_believed(xmlsec1, arrived, signing_key, tmp_path)
    assert not is_believed(xmlsec1, arrived.replace(b"Rabat", b"Rabbt"), signing_key, tmp_path)
    assert not is_believed(xmlsec1, arrived.replace(b"\n  <", b"\n <", 1), signing_key, tmp_path)
    assert state() == ["accepted"]


def test_only_partners_whose_area_is_touched_and_who_take_it_are_told(doors):
    partner("radio", RABAT)
    partner("atlas", FES_REGION)
    partner("off", is_active=False)
    partner("updates", takes_alerts=False)
    signed()
    work()
    assert sorted(doors.cap.taken) == ["radio"]


def test_an_update_goes_to_whoever_had_the_alert_and_to_whom_it_touches_now(doors):
    partner("radio", RABAT)
    partner("atlas", FES_REGION)
    partner("still", RABAT, takes_updates=False)
    version = signed()
    work()
    update(version, FES)
    work()
    assert (taken(doors), taken(doors, "atlas"), taken(doors, "still")) == (
        ["Alert", "Update"], ["Update"], ["Alert"],
    )  # fmt: skip


def test_an_alert_that_still_waits_is_replaced_by_its_update(doors):
    partner()
    doors.cap.switch.set("later", 1)
    version = signed()
    work(1)
    update(version, FES)
    work()
    assert taken(doors) == ["Update"]
    assert state() == ["withdrawn", "accepted"]


@pytest.mark.parametrize(("as_", "kind"), [("found", "Update"), ("error", "Cancel")])
def test_the_end_goes_to_exactly_those_that_may_have_got_the_alert(doors, as_, kind):
    partner("radio")
    partner("cap-lost")
    partner("cap-refuse")
    version = signed()
    work(1)
    partner("late")
    stop(version, as_)
    work()
    assert taken(doors) == ["Alert", kind]
    assert taken(doors, "cap-lost") == ["Alert", kind]
    assert state("cap-refuse") == ["failed"]
    assert state("late") == []


def test_what_never_left_is_held_back_and_its_end_is_not_sent(doors):
    partner()
    stop(signed())
    work()
    assert doors.cap.taken == {}
    assert state() == ["withdrawn"]


def test_an_exercise_reaches_only_partners_that_take_part_and_only_the_simulated(doors, settings):
    settings.PUBLIC_SENDING = True
    partner("radio")
    partner("drilled", takes_exercises=True)
    signed(kind="exercise")
    work()
    assert taken(doors, "drilled") == ["Alert"]
    assert Batch.objects.get(channel=CHANNEL).exercise
    assert state("radio") == []


def test_one_partners_trouble_is_not_the_others(doors):
    partner("cap-denied")
    partner("radio")
    signed()
    work()
    assert state() == ["accepted"]
    assert state("cap-denied") == ["queued"]  # asked again until it expires
    assert not Task.objects.filter(kind="gateway_refuses").exists()


def test_a_lost_answer_is_asked_again_however_often_until_one_comes(doors):
    partner()
    doors.cap.switch.set("lose_answer", 4)
    signed()
    work(4)
    assert state() == ["queued"]
    work(2)
    assert state() == ["accepted"]
    assert taken(doors) == ["Alert"]


def test_a_refusal_is_shown_in_the_partners_words_and_calls_the_owner_once(doors):
    partner("cap-refuse", phone="+212537000000")
    version = signed()
    work()
    for _ in range(2):
        partners.look_after()
    assert owed() == [("partner_refused", "cap-refuse")]
    assert Batch.objects.filter(kind="page").count() == 2  # an SMS and an e-mail to Ines
    ((answer,),) = [sent.answers for sent in desk.sent(version.alert, UTC)]
    assert (answer.level, answer.words) == ("danger", "Zone hors de notre antenne")


def test_no_acknowledgement_within_its_minutes_is_owed_until_it_comes(doors, monkeypatch):
    partner(answer_within_m=10)
    doors.cap.switch.set("later", 2)
    signed()
    work(1)
    partners.look_after()
    assert owed() == []
    now = clock.now()
    monkeypatch.setattr("alerts.partners.looking.clock.now", lambda: now + timedelta(minutes=11))
    partners.look_after()
    assert owed() == [("partner_silent", "radio")]
    work()
    partners.look_after()
    assert owed() == []


def test_a_task_that_somebody_did_is_not_opened_again(doors):
    partner("cap-refuse")
    signed()
    work()
    partners.look_after()
    Task.objects.get(kind="partner_refused").finish("done_by_hand", by=people.ines())
    partners.look_after()
    assert owed() == []


def test_nobody_need_call_about_an_alert_that_has_ended(doors):
    partner("cap-refuse")
    version = signed()
    work()
    partners.look_after()
    stop(version)
    work()
    partners.look_after()
    assert owed() == []


def test_a_partner_that_refuses_later_says_why(doors):
    partner()
    version = signed()
    work()
    sent = Delivery.objects.get()
    words = "La rédaction n’est pas joignable"
    receipts.append(CHANNEL, [ReceiptEvent("", reference(sent.pk), "failed", "rejected", None, "k", words)])
    receipts.fold()
    partners.look_after()
    assert owed() == [("partner_refused", "radio")]
    assert desk.sent(version.alert, UTC)[0].answers[0].words == words


def test_when_consent_ends_nothing_more_leaves_and_who_has_it_is_called(doors):
    partner("radio")
    partner("cap-later")
    version = signed()
    work(1)
    case = version.alert.case
    scene.withdraw_consent(case)
    withdrawal.take_back(Consent.objects.get(case=case))
    work()
    assert owed() == [("partner_recall", "radio")]
    assert state("cap-later") == ["withdrawn"]


def test_the_ledger_says_where_the_end_arrived(doors):
    partner("radio")
    partner("cap-mute")
    version = signed()
    work(1)
    alert = stop(version)
    work()
    alert.refresh_from_db()
    (radio,) = lines(alert)
    assert (radio.alias, radio.state) == ("radio", "done")


def test_partners_are_counted_apart_from_the_people_told(doors):
    partner()
    version = signed()
    work()
    assert Delivery.objects.about([version.alert_id, version.pk]).count() == 0
    assert Document.objects.get().pk == Batch.objects.get(channel=CHANNEL).subject
