"""What the public can do to the intake by malice or by chance: nothing told is lost, nobody is worn out."""

import json
from datetime import timedelta

import pytest

from notifier import inbound
from notifier.models import InboundEvent
from tests import people
from tests.alerts.telling import gateways  # noqa: F401  the fixture
from tests.tips.test_intake import answer_texts, arrives
from tips import alarm, seeing
from tips.models import Tip
from trust import clock
from trust.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]
PHOTO = json.dumps([{"media_id": "m", "media_type": "image/jpeg"}])


@pytest.mark.parametrize("raw", [{"files": PHOTO}, {"latitude": "33.99", "longitude": "-6.85"}])
def test_a_stop_word_under_a_photo_or_a_pin_is_told_and_not_thrown_away(raw):
    """A car that was filmed at the word "وقف" (it stopped) is no wish for silence."""
    arrives("وقف", channel="whatsapp", **raw)
    tip = Tip.objects.get()
    assert tip.words == "وقف"
    assert tip.witness is not None
    assert tip.witness.stopped_at is None


def test_who_is_out_of_breath_or_out_of_the_office_is_answered_by_telephone():
    people.unit()
    arrives("I am out of credit, I saw the girl at the station", number="+212661000071")
    arrives("خارج المكتب ديالي شفت البنت", number="+212661000072")
    assert len(answer_texts()) == 2


def test_danger_that_a_report_speaks_of_after_it_was_read_calls_again():
    ines = people.ines()
    arrives("weldi ma rj3ch l dar")
    tip = Tip.objects.select_related("unit").get()
    assert Task.objects.get(kind=alarm.REPORT).done_at is None
    seeing.see(tip, ines)
    assert not Task.objects.still_open().filter(kind=alarm.REPORT).exists()
    arrives("واحد الراجل دارو في الكوفر ديال الطوموبيل و عندو جنوي، الدم")
    assert Tip.objects.get().danger >= 60
    assert Task.objects.still_open().filter(kind=alarm.DANGER, subject=tip.pk).count() == 1
    arrives("عتقو")
    assert Task.objects.filter(kind=alarm.DANGER).count() == 1


def test_a_thousand_events_that_nobody_can_take_do_not_hold_up_a_fresh_one(monkeypatch):
    long_ago = clock.now() - timedelta(hours=2)
    broken = [arrives("x", number=f"+21266100{n:04d}", announce=False) for n in range(12)]
    InboundEvent.objects.filter(pk__in=[one.pk for one in broken]).update(attempts=5, received_at=long_ago)
    fresh = arrives("شفتها", announce=False)
    InboundEvent.objects.filter(pk=fresh.pk).update(received_at=clock.now() - timedelta(minutes=1))
    taken = []

    def announced(pk):
        taken.append(pk)
        return True

    monkeypatch.setattr(inbound, "announce", announced)
    inbound.announce_unhandled(limit=1)
    assert taken == [fresh.pk]
