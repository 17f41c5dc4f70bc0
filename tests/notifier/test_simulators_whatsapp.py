"""The simulated WhatsApp keeps its number's limits and says what it does."""

import json
from urllib.request import urlopen

import pytest

from notifier.message import Accepted, DeliveryError, ReceiptEvent
from notifier.simulators.run import Plan, running
from notifier.simulators.whatsapp import WhatsAppAccount
from notifier.simulators.whatsapp_limits import DAY, DAY_S, PAIR, TOO_FAST, Limits, WhatsAppError
from tests.notifier.contract import JPEG
from tests.notifier.test_backends_whatsapp import SOMEBODY, alert, at_simulator, whatsapp


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock():
    return Clock()


def refused(limits: Limits, person: str) -> int:
    with pytest.raises(WhatsAppError) as error:
        limits.take(person)
    return error.value.code


def test_eighty_a_second_and_no_more(clock):
    limits = Limits(people_per_day=None, now=clock)
    for number in range(80):
        limits.take(str(number))
    assert refused(limits, "81st") == TOO_FAST
    clock.at += 0.5
    for number in range(100, 140):
        limits.take(str(number))
    assert refused(limits, "121st") == TOO_FAST


def test_forty_five_at_once_to_one_person_are_borrowed_from_later(clock):
    limits = Limits(now=clock)
    for _ in range(45):
        limits.take("a")
    assert refused(limits, "a") == PAIR
    limits.take("b")
    clock.at += 5.9
    assert refused(limits, "a") == PAIR
    clock.at += 0.2
    limits.take("a")
    assert refused(limits, "a") == PAIR


def test_so_many_people_in_any_24_hours_and_one_twice_counts_once(clock):
    limits = Limits(people_per_day=2, now=clock)
    for person in ("a", "b", "a"):
        limits.take(person)
    assert (refused(limits, "c"), limits.people_left()) == (DAY, 0)
    limits.hear("c")
    limits.take("c")
    clock.at += DAY_S
    assert not limits.window_is_open("c")
    assert limits.people_left() == 2
    limits.take("c")


def test_a_new_number_has_them_all_by_itself():
    with running() as simulators:
        limits = simulators.whatsapp.limits
        assert (limits.per_second, limits.pair_burst, limits.people_per_day) == (80.0, 45, 250)


def test_what_was_read_and_what_was_refused_are_lines_of_their_own(tmp_path):
    with running(Plan(out=tmp_path, whatsapp_alias="wa")) as simulators:
        backend = whatsapp(simulators.whatsapp_url)
        backend.send([alert(), alert("+212600000002"), alert("+212600000006"), alert("MA.Ab12")])
        with urlopen(f"{simulators.whatsapp_url}/_sim/state", timeout=5) as answer:
            state = json.load(answer)
    received = [json.loads(line) for line in (tmp_path / "received/wa.jsonl").read_text().splitlines()]
    (no,) = [json.loads(line) for line in (tmp_path / "refused/wa.jsonl").read_text().splitlines()]
    assert [line["to"] for line in received] == [SOMEBODY, "MA.Ab12"]
    assert (no["to"], no["code"]) == ("+212600000002", "131026")
    assert (state["received"], state["refused"], state["people_left"]) == (2, 1, 247)


def test_people_can_be_seen_reading_it():
    with running() as simulators:
        with urlopen(simulators.page_url, timeout=5) as answer:
            assert b"note whatsapp" not in answer.read()
        whatsapp(simulators.whatsapp_url).send([alert()])
        with urlopen(simulators.page_url, timeout=5) as answer:
            page = answer.read().decode()
            policy = answer.headers["Content-Security-Policy"]
    assert '<article class="note whatsapp" dir="rtl">' in page
    assert f'src="{simulators.whatsapp_url}/_sim/picture/' in page
    assert simulators.whatsapp_url in policy


@pytest.mark.parametrize(("ending", "kind"), [("00131049", "filtered"), ("00132015", "configuration")])
def test_a_magic_number_answers_any_error(ending, kind):
    with running() as simulators:
        (outcome,) = whatsapp(simulators.whatsapp_url).send([alert(f"+2126{ending}")])
    assert isinstance(outcome, DeliveryError)
    assert outcome.kind == kind


def test_an_error_may_come_late_as_a_status(hooks):
    with running(Plan(whatsapp=WhatsAppAccount(hook_url=hooks.url))) as simulators:
        backend = whatsapp(simulators.whatsapp_url)
        for setting, person in (("no", "+212601131049"), ("yes", "+212600131049")):
            hooks.forget(simulators)
            at_simulator(simulators, "faults", late_errors=setting)
            (outcome,) = backend.send([alert(person, reference="late")])
            assert isinstance(outcome, Accepted)
            events = [event for _ in range(2) for event in backend.parse(hooks.next())]
            receipts = [event for event in events if isinstance(event, ReceiptEvent)]
            assert receipts == events
            assert ("failed", "filtered", "late") in [(e.state, e.error_kind, e.reference) for e in receipts]


def test_call_backs_come_twice_and_in_disorder_when_asked(hooks):
    plan = Plan(duplicates=True, disorder=True, whatsapp=WhatsAppAccount(hook_url=hooks.url))
    with running(plan) as simulators:
        backend = whatsapp(simulators.whatsapp_url)
        backend.send([alert("+212600000007")])
        calls = [hooks.next() for _ in range(12)]
    assert all(backend.verify(call) for call in calls)
    assert len({event.event_key for call in calls for event in backend.parse(call)}) == 3


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"messaging_product": "sms"}, 131008),
        ({"to": ""}, 131008),
        ({"type": "hologram"}, 131047),
        ({"template": {"name": "unheard", "language": {"code": "ar"}}}, 132001),
        ({"template": {"name": "najda_alert", "language": {"code": "ar"}, "components": []}}, 132000),
    ],
)
def test_a_wrong_request_is_refused_in_metas_codes(broken, code):
    with running() as simulators:
        backend = whatsapp(simulators.whatsapp_url)
        good = {"messaging_product": "whatsapp", "to": "212600000042", "type": "template", "template": {}}
        with pytest.raises(DeliveryError) as error:
            backend.post(f"{backend.options['phone_number_id']}/messages", {**good, **broken})
    assert error.value.detail == str(code)


def test_a_value_with_a_line_break_is_refused_as_meta_does():
    with running() as simulators:
        backend = whatsapp(simulators.whatsapp_url)
        template = {"name": "najda_receipt", "language": {"code": "fr"}}
        body = [{"type": "body", "parameters": [{"type": "text", "text": "un\ndeux"}]}]
        told = {"messaging_product": "whatsapp", "to": "212600000042", "type": "template"}
        path = f"{backend.options['phone_number_id']}/messages"
        with pytest.raises(DeliveryError) as error:
            backend.post(path, {**told, "template": {**template, "components": body}})
    assert error.value.detail == "132012"


def test_media_wants_the_token_and_an_address_that_lives(clock):
    with running(Plan(whatsapp_limits=Limits(now=clock))) as simulators:
        file = simulators.whatsapp.shelf.keep("image/jpeg", JPEG)
        backend = whatsapp(simulators.whatsapp_url)
        told = backend.ask("GET", file.id, {})
        assert at_simulator(simulators, told["url"].rpartition("/_sim/")[2]) == 401
        clock.at += 301
        assert simulators.whatsapp.shelf.at(told["url"].rpartition("/")[2]) is None


def test_what_cannot_be_done_at_the_simulator_is_said():
    with running() as simulators:
        assert at_simulator(simulators, "mo", text="nobody") == 409
        assert at_simulator(simulators, "template", name="unheard") == 404
        assert at_simulator(simulators, "news", value="{") == 400
        assert at_simulator(simulators, "mode", mode="explode") == 400
        assert at_simulator(simulators, "nothing") == 404
