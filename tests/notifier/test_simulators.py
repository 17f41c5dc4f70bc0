"""The gateways' own manners: what they record, how they call back, how they are switched."""

import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from notifier.protocols import kannel
from notifier.simulators.modes import Meter, Switch
from notifier.simulators.record import Recorder
from notifier.simulators.run import Plan, Simulators, running
from notifier.simulators.sms import SmsAccount

KNOWN = {"username": "simulated", "password": "simulated", "from": "NAJDA", "dlr-mask": "31"}


def sendsms(simulators: Simulators, **fields: str) -> tuple[int, str]:
    try:
        with urlopen(f"{simulators.sms_url}?{urlencode({**KNOWN, **fields})}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_what_was_accepted_is_a_whole_line_and_what_was_refused_another(tmp_path):
    with running(Plan(out=tmp_path)) as simulators:
        assert sendsms(simulators, to="+212600000042", text="طفل", coding="2", charset="UTF-8")[0] == 202
        assert sendsms(simulators, to="+212600000002", text="x")[0] == 400
    (accepted,) = lines(tmp_path / "received/sms.jsonl")
    (refused,) = lines(tmp_path / "refused/sms.jsonl")
    assert {name: accepted[name] for name in ("event", "to", "text")} == {
        "event": "message",
        "to": "+212600000042",
        "text": "طفل",
    }
    assert accepted["at"].endswith("+00:00")
    assert (refused["to"], refused["code"]) == ("+212600000002", "refuse")


def test_a_charset_left_out_spoils_arabic_as_on_air(tmp_path):
    with running(Plan(out=tmp_path)) as simulators:
        sendsms(simulators, to="+212600000042", text="طفل", coding="2")
        sendsms(simulators, to="+212600000042", text="Garçon", charset="UTF-8")
    said = [line["text"] for line in lines(tmp_path / "received/sms.jsonl")]
    assert said[0] != "طفل"
    assert said[1] == "Gar?on"


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"to": "+2126", "text": "x", "password": "no"}, 403, "Authorization failed"),
        ({"text": "x"}, 400, "Missing receiver"),
        ({"to": "+212600000042"}, 400, "Empty text"),
        ({"to": "+212600000003", "text": "x"}, 503, "Temporal failure"),
    ],
)
def test_the_gateway_refuses_in_kannels_words(fields, status, words):
    with running() as simulators:
        answered, said = sendsms(simulators, **fields)
    assert answered == status
    assert words in said


def test_reports_come_twice_and_in_disorder_when_asked(hooks):
    url = kannel.dlr_url(hooks.url, "ref%1", "key")
    with running() as simulators:
        sendsms(simulators, to="+212600000007", text="x", **{"dlr-url": url})
        calls = [hooks.next().query() for _ in range(4)]
    assert sorted(call["d"] for call in calls) == ["1", "1", "8", "8"]
    assert {call["ref"] for call in calls} == {"ref%1"}


def test_the_mask_says_which_reports_come(hooks):
    url = kannel.dlr_url(hooks.url, "r", "key")
    with running() as simulators:
        sendsms(simulators, to="+212600000006", text="x", **{"dlr-url": url, "dlr-mask": "2"})
        assert hooks.next().query()["d"] == "2"
        assert hooks.came.empty()


def test_the_public_writes_to_us(hooks):
    with running(Plan(sms=SmsAccount(hook_url=hooks.url))) as simulators:
        said = urlencode({"from": "+212600000042", "to": "5151", "text": "J'ai vu طفل"}).encode()
        with urlopen(f"{simulators.page_url}_sim/mo", said, timeout=5) as answer:
            assert answer.status == 202
        heard = kannel.read_incoming(hooks.next().query())
    assert (heard.sender, heard.text, heard.to) == ("+212600000042", "J'ai vu طفل", "5151")


def test_a_call_back_is_repeated_until_it_is_heard(hooks):
    hooks.failures = 2
    url = kannel.dlr_url(hooks.url, "again", "key")
    with running() as simulators:
        sendsms(simulators, to="+212600000042", text="x", **{"dlr-url": url, "dlr-mask": "1"})
        assert [hooks.next().query()["ref"] for _ in range(3)] == ["again"] * 3


def test_a_mode_is_switched_from_outside_and_ends_by_itself():
    with running() as simulators:
        with urlopen(f"{simulators.page_url}_sim/mode", b"mode=500&times=1", timeout=5) as answer:
            assert answer.read() == b"500"
        assert sendsms(simulators, to="+212600000042", text="x")[0] == 500
        assert sendsms(simulators, to="+212600000042", text="x")[0] == 202


def test_contract_rates_refuse_what_is_too_fast():
    with running(Plan(contract_rates=True)) as simulators:
        simulators.sms.meter = Meter(1.0)
        answers = [sendsms(simulators, to="+212600000042", text="ا" * 71, coding="2", charset="UTF-8")]
    assert answers[0][0] == 503


def test_a_mode_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="explode"):
        Switch().set("explode")


def test_a_recorder_without_a_folder_only_counts():
    with Recorder(None, "sms") as recorder:
        recorder.received("message", "+2126", "x")
        recorder.refused("message", "+2126", "x", code="refuse")
    assert recorder.counts == {"received": 1, "refused": 1}


def test_a_second_start_adds_to_the_same_file(tmp_path):
    for _ in range(2):
        with Recorder(tmp_path, "sms") as recorder:
            recorder.received("message", "+2126", "سطر\nثان")
    assert [line["text"] for line in lines(tmp_path / "received/sms.jsonl")] == ["سطر\nثان"] * 2
