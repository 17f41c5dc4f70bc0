"""What a message is told besides its words."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from notifier.composing import Composer
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]


def test_every_message_knows_how_long_it_is_wanted():
    make.told(2, expires_at=clock.now() + timedelta(minutes=20))
    make.work()
    valid_s = [message.valid_s for message in make.sent["blunt"]]
    assert len(valid_s) == 2
    assert all(value is not None and 1150 < value <= 1200 for value in valid_s)


def test_all_that_is_said_about_one_alert_is_one_thread():
    alert = make.told(1)
    update = make.batch(after=[alert.subject, uuid4()])
    other = make.told(1)
    threads = [Composer(batch).broadcast("r").thread for batch in (alert, update, other)]
    assert threads[0] == threads[1] != threads[2]
    make.work()
    assert make.sent["blunt"][0].thread == threads[0]


@pytest.mark.parametrize(
    ("kind", "code", "is_open"),
    [
        ("answer", "", True),
        ("confirmation", "", True),
        ("confirmation", "123456", False),
        ("alert", "", False),
    ],
)
def test_whoever_has_just_written_may_be_answered_in_free_words(kind, code, is_open):
    """Meta lets nobody else be told without a template: a code is asked for on a page."""
    words = {language: replace(text, code=code) for language, text in make.texts().items()}
    make.told(1, kind=kind, texts=words)
    make.work()
    assert [message.window_open for message in make.sent["blunt"]] == [is_open]
