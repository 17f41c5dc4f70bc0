from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests import people
from trust.models import Officer

Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one


@pytest.fixture
def desk(db) -> Callable[..., Client]:
    """Return a client with somebody of the cast signed in at the desk: desk(people.ines())."""

    def sit_down(officer: Officer, **options: float) -> Client:
        client = Client()
        people.login(client, officer, **options)
        return client

    return sit_down
