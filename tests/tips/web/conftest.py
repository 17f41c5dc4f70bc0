import pytest
from django.test import Client

from tests import people
from trust import networks


@pytest.fixture
def unit(db):
    return people.unit()


@pytest.fixture
def witness(unit, monkeypatch) -> Client:
    """A browser without script, on a desk's machine: what is not proven is not waited for."""
    monkeypatch.setattr(networks, "PAUSE_S", 0)
    return Client(raise_request_exception=False)
