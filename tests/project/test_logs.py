"""No person in a log."""

import logging

import pytest

from project.logs import JsonFormatter, NoPersons


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("to=+212612345678 failed", "to=[left out] failed"),
        ("called 06 12 34 56 78 twice", "called [number] twice"),
        ("mail to amina.bennani@example.org bounced", "mail to [address] bounced"),
        ("GET /s?user=x&password=hunter2&text=Amina", "GET /s?user=x&password=[left out]&text=[left out]"),
        ("delivery 123456 of batch 4f3a", "delivery 123456 of batch 4f3a"),
    ],
)
def test_a_log_line_loses_numbers_addresses_and_secrets(said, left):
    record = logging.LogRecord("x", logging.INFO, __file__, 1, said, (), None)
    assert NoPersons().filter(record)
    assert record.getMessage() == left


def test_arguments_are_scrubbed_with_the_message_they_fill():
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "sent to %s", ("+212612345678",), None)
    NoPersons().filter(record)
    assert "+212" not in record.getMessage()


def test_a_line_break_cannot_forge_a_second_entry():
    record = logging.LogRecord("x", logging.INFO, __file__, 1, 'one\n{"level": "forged"}', (), None)
    assert "\n" not in JsonFormatter().format(record)
