"""The core with WhatsApp behind it: what is spent, what waits, who is paged."""

from uuid import uuid4

import pytest

from notifier import outbox
from notifier.message import Text
from notifier.models import Delivery, Rate
from notifier.simulators.run import running
from notifier.simulators.whatsapp_limits import Limits
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust.models import Task

pytestmark = pytest.mark.django_db
URL = "https://najda.invalid/fr/a/K7M2XQ4T/"
TEXTS = {
    code: Text("ALERTE", f"Enfant disparue.\n{URL}", f"Enfant disparue.\n{URL}", URL) for code in ("fr", "ar")
}


@pytest.fixture
def meta(gateways, settings):  # noqa: F811  pytest's way
    with running() as simulators:
        simulators.whatsapp.limits = Limits(people_per_day=3)
        options = {
            "phone_number_id": simulators.whatsapp.account.phone_number_id,
            "access_token": "simulated",
            "app_secret": "simulated",
            "verify_token": "simulated",
            "api_version": "v25.0",
            "base_url": simulators.whatsapp_url,
            "template_states": "approved",
        }
        backend = "notifier.backends.whatsapp.WhatsAppBackend"
        entry = {"BACKEND": backend, "CHANNEL": "whatsapp", "OPTIONS": {}, "SIMULATOR": options}
        settings.NOTIFIER = {"whatsapp": entry}
        yield simulators.whatsapp


def told(count: int, ending: str = "{:08}"):
    batch = make.batch("whatsapp", texts=TEXTS)
    people = [(uuid4(), f"+2126{ending.format(900 + number)}", "fr") for number in range(count)]
    outbox.record_people(batch, people)
    return batch


def states(batch) -> list[tuple[str, str]]:
    return sorted(batch.deliveries.values_list("state", "error_kind"))


def test_over_the_days_allowance_people_are_refused_at_once_and_the_number_goes_on(meta):
    batch = told(5)
    make.work("whatsapp")
    assert states(batch) == [("accepted", "")] * 3 + [("failed", "quota")] * 2
    assert not Rate.objects.exclude(paused_until=None).exists()
    assert not Task.objects.exists()


def test_a_paused_template_pages_a_person_and_loses_nobody(meta):
    for standing in meta.templates.values():
        standing.status = "PAUSED"
    batch = told(2)
    make.work("whatsapp")
    assert states(batch) == [("queued", "configuration")] * 2
    assert Task.objects.get().detail_code == "configuration"


def test_a_token_that_dies_mid_batch_leaves_the_rest_waiting_until_it_is_mended(meta):
    meta.limits = Limits()
    meta.faults.calls_left = 3  # the picture's, and two people's
    batch = told(5)
    make.work("whatsapp")
    assert states(batch) == [("accepted", "")] * 2 + [("queued", "credentials")] * 3
    assert Task.objects.get().detail_code == "credentials"
    meta.faults.calls_left = None
    make.due_now()
    Rate.objects.update(paused_until=None)
    make.work("whatsapp")
    assert states(batch) == [("accepted", "")] * 5
    assert meta.recorder.counts["received"] == 5


def test_a_lost_answer_is_never_sent_again(meta):
    told(1, "00000004")
    for _ in range(3):
        make.work("whatsapp")
        make.due_now()
    assert [*Delivery.objects.values_list("state", "error_kind")] == [("unknown", "")]
    assert meta.recorder.counts["received"] == 1
