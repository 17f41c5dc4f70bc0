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
def test_every_channel_was_used_and_the_post_was_taken_back(walked):
    result, out = walked
    assert {"sms", "email"} <= set(result["by_channel"])
    ledger = json.loads((out / "ledger.json").read_text())
    posts = [entry for entry in ledger["entries"] if "post" in entry]
    assert posts
    assert all(entry.get("done_at") or entry.get("task") for entry in ledger["entries"])
    events = [
        json.loads(line)["event"] for line in (out / "received" / "facebook.jsonl").read_text().splitlines()
    ]
    assert events[0] == "post"
    assert events[-1] == "delete"


@pytest.mark.long_on_postgresql
def test_what_arrived_can_be_counted_again_by_others(walked):
    _result, out = walked
    with (out / "people.csv").open() as rows:
        people = list(csv.DictReader(rows))
    assert list(people[0]) == ["person", "channel", "address", "lat", "lon"]
    addresses = {row["address"] for row in people}
    sms = [json.loads(line) for line in (out / "received" / "sms.jsonl").read_text().splitlines()]
    assert sum(one["to"] in addresses for one in sms) > 0


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
