"""What a message is told besides its words."""

from datetime import timedelta

import pytest

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
