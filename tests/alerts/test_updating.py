"""Other words while an alert is live: who hears them, who does not, and what the public reads meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from alerts import aftermath, fanout, feeds, issue, succession
from alerts.issue import IssueRefused
from alerts.models import Alert, Document, Subscription, Version
from cases.models import Consent
from notifier.backends import locmem
from notifier.models import Batch, Delivery, Post
from tests import people
from tests.alerts import scene, telling
from tests.alerts.telling import SENTENCE, WIDE, enrol, gateways, heard, numbers, send, sign, update
from trust import clock
from trust.models import Decision

__all__ = ["gateways"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]


def test_those_who_were_told_are_told_once_more_under_the_versions_own_subject():
    enrol(1, 2, 3)
    first = scene.signed()
    send(first)
    second = update(first, additions=SENTENCE)
    assert send(second)
    assert send(second)
    assert numbers() == {1: 2, 2: 2, 3: 2}
    assert all("MISE A JOUR" in said[1] and "MISE A JOUR" not in said[0] for said in heard().values())
    assert Delivery.objects.filter(subject=second.pk, channel="sms", state="accepted").count() == 3
    assert scene.stored(first).state == Version.State.SUPERSEDED
    assert Alert.objects.get().is_live


def test_who_waits_for_the_old_text_gets_the_new_one_instead():
    enrol(*range(6))
    first = scene.signed(channels=["sms"])
    fanout.fan_out(first.pk)
    telling.held_back(2)
    send(first)
    told = set(numbers())
    assert len(told) == 2
    second = update(first, additions=SENTENCE)
    send(second)
    assert numbers() == {number: 2 if number in told else 1 for number in range(6)}
    assert all("MISE A JOUR" in said[-1] for said in heard().values())
    assert all("MISE A JOUR" not in said[0] for said in heard().values() if len(said) == 2)


def test_what_is_on_the_wire_is_waited_for_and_nobody_hears_the_new_text_before_it_is_known():
    enrol(1, 2)
    first = scene.signed(channels=["sms"])
    fanout.fan_out(first.pk)
    Delivery.objects.update(state="sending")
    second = update(first, additions=SENTENCE)
    enrol(7)
    assert not fanout.fan_out(second.pk)
    assert list(Delivery.objects.filter(subject=second.pk)) == []
    assert Delivery.objects.filter(batch__superseded_by=None, subject=first.alert_id).count() == 1
    assert not send(second, turns=1)
    assert send(second)
    # What a dead worker held may have arrived: unknown counts as told, and hears the update once.
    assert numbers() == {1: 1, 2: 1, 7: 1}
    assert Delivery.objects.filter(subject=first.alert_id, state="unknown").count() == 2


def test_words_and_a_wider_area_at_once_tell_each_person_once():
    enrol(1, 2)
    enrol(11, 12, north=telling.FAR_NORTH_DEGREES)
    first = scene.signed(channels=["sms"])
    send(first)
    assert numbers() == {1: 1, 2: 1}
    send(update(first, additions=SENTENCE, area=WIDE))
    assert numbers() == {1: 2, 2: 2, 11: 1, 12: 1}


def test_an_update_that_follows_an_unfinished_one_still_reaches_those_it_missed():
    """Told the first words, not yet the second; then the third version says the second's words elsewhere."""
    enrol(1, 2)
    enrol(11, north=telling.FAR_NORTH_DEGREES)
    first = scene.signed(channels=["sms"])
    send(first)
    second = update(first, additions=SENTENCE)
    third = update(second, area=WIDE)
    assert not succession.is_said_anew(third)
    assert send(second)
    send(third)
    assert numbers() == {1: 2, 2: 2, 11: 1}


def test_who_left_meanwhile_hears_no_update():
    enrol(1)
    first = scene.signed(channels=["sms"])
    send(first)
    Subscription.objects.update(ended_at=clock.now())
    send(update(first, additions=SENTENCE))
    assert numbers() == {1: 1}


@pytest.mark.parametrize(("can_edit", "became"), [(True, "replaced"), (False, "done")])
def test_a_post_gets_other_words_in_place_or_is_taken_back_and_made_anew(can_edit, became, monkeypatch):
    monkeypatch.setattr(telling.Wall, "can_edit", can_edit)
    first = scene.signed(channels=["facebook"])
    send(first)
    second = update(first, additions=SENTENCE)
    send(second)
    old, new = Post.objects.order_by("asked_at")
    assert (old.subject, old.recall_state) == (first.alert_id, became)
    assert (new.subject, new.state, new.recall_state) == (second.pk, "posted", "")
    assert (new.external_id == old.external_id) is can_edit
    assert len(locmem.sent["facebook"]) == 2


def test_page_document_and_feeds_follow():
    first = scene.signed()
    second = update(first, additions=SENTENCE)
    page = Client().get(f"/fr/a/{first.alert.code}/").content.decode()
    assert "sac rouge" in page
    old, new = Document.objects.order_by("version__number")
    assert new.type == Document.Type.UPDATE
    assert f",{old.identifier}," in new.xml
    assert old.identifier != new.identifier == second.identifier
    assert Client().get(f"/a/{first.alert.code}/cap/{old.identifier}.xml").status_code == 410
    assert Client().get(f"/a/{first.alert.code}/cap/{new.identifier}.xml").status_code == 200
    assert [entry.identifier for entry in feeds.entries(clock.now())] == [second.identifier]


@pytest.mark.parametrize("fate", ["drafted", "proposed", "returned", "refused", "lapsed"])
def test_until_it_is_signed_an_update_changes_nothing(fate):
    enrol(1)
    first = scene.signed(channels=["sms"])
    draft = issue.update(first.alert, people.ines(), additions=SENTENCE)
    if fate != "drafted":
        draft = scene.proposing(draft)
    if fate == "returned":
        issue.send_back(draft, people.omar(), "Encore la photo")
    elif fate == "refused":
        issue.refuse(draft, people.omar(), "Non")
    elif fate == "lapsed":
        Version.objects.filter(pk=draft.pk).update(valid_until=clock.now() - timedelta(seconds=1))
        issue.expire_due()
    send(first)
    assert numbers() == {1: 1}
    assert scene.stored(first).in_force
    assert "sac rouge" not in Client().get(f"/fr/a/{first.alert.code}/").content.decode()
    if fate in {"returned", "lapsed"}:
        assert issue.revise(draft, people.ines()).number == 3


def test_an_update_prolongs_nothing_unasked_and_by_its_signature_alone():
    first = scene.signed()
    ends_at = scene.stored(first).expires_at
    assert ends_at
    Version.objects.filter(pk=first.pk).update(expires_at=ends_at - timedelta(hours=20))
    quiet = issue.update(first.alert, people.ines(), additions=SENTENCE)
    assert quiet.duration_s == 4 * 3600
    longer = issue.revise(quiet, people.ines(), duration_s=48 * 3600)
    assert issue.expire_due() == 0
    signed = sign(longer)
    later = scene.stored(signed).expires_at
    assert later
    assert later > ends_at
    assert issue.expire_due() == 0


def test_a_field_whose_consent_is_being_withdrawn_is_in_no_new_version():
    first = scene.signed()
    draft = issue.update(first.alert, people.ines(), additions=SENTENCE)
    proposed = scene.proposing(draft)
    Consent.objects.filter(case=first.key_owner).update(withdrawal_asked_at=clock.now())
    with pytest.raises(IssueRefused) as told:
        issue.sign(proposed, people.omar(), digest=proposed.digest, factor_at=clock.now())
    assert told.value.code == "no_consent"
    assert scene.stored(first).in_force


def test_a_stop_in_the_middle_of_an_update_stops_all_of_it():
    enrol(1, 2)
    enrol(11, 12, north=telling.FAR_NORTH_DEGREES)
    first = scene.signed(channels=["sms"])
    send(first)
    second = update(first, additions=SENTENCE, area=WIDE)
    third = issue.update(second.alert, people.ines(), area=telling.NARROW)
    fanout.fan_out(second.pk)
    alert = issue.stand_down(second.alert, people.omar(), as_="found", reason="", factor_at=clock.now())
    assert scene.stored(third).state == Version.State.LAPSED
    send(second)
    assert numbers() == {1: 1, 2: 1}
    aftermath.tell_end(alert.pk)
    send(second)
    assert numbers() == {1: 2, 2: 2}
    assert not Batch.objects.about([alert.pk, second.pk]).filter(stopped_at=None).exists()


def test_those_told_by_a_channel_that_was_left_out_hear_the_end():
    enrol(1)
    enrol(5, channel="email")
    first = scene.signed(channels=["sms", "email"])
    send(first)
    second = update(first, channels=["sms"])
    alert = issue.stand_down(second.alert, people.omar(), as_="found", reason="", factor_at=clock.now())
    aftermath.tell_end(alert.pk)
    send(second)
    assert len(heard("email")["n5@example.org"]) == 2


def test_another_photo_takes_the_former_away_and_the_same_one_stays(
    settings: Any, django_capture_on_commit_callbacks: Any
):
    first = scene.signed()
    shown = settings.PUBLIC_MEDIA_DIR / first.public_photo
    second = update(first, additions=SENTENCE)
    with django_capture_on_commit_callbacks(execute=True):
        fanout.fan_out(second.pk)
    assert shown.exists()
    Version.objects.filter(pk=first.pk).update(photo_sha256="0" * 64)
    aftermath.drop_former_photos(scene.stored(second))
    assert not shown.exists()
    assert (settings.PUBLIC_MEDIA_DIR / second.public_photo).exists()


def test_what_cannot_be_updated_is_refused():
    draft = scene.drafted()
    with pytest.raises(IssueRefused) as told:
        issue.update(draft.alert, people.ines(), additions=SENTENCE)
    assert told.value.code == "not_live"
    live = sign(draft)
    for who, code in ((people.omar(), "no_permission"), (people.nadia(), "no_permission")):
        with pytest.raises(IssueRefused) as told:
            issue.update(live.alert, who, additions=SENTENCE)
        assert told.value.code == code
    with pytest.raises(IssueRefused) as told:
        issue.update(live.alert, people.ines(), duration_s=30 * 24 * 3600)
    assert told.value.code == "duration"
    issue.update(live.alert, people.ines(), additions=SENTENCE)
    with pytest.raises(IssueRefused) as told:
        issue.update(live.alert, people.ines(), area=WIDE)
    assert told.value.code == "already_drafted"
    issue.stand_down(live.alert, people.omar(), as_="ended", reason="", factor_at=clock.now())
    with pytest.raises(IssueRefused) as told:
        issue.update(live.alert, people.ines(), area=WIDE)
    assert told.value.code == "not_live"


def test_a_proposal_of_an_update_dies_with_its_alert():
    first = scene.signed()
    proposed = scene.proposing(issue.update(first.alert, people.ines(), additions=SENTENCE))
    issue.stand_down(first.alert, people.omar(), as_="ended", reason="", factor_at=clock.now())
    assert Decision.objects.get(subject=proposed.pk).outcome == "lapsed"
    with pytest.raises(IssueRefused) as told:
        issue.sign(proposed, people.omar(), digest=proposed.digest, factor_at=clock.now())
    assert told.value.code == "not_proposed"
