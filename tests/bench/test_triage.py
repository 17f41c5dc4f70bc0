"""The bench of the flood over a few tips: every figure is there, and what is planted is found."""

import json
from datetime import UTC, datetime

import pytest

from bench import triage, triage_flood

pytestmark = pytest.mark.django_db
CASES = {"intake", "ack", "assess", "queue", "queue_page", "cluster_photo", "cluster_chain", "reads_report"}


def test_a_small_flood_gives_every_figure_and_keeps_what_belongs_together():
    found = list(triage.figures("sqlite", 40, 1))
    assert {figure.case for figure in found} >= CASES
    together = {f.case: f.value for f in found if f.case.startswith("cluster_") and f.unit == "recall"}
    assert together["cluster_photo"] == 1.0
    assert together["cluster_chain"] == 1.0
    assert all(json.loads(figure.line)["bench"] == "triage" for figure in found)


def test_the_same_count_gives_the_same_flood():
    start = datetime(2026, 11, 22, 18, tzinfo=UTC)
    once, again = (list(triage_flood.flood(50, "ABCD2345", start)) for _ in range(2))
    assert once == again
    assert {one.group for one in once} >= {triage_flood.PHOTO, triage_flood.CHAIN}


def test_what_is_too_slow_is_marked():
    assert triage.Figure("intake", "ours", "sqlite", 9, 9.0, "tips/s").is_too_much
    assert not triage.Figure("intake", "without_triage", "sqlite", 9, 9.0, "tips/s").is_too_much
    assert triage.Figure("queue_page", "ours", "sqlite", 9, 301.0, "ms").is_too_much
