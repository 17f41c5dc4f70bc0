"""What is said to one partner keeps its order."""

from datetime import timedelta
from uuid import uuid4

import pytest

from notifier import outbox
from notifier.message import Text
from notifier.models import Delivery, Rate
from notifier.simulators.run import running
from tests.notifier import make
from tests.notifier.test_backends_cap_partner import cap, partners
from trust import clock


@pytest.mark.django_db
def test_a_cancel_never_reaches_a_partner_before_its_alert(settings):
    """The partner is busy when the alert comes; the cancel, asked at once, waits until it has been taken."""
    with running() as simulators:
        settings.NOTIFIER = {
            "cap": {
                "BACKEND": "notifier.backends.cap_partner.CapPartnerBackend",
                "CHANNEL": "cap",
                "OPTIONS": {"partners": {}},
                "SIMULATOR": {"partners": partners(simulators.cap_url, ("radio",))},
            }
        }
        alert, end = (
            make.batch("cap", texts={"fr": Text(document=cap("a-1"))}),
            make.batch("cap", texts={"fr": Text(document=cap("c-1", "a-1", "Cancel"))}, kind="end"),
        )
        end.after = [str(alert.subject)]
        end.save()
        person = uuid4()
        simulators.cap.switch.set("later", 2)
        for said in (alert, end):
            outbox.record_people(said, [(person, "radio", "fr")])
        for _ in range(6):
            make.work("cap")
            make.due_now()
            Rate.objects.update(paused_until=None)
        kept = [line.id for line in simulators.cap.recorder.latest]
    assert kept == ["a-1", "c-1"]
    assert make.states(alert) == make.states(end) == [Delivery.State.ACCEPTED]
    assert alert.expires_at > clock.now() + timedelta(minutes=1)
