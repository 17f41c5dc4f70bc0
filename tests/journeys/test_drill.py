"""The whole journey over real sockets: form, two officers, SMTP, SMS, a Page, webhooks, end, recall."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

RECIPIENTS = 300


def drill(*options, **environment):
    line = [sys.executable, str(settings.BASE_DIR / "manage.py"), "drill", *options]
    inherited = {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings", **environment}
    inherited.pop("BROKER_URL", None)
    return subprocess.run(line, env=inherited, capture_output=True, text=True, timeout=900, check=False)


def received(out: Path, alias: str) -> list[dict[str, str]]:
    """Return what a simulator took, in order."""
    return [json.loads(line) for line in (out / "received" / f"{alias}.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> tuple[dict[str, Any], Path]:
    out = tmp_path_factory.mktemp("drill")
    done = drill("--recipients", str(RECIPIENTS), "--json", "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    return json.loads(done.stdout), out


@pytest.mark.long_on_postgresql
def test_nobody_inside_is_missed_and_nobody_is_told_twice(walked):
    result, _out = walked
    assert result["ok"] is True
    counts = result["counts"]
    assert counts["in_area"] >= 0.02 * RECIPIENTS
    assert (counts["missed"], counts["duplicates"], counts["after_stop"]) == (0, 0, 0)
    states = ("accepted", "unknown", "failed", "withdrawn", "expired", "suppressed")
    assert counts["targeted"] == sum(counts[state] for state in states)
    assert counts["delivered"] <= counts["accepted"]


@pytest.mark.long_on_postgresql
def test_every_clock_of_the_contract_is_there(walked):
    result, _out = walked
    assert all(value is not None and value >= 0 for value in result["clocks_s"].values())
    assert next(iter(result["clocks_s"])) == "report_to_accept"


@pytest.mark.long_on_postgresql
def test_every_channel_was_used_and_the_posts_were_taken_back(walked):
    result, out = walked
    assert set(result["by_channel"]) == {"sms", "email", "whatsapp", "webpush"}
    ledger = json.loads((out / "ledger.json").read_text())
    assert {entry["channel"] for entry in ledger["entries"] if "post" in entry} == {"facebook", "instagram"}
    # Messenger only answers those who wrote.
    assert {entry["channel"] for entry in ledger["entries"]} == set(settings.GATEWAYS) - {"messenger"}
    assert all(entry.get("done_at") or entry.get("task") for entry in ledger["entries"])
    for page in ("facebook", "instagram"):
        events = [one["event"] for one in received(out, page)]
        assert (events[0], events[-1]) == ("post", "delete")


@pytest.mark.long_on_postgresql
def test_each_channel_says_it_in_its_own_way_and_says_the_end(walked):
    result, out = walked
    for channel in ("whatsapp", "webpush"):
        came, told = received(out, channel), result["by_channel"][channel]["targeted"]
        assert len(came) == 2 * told  # the alert, and its end
    assert all("Yasmine" in one["text"] for one in received(out, "whatsapp")[:3])
    assert not any("Yasmine" in one["text"] for one in received(out, "webpush"))
    documents = [one["text"] for one in received(out, "cap_partner")]
    assert [("<references>" in text) for text in documents] == [False, False, True, True]


@pytest.mark.long_on_postgresql
def test_what_arrived_can_be_counted_again_by_others(walked):
    _result, out = walked
    with (out / "people.csv").open() as rows:
        people = list(csv.DictReader(rows))
    assert list(people[0]) == ["person", "channel", "address", "lat", "lon"]
    addresses = {row["address"] for row in people}
    for channel in ("sms", "email"):  # by which officers are called too
        assert sum(one["to"] in addresses for one in received(out, channel)) > 0
    for channel in ("whatsapp", "webpush"):
        assert {one["to"] for one in received(out, channel)} <= addresses


@pytest.mark.long_on_postgresql
def test_after_the_end_the_page_names_nobody(walked):
    _result, out = walked
    live = (out / "pages" / "live-fr.html").read_text()
    over = (out / "pages" / "over-fr.html").read_text()
    assert "Yasmine" in live
    assert "Yasmine" not in over
    assert "Zerhouni" not in over


def test_the_drill_is_refused_where_a_channel_holds_live_credentials():
    done = drill("--recipients", "10", SMS_URL="https://gateway.example/sendsms", SMS_PASSWORD="real one")
    assert done.returncode != 0
    assert "Refused" in done.stderr
    assert "sms" in done.stderr


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.parametrize("country", ["ma", "ga", "eg"])
def test_twenty_thousand_people_of_each_country_are_told_once(country):
    done = drill("--recipients", "20000", "--json", COUNTRY=country)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    counts = json.loads(done.stdout)["counts"]
    assert (counts["missed"], counts["duplicates"], counts["after_stop"], counts["silent"]) == (0, 0, 0, 0)
