from collections.abc import Iterator

import pytest
from pytest_django.fixtures import SettingsWrapper

from notifier import waking
from tests.notifier import make


@pytest.fixture
def gateways(settings: SettingsWrapper, db: None) -> Iterator[None]:
    """Three scripted gateways: blunt (sms, re-sends what was lost), strict (whatsapp), wall (a Page)."""
    settings.NOTIFIER = make.GATEWAYS
    settings.HOOK_TOKENS = {"blunt": "t" * 32, "wall": "w" * 32}
    make.forget()
    waking._muted_until = 0.0
    yield
    make.forget()
