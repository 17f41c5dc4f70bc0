"""STOP, by whatever door: honoured at once, also for what is queued, and answered once in their language."""

import pytest
from django.utils import translation

from alerts import aftermath, fanout, issue
from alerts.models import Address, Subscription
from alerts.subscribe import enrol_people
from notifier import dispatch
from notifier.backends import locmem
from notifier.exceptions import DeliveryError
from notifier.models import Batch, Chunk, Delivery, InboundEvent
from notifier.signals import addresses_gone
from tests import people
from tests.alerts import scene, telling
from tests.alerts.telling import gateways  # noqa: F401  the fixture
from tests.tips.test_intake import arrives
from tips.models import Tip
from trust import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]
LEFT, STAYS = "+212600000001", "+212600000002"


@pytest.fixture
def queue():
    """Two neighbours, an alert recorded for both, nothing sent yet."""
    telling.enrol(1, 2)
    version = scene.signed(channels=["sms"])
    fanout.fan_out(version.pk)
    return version


def said_to(number: str) -> list[str]:
    return [message.kind for message in locmem.sent.get("sms", []) if message.to == number]


def work() -> None:
    Chunk.objects.filter(done_at=None).update(due_at=clock.now())
    for _turn in range(3):
        dispatch.work("sms")


@pytest.mark.parametrize("words", ["STOP", "حبس عافاك", "Arrêt stp", "wa9fo"])
def test_nothing_that_is_queued_leaves_after_a_stop(queue, words):
    arrives(words, LEFT)
    work()
    assert said_to(LEFT) == ["confirmation"]
    assert said_to(STAYS) == ["alert"]
    assert Delivery.objects.get(subject=queue.alert_id, state="suppressed")


def test_who_stopped_after_the_alert_hears_neither_update_nor_end(queue):
    work()
    arrives("stop", LEFT)
    telling.send(telling.update(queue, additions=telling.SENTENCE))
    alert = issue.stand_down(queue.alert, people.omar(), as_="found", reason="", factor_at=clock.now())
    aftermath.tell_end(alert.pk)
    work()
    assert said_to(LEFT) == ["alert", "confirmation"]
    assert said_to(STAYS)[-1] == "end"


def test_a_stop_is_answered_once_in_the_language_that_was_chosen(queue):
    Subscription.objects.update(language="fr")
    arrives("توقف", LEFT, key="1")
    arrives("توقف", LEFT, key="2")
    work()
    (answer,) = [message for message in locmem.sent["sms"] if message.kind == "confirmation"]
    with translation.override("fr"):
        assert answer.text.short == translation.gettext(
            "You will get no more alerts here. Your address has been erased."
        )
    assert Tip.objects.count() == 0


def test_a_mail_that_says_stop_above_the_mail_it_answers_ends_it():
    enrol_people([("lea@example.org", "email", scene.AGDAL.lat, scene.AGDAL.lon, "fr")])
    InboundEvent.objects.all().delete()
    mail = "Stop svp\n\nLe dim. 22 nov. 2026, Najda a écrit :\n> Une fille de neuf ans a disparu"
    arrives(mail, "lea@example.org", channel="email")
    assert not Address.objects.exists()
    assert Batch.objects.get(kind="confirmation").channel == "email"


def test_an_address_that_its_provider_says_is_gone_gets_nothing_of_what_waits(queue):
    row = Delivery.objects.filter(subject=queue.alert_id).order_by("pk")[0]
    addresses_gone.send(sender=Delivery, channel="sms", reason="bounced", deliveries=[row.pk])
    assert not Address.objects.filter(subscription=row.person).exists()
    work()
    row.refresh_from_db()
    assert row.state == "suppressed"
    assert len(locmem.sent["sms"]) == 1


def test_a_provider_that_says_opted_out_ends_the_address(queue, django_capture_on_commit_callbacks):
    locmem.answers["sms"] = [DeliveryError(permanent=True, kind="opted_out")]
    with django_capture_on_commit_callbacks(execute=True):
        work()
    assert Address.objects.count() == 1
    telling.send(telling.update(queue, additions=telling.SENTENCE))
    assert sum(len(said) for said in telling.heard().values()) == 2  # the other one's alert and update
