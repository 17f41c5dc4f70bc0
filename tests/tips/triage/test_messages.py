"""What the machine makes of 320 invented messages in six ways of writing: it may not get worse unseen."""

import pytest

from tests.tips.triage.measured import messages, of_danger, of_kind
from tips.triage.model import GUESSES

LEAST = {
    "tuned": 0.95,
    "first_blind": 0.95,
    "blind": 0.85,
}  # of danger and of reports; docs/triage.md says more


@pytest.mark.parametrize("part", LEAST)
def test_reports_and_danger_are_seldom_missed(part):
    rows = messages(part)
    assert of_kind(rows, "report").recall >= LEAST[part]
    assert of_danger(rows).recall >= LEAST[part]


def test_a_false_call_is_rare():
    rows = [row for part in LEAST for row in messages(part)]
    assert of_kind(rows, "report").precision >= 0.9
    assert of_danger(rows).precision >= 0.9


@pytest.mark.parametrize("language", ["ar", "fr", "en", "dj", "da", "eg"])
def test_every_way_of_writing_is_understood(language):
    rows = [row for part in LEAST for row in messages(part) if row.language == language]
    assert of_kind(rows, "report").recall >= 0.9
    assert len(rows) >= 30


def test_every_kind_has_messages_and_nothing_else_is_said():
    rows = [row for part in LEAST for row in messages(part)]
    assert len(rows) >= 200
    assert {row.said for row in rows} <= {guess or "unclear" for guess in GUESSES}
