"""An SMS in Arabic that names a place and no alert: received, answered, put to its alert, a place to check.

The gateway's call-back comes in as bytes, the answers go out as the gateway is asked for them.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import pytest

from cases import checking, sightings, spots
from cases.likely import Child as Situation
from cases.models import Case
from notifier import dispatch, inbound
from notifier.backends.kannel import KannelBackend
from notifier.http import Request, Response
from notifier.models import Batch, InboundEvent
from tests import people
from tests.alerts import scene
from tips import deciding, naming, promote, seeing
from tips.models import Tip
from tips.words import ARABIC
from trust import clock
from trust.models import AuditEntry, Task, Unit

pytestmark = pytest.mark.django_db
TOKEN = "chemin-secret"
NUMBER = "+212661234567"
SAW = "شفت البنت اللي لابسة الأحمر فأكدال حدا المحطة"
MISSING = "ولدي ما رجعش من المدرسة عندو 9 سنين، حنا فحي السلام سلا"
ASKED: list[Request] = []


class Gateway(KannelBackend):
    """Kannel as it is, but for the line to it: what would be asked is kept, and accepted."""

    def __init__(self, alias: str, options: Any) -> None:
        super().__init__(alias, options, transport=_accepted)


def _accepted(request: Request) -> Response:
    ASKED.append(request)
    return Response(202, {}, b"0: Accepted for delivery")


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    ASKED.clear()
    naming._area.cache_clear()
    options = {
        "url": "http://127.0.0.1:9/sendsms",
        "username": "n",
        "password": "p",
        "sender": "+212537000000",
    }
    hook = f"http://testserver/hooks/sms/{TOKEN}/"
    settings.HOOK_TOKENS = {"sms": TOKEN}
    settings.NOTIFIER = {
        "sms": {
            "BACKEND": "tests.journeys.test_tip_by_sms.Gateway",
            "CHANNEL": "sms",
            "OPTIONS": {**options, "hook_url": hook},
            "SIMULATOR": {"hook_url": hook},
        }
    }


def sends(client: Any, words: str) -> Tip:
    """Have somebody write an SMS, as the gateway hands it on: UTF-16, twice."""
    query = urlencode({"from": NUMBER.lstrip("+"), "to": "212537000000", "charset": "UTF-16BE"})
    text = quote(words.encode("utf-16-be"))
    for _time in range(2):
        assert client.get(f"/hooks/sms/{TOKEN}/?{query}&text={text}&id=17").status_code == 200
    event = InboundEvent.objects.get()
    assert inbound.announce(event.pk)
    return Tip.objects.get()


def heard() -> list[str]:
    """What the gateway was asked to bring to the witness by now, oldest first."""
    dispatch.work("sms")
    told = [parse_qs(request.query) for request in ASKED]
    return [one["text"][0] for one in told if one["to"][0].lstrip("+ ") == NUMBER.lstrip("+")]


def test_an_sms_names_a_place_and_becomes_a_place_to_check(client: Any) -> None:
    version = scene.signed(channels=["sms"])
    case = Case.objects.get(pk=version.alert.case_id)
    tip = sends(client, SAW)

    assert (tip.words, tip.language, tip.door) == (SAW, "ar", "sms")
    assert (tip.alert_id, tip.named_by, tip.unit) == (version.alert_id, "place", case.unit)
    (receipt,) = heard()
    assert tip.reference in receipt
    assert ARABIC.search(receipt)

    officer = people.ines()
    seeing.see(tip, officer)
    place = promote.suggested_place(tip)
    row = promote.to_sighting(
        tip, officer, place, clock.now() - timedelta(minutes=10), "likely", "witness", case, seen_error_min=15
    )
    listed = spots.order(
        case, case.places.all(), Situation(age=9), checking.of(case), clock.now(), sightings.of(case)
    )
    assert listed[0].sighting == row
    read, helped = heard()[1:]
    assert tip.reference in read
    assert tip.reference in helped
    acts = list(AuditEntry.objects.filter(subject=tip.pk).order_by("id").values_list("action", flat=True))
    assert acts[:3] == ["tip.received", "viewed", "tip.moved"]
    assert "tip.made_sighting" in acts


def test_an_sms_of_a_parent_pages_the_duty_officer_and_becomes_a_case(client: Any) -> None:
    officer = people.ines()
    Unit.objects.update(duty_officer=officer)
    tip = sends(client, MISSING)

    assert tip.guess == Tip.Guess.REPORT
    assert Task.objects.get(kind="possible_report", subject=tip.pk).owner == officer
    pages = Batch.objects.filter(kind="page")
    assert pages.exists()
    assert not any("المدرسة" in text.body for page in pages for text in page.texts().values())

    seeing.see(tip, officer)
    case = promote.to_case(tip, officer, promote.ReportBits(age_years=9))
    assert case.reporter["phone"] == NUMBER
    assert Tip.objects.get().state == Tip.State.CASE
    assert case.reference in heard()[-1]
    assert deciding.pending(Tip.objects.get()) is None
