"""A larger area, one more channel, or a smaller area while an alert is live: the same words, nobody twice."""

import threading

import pytest
from django.db import connection, connections

from alerts import fanout, issue, succession
from alerts.models import Document
from cases.models import Consent
from cases.withdraw import comply, withdraw
from notifier import dispatch
from notifier.backends import locmem
from notifier.models import Batch, Delivery, Post
from tests import people
from tests.alerts import scene, telling
from tests.alerts.telling import FAR_NORTH_DEGREES, NARROW, WIDE, enrol, gateways, numbers, send, update
from trust import clock

__all__ = ["gateways"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]


def test_a_wider_area_reaches_those_not_yet_told_under_the_alerts_own_subject():
    enrol(1, 2)
    enrol(11, north=FAR_NORTH_DEGREES)
    first = scene.signed(channels=["sms"])
    send(first)
    second = update(first, area=WIDE)
    assert not succession.is_said_anew(second)
    assert send(second)
    assert numbers() == {1: 1, 2: 1, 11: 1}
    assert not Delivery.objects.filter(subject=second.pk).exists()
    assert "MISE A JOUR" not in telling.heard()["+212600000011"][0]


def test_one_more_channel_reaches_those_who_have_it_and_repeats_nothing():
    enrol(1)
    enrol(5, channel="email")
    first = scene.signed(channels=["sms"])
    send(first)
    send(update(first, channels=["sms", "email"]))
    assert numbers() == {1: 1}
    assert list(telling.heard("email")) == ["n5@example.org"]


def test_who_still_waited_is_told_once_by_the_wider_version():
    enrol(*range(4))
    enrol(11, north=FAR_NORTH_DEGREES)
    first = scene.signed(channels=["sms"])
    fanout.fan_out(first.pk)
    telling.held_back(1)
    send(first)
    send(update(first, area=WIDE))
    assert numbers() == {0: 1, 1: 1, 2: 1, 3: 1, 11: 1}


def test_a_smaller_area_stops_what_is_queued_outside_and_opens_no_old_ring():
    enrol(1)
    enrol(21, north=0.06)  # 6.7 km away: in the first area, not in the second
    first = scene.signed(channels=["sms"])
    fanout.fan_out(first.pk)
    second = update(first, area=NARROW)
    assert fanout.fan_out(first.pk)  # superseded: a worker that comes late does nothing
    send(second)
    assert numbers() == {1: 1}
    assert Delivery.objects.filter(subject=first.alert_id, state="withdrawn").count() == 2
    assert not Batch.objects.filter(superseded_by=None, ring__gt=2, channel="sms", recorded_at=None).exists()


def test_a_number_that_was_refused_is_not_tried_again():
    enrol(1, 2)
    first = scene.signed(channels=["sms"])
    fanout.fan_out(first.pk)
    one = Delivery.objects.order_by("pk").first()
    assert one is not None
    Delivery.objects.filter(pk=one.pk).update(state="failed", error_kind="bad_address")
    send(first)
    send(update(first, area=WIDE))
    assert sum(numbers().values()) == 1


def test_the_post_of_the_same_words_stays_as_it_is():
    first = scene.signed(channels=["sms", "facebook"])
    send(first)
    send(update(first, area=WIDE))
    post = Post.objects.get()
    assert (post.state, post.recall_state) == ("posted", "")
    assert len(locmem.sent["facebook"]) == 1


def test_the_post_of_a_channel_left_out_is_taken_back():
    first = scene.signed(channels=["sms", "facebook"])
    send(first)
    send(update(first, channels=["sms"]))
    assert Post.objects.get().recall_state == "done"


def test_two_widenings_after_another_text_repeat_nothing():
    enrol(1)
    enrol(11, north=FAR_NORTH_DEGREES)
    enrol(5, channel="email")
    first = scene.signed(channels=["sms"])
    send(first)
    second = update(first, additions=telling.SENTENCE)
    send(second)
    third = update(second, area=WIDE)
    send(third)
    send(update(third, channels=["sms", "email"]))
    assert numbers() == {1: 2, 11: 1}
    assert len(telling.heard("email")["n5@example.org"]) == 1


def test_a_consent_withdrawn_after_two_versions_takes_all_copies_and_posts_away(
    settings, django_capture_on_commit_callbacks
):
    first = scene.signed(channels=["facebook"])
    send(first)
    second = update(first, area=WIDE)
    send(second)
    copies = [settings.PUBLIC_MEDIA_DIR / version.public_photo for version in (first, second)]
    assert all(copy.exists() for copy in copies)
    with django_capture_on_commit_callbacks(execute=True):
        decision = withdraw(Consent.objects.get())
        assert decision is not None
        comply(decision)
    assert not any(copy.exists() for copy in copies)
    dispatch.work("facebook")
    assert Post.objects.get().recall_state == "done"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_update_signed_while_the_first_fan_out_runs_leaves_no_old_text_and_nobody_out():
    enrol(*range(40))
    first = scene.signed(channels=["sms"])
    draft = issue.update(first.alert, people.ines(), additions=telling.SENTENCE)
    proposed = scene.proposing(draft)
    begun = threading.Event()

    def tell() -> None:
        try:
            begun.set()
            fanout.fan_out(first.pk)
            dispatch.work("sms", 0.5)
        finally:
            if connection.vendor == "postgresql":
                connections.close_all()

    def sign() -> None:
        issue.sign(proposed, people.omar(), digest=proposed.digest, factor_at=clock.now())

    if connection.vendor == "sqlite":  # one writer at a time: the fan-out stops at the lock, or comes first
        fanout.fan_out(first.pk, budget_s=0)
        sign()
        tell()
    else:
        worker = threading.Thread(target=tell)
        worker.start()
        begun.wait(10)
        sign()
        worker.join(30)
    send(scene.stored(proposed), turns=8)
    last = [said[-1] for said in telling.heard().values()]
    assert len(last) == 40
    assert all("MISE A JOUR" in words for words in last)
    assert all(len(said) <= 2 for said in telling.heard().values())
    assert not Delivery.objects.filter(state__in=["queued", "sending"]).exists()
    assert Document.objects.count() == 2
